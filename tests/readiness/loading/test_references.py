"""`${name}` stands for a value of the chosen environment."""

from collections.abc import Callable
from typing import Any

import pytest

from support.checklists import Loader, with_items

HEAD = """\
environments:
  staging: {api: "http://s", min: 80, strict: true}
  prod: {api: "http://p", min: 95.50, strict: false, only: x}
"""


def item(written: str, *, head: str = HEAD, check: str = "broken") -> str:
    return with_items(f"- {{id: a, title: 'A ${{api}}', check: {check}, with: {{x: {written}}}}}\n", head=head)


@pytest.fixture
def value(loader: Loader) -> Callable[..., Any]:
    def resolve(written: str, environment: str = "prod", head: str = HEAD) -> Any:
        return next(loader.load(item(written, head=head), environment=environment).items).params["x"]

    return resolve


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'${api}/health'", "http://p/health"),
        ("'${min}'", 95.5),
        ("'at least ${min} %'", "at least 95.50 %"),
        ("'${strict}'", False),
        ("['${api}', {y: '${min}'}]", ["http://p", {"y": 95.5}]),
        ("'$${api}'", "${api}"),
        ("'$$${api}'", "$${api}"),
        ("'$api $ {api} $(x) $$'", "$api $ {api} $(x) $$"),
        ("{'${api}': 1}", {"${api}": 1}),
    ],
)
def test_references_are_replaced_in_values(value: Callable[..., Any], written: str, expected: object) -> None:
    found = value(written)
    assert found == expected
    assert type(found) is type(expected)


def test_a_block_of_text_is_replaced_too_and_titles_are_not(loader: Loader) -> None:
    written = "- id: a\n  title: A ${api}\n  check: broken\n  with:\n    run: |\n      curl ${api}\n"
    content = with_items(written, head=HEAD)
    (found,) = loader.load(content, environment="staging").items
    assert found.title == "A ${api}"
    assert found.params == {"run": "curl http://s\n"}


def test_services_are_resolved_before_they_are_validated(loader: Loader) -> None:
    head = (
        "environments: {e: {port: 8443, wait: 5}}\n"
        "services: {api: {run: 'serve ${port}', timeout: '${wait}', env: {P: 'x${port}'}}}\n"
    )
    service = loader.load(item("1", head=head)).services["api"]
    assert (service.run, service.timeout, service.env) == ("serve 8443", 5.0, {"P": "x8443"})
    mistake = loader.mistake(item("1", head=head.replace("wait: 5", "wait: soon")))
    assert mistake.message == "`timeout` must be a number, not text"
    assert (mistake.line, mistake.column) == (4, 49)


def test_a_value_of_the_wrong_type_is_reported_where_it_is_used(loader: Loader) -> None:
    head = "environments: {e: {min: high}}\n"
    written = "- {id: a, title: A, check: measured, with: {sources: [{path: x, minimum: '${min}'}]}}\n"
    content = with_items(written, head=head)
    mistake = loader.mistake(content)
    assert mistake.message == "`minimum` must be a number, not text"
    assert (mistake.line, mistake.column) == (7, 80)


def test_the_only_environment_is_chosen_by_itself(loader: Loader) -> None:
    checklist = loader.load(item("'${v}'", head="environments: {only: {v: 1}}\n"))
    assert checklist.environment == "only"
    assert next(checklist.items).params == {"x": 1}


def test_several_environments_need_no_choice_while_nothing_refers_to_them(loader: Loader) -> None:
    checklist = loader.load(item("'$${api}'"))
    assert checklist.environment == ""
    assert next(checklist.items).params == {"x": "${api}"}


def test_several_environments_and_a_reference_need_a_choice(loader: Loader) -> None:
    mistake = loader.mistake(item("'see ${api}'"))
    assert mistake.help == "choose with --env: staging, prod"
    assert (mistake.line, mistake.column, mistake.length) == (9, 66, 6)


def test_without_a_choice_all_other_mistakes_are_reported_as_well(loader: Loader) -> None:
    found = loader.mistakes(item("['${api}', '${nowhere}']").replace("title", "titel"))
    assert [message for _, _, message in found] == [
        "unknown field `titel`",
        "`title` is missing in entry 1 of `sections`",
        "`title` is missing in entry 1 of `items`",
        "unknown field `titel`",
        "what this stands for depends on the environment",
        "`${nowhere}` is not defined in any environment",
    ]


def test_an_unknown_environment_lists_those_there_are(loader: Loader) -> None:
    mistake = loader.mistake(item("1"), environment="pord")
    assert mistake.message == "unknown environment `pord`"
    assert mistake.help == "did you mean `prod`?"
    assert mistake.note == "environments: staging, prod"
    mistake = loader.mistake(item("1", head=""), environment="prod")
    assert mistake.note == "the file defines no `environments`"


