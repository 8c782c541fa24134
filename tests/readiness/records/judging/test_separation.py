"""Separation of duties, as values: records are made here, and only who changed what comes from a repository."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from readiness.git import GitError
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.judging.separation import Separation
from readiness.records.judging.signature import Standing, read_revocations
from readiness.records.model.errors import RecordsError
from readiness.records.storage.covered_files import covered
from readiness.records.storage.work_tree import Record
from readiness.testing import NOW
from support.record_values import (
    COUNSEL,
    DAY,
    ITEM,
    PARALEGAL,
    SECOND,
    STRANGER,
    Then,
    arrived,
    evidence,
    hardware,
    holder,
    question,
    revocation,
    roster,
    signoff,
)
from support.session import once
from support.signing import Project, git

AUDITOR = "auditor@example.com"
DEED, TAX = "templates/grant_deed.html", "templates/tax_deed.html"
MEMBERS = (AUDITOR, COUNSEL, PARALEGAL)
COVERS = ("templates/**",)


@dataclass(frozen=True)
class History:
    """A branch: begun by a developer; counsel changed a template, then the paralegal changed two; and a side branch."""

    root: Path
    begun: str
    counsel: str
    """Object id of the commit by counsel."""
    paralegal: str
    """Object id of the commit by the paralegal, the tip."""
    aside: str
    """A commit that is not part of the branch, with the content of the tip."""

    @cache  # noqa: B019 - of one repository for the whole module
    def contents(self, commit: str) -> Mapping[str, str]:
        return {subject.name: subject.digest.sha256 for subject in covered(self.root, COVERS, commit)}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    def make(folder: Path) -> None:
        project = Project(folder / "deedpro")
        begun = project.commit(date="2026-11-01T10:00:00Z")
        project.write(DEED, "<p>counsel</p>\n")
        counsel = project.commit(author=COUNSEL, date="2026-11-10T10:00:00Z")
        project.write(DEED, "<p>paralegal</p>\n")
        project.write(TAX, "<p>paralegal</p>\n")
        paralegal = project.commit(author=PARALEGAL, date="2026-11-15T10:00:00Z")
        git(project.root, "checkout", "-q", "--detach")
        aside = project.commit("Aside", date="2026-11-16T10:00:00Z")
        git(project.root, "checkout", "-q", "main")
        (folder / "commits").write_text(f"{begun} {counsel} {paralegal} {aside}")

    folder = once(tmp_path_factory, "separation", make)
    begun, counsel, paralegal, aside = (folder / "commits").read_text().split()
    return History(folder / "deedpro", begun, counsel, paralegal, aside)


def asked(**params: Any) -> Question:
    # the files themselves are compared elsewhere; here it is only asked who changed them
    return question(members=MEMBERS, files={COVERS[0]: ""}, not_by="authors", **params)


def separation(
    history: History, *records: Record, to: Question | None = None, content: str = "", **how: Any
) -> Separation:
    members = roster(*(holder(person) for person in (*MEMBERS, STRANGER)), holder(AUDITOR, hardware()))
    known = replace(evidence(*records, who=how.pop("who", members), **how), root=history.root, content=content)
    return Separation(to or asked(), known, read_revocations(known))


def approval(history: History, person: str, commit: str, *, days: float = 1, **changes: Any) -> Record:
    """An approval of what a commit has, or of what it is told to have."""
    digests = changes.pop("digests", None) or history.contents(commit)
    return signoff(person, signed_at=NOW - days * DAY, commit=commit, digests=digests, **changes)


def own(found: Standing | None) -> bool:
    """Whether the approval does not count because of changes of one's own."""
    if found is None:
        return False
    assert (found.state, found.code) == ("unauthorised", "own-change")
    assert found.reason
    assert found.remedy
    return True


def able(history: History, *records: Record, at: datetime = NOW, each: str = "", **how: Any) -> tuple[str, ...]:
    return separation(history, *records, **how).able(each, at)


