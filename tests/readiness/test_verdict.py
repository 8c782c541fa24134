from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checklist import Item, Severity
from readiness.outcome import Outcome, SignoffCard, SignoffState, Status
from readiness.report import Result, VerdictWord, WaiverFact
from readiness.verdict import judge

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RANK = [VerdictWord.NO_GO, VerdictWord.INCOMPLETE, VerdictWord.CONDITIONAL_GO, VerdictWord.GO]


def waiver(identifier: str, days: int) -> WaiverFact:
    return WaiverFact(
        item=identifier,
        record="0" * 64,
        principal="lead@example.com",
        reason="known",
        compensating_control="watched",
        signed_at=NOW,
        expires_at=NOW + timedelta(days=days),
    )


def result(
    identifier: str,
    status: Status = Status.PASSED,
    severity: Severity = "blocker",
    *,
    selected: bool = True,
    waived: int = 0,
    needs: tuple[str, ...] = (),
    signoffs: tuple[SignoffCard, ...] = (),
) -> Result:
    return Result(
        item=Item(id=identifier, title="t", check="c", severity=severity, needs=needs),
        section="s",
        selected=selected,
        outcome=Outcome(status=status, summary="s", examined=1, signoffs=signoffs),
        waiver=waiver(identifier, waived) if waived else None,
    )


@st.composite
def runs(draw: st.DrawFn) -> list[Result]:
    return [
        result(
            f"i{number}",
            draw(st.sampled_from(Status)),
            draw(st.sampled_from(["blocker", "warning", "info"])),
            selected=draw(st.booleans()),
            waived=draw(st.integers(0, 3)),
            needs=tuple(draw(st.lists(st.integers(0, 7).map("i{}".format), max_size=2))),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


@given(runs(), st.booleans())
def test_go_only_when_every_selected_blocker_passed(results: list[Result], interrupted: bool) -> None:  # noqa: FBT001  hypothesis draws it
    verdict = judge(results, interrupted=interrupted)
    blockers = [r for r in results if r.selected and r.item.severity == "blocker"]
    if verdict.word is VerdictWord.GO:
        assert all(r.status is Status.PASSED for r in blockers)
    if verdict.word is VerdictWord.CONDITIONAL_GO:
        assert all(r.status is Status.PASSED or r.waiver for r in blockers)
        expiries = [r.waiver.expires_at for r in blockers if r.waiver and r.status is not Status.PASSED]
        assert verdict.valid_until == min(expiries)
    else:
        assert verdict.valid_until is None
    if verdict.word in {VerdictWord.GO, VerdictWord.CONDITIONAL_GO}:
        assert not interrupted
        assert verdict.blockers == ()
        assert any(r.selected and r.status in {Status.PASSED, Status.FAILED} for r in results)
    assert verdict.reason


@given(runs(), st.booleans(), st.sampled_from([status for status in Status if status is not Status.PASSED]))
def test_another_open_blocker_never_helps(results: list[Result], interrupted: bool, status: Status) -> None:  # noqa: FBT001  hypothesis draws it
    before = judge(results, interrupted=interrupted).word
    after = judge([*results, result("extra", status)], interrupted=interrupted).word
    assert RANK.index(after) <= max(RANK.index(before), RANK.index(VerdictWord.INCOMPLETE))
    assert after not in {VerdictWord.GO, VerdictWord.CONDITIONAL_GO}
    if status is Status.FAILED:
        assert after is VerdictWord.NO_GO


@given(runs())
def test_what_was_not_selected_counts_for_nothing(results: list[Result]) -> None:
    selected = [r for r in results if r.selected]
    assert judge(results).word is judge(selected).word
    assert judge(results).counts == judge(selected).counts


@given(runs())
def test_every_blocker_is_named_exactly_where_it_belongs(results: list[Result]) -> None:
    named = {name for blocker in judge(results).blockers for name in (blocker.item, *blocker.unblocks)}
    assert named == {r.item.id for r in results if r.blocks}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PASSED])
