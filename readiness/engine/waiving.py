"""Puts waivers beside the results that they are for, and says what a reader has to know about them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from readiness.countdown import loud
from readiness.outcome import SignoffState, Status
from readiness.report import Result, WaiverFact


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


def ledger(waivers: Sequence[WaiverFact], results: Iterable[Result]) -> tuple[WaiverFact, ...]:
    """Every waiver, with whether the verdict rests on it."""
    used = {result.waiver.record for result in results if result.waiver is not None and result.waiver.used}
    return tuple(waiver.model_copy(update={"used": waiver.record in used}) for waiver in waivers)


def notices(results: Sequence[Result], waivers: Sequence[WaiverFact], now: datetime) -> list[str]:
    """What is wrong with a waiver that somebody may count on, what lapses soon, and what nothing needs any more."""
    by_id = {result.item.id: result for result in results}
    beside = {result.waiver.record for result in results if result.waiver is not None}
    told = []
    for waiver in waivers:
        result = by_id.get(waiver.item)
        if result is not None and not result.selected:
            continue
        if waiver.state is SignoffState.VALID and waiver.expires_at <= now:
            told.append(f"the waiver of `{waiver.item}` is not applied: it lapsed at {waiver.expires_at.isoformat()}")
        elif waiver.state is not SignoffState.VALID:
            if result is None or result.status is not Status.PASSED:
                told.append(f"the waiver of `{waiver.item}` does not count: {waiver.state.value}: {waiver.why}")
        elif result is None or result.status is Status.PASSED:
            why = "the item passes" if result is not None else "no item has this id"
            revoke = f"readiness revoke {waiver.record[:12]}"
            told.append(f"the waiver of `{waiver.item}` is not needed any more: {why}; `{revoke}` takes it back")
        elif waiver.record in beside and loud(waiver.expires_at, now):
            told.append(f"the waiver of `{waiver.item}` {_left(waiver.expires_at - now)}: mend the item until then")
    return told


def _left(time: timedelta) -> str:
    days = time.days
    return "lapses within a day" if days < 1 else f"lapses in {days} day{'' if days == 1 else 's'}"
