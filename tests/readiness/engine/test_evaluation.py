"""One item is evaluated: whatever fails on the way is its answer, and an answer always comes."""

from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from readiness.check import Facts
from readiness.checklist import Service
from readiness.engine import collected
from readiness.engine.collected import Collected
from readiness.engine.evaluation import Evaluator, foreign
from readiness.engine.events import Inbox
from readiness.engine.host import Host
from readiness.engine.settings import RunSettings
from readiness.outcome import Outcome, Status
from readiness.plugins import Description, PluginError
from readiness.report import Plugin
from readiness.run_policy import RunPolicy
from support.report_values import STARTED, passed, plugin, report, result
from support.runs import checklist, item

COMMAND = plugin("command")
PASSED = passed("3 passed", 3, "tests")


def described(*, uses_services: bool = False, runs_foreign_code: bool = False) -> Description:
    return Description(summary="S", parameters={}, uses_services=uses_services, runs_foreign_code=runs_foreign_code)


class Answering(Host):
    """A host whose check answers at once; it can be asked what it is only while it is `described`."""

    def __init__(
        self, outcome: Outcome | Exception = PASSED, description: Description | Exception | None = None
    ) -> None:
        super().__init__(environ={})
        self._outcome, self._described = outcome, description

    def describe(self, plugin: Plugin) -> Description:  # noqa: ARG002  as a host is asked
        if isinstance(self._described, Exception):
            raise self._described
        return self._described or described(runs_foreign_code=True)

    def evaluate(self, plugin: Plugin, facts: Facts) -> tuple[Outcome, float]:  # noqa: ARG002  as a host is asked
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome, 0.5


def evaluator(host: Host, folder: Path, found: Collected | None = None) -> Evaluator:
    run = report([result("unit", "Unit", "command", "All", PASSED)])
    settings = RunSettings(now=STARTED + timedelta(hours=1), jobs=1, tell=lambda _: None, host=host, collected=found)
    return Evaluator(RunPolicy(checklist(item("unit", "command")), folder), run.subject, settings, Inbox())


def evaluated(host: Host, folder: Path, found: Collected | None = None) -> Outcome:
    """What comes of one item of the check `command`."""
    return evaluator(host, folder, found).evaluate(item("unit", "command"), COMMAND).outcome


def test_what_the_check_answers_is_the_outcome(tmp_path: Path) -> None:
    assert evaluated(Answering(), tmp_path) == PASSED


@pytest.mark.parametrize("error", [RuntimeError("no memory"), OSError(24, "Too many open files")], ids=str)
def test_a_fault_of_the_engine_is_an_error_of_the_item(tmp_path: Path, error: Exception) -> None:
    outcome = evaluated(Answering(error), tmp_path)
    assert outcome.status is Status.ERROR
    assert outcome.summary == f"the engine failed: {type(error).__name__}: {error}"


def test_a_pass_of_a_check_that_cannot_say_what_it_rests_on_is_an_error(tmp_path: Path) -> None:
    """Nobody knows which files it read: evidence that the change brings would count."""
    outcome = evaluated(Answering(description=PluginError("check `command` crashed when it was looked at")), tmp_path)
    assert outcome.status is Status.ERROR
    assert outcome.summary == "check `command` crashed when it was looked at"
    assert outcome.remedy == "fix or uninstall readiness"


def test_any_other_answer_of_such_a_check_stays(tmp_path: Path) -> None:
    failed = Outcome(status=Status.FAILED, summary="2 failed", examined=3, unit="tests", remedy="mend them")
    assert evaluated(Answering(failed, PluginError("no")), tmp_path) == failed


def gathered(folder: Path, outcome: Outcome = PASSED) -> Collected:
    """The same item, as another job has collected it."""
    run = report([result("unit", "unit", "command", "All", outcome)])
    one = run.results[0]
    one = one.model_copy(update={"plugin": COMMAND, "item": item("unit", "command")})
    collected.write(folder / "evidence", run.model_copy(update={"results": (one,)}))
    return Collected(folder / "evidence", timedelta(days=1))


def test_what_was_collected_is_taken_and_the_check_does_not_run(tmp_path: Path) -> None:
    assert evaluated(Answering(RuntimeError("it ran")), tmp_path, gathered(tmp_path)) == PASSED


def test_a_check_that_cannot_be_described_does_not_run_either_and_its_pass_is_none(tmp_path: Path) -> None:
    host = Answering(RuntimeError("it ran"), PluginError("it crashed when it was looked at"))
    assert evaluated(host, tmp_path, gathered(tmp_path)).summary == "it crashed when it was looked at"


def test_a_check_that_runs_no_code_of_the_change_is_evaluated_here(tmp_path: Path) -> None:
    found = gathered(tmp_path, passed("claimed", 1, "tests"))
    host = Answering(description=described())
    assert evaluated(host, tmp_path, found) == PASSED


@pytest.mark.parametrize(
    ("description", "services", "expected"),
    [
        (described(), False, False),
        (described(), True, False),
        (described(uses_services=True), False, False),
        (described(uses_services=True), True, True),
        (described(runs_foreign_code=True), False, True),
        (PluginError("no"), False, True),
    ],
    ids=["plain", "services of others", "no services", "services", "foreign code", "not described"],
)
def test_what_runs_code_of_the_change(description: Description | Exception, services: bool, expected: bool) -> None:  # noqa: FBT001
    given = {"db": Service(run="run")} if services else {}
    assert (
        foreign(Answering(description=description), COMMAND, checklist(item("unit", "command"), services=given))
        is expected
    )


def test_it_is_said_whether_a_check_uses_services(tmp_path: Path) -> None:
    uses = described(uses_services=True)
    for told, expected in ((uses, True), (PluginError("no"), False), (RuntimeError("no"), True)):
        assert evaluator(Answering(description=told), tmp_path).describe(COMMAND).uses_services is expected


def test_the_answer_comes_though_nobody_can_be_told_that_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> NoReturn:
        raise ValueError("closed")

    monkeypatch.setattr(Inbox, "put", closed)
    assert "the engine failed: ValueError: closed" in evaluated(Answering(), tmp_path).summary