class TestOwnChanges:
    def test_who_changed_what_is_covered_cannot_approve_it(self, history: History) -> None:
        found = separation(history)
        assert own(found.standing(COUNSEL, "", NOW))
        assert own(found.standing(PARALEGAL, "", NOW))
        assert found.standing(AUDITOR, "", NOW) is None
        assert found.able("", NOW) == (AUDITOR,)

    def test_it_says_what_they_changed_when_and_who_can_sign(self, history: History) -> None:
        counsel, paralegal = (separation(history).standing(person, "", NOW) for person in (COUNSEL, PARALEGAL))
        assert counsel is not None
        assert paralegal is not None
        assert counsel.reason.startswith(
            f"{COUNSEL} changed `{DEED}`, last in {history.counsel[:10]} on 2026-11-10, and nobody else has"
        )
        assert paralegal.reason.startswith(f"{PARALEGAL} changed `{DEED}` and 1 more file, last in")
        assert counsel.remedy == f"let {AUDITOR} run `readiness sign templates-reviewed --env production`"

    def test_where_everybody_changed_it_somebody_has_to_be_added(self, history: History) -> None:
        to = asked().model_copy(update={"members": frozenset({COUNSEL, PARALEGAL})})
        found = separation(history, to=to).standing(COUNSEL, "", NOW)
        assert found is not None
        assert found.remedy.startswith("everybody in the role legal changed it: add somebody to `roles`")

    def test_without_the_rule_nobody_is_asked(self, history: History) -> None:
        assert separation(history, to=question(members=MEMBERS)).standing(COUNSEL, "", NOW) is None

    def test_a_person_is_known_by_every_name(self, history: History) -> None:
        people = {AUDITOR: (COUNSEL,)}
        assert own(separation(history, people=people).standing(AUDITOR, "", NOW))

    def test_only_what_is_in_the_judged_commit_counts(self, history: History) -> None:
        assert able(history, content=history.counsel) == (AUDITOR, PARALEGAL)
        assert able(history, content=history.begun) == MEMBERS

    def test_where_no_commit_is_nothing_is_known(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        known = replace(evidence(), root=tmp_path)
        with pytest.raises(RecordsError, match="no commit"):
            Separation(asked(), known, {}).able("", NOW)


class TestReviewed:
    """What a quorum of others approved is reviewed: it takes nobody's right to approve what comes after."""

    def test_what_another_approved_is_reviewed(self, history: History) -> None:
        approved = approval(history, AUDITOR, history.paralegal)
        assert able(history, approved) == MEMBERS
        assert able(history, approval(history, AUDITOR, history.counsel)) == (AUDITOR, COUNSEL)

    def test_what_they_approved_themselves_is_not(self, history: History) -> None:
        assert able(history, approval(history, COUNSEL, history.counsel)) == (AUDITOR,)

    def test_only_what_was_approved_until_then_helps_be_it_in_the_same_second(self, history: History) -> None:
        approved = approval(history, AUDITOR, history.counsel)
        at = NOW - DAY
        assert able(history, approved, at=at - SECOND) == (AUDITOR,)
        assert able(history, approved, at=at) == (AUDITOR, COUNSEL)

    def test_it_takes_the_quorum_and_each_person_once(self, history: History) -> None:
        to = asked(quorum=2)
        one = approval(history, AUDITOR, history.counsel)
        again = approval(history, AUDITOR, history.counsel, days=2)
        other = approval(history, PARALEGAL, history.counsel)
        assert able(history, one, again, to=to) == (AUDITOR,)
        assert able(history, one, other, to=to) == (AUDITOR, COUNSEL)

    def test_a_quorum_is_of_one_content(self, history: History) -> None:
        records = (approval(history, AUDITOR, history.counsel), approval(history, PARALEGAL, history.begun))
        assert able(history, *records, to=asked(quorum=2)) == (AUDITOR,)

    def test_a_first_approval_lets_the_next_one_count(self, history: History) -> None:
        """Counsel may approve the paralegal's change, once somebody else approved counsel's own."""
        first = approval(history, AUDITOR, history.counsel, days=3)
        second = approval(history, COUNSEL, history.paralegal, days=2)
        assert able(history, first, second) == MEMBERS
        assert able(history, second) == (AUDITOR,)
        late = approval(history, AUDITOR, history.counsel, days=1)
        assert able(history, late, second) == (AUDITOR, COUNSEL), "it came after the one that it would have let count"

    def test_one_for_another_name_of_the_matrix_is_none(self, history: History) -> None:
        to = asked(each=("agent", "officer"))
        approved = approval(history, AUDITOR, history.counsel, each="agent")
        assert able(history, approved, to=to, each="agent") == (AUDITOR, COUNSEL)
        assert able(history, approved, to=to, each="officer") == (AUDITOR,)

    def test_who_can_sign_is_told_as_of_then(self, history: History) -> None:
        found = separation(history, approval(history, AUDITOR, history.counsel)).standing(PARALEGAL, "", NOW)
        assert found is not None
        assert found.remedy.startswith(f"let {AUDITOR} or {COUNSEL} run")

    def test_of_another_release_it_counts_too(self, history: History) -> None:
        assert able(history, approval(history, AUDITOR, history.counsel, release="2.0.0")) == (AUDITOR, COUNSEL)

    @pytest.mark.parametrize(
        "changes",
        [
            {"project": "other"},
            {"environment": "staging"},
            {"item": ITEM.model_copy(update={"id": "other"})},
            {"item_digest": "sha256:" + "0" * 64},
            {"role": "qa"},
            {"decision": "reject"},
        ],
        ids=str,
    )
    def test_of_anything_else_it_is_none(self, history: History, changes: dict[str, Any]) -> None:
        assert able(history, approval(history, AUDITOR, history.counsel, **changes)) == (AUDITOR,)


class TestSound:
    """An approval reviews only what it shows to have seen."""

    def test_a_forged_one_reviews_nothing(self, history: History) -> None:
        forged = approval(history, AUDITOR, history.counsel, by=COUNSEL)
        assert able(history, forged) == (AUDITOR,)

    def test_and_hides_none_that_comes_after_it(self, history: History) -> None:
        forged = approval(history, AUDITOR, history.counsel, by=COUNSEL, days=3)
        assert able(history, forged, approval(history, AUDITOR, history.counsel)) == (AUDITOR, COUNSEL)

    def test_nor_does_one_that_was_taken_back(self, history: History) -> None:
        approved = approval(history, AUDITOR, history.counsel)
        assert able(history, approved, revocation(approved, PARALEGAL)) == (AUDITOR,)
        assert able(history, approved, revocation(approved, STRANGER)) == (AUDITOR, COUNSEL)

    def test_nor_one_without_verification_where_the_item_asks_for_it(self, history: History) -> None:
        to = asked(user_verification=True)
        assert able(history, approval(history, AUDITOR, history.counsel), to=to) == (AUDITOR,)
        assert able(history, approval(history, AUDITOR, history.counsel, flags=1), to=to) == (AUDITOR,)
        assert able(history, approval(history, AUDITOR, history.counsel, flags=5), to=to) == (AUDITOR, COUNSEL)

    def test_one_that_names_no_commit_of_the_history_is_for_the_first_with_these_files(self, history: History) -> None:
        signed = history.contents(history.counsel)
        for commit in ("", "0" * 40):
            assert able(history, approval(history, AUDITOR, commit, digests=signed)) == (AUDITOR, COUNSEL)
        assert history.contents(history.aside) == history.contents(history.paralegal)
        assert able(history, approval(history, AUDITOR, history.aside)) == MEMBERS

    def test_nor_one_of_files_that_the_history_never_had(self, history: History) -> None:
        never = dict.fromkeys(history.contents(history.counsel), "0" * 64)
        assert able(history, approval(history, AUDITOR, "0" * 40, digests=never)) == (AUDITOR,)

    def test_nor_one_that_names_a_commit_with_other_files(self, history: History) -> None:
        signed = history.contents(history.begun)
        assert able(history, approval(history, AUDITOR, history.counsel, digests=signed)) == (AUDITOR,)
        some = dict(list(history.contents(history.counsel).items())[:1])
        assert able(history, approval(history, AUDITOR, history.counsel, digests=some)) == (AUDITOR,)


class TestHolder:
    """Whoever left the role since has reviewed what they reviewed."""

    def test_one_by_somebody_who_never_held_the_role_reviews_nothing(self, history: History) -> None:
        approved = approval(history, STRANGER, history.counsel)
        assert able(history, approved) == (AUDITOR,)
        assert able(history, approved, seen={approved.digest: arrived(NOW - DAY, 4)}, then=Then()) == (AUDITOR,)

    def test_one_by_somebody_who_held_it_when_it_came_counts(self, history: History) -> None:
        approved = approval(history, STRANGER, history.counsel)
        then = Then(roles={4: {"legal": (STRANGER,)}})
        known: dict[str, Any] = {"then": then}
        assert able(history, approved, seen={approved.digest: arrived(NOW - DAY, 4)}, **known) == (AUDITOR, COUNSEL)
        assert able(history, approved, seen={approved.digest: arrived(NOW - DAY, 5)}, **known) == (AUDITOR,)
        assert able(history, approved, seen={}, **known) == (AUDITOR,), "it is not on the policy branch yet"


def test_a_git_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    known: RecordEvidence = replace(evidence(), root=tmp_path)
    with pytest.raises(RecordsError) as error:
        Separation(asked(), known, {}).able("", NOW)
    assert isinstance(error.value.__cause__, GitError)
