"""Separation of duties: who changed what a sign-off covers since other people approved it cannot approve it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from readiness.git import GitError, Repository
from readiness.outcome import SignoffState
from readiness.records.history.authors import Authors, CoveredChange, authors
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.judging.rejections import content_commit
from readiness.records.judging.signature import Revocations, SignatureCheck, Standing, check_signature, revoker
from readiness.records.judging.signoff_policy import equal_digests
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Signoff
from readiness.records.storage.reading import reading_history
from readiness.records.storage.work_tree import Record
from readiness.text import short

_NAMED = 5


@dataclass(frozen=True)
class _Approval:
    """An approval that was valid under the same rule."""

    content: frozenset[tuple[str, str]]
    """The covered files, with their digests."""
    commit: str
    """Object id of a commit that has exactly these."""
    person: str
    at: datetime


class Separation:
    """Holds the sign-offs of an item against the authors of what they cover.

    A change is reviewed once the item's quorum of people has approved a content that includes it, and none of them had
    an unreviewed change in it. Only reviewed commits are left out: whatever a record says about itself, the commit that
    it names counts only if it is part of the history and has exactly the files that were signed.

    Args:
        question: What the item requires.
        evidence: Every record, and what they are judged by.
        revocations: By target.
    """

    def __init__(self, question: Question, evidence: RecordEvidence, revocations: Revocations) -> None:
        self._question, self._evidence, self._revocations = question, evidence, revocations
        self._approvals: dict[str, tuple[_Approval, ...]] = {}

    def standing(self, principal: str, each: str, at: datetime) -> Standing | None:
        """Why an approval of what is there now does not count; None when its signer may give it.

        Args:
            principal: Who signs.
            each: For which name of the matrix.
            at: When. Only what was approved until then helps.

        Raises:
            RecordsError: It is not known who changed what.
        """
        made = self._own(principal, each, at)
        if not made:
            return None
        newest, files = made[0], {path for change in made for path in change.paths}
        more = len(files) - 1
        reason = (
            f"{principal} changed `{short(newest.paths[0])}`"
            + (f" and {more} more {'file' if more == 1 else 'files'}" if more else "")
            + f", last in {newest.commit[:10]} on {newest.at.date()}, and nobody else has approved that since: "
            "someone else has to sign"
        )
        return Standing(SignoffState.UNAUTHORISED, "own-change", reason, self._remedy(each, at))

    def able(self, each: str, at: datetime) -> tuple[str, ...]:
        """Members of the role who may approve what is there now.

        Raises:
            RecordsError: It is not known who changed what.
        """
        return tuple(name for name in sorted(self._question.members) if not self._own(name, each, at))

    def _remedy(self, each: str, at: datetime) -> str:
        able, role = self.able(each, at), self._question.policy.role
        if not able:
            return f"everybody in the role {role} changed it: add somebody to `roles` who did not"
        return f"let {' or '.join(able[:_NAMED])} run `{self._question.command}`"

    @cached_property
    def _content(self) -> str:
        with reading_history():
            return self._evidence.content or Repository(self._evidence.root).head

    @cached_property
    def _authors(self) -> Authors:
        return authors(self._evidence.root, self._question.policy.covers, self._content)

    def _own(self, principal: str, each: str, at: datetime) -> tuple[CoveredChange, ...]:
        """Changes by a person that nobody else had approved until a moment."""
        if not self._question.policy.not_by or not self._names(principal):
            return ()  # whoever never changed a covered file needs no look at what was approved
        if each not in self._approvals:
            self._approvals[each] = self._approved(each)
        return self._made(principal, until=self._content, since=self._reviewed(self._approvals[each], at))

    def _made(self, principal: str, *, until: str, since: frozenset[str]) -> tuple[CoveredChange, ...]:
        """Changes by a person, without those in which a forge names who only signed."""
        names = self._names(principal)
        made = self._authors.made(names, until=until, since=since)
        return tuple(
            change
            for change in made
            if change.names & names - change.trailers or not self._only_signed(change, principal)
        )

    def _only_signed(self, change: CoveredChange, principal: str) -> bool:
        """Whether a commit brought a sign-off by a person of exactly the content that it made.

        A forge that squashes a pull request names everybody as co-author who has a commit in it, whoever only added a
        record among them. Where the commit at which the person signed is still here, it has the last word.
        """
        same = self._evidence.people.same
        for record in self._evidence.kept.records:
            said, came = record.signoff, self._evidence.seen.get(record.digest)
            brought = came is not None and came.commit == change.commit
            if said is None or not brought or not same(said.signer.principal, principal):
                continue
            genuine = check_signature(record, self._evidence).standing is None
            exact = genuine and self._has_files(change.commit, record.statement.subjects)
            if exact and not self._wrote(said, change, principal):
                return True
        return False

    def _wrote(self, said: Signoff, change: CoveredChange, principal: str) -> bool:
        """Whether the branch that was squashed shows that a person changed covered files in it."""
        try:
            with reading_history():
                before = frozenset(Repository(self._evidence.root).parents(change.commit))
            branch = authors(self._evidence.root, self._question.policy.covers, said.commit) if said.commit else None
            names = frozenset(n for n in branch.names if self._evidence.people.same(n, principal)) if branch else None
            return bool(branch and names and branch.made(names, until=said.commit, since=before))
        except RecordsError:
            return False  # the branch is gone: the record is what is left

    def _names(self, principal: str) -> frozenset[str]:
        """Names of a person among those who changed covered files."""
        same = self._evidence.people.same
        return frozenset(name for name in self._authors.names if same(name, principal))

    def _reviewed(self, approvals: Iterable[_Approval], at: datetime) -> frozenset[str]:
        """Commits whose content a quorum had approved until a moment; people may sign within the same second."""
        people: dict[frozenset[tuple[str, str]], set[str]] = {}
        commits: dict[frozenset[tuple[str, str]], set[str]] = {}
        for approval in approvals:
            if approval.at <= at:
                people.setdefault(approval.content, set()).add(approval.person)
                commits.setdefault(approval.content, set()).add(approval.commit)
        enough = [content for content, some in people.items() if len(some) >= self._question.policy.quorum]
        return frozenset(commit for content in enough for commit in commits[content])

    def _approved(self, each: str) -> tuple[_Approval, ...]:
        """Approvals that were valid, the oldest first: each is held against those before it, or of the same second."""
        found: list[_Approval] = []
        for _second, group in groupby(self._candidates(each), key=lambda record: record.statement.predicate.signed_at):
            waiting = [
                (record, said, commit)
                for record in group
                if (said := record.signoff) and self._sound(record, said) and (commit := self._signed_at(record, said))
            ]
            while passed := [one for one in waiting if not self._unreviewed(*one[1:], found)]:
                found += [self._approval(*one) for one in passed]
                waiting = [one for one in waiting if one not in passed]
        return tuple(found)

    def _unreviewed(self, said: Signoff, commit: str, found: Iterable[_Approval]) -> tuple[CoveredChange, ...]:
        """Changes of its signer that an approval covers, and that others had not approved until then."""
        return self._made(said.signer.principal, until=commit, since=self._reviewed(found, said.signed_at))

    def _approval(self, record: Record, said: Signoff, commit: str) -> _Approval:
        content = frozenset(record.statement.subjects.items())
        return _Approval(content, commit, self._evidence.people.of(said.signer.principal), said.signed_at)

    def _candidates(self, each: str) -> list[Record]:
        """Approvals of this very item, of any release: what was reviewed for one is reviewed for the next."""
        question = self._question
        wanted = (
            question.project,
            question.policy.scope,
            question.item.id,
            question.policy.role,
            each,
        )
        return sorted(
            (
                record
                for record in self._evidence.kept.records
                if (said := record.signoff) is not None
                and said.decision == "approve"
                and (said.project, said.scope, said.item, said.role, said.each) == wanted
                and said.item_digest in equal_digests(question.item)
                and (said.scope == "content" or said.environment == question.environment)
            ),
            key=lambda record: (record.statement.predicate.signed_at, record.digest),
        )

    def _sound(self, record: Record, said: Signoff) -> bool:
        """Whether an approval was in order, and is for the files of the commit that it names."""
        checked = check_signature(record, self._evidence)
        return (
            checked.standing is None
            and self._held(checked, said)
            and (checked.user_verified or not self._question.policy.user_verification)
            and revoker(checked, self._revocations, self._question.members, self._evidence.people) is None
        )

    def _signed_at(self, record: Record, said: Signoff) -> str:
        """Object id of a commit of the history that has what was signed; empty when there is none.

        It is the one that the record names, or after a squash or a rebase the first that has these very files.
        """
        signed = record.statement.subjects
        if said.commit and self._has(said.commit, signed):
            return said.commit
        return content_commit(self._evidence, self._question.policy.covers, signed)

    def _held(self, checked: SignatureCheck, said: Signoff) -> bool:
        """Whether the signer is in the role, or was when the approval came to the policy branch."""
        if said.signer.principal in self._question.members:
            return True
        seen = self._evidence.seen.get(checked.record.digest)
        return (
            seen is not None
            and self._evidence.earlier_policy is not None
            and self._evidence.earlier_policy.held(said.signer.principal, said.role, seen.position)
        )

    def _has(self, commit: str, signed: Mapping[str, str]) -> bool:
        """Whether a commit belongs to the history that is judged, and has exactly these files."""
        try:
            if Repository(self._evidence.root).merge_base(commit, self._content) != commit:
                return False
        except GitError:
            return False  # a commit that cannot be looked at proves nothing
        return self._has_files(commit, signed)

    def _has_files(self, commit: str, signed: Mapping[str, str]) -> bool:
        """Whether a commit has exactly these covered files."""
        try:
            there = self._evidence.files.of(self._evidence.root, self._question.policy.covers, commit)
        except (GitError, RecordsError):
            return False  # a commit that cannot be looked at proves nothing
        return {subject.name: subject.digest.sha256 for subject in there} == dict(signed)
