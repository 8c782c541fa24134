"""A sign-off for the content holds for the covered files as they are, whatever the release and the environment."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checklist import Item, Policy
from readiness.outcome import SignoffState
from readiness.records.judging.item import Judgement, judge
from readiness.records.judging.question import Question
from readiness.records.judging.signoff_policy import SignoffPolicy
from readiness.records.storage.work_tree import Record
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    DAY,
    HOUR,
    ITEM,
    PARALEGAL,
    evidence,
    question,
    revocation,
    signoff,
)

DEED = {"templates/deed.html": "version 1"}
OTHER = {"templates/deed.html": "version 2"}
FOR_CONTENT = ITEM.model_copy(update={"params": {**ITEM.params, "for": "content"}})
ELSEWHERE = ("2.9.0", "staging")
OWNER = "owner@example.com"


def given_elsewhere(person: str = COUNSEL, **changes: Any) -> Record:
    """A sign-off for the content, that was given for another release and environment."""
    release, environment = ELSEWHERE
    fields: dict[str, Any] = {
        "item": FOR_CONTENT, "covers": DEED, "for": "content", "release": release, "environment": environment,
    }  # fmt: skip
    return signoff(person, **fields | changes)


def asked(item: Item = FOR_CONTENT, **params: Any) -> Question:
    where: dict[str, Any] = {"for": "content"} if item is FOR_CONTENT else {}
    return question(item=item, files=DEED, **where, **params).model_copy(update={"roles": {"owners": (OWNER,)}})


def judged(*records: Record, item: Item = FOR_CONTENT, **params: Any) -> Judgement:
    return judge(asked(item, **params), evidence(*records, rules=Policy(owners="owners")))


def cards(found: Judgement) -> list[tuple[str, str]]:
    return sorted((card.state.value, card.code) for card in found.cards)


def test_it_counts_in_another_release_and_environment_and_the_card_says_why() -> None:
    found = judged(given_elsewhere())
    assert (found.status, cards(found)) == ("passed", [("valid", "valid")])
    assert found.cards[0].scope == "content"
    assert found.cards[0].reason.endswith(", for the content, whatever the release")


def test_it_does_not_count_for_other_bytes_another_project_or_another_item() -> None:
    assert cards(judged(given_elsewhere(covers=OTHER))) == [("stale", "subject-changed")]
    assert cards(judged(given_elsewhere(project="deedlite"))) == [("missing", "given-elsewhere")]
    reworded = FOR_CONTENT.model_copy(update={"title": "Looked at by somebody"})
    assert cards(judged(given_elsewhere(item=reworded))) == [("stale", "item-changed")]


def test_term_quorum_and_revocation_hold_on() -> None:
    late = given_elsewhere(signed_at=NOW - 40 * DAY)
    assert cards(judged(late, valid_for="30d")) == [("expired", "expired")]
    assert judged(given_elsewhere(), quorum=2).status == "pending"
    assert judged(given_elsewhere(), given_elsewhere(PARALEGAL), quorum=2).status == "passed"
    assert judged(given_elsewhere(), revocation(given_elsewhere(), PARALEGAL)).status == "failed"


def test_a_sign_off_for_a_release_does_not_count_for_the_content_nor_the_other_way_round() -> None:
    here = signoff(item=FOR_CONTENT, covers=DEED)  # signed bytes without `for`, whatever item digest they name
    found = judged(here)
    assert cards(found) == [("stale", "item-changed")]
    assert "it was for the release, and is for the content" in found.cards[0].reason
    found = judged(given_elsewhere(item=ITEM), item=ITEM)
    assert cards(found) == [("stale", "item-changed")]


def test_a_rejection_for_the_content_binds_every_release_and_environment() -> None:
    no = given_elsewhere(decision="reject", reason="Clause 4.")
    found = judged(no, given_elsewhere(PARALEGAL))
    assert (found.status, cards(found)) == ("failed", [("rejected", "rejected"), ("valid", "valid")])
    anew = given_elsewhere(seen=(no.digest,), release="3.0.1")
    assert judged(no, anew).status == "passed"
    assert judged(no, revocation(no), given_elsewhere(PARALEGAL)).status == "passed"


def test_it_holds_also_where_the_item_is_for_the_release_again() -> None:
    no = given_elsewhere(decision="reject", reason="Clause 4.")
    here = signoff(PARALEGAL, covers=DEED)
    assert judged(no, here, item=ITEM).status == "failed"
    answered = signoff(COUNSEL, covers=DEED, seen=(no.digest,))
    assert judged(no, answered, item=ITEM).status == "passed", "its signer approved here, and knew of it"
    elsewhere = signoff(COUNSEL, covers=DEED, seen=(no.digest,), environment="staging")
    assert judged(no, elsewhere, here, item=ITEM).status == "failed", "there, and not here"


def test_a_rejection_for_a_release_holds_there_when_the_item_becomes_one_for_the_content() -> None:
    no = signoff(decision="reject", reason="Clause 4.", covers=DEED)
    assert judged(no, given_elsewhere(PARALEGAL)).status == "failed"
    assert judged(no, given_elsewhere(COUNSEL)).status == "failed", "signed without the rejection at hand"
    assert judged(no, given_elsewhere(COUNSEL, seen=(no.digest,))).status == "passed"
    there = signoff(decision="reject", reason="Clause 4.", covers=DEED, release="2.9.0")
    assert judged(there, given_elsewhere(PARALEGAL)).status == "passed", "as before, it is about the other release"


step = st.tuples(
    st.sampled_from(("approve", "reject", "revoke")),
    st.sampled_from((COUNSEL, PARALEGAL)),
    st.sampled_from(("2.9.0", "3.0.0", "3.0.1")),
    st.sampled_from(("staging", "production")),
    st.integers(-90, 90),
    st.booleans(),
)


@given(st.lists(step, max_size=8))
def test_where_it_is_given_never_matters(steps: Sequence[tuple[str, str, str, str, int, bool]]) -> None:
    """The same acts come to the same in one place and in many: where somebody signs decides nothing."""
    here: list[Record] = []
    spread: list[Record] = []
    for number, (what, who, release, environment, minutes, knows) in enumerate(steps):
        for records, where in ((here, ("3.0.0", "production")), (spread, (release, environment))):
            if what == "revoke" and not records:
                continue
            common: dict[str, Any] = {
                "signed_at": NOW - 3 * HOUR + minutes * HOUR / 60,
                "seen": tuple(one.digest for one in records) if knows else (),
                "nonce": f"{number:032x}",
            }
            if what == "revoke":
                target = next((one for one in reversed(records) if one.signoff), records[0])
                records.append(revocation(target, who, **common))
            else:
                fields = {"decision": what, "reason": "Clause 4.", "release": where[0], "environment": where[1]}
                records.append(given_elsewhere(who, **fields, **common))
    one, other = judged(*here), judged(*spread)
    assert (one.status, cards(one)) == (other.status, cards(other))
    rejected = any(card.state is SignoffState.REJECTED for card in one.cards)
    assert not (rejected and one.status == "passed")


def test_without_files_there_is_no_content_to_sign_for() -> None:
    without: tuple[dict[str, Any], ...] = ({}, {"covers": []}, {"covers": "none"})
    for covers in without:
        with pytest.raises(ValueError, match="`for: content` needs `covers`"):
            SignoffPolicy.model_validate({"role": "legal", "for": "content", **covers})
    with pytest.raises(ValueError, match="names the files that it is for"):
        given_elsewhere(covers=None)
