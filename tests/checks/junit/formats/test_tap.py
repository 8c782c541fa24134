"""TAP: test points and directives, plans, subtests of every producer, YAML blocks, and streams that end too early."""

from pathlib import Path

import pytest

from readiness.outcome import CheckError
from support.result_formats import read, states


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ok 1 - adds", ("adds", "passed")),
        ("ok 1 adds", ("adds", "passed")),
        ("ok", ("test 1", "passed")),
        ("not ok 1 - adds", ("adds", "failed")),
        ("ok 1 - adds # SKIP no database", ("adds", "skipped")),
        ("ok 1 - adds # skipped: no database", ("adds", "skipped")),
        ("ok 1 - adds # SKIPPED", ("adds", "skipped")),
        ("ok 1 - adds # TODO: later", ("adds", "skipped")),
        ("not ok 1 - adds # todos in two lists", ("adds # todos in two lists", "failed")),
        ("not ok 1 - syncs # Todoist", ("syncs # Todoist", "failed")),
        ("not ok 1 - hires # skipper", ("hires # skipper", "failed")),
        ("ok 1 # skip", ("test 1", "skipped")),
        ("ok 1 - adds # TODO later", ("adds", "skipped")),
        ("not ok 1 - adds # TODO later", ("adds", "skipped")),
        ("not ok 1 - adds # SKIP later", ("adds", "skipped")),
        ("not ok 1 - adds # time=3ms", ("adds", "failed")),
        ("ok 1 - adds # time=3ms # SKIP x", ("adds", "skipped")),
        ("ok 1 - adds \\# SKIP x", ("adds # SKIP x", "passed")),
        ("ok 1 - see page.html#skip", ("see page.html#skip", "passed")),
        ("not ok 1 - adds # description # TODO", ("adds # description # TODO", "failed")),  # the second excuses nothing
        ("ok 1 - adds # description # SKIP", ("adds # description", "skipped")),
    ],
)
def test_points_and_directives(tmp_path: Path, line: str, said: tuple[str, str]) -> None:
    assert states(tmp_path, f"1..1\n{line}\n") == [said]
    assert states(tmp_path, f"TAP version 14\r\n{line}\r\n1..1\r\n") == [said]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ok 1\nok 2\n", "no plan"),
        ("TAP version 13\n", "no plan"),
        ("1..3\nok 1\nok 2\n", "plan 1..3, but 2"),
        ("1..1\nok 1\nok 2\n", "plan 1..1, but 2"),
        ("ok 1\n1..2\n", "plan 1..2, but 1"),
        ("1..0\nok 1\n", "plan 1..0, but 1"),
        ("1..2\nok 1\nok 1\n", "twice"),
        ("1..2\nok 1\nok 7\n", "outside of its plan"),
        ("1..1\nok 1\n1..1\n", "second plan"),
        ("ok 1\n1..1\nok 2\n", "after the plan"),
        ("TAP version 13\nok 1\n1..1\nTAP version 13\n", "several"),
        ("1..1\nok 1 - adds # SKI", "without an end"),
        ("1..1\nok 1\n  ---\n  a: 1\n", "YAML"),
        ("1..1\n# Subtest: a\n    ok 1\nok 1 - a\n", "subtest has no plan"),
        ("1..1\n# Subtest: a\n    ok 1\n    1..2\nok 1 - a\n", "subtest has the plan 1..2"),
        ("1..1\nok 1 - a {\n    ok 1\n    1..1\n", "subtest has no end"),
        ("1..1\nok 1\n# Subtest: a\n    ok 1\n    1..1\n", "subtest has no end"),
    ],
)
def test_a_stream_that_does_not_hold_its_plan_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CheckError) as caught:
        read(tmp_path, text)
    assert why in caught.value.outcome.summary


def test_points_may_come_in_any_order(tmp_path: Path) -> None:
    assert [state for _, state in states(tmp_path, "1..3\nok 2\nok 3\nok 1\n")] == ["passed"] * 3