@pytest.mark.parametrize(
    ("written", "message", "help_"),
    [
        ("'${ap}'", "`${ap}` is not defined in `prod`", "did you mean `${api}`?"),
        ("'a ${zzz} b'", "`${zzz}` is not defined in `prod`", "write `$${zzz}` for the text itself"),
        ("'${api'", "`${` without its `}`", "close it, or write `$${` for the text itself"),
        ("'${HOME:-x}'", "`${HOME:-x}` is no reference: `HOME:-x` is no name", None),
        ("'${}'", "`${}` is no reference: `` is no name", None),
        ("'${ api }'", "`${ api }` is no reference: ` api ` is no name", None),
    ],
)
def test_undefined_references_are_mistakes(loader: Loader, written: str, message: str, help_: str | None) -> None:
    mistake = loader.mistake(item(written), environment="prod")
    assert mistake.message == message
    assert help_ is None or mistake.help == help_
    assert mistake.column == 61 + written.index("${")


def test_without_environments_a_reference_is_a_mistake(loader: Loader) -> None:
    mistake = loader.mistake(item("'${api}'", head=""))
    assert mistake.message == "`${api}` is not defined: the file has no `environments`"


def test_values_of_environments_are_given_not_computed(loader: Loader) -> None:
    mistake = loader.mistake(item("1", head="environments: {e: {a: 1, b: 'x${a}'}}\n"))
    assert mistake.message == "a value of an environment cannot refer to another one"
    checklist = loader.load(item("'${b}-${b}'", head="environments: {e: {b: '$${a}'}}\n"))
    assert next(checklist.items).params == {"x": "${a}-${a}"}


def test_numbers_of_environments_are_kept(loader: Loader) -> None:
    values = loader.load(item("1"), environment="prod").environments["prod"]
    assert values == {"api": "http://p", "min": 95.5, "strict": False, "only": "x"}
    assert type(values["strict"]) is bool


def test_references_cannot_blow_a_file_up(loader: Loader) -> None:
    head = f"environments: {{e: {{v: {'x' * 100_000}}}}}\n"
    assert loader.mistake(item(f"'{'${v}' * 100}'", head=head)).message == "references make this file larger than 1 MiB"
    many = ", ".join(f"e{n}: {{}}" for n in range(101))
    assert loader.mistake(item("1", head=f"environments: {{{many}}}\n")).message == "more than 100 environments"
    many = ", ".join(f"environment-number-{n}: {{}}" for n in range(20_000))
    found = loader.refused(item("'${x}'", head=f"environments: {{{many}}}\n")).diagnostics
    assert [one.message[:40] for one in found] == [
        "more than 100 environments",
        "what this stands for depends on the envi",
        "`${x}` is not defined in any environment",
    ]
    assert all(len(one.help) <= 1_003 for one in found)


def test_validating_tries_every_environment(loader: Loader) -> None:
    assert loader.validate(item("'${api}'")) == []
    (some,) = loader.validate(item("'${only}'"))
    assert some.message == "`${only}` is not defined in `staging`"
    (every,) = loader.validate(item("'${none}'"))
    assert every.message == "`${none}` is not defined in any environment"


def test_validating_names_the_environments_in_which_a_parameter_is_wrong(loader: Loader) -> None:
    head = "environments: {a: {min: high, s: 1}, b: {min: 5, s: 2}}\n"
    content = with_items(
        "- {id: a, title: A, check: measured, with: {sources: [{path: x, minimum: '${min}'}], strict: '${s}'}}\n",
        head=head,
    )
    assert [one.message for one in loader.validate(content)] == [
        "`minimum` must be a number, not text (in `a`)",
        "`strict` must be `true` or `false`, not a number",
    ]


def test_a_release_given_by_hand_wins(loader: Loader) -> None:
    content = item("1", head='release: "1.0"\n')
    assert loader.load(content).release == "1.0"
    assert loader.load(content, release="2.0").release == "2.0"


def test_each_of_several_undefined_references_has_its_place(loader: Loader) -> None:
    written = (
        "- id: a\n  title: A\n  check: broken\n  with:\n"
        "    run: |\n      echo ${one}\n\n      echo ${two} ${one}\n"
        '    quoted: "\\t${one}\\x41 ${two}"\n'
        "    folded: 'a\n\n      ${two}'\n"
    )
    content = with_items(written).replace("\n", "\r\n")
    found = [(line or 0, column or 0) for line, column, _ in loader.mistakes(content)]
    assert found == [(11, 18), (13, 18), (13, 25), (14, 22), (14, 33), (17, 13)]
    for line, column in found:
        assert content.split("\r\n")[line - 1][column - 1 :].startswith("${")


def test_many_undefined_references_are_found_in_one_text(loader: Loader) -> None:
    lines = "".join(f"      ${{v{n}}}\n" for n in range(20_000))
    error = loader.refused(with_items(f"- id: a\n  title: A\n  check: broken\n  with:\n    run: |\n{lines}"))
    assert len(error.diagnostics) == 1_001
    assert error.diagnostics[-1].line == 1_010
