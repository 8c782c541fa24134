"""The verdict: a pure function of the results."""

from collections import Counter
from collections.abc import Iterable, Sequence

from readiness.outcome import SignoffCard, SignoffState, Status
from readiness.report import Blocker, Flip, Result, Verdict, VerdictWord
from readiness.text import count


def judge(results: Sequence[Result], *, interrupted: bool = False) -> Verdict:
    """Judge a run.

    - `NO_GO`: a blocking item failed and is not waived.
    - `INCOMPLETE`: none failed, but one could not be determined, waits, was skipped or does not apply; or nothing
      was evaluated at all; or the run was interrupted.
    - `CONDITIONAL_GO`: every blocking item that did not pass is validly waived.
    - `GO`: every selected blocking item passed.

    The last two say what makes them fall by themselves, and when the first of that happens.

    Args:
        results: One for each item; those that were not selected do not count.
        interrupted: Whether the run was stopped before its end.
    """
    selected = [result for result in results if result.selected]
    blocking = [result for result in selected if result.blocks]
    waived = [
        result
        for result in selected
        if result.item.severity == "blocker" and result.waiver is not None and result.status is not Status.PASSED
    ]
    asked, own = [r for r in results if not r.added], [r for r in selected if not r.added]
    undecided = interrupted or not any(result.status in {Status.PASSED, Status.FAILED} for result in own)
    word = _word(blocking, undecided=undecided, waived=bool(waived))
    flips = _flips(selected) if word in {VerdictWord.GO, VerdictWord.CONDITIONAL_GO} else ()
    reason = [
        *_reason(own, asked, [r for r in blocking if not r.added], waived, interrupted=interrupted),
        *_left_out(len(own), len(asked)),
    ]
    return Verdict(
        word=word,
        reason=_with_added(", ".join(reason), [result for result in selected if result.added]),
        valid_until=flips[0].at if flips else None,
        flips=flips,
        blockers=_blockers(blocking),
        counts=dict(sorted(Counter(result.status for result in own).items())),
    )


def _word(blocking: Sequence[Result], *, undecided: bool, waived: bool) -> VerdictWord:
    """The word of the verdict.

    Args:
        blocking: Results that hold the release.
        undecided: Whether the run was interrupted, or evaluated nothing.
        waived: Whether a waiver holds a blocking item.
    """
    if any(result.status is Status.FAILED for result in blocking):
        return VerdictWord.NO_GO
    if blocking or undecided:
        return VerdictWord.INCOMPLETE
    return VerdictWord.CONDITIONAL_GO if waived else VerdictWord.GO


def _flips(selected: Iterable[Result]) -> tuple[Flip, ...]:
    """What lapses by itself among all that the blocking items rest on, the earliest first."""
    found: list[Flip] = []
    for result in selected:
        if result.item.severity != "blocker":
            continue
        if result.status is Status.PASSED:
            found += _lapses(result)
        elif result.waiver is not None:
            found.append(Flip(at=result.waiver.expires_at, text=f"the waiver of {result.item.id} lapses"))
    return tuple(sorted(found, key=lambda flip: (flip.at, flip.text)))


def _lapses(result: Result) -> Iterable[Flip]:
    """When the sign-offs of an item fall below its quorum, for each name of its matrix."""
    slots: dict[str, list[SignoffCard]] = {}
    for card in result.outcome.signoffs:
        if card.state is SignoffState.VALID:
            slots.setdefault(card.subject, []).append(card)
    for slot, cards in slots.items():
        # of more people than are needed, those whose sign-offs last longest decide
        lasting = sum(card.expires_at is None for card in cards)
        ends = sorted((card.expires_at for card in cards if card.expires_at is not None), reverse=True)
        decisive = max(card.quorum for card in cards) - lasting
        if decisive > 0 and ends:  # a check that says a larger quorum than it has cards rests on every one of them
            text = f"the sign-off of {result.item.id}{f' for {slot}' if slot else ''} lapses"
            yield Flip(at=ends[min(decisive, len(ends)) - 1], text=text)