def test_a_plan_for_nothing_is_a_skip(tmp_path: Path) -> None:
    found = read(tmp_path, "1..0 # SKIP no network\n").cases
    assert [(case.state.value, case.message) for case in found] == [("skipped", "SKIP no network")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("1..9\nok 1\nBail out! no disk\n", "no disk"), ("1..9\nok 1\n    bail out!\n", "it gives no reason")],
)
def test_giving_up_is_told(tmp_path: Path, text: str, reason: str) -> None:
    found = read(tmp_path, text).cases
    assert [(case.state.value, case.message) for case in found] == [("passed", ""), ("error", f"Bail out! {reason}")]


@pytest.mark.parametrize(
    "text",
    [
        "# Subtest: outer\n    # Subtest: in\n    ok 1 - in\n    1..1\nok 1 - outer\n1..1\n",  # node's runner
        "    # Subtest: outer\n        # Subtest: in\n    ok 1 - in\n    1..1\nok 1 - outer\n1..1\n",  # node-tap of old
        "1..1\nok 1 - outer {\n    1..1\n    ok 1 - in\n}\n",  # node-tap, buffered
        "1..1\nok 1 - outer # time=1ms {\n    ok 1 - in\n    1..1\n}\n",
        "1..1\nok 1 - outer\n  ---\n  a: 1\n  ...\n{\n    1..1\n    ok 1 - in\n}\n",
        "    ok 1 - in\n    1..1\nok 1 - outer\n1..1\n",  # Perl
    ],
)
def test_subtests_are_cases_and_what_holds_them_is_none(tmp_path: Path, text: str) -> None:
    assert states(tmp_path, text) == [("in", "passed")]
    assert read(tmp_path, text).cases[0].suites == ("outer",)
    broken = text.replace("ok 1 - in", "not ok 1 - in")
    assert states(tmp_path, broken) == [("in", "failed")]


def test_what_broke_beside_its_subtests_is_told(tmp_path: Path) -> None:
    text = "# Subtest: outer\n    ok 1 - in\n    1..1\nnot ok 1 - outer\n  ---\n  error: 'in a hook'\n  ...\n1..1\n"
    assert states(tmp_path, text) == [("in", "passed"), ("outer", "error")]
    assert read(tmp_path, text).cases[1].message == "in a hook"


@pytest.mark.parametrize("directive", ["TODO", "SKIP"])
def test_an_excuse_holds_for_what_is_inside(tmp_path: Path, directive: str) -> None:
    text = f"# Subtest: outer\n    not ok 1 - in\n    1..1\nnot ok 1 - outer # {directive}\n1..1\n"
    assert states(tmp_path, text) == [("in", "skipped")]


def test_a_subtest_of_nothing_is_a_skip(tmp_path: Path) -> None:
    assert states(tmp_path, "# Subtest: a\n    1..0\nok 1 - a\n1..1\n") == [("a", "skipped")]


def test_what_programs_print_is_no_subtest(tmp_path: Path) -> None:
    noise = "    ok 1 of 3 files copied\n  indented\nhello\n\n# a comment\npragma +bail\n"
    assert states(tmp_path, f"TAP version 13\n{noise}ok 1 - a\n1..1\n") == [("a", "passed")]


def test_an_ok_behind_a_line_with_not_is_none(tmp_path: Path) -> None:
    """OpenVMS breaks the line there, and so does a program that prints between the two words."""
    assert states(tmp_path, "1..1\nnot \nok 1\n") == [("test 1", "failed")]


def test_message_and_place_come_from_the_yaml_block(tmp_path: Path) -> None:
    text = "1..2\nnot ok 1\n  ---\n  message: |-\n    sums differ\n  at:\n    file: t/a.js\n    line: 7\n  ...\n"
    text += 'not ok 2\n  ---\n  error: "boom"\n  ok 7: is no test point\n  ...\n'
    first, second = read(tmp_path, text).cases
    assert (first.message, first.file, first.line, second.message) == ("sums differ", "t/a.js", 7, "boom")