def test_no_other_status_satisfies_a_blocker(status: Status) -> None:
    expected = VerdictWord.NO_GO if status is Status.FAILED else VerdictWord.INCOMPLETE
    assert judge([result("a", status), result("b")]).word is expected


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([], "no item was evaluated"),
        ([result("a", Status.SKIPPED, "info")], "nothing could be evaluated"),
        ([result("a")], "the 1 blocking item passed"),
        ([result("a"), result("b"), result("c", Status.FAILED, "warning")],
         "all 2 blocking items passed, 1 warning to look at"),
        ([result("a", Status.FAILED, waived=2), result("b")], "1 blocking item rests on a waiver"),
        ([result("a", severity="info")], "the checklist has no blocking item"),
        ([result("a", severity="info"), result("b", Status.SKIPPED, selected=False)],
         "no blocking item was selected, 1 of 2 items was not selected"),
        ([result("a", Status.FAILED), result("b", Status.ERROR), result("c", Status.PENDING)],
         "1 blocking item failed, 1 blocking item could not be determined, 1 blocking item waiting for a person"),
    ],
)  # fmt: skip
def test_says_why_in_one_sentence(results: list[Result], reason: str) -> None:
    assert judge(results).reason == reason


def card(state: SignoffState) -> SignoffCard:
    return SignoffCard(role="legal", state=state, reason="r")


@pytest.mark.parametrize("status", [Status.PENDING, Status.FAILED, Status.ERROR])
def test_counts_signoffs_by_what_is_wrong_with_them(status: Status) -> None:
    states = (SignoffState.MISSING, SignoffState.VALID, SignoffState.MISSING, SignoffState.STALE)
    signoffs = tuple(card(state) for state in states)
    results = [result(name, Status.FAILED) for name in "abc"] + [result("d", status, signoffs=signoffs)]
    assert judge(results).reason == "3 blocking items failed, 2 sign-offs missing, 1 sign-off stale"


def test_an_item_whose_signoffs_are_all_valid_is_counted_itself() -> None:
    waits = result("a", Status.PENDING, signoffs=(card(SignoffState.VALID),))
    assert judge([waits, result("b")]).reason == "1 blocking item waiting for a person"


def test_an_interrupted_run_is_never_a_go() -> None:
    verdict = judge([result("a")], interrupted=True)
    assert verdict.word is VerdictWord.INCOMPLETE
    assert verdict.reason == "the run was interrupted"


def test_folds_what_waits_for_another_under_its_root() -> None:
    results = [
        result("lowest", Status.SKIPPED, needs=("below",)),
        result("below", Status.SKIPPED, needs=("root",)),
        result("waits", Status.PENDING),
        result("root", Status.FAILED),
        result("orphan", Status.SKIPPED, needs=("note",)),
        result("note", Status.FAILED, "info"),
    ]
    blockers = judge(results).blockers
    assert [(b.item, b.unblocks) for b in blockers] == [
        ("root", ("below", "lowest")),
        ("waits", ()),
        ("orphan", ()),
    ]


def test_folds_every_branch_of_what_waits_and_each_item_once() -> None:
    results = [
        result("root", Status.FAILED),
        result("left", Status.SKIPPED, needs=("root",)),
        result("right", Status.SKIPPED, needs=("root",)),
        result("below-left", Status.SKIPPED, needs=("left",)),
        result("below-both", Status.SKIPPED, needs=("left", "right")),
    ]
    blockers = judge(results).blockers
    assert [(b.item, b.unblocks) for b in blockers] == [("root", ("left", "right", "below-left", "below-both"))]


def test_blockers_are_named_by_how_much_they_block_and_then_in_the_order_of_the_checklist() -> None:
    statuses = {
        "skipped": Status.SKIPPED,
        "inapplicable": Status.NOT_APPLICABLE,
        "waits": Status.PENDING,
        "error-1": Status.ERROR,
        "error-2": Status.ERROR,
        "failed": Status.FAILED,
    }
    blockers = judge([result(name, status) for name, status in statuses.items()]).blockers
    assert [blocker.item for blocker in blockers] == [
        "failed",
        "error-1",
        "error-2",
        "waits",
        "inapplicable",
        "skipped",
    ]


def test_an_error_of_a_waived_item_is_conditional_and_a_note_changes_nothing() -> None:
    verdict = judge([result("a", Status.ERROR, waived=3), result("b"), result("c", Status.FAILED, "info")])
    assert (verdict.word, verdict.valid_until) == (VerdictWord.CONDITIONAL_GO, NOW + timedelta(days=3))


def signed(*expires: int | None, quorum: int = 1, subject: str = "") -> Result:
    """A passed item that so many people signed off, each for so many days."""
    cards = tuple(
        SignoffCard(
            role="legal",
            state=SignoffState.VALID,
            reason="approved",
            subject=subject,
            quorum=quorum,
            expires_at=None if days is None else NOW + timedelta(days=days),
        )
        for days in expires
    )
    return result("terms", signoffs=cards)


