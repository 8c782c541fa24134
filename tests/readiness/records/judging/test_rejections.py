"""A rejection holds until it is visibly cleared: a model of twenty lines, and every short history held against it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checklist import Policy
from readiness.outcome import SignoffState
from readiness.records.judging.item import Judgement, judge
from readiness.records.storage.work_tree import Record
from readiness.testing import NOW
from support.console import ROOT
from support.long import often
from support.record_values import (
    COUNSEL,
    HOUR,
    PARALEGAL,
    STRANGER,
    Then,
    arrived,
    evidence,
    holder,
    question,
    revocation,
    roster,
    signoff,
)

OWNER = "owner@example.com"
ROSTER = roster(*(holder(person) for person in (COUNSEL, PARALEGAL, STRANGER, OWNER)))
RULES = Policy(owners="owners")


@dataclass(frozen=True)
class Act:
    """Something that somebody did, and what they knew of when they did it."""

    what: str
    """`approve`, `reject`, or `revoke`."""
    who: str
    content: int
    known: frozenset[int]
    target: int = -1


def model(acts: Sequence[Act], content: int) -> tuple[bool, bool]:
    """Whether somebody's rejection stands, and whether somebody's approval counts. No clock has a say."""

    def revokers(number: int) -> set[str]:
        return {act.who for act in acts if act.what == "revoke" and act.target == number}

    def lifted(number: int) -> bool:
        return bool(revokers(number) & {acts[number].who, OWNER})

    def approves(number: int, act: Act, who: str) -> bool:
        good = act.what == "approve" and act.who == who and act.content == content
        return good and not revokers(number) & {COUNSEL, PARALEGAL}

    def stands(number: int, act: Act) -> bool:
        anew = (number in other.known and approves(n, other, act.who) for n, other in enumerate(acts))
        return act.what == "reject" and not lifted(number) and not any(anew)

    def counts(number: int, act: Act) -> bool:
        against = (n for n, other in enumerate(acts) if other.what == "reject" and other.who == act.who)
        overtaken = any(n not in act.known and act.who not in revokers(n) for n in against)
        return approves(number, act, act.who) and not overtaken

    return any(stands(*one) for one in enumerate(acts)), any(counts(*one) for one in enumerate(acts))


def files(content: int) -> dict[str, str]:
    return {"templates/deed.html": f"version {content}"}


def written(act: Act, earlier: Sequence[Record], minutes: int, number: int) -> Record:
    """The record of an act, by a clock that is wrong by some minutes."""
    at = NOW - 3 * HOUR + timedelta(minutes=minutes)
    seen = tuple(earlier[n].digest for n in sorted(act.known))
    if act.what == "revoke":
        return revocation(earlier[act.target], act.who, signed_at=at, seen=seen, nonce=f"{number:032x}")
    return signoff(
        act.who, decision=act.what, reason="Clause 4.", covers=files(act.content), signed_at=at, seen=seen,
        nonce=f"{number:032x}",
    )  # fmt: skip


def judgement(*records: Record, content: int = 0, **known: object) -> Judgement:
    asked = question(files=files(content)).model_copy(update={"roles": {"owners": (OWNER,)}})
    return judge(asked, evidence(*records, who=ROSTER, rules=RULES, **known))  # type: ignore[arg-type]


def agree(acts: Sequence[Act], records: Sequence[Record], content: int) -> None:
    found = judgement(*records, content=content)
    rejected = any(card.state is SignoffState.REJECTED for card in found.cards)
    stands, counts = model(acts, content)
    assert (rejected, found.status == "passed") == (stands, counts and not stands), acts
    reasons = sum(act.what == "reject" for act in acts)
    told = [card for card in found.cards if card.state is SignoffState.REJECTED or card.past]
    assert bool(told) == bool(reasons), "a rejection is told, whatever became of it"


MOVES = ("counsel approves", "counsel rejects", "paralegal approves", "counsel revokes", "paralegal revokes",
         "owner revokes", "edit")  # fmt: skip
WHO = {"counsel": COUNSEL, "paralegal": PARALEGAL, "owner": OWNER}
WHAT = {"approves": "approve", "rejects": "reject", "revokes": "revoke"}


def play(moves: Sequence[str]) -> tuple[list[Act], int] | None:
    """The acts of a history in which everybody knows all that was before; None where there is nothing to revoke."""
    acts: list[Act] = []
    content = 0
    for move in moves:
        if move == "edit":
            content += 1
            continue
        who, what = move.split()
        targets = [number for number, act in enumerate(acts) if act.what != "revoke"]
        if what == "revokes" and not targets:
            return None
        target = targets[-1] if what == "revokes" else -1
        acts.append(Act(WHAT[what], WHO[who], content, frozenset(range(len(acts))), target))
    return acts, content


def histories(longest: int) -> Iterator[tuple[list[Act], int]]:
    for length in range(longest + 1):
        for moves in product(MOVES, repeat=length):
            played = play(moves)
            if played is not None:
                yield played


@pytest.mark.long
def test_every_short_history_comes_to_what_the_model_says() -> None:
    for acts, content in histories(often(3, 5)):
        records: list[Record] = []
        for number, act in enumerate(acts):
            records.append(written(act, records, -number, number))  # every clock is slower than the one before
        agree(acts, records, content)


def test_the_table_of_the_page_is_what_the_model_and_the_program_say() -> None:
    page = (ROOT / "docs/sign-offs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:counsel|paralegal|owner)[a-z ,]+) \| `(\w+)` \|$", page, re.MULTILINE)
    assert len(rows) == 10
    for moves, status in rows:
        played = play(moves.split(", "))
        assert played is not None
        acts, content = played
        records: list[Record] = []
        for number, act in enumerate(acts):
            records.append(written(act, records, -number, number))
        agree(acts, records, content)
        assert (moves, judgement(*records, content=content).status) == (moves, status)


step = st.tuples(
    st.sampled_from(("approve", "reject", "revoke", "edit", "merge")),
    st.sampled_from((COUNSEL, PARALEGAL, OWNER)),
    st.integers(0, 1),
    st.integers(-120, 120),
    st.integers(0, 3),
)


@pytest.mark.long
@given(st.lists(step, max_size=9))
def test_no_clock_and_no_branch_lets_a_rejection_go(steps: list[tuple[str, str, int, int, int]]) -> None:
    acts: list[Act] = []
    records: list[Record] = []
    views: list[set[int]] = [set(), set()]
    content = 0
    for what, who, branch, minutes, which in steps:
        view = views[branch]
        targets = [number for number in sorted(view) if acts[number].what != "revoke"]
        if what == "edit":
            content += 1
        elif what == "merge":
            views = [views[0] | views[1], views[0] | views[1]]
        elif (what == "revoke" and targets) or (what != "revoke" and who != OWNER):
            target = targets[which % len(targets)] if what == "revoke" else -1
            acts.append(Act(what, who, content, frozenset(view), target))
            records.append(written(acts[-1], records, minutes, len(acts)))
            view.add(len(acts) - 1)
    agree(acts, records, content)


REJECTS = signoff(decision="reject", reason="Clause 4.", covers=files(0))


def codes(found: Judgement) -> list[tuple[str, bool]]:
    return sorted((card.code, card.past) for card in found.cards)


def told(found: Judgement, code: str) -> str:
    return next(card.reason for card in found.cards if card.code == code)


def test_a_colleague_takes_no_rejection_back() -> None:
    found = judgement(REJECTS, revocation(REJECTS, PARALEGAL), signoff(PARALEGAL, covers=files(0)))
    assert (found.status, codes(found)) == ("failed", [("rejected", False), ("valid", False)])


def test_its_signer_takes_it_back_and_an_earlier_approval_counts_again() -> None:
    approves = signoff(covers=files(0), signed_at=NOW - 2 * HOUR)
    found = judgement(approves, REJECTS, revocation(REJECTS))
    assert (found.status, codes(found)) == ("passed", [("taken-back", True), ("valid", False)])
    assert told(found, "taken-back") == (
        f"{COUNSEL} took back their rejection (Clause 4.) on {(NOW - HOUR).date()}: A clause is void."
    )
    found = judgement(REJECTS, revocation(REJECTS))
    assert (found.status, codes(found)) == ("pending", [("missing", False), ("taken-back", True)])


def test_the_owners_overrule_it_and_what_its_signer_approved_before_does_not_count() -> None:
    approves = signoff(covers=files(0), signed_at=NOW - 2 * HOUR)
    overruled = judgement(approves, REJECTS, revocation(REJECTS, OWNER))
    assert (overruled.status, codes(overruled)) == (
        "pending", [("missing", False), ("overruled", True), ("overtaken", True)]
    )  # fmt: skip
    found = judgement(approves, REJECTS, revocation(REJECTS, OWNER), signoff(PARALEGAL, covers=files(0)))
    assert found.status == "passed"
    assert told(found, "overruled").startswith(f"{OWNER} overruled the rejection of {COUNSEL} (Clause 4.)")


@pytest.mark.parametrize(("own", "status"), [(False, "pending"), (True, "passed")])
def test_who_owned_the_policy_then_overrules_and_revives_no_earlier_approval(*, own: bool, status: str) -> None:
    """The signer alone, taking it back, does: whether or not an owner overruled it before."""
    approves = signoff(covers=files(0), signed_at=NOW - 2 * HOUR)
    overrules = revocation(REJECTS, STRANGER, signed_at=NOW - HOUR / 2)
    records = (approves, REJECTS, overrules, *([revocation(REJECTS, signed_at=NOW - HOUR / 4)] if own else []))
    seen = {record.digest: arrived(record.statement.predicate.signed_at, n) for n, record in enumerate(records)}
    found = judgement(*records, then=Then(roles={2: {"owners": (STRANGER,)}}), seen=seen)
    assert (found.status, "overtaken" in dict(codes(found))) == (status, not own)
    assert ("overruled", True) in codes(found)


@pytest.mark.parametrize("lapsed", [True, False])
def test_an_owner_overrules_with_a_key_that_is_valid_only(*, lapsed: bool) -> None:
    who = roster(holder(COUNSEL), holder(PARALEGAL), holder(OWNER, before=NOW - 2 * HOUR if lapsed else NOW + HOUR))
    asked = question(files=files(0)).model_copy(update={"roles": {"owners": (OWNER,)}})
    records = (REJECTS, revocation(REJECTS, OWNER), signoff(PARALEGAL, covers=files(0)))
    assert judge(asked, evidence(*records, who=who, rules=RULES)).status == ("failed" if lapsed else "passed")


def test_who_owned_the_policy_when_the_overruling_came_may_have_left() -> None:
    overrules = revocation(REJECTS, STRANGER)
    then = Then(roles={3: {"owners": (STRANGER,)}})
    seen = {overrules.digest: arrived(NOW, 3), REJECTS.digest: arrived(NOW, 2)}
    records = (REJECTS, overrules, signoff(PARALEGAL, covers=files(0)))
    assert judgement(*records, then=then, seen=seen).status == "passed"
    assert judgement(*records, then=Then(), seen=seen).status == "failed"


def test_neither_an_edit_nor_its_own_end_nor_new_words_end_it() -> None:
    approves = signoff(PARALEGAL, covers=files(1))
    found = judgement(REJECTS, approves, content=1)
    assert (found.status, codes(found)) == ("failed", [("rejected", False), ("valid", False)])
    assert "rejected an earlier version of it, which no change of it ends: Clause 4." in told(found, "rejected")
    ended = signoff(decision="reject", reason="No.", covers=files(0), signed_at=NOW - 3 * HOUR, expires_at=NOW - HOUR)
    found = judgement(ended, signoff(PARALEGAL, covers=files(0)))
    assert found.status == "failed"
    assert "a rejection does not lapse" in told(found, "rejected")
    reworded = signoff(decision="reject", reason="No.", covers=files(0), item_digest="sha256:" + "0" * 64)
    assert judgement(reworded, signoff(PARALEGAL, covers=files(0))).status == "failed"


def test_an_approval_of_something_else_ends_it_no_more_than_none() -> None:
    other = signoff(covers=files(7), seen=(REJECTS.digest,))
    found = judgement(REJECTS, other, signoff(PARALEGAL, covers=files(0)))
    assert found.status == "failed"


def test_it_holds_when_its_signer_has_left_role_and_roster() -> None:
    asked = question(members=(PARALEGAL,), files=files(0))
    then = Then(roles={3: {"legal": (COUNSEL,)}}, owners={3: (holder(COUNSEL),)})
    records, seen = (REJECTS, signoff(PARALEGAL, covers=files(0))), {REJECTS.digest: arrived(NOW, 3)}
    who = roster(holder(PARALEGAL))
    assert judge(asked, evidence(*records, who=who, then=then, seen=seen)).status == "failed"
    assert judge(asked, evidence(*records, who=who, then=Then(), seen=seen)).status == "passed", "never in the role"


def test_it_holds_when_the_item_asks_another_role_than_then() -> None:
    rejects = signoff(decision="reject", reason="No.", role="qa", covers=files(0))
    records, seen = (rejects, signoff(PARALEGAL, covers=files(0))), {rejects.digest: arrived(NOW, 3)}
    held = {"qa": (COUNSEL,)}
    asked = {"asked": ("templates-reviewed qa",)}
    assert judgement(*records, then=Then(roles={3: held | asked}), seen=seen).status == "failed"
    assert judgement(*records, then=Then(roles={3: held}), seen=seen).status == "passed", "it was never asked of qa"


def test_names_in_between_tell_the_order() -> None:
    between = signoff(PARALEGAL, covers=files(0), seen=(REJECTS.digest,))
    anew = signoff(covers=files(0), seen=(between.digest,), signed_at=NOW - 3 * HOUR)
    assert judgement(REJECTS, between, anew).status == "passed"


def test_an_approval_that_was_taken_back_clears_nothing() -> None:
    anew = signoff(covers=files(0), seen=(REJECTS.digest,))
    assert judgement(REJECTS, anew).status == "passed"
    assert judgement(REJECTS, anew, revocation(anew, PARALEGAL)).status == "failed"


def test_an_approval_clears_it_though_a_later_one_was_taken_back() -> None:
    anew = signoff(covers=files(0), seen=(REJECTS.digest,), signed_at=NOW - HOUR)
    again = signoff(covers=files(0), seen=(REJECTS.digest, anew.digest), signed_at=NOW - 2 * HOUR)
    assert judgement(REJECTS, anew, again, revocation(again)).status == "passed"
