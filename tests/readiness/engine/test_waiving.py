"""What a run says about waivers: those that lapse soon, do not count, or are not needed any more."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from readiness.checklist import Item, Severity
from readiness.engine.waiving import apply, mark_used, notices
from readiness.outcome import Outcome, SignoffState, Status
from readiness.report import Result, WaiverFact
from readiness.testing import NOW


def waiver(item: str = "coverage", *, days: float = 30, record: str = "a", **fields: Any) -> WaiverFact:
    values = {
        "principal": "counsel@example.com",
        "reason": "It is replaced.",
        "compensating_control": "Tested by hand.",
        "signed_at": NOW - timedelta(days=40),
        "expires_at": NOW + timedelta(days=days),
    }
    return WaiverFact.model_validate({"item": item, "record": record * 64, **values, **fields})


def expired(**fields: Any) -> WaiverFact:
    return waiver(days=-1, state=SignoffState.EXPIRED, code="expired", why="it lapsed", remedy="mend it", **fields)


def result(
    status: Status = Status.FAILED, severity: Severity = "blocker", *, item: str = "coverage", selected: bool = True
) -> Result:
    asked = Item(id=item, title="Covered", check="command", severity=severity)
    outcome = Outcome(status=status, summary="seen", examined=1)
    return Result(item=asked, section="Code", outcome=outcome, selected=selected)


def told(found: Result | None, *waivers: WaiverFact, now: datetime = NOW) -> list[str]:
    results = apply([found] if found is not None else [], waivers, now)
    return notices(results, waivers, now)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=14), "lapses in 14 days, at 2026-12-07T"),
        (timedelta(days=14, seconds=1), ""),
        (timedelta(days=1), "lapses in 1 day, at 2026-11-24T"),
        (timedelta(minutes=1), "lapses today, at 2026-11-23T"),
    ],
)
def test_a_waiver_in_use_is_loud_for_its_last_fourteen_days(left: timedelta, words: str) -> None:
    found = told(result(), waiver(expires_at=NOW + left))
    assert len(found) == bool(words)
    assert all(words in notice for notice in found)


@pytest.mark.parametrize("severity", ["blocker", "warning"])
def test_a_warning_is_shown_as_waived_but_no_verdict_rests_on_it(severity: Severity) -> None:
    (found,) = apply([result(severity=severity)], [waiver()], NOW)
    assert found.waiver is not None
    assert found.status is Status.FAILED
    assert found.waiver.used is (severity == "blocker")
    assert notices([found], [waiver()], NOW) == []


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (result(Status.PASSED), "the item passes"),
        (result(severity="info"), "the item blocks nothing"),
        (None, "no item has this id"),
    ],
)
def test_one_that_nothing_needs_any_more_is_told_with_what_to_do(found: Result | None, why: str) -> None:
    (notice,) = told(found, waiver(days=3))
    assert f"not needed any more: {why}" in notice
    assert f"`readiness revoke {'a' * 12} --reason …`" in notice


@pytest.mark.parametrize("found", [result(selected=False), result(Status.PASSED, selected=False)])
def test_nothing_is_said_of_an_item_that_was_not_selected(found: Result) -> None:
    assert told(found, waiver(days=3), expired(record="b")) == []


def test_one_that_does_not_count_is_told_where_it_is_missed() -> None:
    assert told(result(), expired()) == [
        f"the waiver {'a' * 12} of `coverage` does not count: expired: it lapsed; next: mend it"
    ]
    assert told(result(Status.PASSED), expired()) == []
    assert told(result(), expired(), waiver(record="b")) == []


@pytest.mark.parametrize(
    ("state", "days", "said"),
    [
        (SignoffState.STALE, 5, True),
        (SignoffState.STALE, -5, False),
        (SignoffState.REVOKED, 5, False),
        (SignoffState.EXPIRED, -5, False),
    ],
)
def test_of_an_item_that_is_gone_only_what_could_come_back_is_told(
    state: SignoffState, days: int, *, said: bool
) -> None:
    assert bool(told(None, waiver(days=days, state=state, code="x", why="x"))) is said


def test_thousands_that_do_not_count_do_not_bury_the_rest() -> None:
    forged = [waiver(record=format(n, "064x"), state=SignoffState.INVALID, why="bad") for n in range(1_000)]
    forged = [one.model_copy(update={"record": one.record[-64:]}) for one in forged]
    found = told(result(), *forged)
    assert len(found) == 4
    assert found[0].startswith("997 more of the same item")


def test_of_several_the_one_that_ends_last_is_used() -> None:
    waivers = [waiver(days=20, record="a"), waiver(days=25, record="b"), waiver(days=5, record="c")]
    results = apply([result()], waivers, NOW)
    assert [one.used for one in mark_used(waivers, results)] == [False, True, False]
    assert notices(results, waivers, NOW) == []


@pytest.mark.parametrize("state", [state for state in SignoffState if state is not SignoffState.VALID])
def test_in_no_other_state_does_one_stand_beside_an_item(state: SignoffState) -> None:
    (found,) = apply([result()], [waiver(state=state)], NOW)
    assert found.waiver is None
    assert found.blocks