@pytest.mark.parametrize(
    ("expires", "quorum", "days"),
    [
        ((30,), 1, 30),
        ((30, 90), 1, 90),
        ((30, 90), 2, 30),
        ((30, 60, 90), 2, 60),
        ((None,), 1, None),
        ((None, 30), 1, None),
        ((None, 30), 2, 30),
        ((30, 90), 99, 30),
        ((None, 30), 99, 30),
    ],
)
def test_a_sign_off_flips_the_verdict_when_its_quorum_breaks(
    expires: tuple[int | None, ...], quorum: int, days: int | None
) -> None:
    verdict = judge([signed(*expires, quorum=quorum)])
    assert verdict.word is VerdictWord.GO
    assert verdict.valid_until == (None if days is None else NOW + timedelta(days=days))
    assert [flip.text for flip in verdict.flips] == ([] if days is None else ["the sign-off of terms lapses"])


def test_a_parameter_of_another_check_is_no_quorum() -> None:
    found = signed(30, 90)
    named = found.model_copy(update={"item": found.item.model_copy(update={"params": {"quorum": 2}})})
    assert judge([named]).valid_until == NOW + timedelta(days=90)


def test_what_lapses_first_comes_first_and_a_fallen_verdict_has_nothing_to_lose() -> None:
    waived = result("a", Status.FAILED, waived=3)
    verdict = judge([signed(90, 1, subject="escrow officer", quorum=2), waived])
    assert [flip.text for flip in verdict.flips] == [
        "the sign-off of terms for escrow officer lapses",
        "the waiver of a lapses",
    ]
    assert verdict.valid_until == verdict.flips[0].at
    fallen = judge([signed(90), waived, result("b", Status.FAILED)])
    assert (fallen.flips, fallen.valid_until) == ((), None)


def test_counts_the_selected_items_by_status() -> None:
    results = [result("a"), result("b"), result("c", Status.FAILED, "info"), result("d", selected=False)]
    assert judge(results).counts == {Status.FAILED: 1, Status.PASSED: 2}


@pytest.mark.parametrize("quorum", [None, "two"])
def test_an_item_without_a_quorum_needs_one_person(quorum: str | None) -> None:
    item = signed(30, 90).item
    without = item.model_copy(update={"params": {} if quorum is None else {"quorum": quorum}})
    verdict = judge([signed(30, 90).model_copy(update={"item": without})])
    assert verdict.valid_until == NOW + timedelta(days=90)


@pytest.mark.parametrize(
    ("left", "words"),
    [(0, "the 1 blocking item passed"), (1, "the 1 blocking item passed, 1 of 2 items was not selected"),
     (2, "the 1 blocking item passed, 2 of 3 items were not selected")],
)  # fmt: skip
def test_says_how_many_items_it_does_not_speak_of(left: int, words: str) -> None:
    others = [result(f"other-{number}", selected=False) for number in range(left)]
    assert judge([result("a"), *others]).reason == words


@pytest.mark.parametrize(
    ("own", "added", "word", "reason"),
    [
        ("passed", "passed", "GO", "the 1 blocking item passed; added by the run and passed: policy-weakening"),
        ("passed", "failed", "NO_GO", "policy-weakening failed (added by the run); the 1 blocking item passed"),
        ("failed", "pending", "NO_GO",
         "policy-weakening waiting for a person (added by the run); 1 blocking item failed"),
    ],
)  # fmt: skip
def test_what_the_run_added_is_named_and_not_counted(own: str, added: str, word: str, reason: str) -> None:
    verdict = judge([result("a", Status(own)), result("policy-weakening", Status(added))])
    assert (verdict.word, verdict.reason, verdict.counts) == (word, reason, {Status(own): 1})


@pytest.mark.parametrize("left", [[], ["a"]])
def test_what_the_run_added_is_no_evaluation_of_the_checklist(left: list[str]) -> None:
    results = [result(name, Status.PENDING, "warning") for name in left] + [result("policy-weakening")]
    assert judge(results).word == "INCOMPLETE"


def test_every_way_of_not_passing_has_its_words() -> None:
    statuses = [Status.NOT_APPLICABLE, Status.SKIPPED, Status.PENDING, Status.ERROR, Status.FAILED]
    assert judge([result(status.value, status) for status in statuses]).reason == (
        "1 blocking item failed, 1 blocking item could not be determined, 1 blocking item waiting for a person, "
        "1 blocking item skipped, 1 blocking item not applicable"
    )


def test_what_is_no_blocker_flips_nothing_and_hides_nothing() -> None:
    note = signed(1).item.model_copy(update={"id": "note", "severity": "info"})
    verdict = judge([signed(1).model_copy(update={"item": note}), signed(90)])
    assert [flip.at for flip in verdict.flips] == [NOW + timedelta(days=90)]
