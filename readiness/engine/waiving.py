"""Adds waivers to the results that they are for, and writes the notices about them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from readiness.countdown import countdown, loud
from readiness.outcome import SignoffState, Status
from readiness.report import Result, WaiverFact

_SHOWN = 3


def apply(results: Iterable[Result], waivers: Sequence[WaiverFact], now: datetime) -> tuple[Result, ...]:
    """Put the waiver of each item beside its result; the status stays what it is.

    Args:
        results: One for each item.
        waivers: In any state; those that are valid count, of several the one that ends last.
        now: The date of the run.
    """
    valid = (waiver for waiver in waivers if in_force(waiver, now))
    chosen = {waiver.item: waiver for waiver in sorted(valid, key=lambda waiver: (waiver.expires_at, waiver.record))}
    return tuple(_beside(result, chosen.get(result.item.id)) for result in results)


def in_force(waiver: WaiverFact, now: datetime) -> bool:
    """Whether a waiver is valid, and has not lapsed."""
    return waiver.state is SignoffState.VALID and waiver.expires_at > now


def _beside(result: Result, waiver: WaiverFact | None) -> Result:
    if waiver is None or result.status is Status.PASSED:
        return result
    used = result.selected and result.item.severity == "blocker"
    return result.model_copy(update={"waiver": waiver.model_copy(update={"used": used})})


def mark_used(waivers: Sequence[WaiverFact], results: Iterable[Result]) -> tuple[WaiverFact, ...]:
    """Every waiver, with whether the verdict rests on it."""
    used = {result.waiver.record for result in results if result.waiver is not None and result.waiver.used}
    return tuple(waiver.model_copy(update={"used": waiver.record in used}) for waiver in waivers)


def notices(results: Sequence[Result], waivers: Sequence[WaiverFact], now: datetime) -> list[str]:
    """What is wrong with a waiver that somebody may count on, what lapses soon, and what nothing needs any more.

    Nothing is said of items that were not selected.

    Args:
        results: One for each item, with the waivers beside them.
        waivers: In any state.
        now: The date of the run.
    """
    by_id = {result.item.id: result for result in results}
    told: dict[str, list[str]] = {}
    for waiver in waivers:
        result = by_id.get(waiver.item)
        if result is None or result.selected:
            notice = _notice(waiver, result, now)
            if notice:
                told.setdefault(waiver.item, []).append(notice)
    return [notice for of_item in told.values() for notice in _last(of_item)]


def _last(notices: Sequence[str]) -> Iterable[str]:
    """The latest notices about one item: anybody can make thousands of waivers that do not count."""
    left = len(notices) - _SHOWN
    if left > 0:
        yield f"{left} more of the same item, see `readiness records list --action waive`"
    yield from notices[-_SHOWN:]


def _notice(waiver: WaiverFact, result: Result | None, now: datetime) -> str:
    """What there is to say about one waiver; empty for nothing."""
    name = f"the waiver {waiver.record[:12]} of `{waiver.item}`"
    holds = result is not None and result.status is not Status.PASSED
    remedy = f"; next: {waiver.remedy}" if waiver.remedy else ""
    if waiver.state is SignoffState.VALID and waiver.expires_at <= now:
        return f"{name} is not applied: it lapsed at {waiver.expires_at.isoformat()}" if holds else ""
    if waiver.state is not SignoffState.VALID:
        missed = holds and result is not None and result.waiver is None
        # what was taken back, or has lapsed, is over: nobody counts on it where nothing is in its way
        gone = result is None and waiver.state is SignoffState.STALE and waiver.expires_at > now
        return f"{name} does not count: {waiver.state.value}: {waiver.why}{remedy}" if missed or gone else ""
    unneeded = _unneeded(result)
    if unneeded:
        revoke = f"readiness revoke {waiver.record[:12]} --reason …"
        return f"{name} is not needed any more: {unneeded}; next: `{revoke}`"
    beside = result.waiver if result is not None else None
    if beside is not None and beside.record == waiver.record and loud(waiver.expires_at, now):
        return f"{name} {_left(waiver.expires_at, now)}; next: fix the item until then"
    return ""


def _unneeded(result: Result | None) -> str:
    """Why nothing needs a waiver of an item; empty when something does."""
    if result is None:
        return "no item has this id"
    if result.status is Status.PASSED:
        return "the item passes"
    return "the item blocks nothing, whatever its status" if result.item.severity == "info" else ""


def _left(at: datetime, now: datetime) -> str:
    """How long it holds still: `lapses in 9 days, at 2026-12-24T23:59:59Z`."""
    days = countdown(at, now).removesuffix(" left")
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"{days}, at {moment}" if days.startswith("lapses") else f"lapses in {days}, at {moment}"