def _reason(
    selected: Sequence[Result],
    asked: Sequence[Result],
    blocking: Sequence[Result],
    waived: Sequence[Result],
    *,
    interrupted: bool,
) -> list[str]:
    parts = []
    if interrupted:
        parts.append("the run was interrupted")
    if not selected:
        parts.append("no item was evaluated")
    elif not any(result.status in {Status.PASSED, Status.FAILED} for result in selected):
        parts.append("nothing could be evaluated")
    parts += _blocking_words(blocking)
    warnings = sum(r.item.severity == "warning" and r.status is not Status.PASSED for r in selected)
    if not parts:
        blockers = sum(result.item.severity == "blocker" for result in selected)
        if waived:
            parts.append(f"{count(len(waived), 'blocking item')} rest{'s' if len(waived) == 1 else ''} on a waiver")
        elif blockers:
            parts.append(f"{'the' if blockers == 1 else 'all'} {count(blockers, 'blocking item')} passed")
        elif any(result.item.severity == "blocker" for result in asked):
            parts.append("no blocking item was selected")
        else:
            parts.append("the checklist has no blocking item")
        if warnings:
            parts.append(f"{count(warnings, 'warning')} to look at")
    return parts


def _left_out(selected: int, total: int) -> list[str]:
    """Say what the verdict does not speak of: nobody may take a part for the whole."""
    left = total - selected
    return [f"{left} of {count(total, 'item')} {'was' if left == 1 else 'were'} not selected"] if left else []


_WORDS = {
    Status.FAILED: "failed",
    Status.ERROR: "could not be determined",
    Status.PENDING: "waiting for a person",
    Status.SKIPPED: "skipped",
    Status.NOT_APPLICABLE: "not applicable",
}
"""What is said of blocking items, in this order."""


def _with_added(reason: str, added: Sequence[Result]) -> str:
    """Name what the run added apart, first where it holds the release: people count the items of their checklist."""
    holding = ", ".join(f"{result.item.id}{_open(result)}" for result in added if result.blocks)
    passed = ", ".join(result.item.id for result in added if not result.blocks)
    parts = [f"{holding} (added by the run)" if holding else "", reason]
    parts.append(f"added by the run and passed: {passed}" if passed else "")
    return "; ".join(filter(None, parts))


def _open(result: Result) -> str:
    """What one item waits for."""
    cards = _waiting(result)
    return f": {', '.join(_blocking_words([result]))}" if cards else f" {_WORDS[result.status]}"


def _waiting(result: Result) -> list[SignoffCard]:
    """Sign-offs that do not count, and that somebody has to act on."""
    return [card for card in result.outcome.signoffs if card.state is not SignoffState.VALID and not card.past]


def _blocking_words(blocking: Iterable[Result]) -> list[str]:
    """Count the blocking items by what a person has to do about them."""
    counts: Counter[str] = Counter()
    for result in blocking:
        open_cards = _waiting(result)
        counts.update(f"sign-off {card.state.value}" for card in open_cards)
        if not open_cards:
            counts[result.status] += 1
    words = []
    for status, phrase in _WORDS.items():
        number = counts.pop(status, 0)
        if number:
            words.append(f"{count(number, 'blocking item')} {phrase}")
        if status is Status.ERROR:
            for key in sorted(key for key in counts if key.startswith("sign-off ")):
                state = key.removeprefix("sign-off ")
                words.append(f"{count(counts[key], 'sign-off')} {state}")
    return words


def _blockers(blocking: Sequence[Result]) -> tuple[Blocker, ...]:
    """Fold items that only wait for another blocking item under their roots."""
    by_id = {result.item.id: result for result in blocking}
    dependents: dict[str, list[str]] = {}
    for identifier, result in by_id.items():
        if result.status is Status.SKIPPED:
            for need in result.item.needs:
                dependents.setdefault(need, []).append(identifier)
    waiting: dict[str, list[str]] = {}
    for identifier, result in by_id.items():
        if result.status is not Status.SKIPPED:
            found: dict[str, None] = {}
            queue = list(dependents.get(identifier, ()))
            while queue:
                below = queue.pop(0)
                if below not in found:
                    found[below] = None
                    queue += dependents.get(below, ())
            waiting[identifier] = list(found)
    folded = {identifier for identifiers in waiting.values() for identifier in identifiers}
    order = [Status.FAILED, Status.ERROR, Status.PENDING, Status.NOT_APPLICABLE, Status.SKIPPED]
    heads = sorted((i for i in by_id if i not in folded), key=lambda i: order.index(by_id[i].status))
    return tuple(Blocker(item=head, unblocks=tuple(waiting.get(head, ()))) for head in heads)
