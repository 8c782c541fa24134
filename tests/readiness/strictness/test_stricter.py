"""What authors of checks write down as the direction of a parameter, and the rules that are read from it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field

from readiness.strictness import stricter
from readiness.strictness.declared import directions
from readiness.strictness.rules import Irrelevant, Ordered, Scale, Undirected
from readiness.strictness.stricter import Direction
from readiness.strictness.structures import Entries, Fields, NamedEntries, Rule


@pytest.mark.parametrize(
    ("declaration", "rule"),
    [
        (lambda: stricter.higher, Scale(stricter="higher")),
        (lambda: stricter.lower, Scale(stricter="lower")),
        (lambda: stricter.lower.measured_as("length"), Scale(stricter="lower", measure="length")),
        (lambda: stricter.higher.when_absent(3), Scale(stricter="higher", absent=(3, 3))),
        (lambda: stricter.higher.when_absent(0, 30), Scale(stricter="higher", absent=(0, 30))),
        (lambda: stricter.true, Ordered(words=(False, True))),
        (lambda: stricter.false, Ordered(words=(True, False))),
        (lambda: stricter.in_order("low", 2), Ordered(words=("low", 2))),
        (stricter.in_order("low", 2).in_any_case, Ordered(words=("low", 2), folded=True)),
        (lambda: stricter.more_entries, Entries(stricter="more")),
        (lambda: stricter.fewer_entries, Entries(stricter="fewer")),
        (lambda: stricter.when_given, Undirected(has_default=True, given_is_stricter=True)),
        (lambda: stricter.unknown, Undirected()),
        (stricter.unknown.null_counts, Undirected(null_counts=True)),
        (
            stricter.when_given.null_counts,
            Undirected(given_is_stricter=True, null_counts=True),
        ),
        (stricter.fewer_entries.in_any_case, Entries(stricter="fewer", folded=True)),
        (lambda: stricter.fewer_entries.when_absent("a", 1), Entries(stricter="fewer", default=("a", 1), stated=True)),
        (lambda: stricter.fewer_entries.when_absent_anything_but("a"), Entries(stricter="fewer", unless=("a",))),
        (lambda: stricter.more_named(unnamed={}), NamedEntries(stricter="more", unnamed={})),
        (lambda: stricter.irrelevant, Irrelevant()),
        (lambda: stricter.trusted_file, Undirected(names="trusted_file")),
        (lambda: stricter.command, Undirected(code="command-changed")),
        (stricter.command_line, Undirected(code="command-changed", names="command_line")),
        (
            lambda: stricter.command_line(folder="in"),
            Undirected(code="command-changed", names="command_line", folder="in"),
        ),
        (stricter.fields, Fields()),
        (lambda: stricter.fields(alone="a", words={"w": {"a": 1}}), Fields(alone="a", words={"w": {"a": 1}})),
        (lambda: stricter.more_named("a", "b"), NamedEntries(stricter="more", by=("a", "b"))),
        (lambda: stricter.fewer_named("a", "b"), NamedEntries(stricter="fewer", by=("a", "b"))),
        (lambda: stricter.more_named(entry=stricter.unknown), NamedEntries(stricter="more", entry=Undirected())),
        (lambda: stricter.fewer_named(entry=stricter.unknown), NamedEntries(stricter="fewer", entry=Undirected())),
    ],
)
def test_a_declaration_stands_for_a_rule(declaration: Callable[[], Direction], rule: Rule) -> None:
    assert declaration().rule == rule


def test_a_rule_that_says_nothing_else_has_these_defaults() -> None:
    assert Undirected().model_dump() == {
        "kind": "undirected", "has_default": False, "default": None, "given_is_stricter": False,
        "code": "parameter-changed", "names": "", "folder": "", "null_counts": False,
    }  # fmt: skip
    assert Entries(stricter="more").model_dump() == {
        "kind": "entries", "stricter": "more", "default": (), "stated": False, "unless": None, "folded": False,
        "weakest": "",
        "exceptions": "",
    }  # fmt: skip
    assert Fields().model_dump() == {"kind": "fields", "rules": {}, "alone": "", "words": {}, "default": None}
    assert NamedEntries(stricter="more").model_dump() == {
        "kind": "named_entries", "stricter": "more", "by": (), "entry": None, "default": None, "unnamed": None,
    }  # fmt: skip


class Inner(BaseModel):
    """A model inside of a parameter."""

    model_config = ConfigDict(populate_by_name=True)
    size: Annotated[int, stricter.higher, Field(alias="how_large")] = 2
    inner: "Annotated[list[Inner], stricter.more_named('size')]" = []


class Direct(BaseModel):
    """Another one."""

    limit: Annotated[int, stricter.lower] = 1


class Parameters(BaseModel):
    """Parameters of a check."""

    model_config = ConfigDict(populate_by_name=True)
    least: Annotated[int, "another mark", stricter.higher]
    plain: int = 1
    most: Annotated[timedelta, stricter.lower.measured_as("length"), Field(alias="at_most")] = timedelta(minutes=5)
    files: Annotated[tuple[Path, ...], stricter.more_entries] = (Path("a"),)
    made: Annotated[list[str], stricter.fewer_entries] = Field(default_factory=lambda: ["x"])
    later: Annotated[list[str], stricter.fewer_entries] = Field(default_factory=lambda data: [str(data["least"])])
    one: Annotated[Inner, stricter.fields()] = Inner(size=3)
    several: Annotated[dict[str, Inner] | None, stricter.more_named()] = {"a": Inner()}
    own: Annotated[dict[str, Inner], stricter.fewer_named(entry=stricter.unknown)] = {}
    said: Annotated[Inner, Direction(Fields(rules={"size": Irrelevant()}))] = Inner()
    two: "Annotated[Inner | Parameters | None, stricter.fields()]" = None
    both: Annotated[Inner | timedelta | Direct, stricter.fields()] = Inner()


SIZE = Scale(stricter="higher", absent=(2, 2))
INNER = Fields(rules={"how_large": SIZE, "inner": NamedEntries(stricter="more", by=("size",), default=[])})


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("least", Scale(stricter="higher")),
        ("at_most", Scale(stricter="lower", measure="length", absent=(300, 300))),
        ("files", Entries(stricter="more", default=("a",))),
        ("made", Entries(stricter="fewer", default=("x",))),
        ("later", Entries(stricter="fewer")),
        ("one", INNER.with_default({"how_large": 3})),
        ("several", NamedEntries(stricter="more", entry=INNER, default={"a": {}})),
        ("own", NamedEntries(stricter="fewer", entry=Undirected(), default={})),
        ("said", Fields(rules={"size": Irrelevant()}, default={})),
        # of the two models one is that of the parameters themselves, which has no end: the other one is taken
        ("two", INNER),
        # of two others neither is
        ("both", Fields(default={})),
    ],
)
def test_a_rule_is_read_with_its_default_and_the_models_inside(name: str, rule: Rule) -> None:
    assert directions(Parameters)[name] == rule


def test_a_field_without_a_declaration_has_no_rule_and_does_not_end_the_reading() -> None:
    assert "plain" not in directions(Parameters)
    assert list(directions(Parameters))[-1] == "both"


def test_a_default_that_cannot_be_measured_is_an_error_that_names_the_field() -> None:
    class Odd(BaseModel):
        soon: Annotated[Any, stricter.higher] = "soon"

    with pytest.raises(ValueError, match=r"^parameter `soon` declares a direction, but the default soon cannot be"):
        directions(Odd)


@pytest.mark.parametrize("values", [(float("inf"),), (float("nan"),), (0, float("inf"))])
def test_what_stands_for_an_absent_value_is_finite(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="finite numbers"):
        stricter.higher.when_absent(*values)


class Aliased(BaseModel):
    """Fields that a checklist gives under other names than Python does."""

    one: Annotated[str | None, Field(validation_alias="ca-file"), stricter.trusted_file] = None
    several: Annotated[str, Field(validation_alias=AliasChoices("rules", "rule-file")), stricter.trusted_file] = "r"
    limit: Annotated[int, Field(validation_alias="at-most"), stricter.lower] = 1


def test_a_field_is_found_by_every_name_that_a_checklist_may_give_it() -> None:
    found = directions(Aliased)
    assert list(found) == ["ca-file", "rules", "rule-file", "at-most"]
    assert list(found)[:2] == list(Aliased.model_json_schema()["properties"])[:2]
    assert [rule.names for rule in found.values() if isinstance(rule, Undirected)] == ["trusted_file"] * 3


def test_a_field_that_is_taken_from_inside_another_is_refused() -> None:
    class Inside(BaseModel):
        file: Annotated[str, Field(validation_alias=AliasChoices("file", AliasPath("files", 0))), stricter.trusted_file]

    with pytest.raises(ValueError, match="parameter `file` declares a direction, but an `AliasPath`"):
        directions(Inside)
