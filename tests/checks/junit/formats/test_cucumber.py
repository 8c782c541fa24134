"""Cucumber's JSON: steps, backgrounds, hooks, rows of outlines, attempts, and what behave writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import CheckError
from support.result_formats import read, states


def step(status: str | None, name: str = "a deed", **more: Any) -> dict[str, Any]:
    said = {} if status is None else {"result": {"status": status, "error_message": more.pop("error", None)}}
    return {"keyword": "Given ", "name": name, **said, **more}


def scenario(*statuses: str | None, name: str = "adds", **more: Any) -> dict[str, Any]:
    steps = [step(status) for status in statuses]
    return {"keyword": "Scenario", "type": "scenario", "name": name, "line": 3, "steps": steps, **more}


def features(*elements: dict[str, Any], **more: Any) -> str:
    return json.dumps([{"keyword": "Feature", "name": "Rules", "uri": "file:a.feature", "elements": elements, **more}])


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (("passed", "passed"), "passed"),
        (("passed", "failed", "skipped"), "failed"),
        (("passed", "undefined", "skipped"), "failed"),
        (("passed", "pending", "skipped"), "failed"),
        (("ambiguous",), "failed"),
        (("passed", "skipped"), "skipped"),
        (("passed", None), "skipped"),
        (("untested",), "skipped"),
        (("passed", "unknown"), "error"),
        ((), "skipped"),
        (("PASSED",), "passed"),
    ],
)
def test_the_worst_step_is_the_end_of_a_scenario(tmp_path: Path, statuses: tuple[str | None, ...], state: str) -> None:
    assert states(tmp_path, features(scenario(*statuses))) == [("adds", state)]


@pytest.mark.parametrize(
    "broken",
    [
        {"before": [step("failed")]},
        {"after": [step("failed")]},
        {"steps": [step("passed", after=[step("failed")])]},
        {"steps": [step("passed", before=[step("failed")])]},
    ],
)
def test_a_hook_that_fails_fails_its_scenario(tmp_path: Path, broken: dict[str, Any]) -> None:
    assert states(tmp_path, features({**scenario("passed"), **broken})) == [("adds", "failed")]


def test_nothing_but_hooks_is_no_pass(tmp_path: Path) -> None:
    assert states(tmp_path, features(scenario(before=[step("passed")]))) == [("adds", "skipped")]


def test_a_background_belongs_to_the_scenario_after_it(tmp_path: Path) -> None:
    background = {"keyword": "Background", "type": "background", "name": "", "steps": [step("failed")]}
    text = features(background, scenario("passed"), scenario("passed", name="second"))
    assert states(tmp_path, text) == [("adds", "failed"), ("second", "passed")]
    assert states(tmp_path, features(scenario("passed"), background)) == [("adds", "passed"), ("Rules", "error")]


def test_rows_of_an_outline_are_cases(tmp_path: Path) -> None:
    rows = [scenario("passed", id=f"rules;adds;;{row}", line=row) for row in (8, 9)]
    assert states(tmp_path, features(*rows)) == [("adds", "passed"), ("adds", "passed")]


@pytest.mark.parametrize(
    ("second", "state"), [("passed", "flaky"), ("failed", "failed"), ("pending", "failed"), ("skipped", "skipped")]
)
def test_another_attempt_counts_once(tmp_path: Path, second: str, state: str) -> None:
    """Cucumber for Ruby writes each attempt of `--retry`, one behind the other."""
    assert states(tmp_path, features(scenario("failed", id="x"), scenario(second, id="x"))) == [("adds", state)]


def test_what_runs_again_after_a_pass_excuses_nothing(tmp_path: Path) -> None:
    text = features(scenario("passed", id="x"), scenario("failed", id="x"))
    assert [state for _, state in states(tmp_path, text)] == ["passed", "failed"]


def test_behave_lists_its_background_without_results(tmp_path: Path) -> None:
    background = {"keyword": "Background", "type": "background", "name": "", "steps": [step(None)]}
    one = {**scenario("passed"), "location": "a.feature:7", "line": None, "status": "passed"}
    text = json.dumps(
        [{"keyword": "Feature", "name": "Rules", "location": "a.feature:1", "elements": [background, one]}]
    )
    case = read(tmp_path, f"[\n{text[1:-1]}\n]\n").cases[0]
    assert (case.state.value, case.file, case.line) == ("passed", "a.feature", 7)


def test_what_broke_beside_its_steps_is_told(tmp_path: Path) -> None:
    assert states(tmp_path, features(scenario("passed", status="hook_error"))) == [("adds", "error")]
    text = features(scenario("passed"), status="failed")
    assert states(tmp_path, text) == [("adds", "passed"), ("Rules", "error")]


def test_the_message_names_the_step(tmp_path: Path) -> None:
    bad = scenario("passed", steps=[step("passed"), step("failed", "it is signed", error="no signature\nat x")])
    assert read(tmp_path, features(bad)).cases[0].message == "Given it is signed: no signature"


@pytest.mark.parametrize(
    "data", [[{"keyword": "Feature", "uri": "a", "elements": 7}], [{"keyword": "F", "elements": ["x"]}]]
)
def test_what_is_not_as_the_format_says_is_refused(tmp_path: Path, data: Any) -> None:
    with pytest.raises(CheckError, match="cannot be read"):
        read(tmp_path, json.dumps(data))


@pytest.mark.parametrize("word", ["hook_error", "cleanup_error", "error", "Failed", "undefined", "marvellous"])
def test_a_word_of_the_whole_that_is_no_pass_counts_though_every_step_passed(tmp_path: Path, word: str) -> None:
    assert states(tmp_path, features(scenario("passed"), status=word)) == [("adds", "passed"), ("Rules", "error")]
    (_, state), *others = states(tmp_path, features(scenario("passed", status=word)))
    assert state in {"failed", "error"}
    assert others == []


@pytest.mark.parametrize("word", ["passed", "Passed", "", None])
def test_a_word_of_the_whole_that_is_a_pass_changes_nothing(tmp_path: Path, word: str | None) -> None:
    assert states(tmp_path, features(scenario("passed", status=word), status=word)) == [("adds", "passed")]
