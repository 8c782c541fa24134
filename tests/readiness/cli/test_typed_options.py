"""Options of a command as one frozen dataclass."""

from dataclasses import dataclass
from typing import Annotated

import click
import pytest
from click.testing import CliRunner

from readiness.cli.typed_options import takes


@dataclass(frozen=True)
class Person:
    name: Annotated[str, click.option("--as", "name", default="nobody")]
    times: Annotated[int, click.option("--times", type=int, default=1)]


@dataclass(frozen=True)
class Greeting:
    words: Annotated[tuple[str, ...], click.argument("words", nargs=-1)]
    person: Person
    loud: Annotated[bool, click.option("--loud", is_flag=True)]


@click.command()
@takes(Greeting)
def greet(asked: Greeting) -> None:
    """Greet a person."""
    click.echo(repr(asked))


def test_a_command_gets_its_options_as_one_value_with_groups_in_it() -> None:
    done = CliRunner().invoke(greet, ["good", "day", "--as", "Ann", "--times", "2", "--loud"])
    assert done.stdout.strip() == repr(Greeting(("good", "day"), Person("Ann", 2), loud=True))


def test_help_lists_options_in_the_order_of_the_fields() -> None:
    text = CliRunner().invoke(greet, ["--help"]).stdout
    assert "[WORDS]..." in text
    assert "Greet a person." in text
    assert text.index("--as") < text.index("--times") < text.index("--loud")


def test_an_option_of_another_name_than_its_field_is_refused_at_once() -> None:
    @dataclass(frozen=True)
    class Wrong:
        name: Annotated[str, click.option("--as")]

    with pytest.raises(TypeError, match=r"`as_?` stands at the field `name` of Wrong"):

        @click.command()
        @takes(Wrong)
        def never(asked: Wrong) -> None:
            """Never made."""
