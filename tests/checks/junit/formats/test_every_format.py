"""What holds for test results in every format: the rules of the check, cut files, and hostile ones."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import CheckError, Outcome, Status
from readiness.plugins import installed
from readiness.testing import context, evaluate
from readiness_checks.junit import JUnit
from readiness_checks.junit.cases import State
from support.long import LONG
from support.result_formats import WRITERS, lines, read

FORMAT = pytest.mark.parametrize("name", WRITERS)
THREE = (("TestOne", "passed"), ("TestTwo", "passed"), ("TestThree", "skipped"))
XML = ("trx", "nunit3", "nunit2", "xunit_net")
JSON = ("ctrf", "go_test", "dart", "cucumber")


def check(root: Path, text: str, **params: Any) -> Outcome:
    (root / "results").write_text(text, encoding="utf-8")
    return evaluate(JUnit, root, using=context(root, now=datetime.now(UTC)), paths=["results"], **params)


def test_the_check_has_two_names() -> None:
    plugins = installed("readiness.checks")
    assert plugins["test-results"].entry_point == plugins["junit"].entry_point


@FORMAT
def test_cases_are_counted_by_how_they_ended(tmp_path: Path, name: str) -> None:
    outcome = check(tmp_path, WRITERS[name](THREE), require=["TestOne"])
    assert outcome.status is Status.PASSED, outcome.summary
    measured = {each.name: each.value for each in outcome.measurements}
    assert measured == {"ran": 2, "passed": 2, "failed": 0, "errors": 0, "skipped": 1}
    assert outcome.examined == 2
    assert outcome.evidence[0].name == "results"


@FORMAT
def test_a_failing_case_fails_by_name(tmp_path: Path, name: str) -> None:
    outcome = check(tmp_path, WRITERS[name]((*THREE, ("TestFour", "failed"))))
    assert outcome.status is Status.FAILED
    assert [finding.rule for finding in outcome.findings] == ["test-failed"]
    assert "TestFour failed" in outcome.findings[0].message


@FORMAT
@pytest.mark.parametrize(
    ("params", "rule"),
    [
        ({"require": ["TestThree"]}, "required-skipped"),
        ({"require": ["TestNine"]}, "required-missing"),
        ({"max_skipped": 0}, "too-many-skipped"),
        ({"minimum_tests": 3}, "too-few"),
    ],
)
def test_every_rule_of_the_check_holds(tmp_path: Path, name: str, params: dict[str, Any], rule: str) -> None:
    outcome = check(tmp_path, WRITERS[name](THREE), **params)
    assert outcome.status is Status.FAILED
    assert [finding.rule for finding in outcome.findings] == [rule]


@FORMAT
@pytest.mark.parametrize("cases", [(), (("TestThree", "skipped"),)])
def test_nothing_examined_is_an_error(tmp_path: Path, name: str, cases: tuple[tuple[str, str], ...]) -> None:
    assert check(tmp_path, WRITERS[name](cases)).status is Status.ERROR


@FORMAT
def test_results_of_old_age_are_refused_where_they_are_dated(tmp_path: Path, name: str) -> None:
    undated = {"tap", "dart"}  # these formats hold no date: that of the file counts
    outcome = check(tmp_path, WRITERS[name](THREE), max_age="5m")
    assert outcome.status is (Status.PASSED if name in undated else Status.ERROR), outcome.summary


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "go_test"])
def test_rows_of_one_name_are_cases_of_their_own(tmp_path: Path, name: str) -> None:
    results = read(tmp_path, WRITERS[name]((("TestRow", "passed"), ("TestRow", "passed"), ("TestRow", "failed"))))
    assert Counter(case.state for case in results.cases) == {State.PASSED: 2, State.FAILED: 1}


@FORMAT
@pytest.mark.long
def test_a_file_that_is_cut_anywhere_loses_no_case(tmp_path: Path, name: str) -> None:
    whole = WRITERS[name](THREE).encode()
    said = [(case.name, case.state) for case in read(tmp_path, whole).cases]
    for length in range(0, len(whole), 1 if LONG else 5):
        try:
            cut = read(tmp_path, whole[:length])
        except CheckError:
            continue
        assert [(case.name, case.state) for case in cut.cases] == said, whole[:length][-60:]


@pytest.mark.parametrize("name", [name for name in WRITERS if name not in {"go_test", "cucumber"}])
def test_a_case_that_is_taken_out_is_missed(tmp_path: Path, name: str) -> None:
    """Go and Cucumber count nothing: there, `require` and `minimum_tests` say what has to be there."""
    text = WRITERS[name]((("TestOne", "passed"), ("TestTwo", "passed")))
    with pytest.raises(CheckError, match=r"contradicts itself|is not whole"):
        read(tmp_path, text.replace(_last_case(name, text), "", 1))


def _last_case(name: str, text: str) -> str:
    """The text of the last case, as it stands in the file."""
    if name in XML:
        start = text.rindex({"trx": "<UnitTestResult", "xunit_net": "<test "}.get(name, "<test-case"))
        return text[start : text.index("/>", start) + 2]
    if name == "ctrf":
        return ",\n      " + json.dumps(json.loads(text)["results"]["tests"][1], indent=2).replace("\n", "\n      ")
    if name == "tap":
        return text[text.rindex("# Subtest") : text.index("1..")]
    return "".join(f"{line}\n" for line in text.splitlines()[-3:-1])


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "tap"])
def test_an_outcome_that_is_no_known_word_is_no_pass(tmp_path: Path, name: str) -> None:
    words = {"trx": "Passed", "nunit3": "Passed", "nunit2": "Success", "xunit_net": "Pass", "go_test": "pass"}
    good = (
        f'"{words.get(name, "passed")}"' if name != "dart" else '"result": "success", "skipped": false, "hidden": false'
    )
    head, _, tail = WRITERS[name]((("TestOne", "passed"), ("TestTwo", "failed"))).rpartition(good)
    assert head
    bad = good.replace("success", "perfect") if name == "dart" else '"perfect"'
    try:
        results = read(tmp_path, f"{head}{bad}{tail}")
    except CheckError:
        return
    assert all(case.state is not State.PASSED for case in results.cases)


@pytest.mark.parametrize("name", XML)
def test_entities_are_refused(tmp_path: Path, name: str) -> None:
    body = WRITERS[name](THREE).partition("?>\n")[2] or WRITERS[name](THREE)
    bomb = '<!DOCTYPE a [<!ENTITY x "TestOne"><!ENTITY y "&x;&x;">]>'
    with pytest.raises(CheckError, match="entities"):
        read(tmp_path, f'<?xml version="1.0"?>{bomb}{body.replace("TestOne", "&y;")}')


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("character", ["&#x1B;", "&#27;", "\x1b", "&#x0;"])
def test_control_characters_that_a_test_prints_do_not_make_a_file_unreadable(
    tmp_path: Path, name: str, character: str
) -> None:
    text = WRITERS[name](THREE).replace("TestTwo", f"Test{character}Two")
    assert [case.name for case in read(tmp_path, text).cases][1] == "Test?Two"


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_document_of_net_says_utf_16_whatever_it_is_saved_in(tmp_path: Path, name: str, mark: str) -> None:
    body = WRITERS[name](THREE).partition("?>\n")[2] or WRITERS[name](THREE)
    text = f'{mark}<?xml version="1.0" encoding="utf-16"?>{body}'
    assert len(read(tmp_path, text).cases) == 3
    assert len(read(tmp_path, text.removeprefix(mark).encode("utf-16")).cases) == 3


@pytest.mark.parametrize("name", ["nunit3", "nunit2", "trx"])
def test_deep_nesting_is_refused_and_not_followed_for_ever(tmp_path: Path, name: str) -> None:
    opened = {
        "nunit3": ("<test-run>", '<test-suite name="a">', "</test-suite>", "</test-run>"),
        "nunit2": ("<test-results>", '<test-suite name="a">', "</test-suite>", "</test-results>"),
        "trx": (
            "<TestRun><TestDefinitions/><Results>",
            "<UnitTestResult><InnerResults>",
            "</InnerResults></UnitTestResult>",
            "</Results></TestRun>",
        ),
    }[name]
    with pytest.raises(CheckError, match="nested too deeply"):
        read(tmp_path, opened[0] + opened[1] * 3000 + opened[2] * 3000 + opened[3])


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "\\u202e"])
def test_names_that_no_terminal_can_show_reach_no_report_as_they_are(tmp_path: Path, name: str, text: str) -> None:
    outcome = check(tmp_path, WRITERS[name]((("TestOne", "failed"),)).replace("TestOne", f"Test{text}"))
    assert outcome.status is Status.FAILED
    json.dumps(outcome.model_dump(mode="json")).encode()


@pytest.mark.parametrize("name", JSON)
def test_huge_numbers_are_refused_or_mean_nothing(tmp_path: Path, name: str) -> None:
    text = WRITERS[name](THREE).replace("500", "9" * 400)
    try:
        assert len(read(tmp_path, text).cases) == 3
    except CheckError:
        assert name in JSON


@pytest.mark.parametrize("name", [*JSON, "tap"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_powershell_writes_is_read(tmp_path: Path, name: str, encoding: str) -> None:
    assert len(read(tmp_path, WRITERS[name](THREE).replace("\n", "\r\n").encode(encoding)).cases) == 3


def test_an_empty_or_foreign_file_names_the_formats(tmp_path: Path) -> None:
    for text in ("", "hello\n", "{}", "[]", "<html/>", "ok  \tm/a\t0.1s\n", "\ufeff[1]", lines([{"a": 1}, {"b": 2}])):
        with pytest.raises(CheckError, match=r"empty|no file of test results"):
            read(tmp_path, text)
