"""Rejections: each holds until its signer signs anew or takes it back, or the owners of the policy overrule it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Self

from readiness.checklist import RESERVED
from readiness.git import GitError, Repository
from readiness.outcome import SignoffState
from readiness.records.history.contents import contents
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.order import Order
from readiness.records.judging.question import Question
from readiness.records.judging.signature import (
    Revocations,
    SignatureCheck,
    Standing,
    check_signature,
    may_take_back,
    read_revocations,
    rejection_taken_back,
    rejects,
    revoker,
)
from readiness.records.judging.signoff_policy import equal_digests
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Signoff
from readiness.records.storage.work_tree import Record
from readiness.text import told

PAST = frozenset({"signed-anew", "taken-back", "overruled", "overtaken"})
"""Codes of records that only tell what was: they neither count, nor wait for anybody, nor fail an item."""


class Rejections:
    """Finds which rejections still hold, and which approvals a rejection by the same person has overtaken.

    Clocks have no say. Of one person's records the later one speaks, where its signed bytes prove that it is later;
    where nothing proves it, the rejection speaks.

    Args:
        evidence: All records, and what they are judged by.
        revocations: Withdrawals by target.
    """

    def __init__(self, evidence: RecordEvidence, revocations: Revocations) -> None:
        self._evidence, self._revocations = evidence, revocations
        self._order = Order(evidence.kept.records)
        self._given: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        for record in evidence.kept.records:
            if (said := record.signoff) is not None:
                bound = () if said.scope == "content" else (said.release, said.environment)
                self._given[*self._answers(said), *bound].append(record)

    @classmethod
    def of(cls, evidence: RecordEvidence) -> Self:
        """Those of some evidence, found once."""
        known: Self | None = evidence.memo.get("rejections")
        if known is None:
            known = evidence.memo["rejections"] = cls(evidence, read_revocations(evidence))
        return known

    def past(self, question: Question, checked: SignatureCheck, said: Signoff) -> Standing | None:
        """Why a sign-off is past: a rejection that does not hold any more, an approval that its signer took over.

        Args:
            question: What the item requires.
            checked: The record and its signature.
            said: What it says.
        """
        if not rejects(said):
            return self._overtaken(question, checked, said)
        return self._withdrawn(question, checked, said) or self._signed_anew(question, checked, said)

    def _beside(self, question: Question, said: Signoff) -> Iterator[Record]:
        """What a person said about the same thing: for the content, or for the same release and environment.

        A sign-off for the content is held against those for the release and environment that are asked about.
        """
        where = question if said.scope == "content" else said
        answers = self._answers(said)
        yield from self._given.get(answers, ())
        yield from self._given.get((*answers, where.release, where.environment), ())

    def _answers(self, said: Signoff) -> tuple[str, ...]:
        """Who answers what: one word of theirs holds at a time."""
        who = self._evidence.people.of(said.signer.principal)
        asked = said.item_digest if said.item in RESERVED else ""  # each change that a run finds is another question
        return who, said.project, said.item, asked, said.each

    def _withdrawn(self, question: Question, checked: SignatureCheck, said: Signoff) -> Standing | None:
        by = revoker(checked, self._revocations, owners(question, self._evidence), self._evidence.people)
        return None if by is None else rejection_taken_back(by, said, self._evidence.people)

    def _signed_anew(self, question: Question, checked: SignatureCheck, said: Signoff) -> Standing | None:
        """The approval by the same person that certainly is later, and that nobody took back."""
        for record in self._beside(question, said):
            approval = record.signoff
            if approval is None or rejects(approval) or not self._later(record, checked.record):
                continue
            given = check_signature(record, self._evidence)
            if self._sound(question, given, approval) and self._for_this(question, record, approval):
                when = f"on {said.signed_at.date()}: {told(said.reason) or 'no reason given'}"
                reason = f"{said.signer.principal} rejected it {when}; and approved it on {approval.signed_at.date()}"
                return Standing(SignoffState.STALE, "signed-anew", reason)
        return None

    def _sound(self, question: Question, approval: SignatureCheck, said: Signoff) -> bool:
        """Whether an approval was the signer's to give, and still stands as given, whatever changed since."""
        if approval.standing is not None or authority(question, approval, said, self._evidence) is not None:
            return False
        if question.policy.user_verification and not approval.user_verified:
            return False
        return revoker(approval, self._revocations, question.members, self._evidence.people) is None

    def _for_this(self, question: Question, record: Record, said: Signoff) -> bool:
        """Whether an approval is for what is judged, as it is now or once was: one of anything else clears nothing."""
        if said.item_digest not in equal_digests(question.item) or said.scope != question.policy.scope:
            return False
        wanted = question.wanted(said)
        if record.statement.subjects == wanted or not question.policy.covers:
            return record.statement.subjects == wanted
        return bool(content_commit(self._evidence, question.policy.covers, record.statement.subjects))

    def _overtaken(self, question: Question, checked: SignatureCheck, said: Signoff) -> Standing | None:
        for rejection, words in self._rejections(question, said):
            if self._later(checked.record, rejection):
                continue
            who, when = words.signer.principal, f"on {words.signed_at.date()}"
            reason = f"{who} rejected it {when}: {told(words.reason) or 'no reason given'}"
            if not self._order.later(rejection, checked.record):
                reason += "; this approval was signed without that rejection at hand, so it does not end it"
            return Standing(
                SignoffState.STALE, "overtaken", f"the approval of {said.signer.principal} does not count: {reason}"
            )
        return None

    def _rejections(self, question: Question, said: Signoff) -> Iterator[tuple[Record, Signoff]]:
        """Rejections by the same person of the same thing, except those that this person took back."""
        same = self._evidence.people.same
        for record in self._beside(question, said):
            other = record.signoff
            if other is None or not rejects(other):
                continue
            checked = check_signature(record, self._evidence)
            if checked.standing is not None or authority(question, checked, other, self._evidence) is not None:
                continue
            withdrawals = self._revocations.get(record.digest, ())
            own = (one for one in withdrawals if same(one.principal, other.signer.principal))
            if not any(may_take_back(one, other, frozenset(), self._evidence.people) for one in own):
                yield record, other

    def _later(self, record: Record, other: Record) -> bool:
        """Whether a record was certainly signed later: it names the other one, or a commit that has it."""
        if self._order.later(record, other):
            return True
        commit = record.statement.predicate.commit
        if not commit or not self._evidence.dated:
            return False
        try:
            return bool(Repository(self._evidence.root).tree(commit, [other.path]))
        except GitError:
            return False  # a commit that is not here proves nothing


def content_commit(evidence: RecordEvidence, patterns: tuple[str, ...], signed: Mapping[str, str]) -> str:
    """Object id of the first commit of the history that has exactly the covered files which were signed.

    Args:
        evidence: What is judged.
        patterns: As in `covers`.
        signed: Digest by path.

    Returns:
        Empty when there is none, or when the history cannot be read.
    """
    try:
        tip = evidence.content or Repository(evidence.root).head
        return contents(evidence.root, patterns, tip).first(signed) if tip else ""
    except (GitError, RecordsError):
        return ""


def owners(question: Question, evidence: RecordEvidence) -> frozenset[str]:
    """Principals who own the policy, and so may overrule a rejection."""
    return frozenset(question.roles.get(evidence.rules.owners, ())) if evidence.rules.owners else frozenset()


def authority(question: Question, checked: SignatureCheck, said: Signoff, evidence: RecordEvidence) -> Standing | None:
    """Why a sign-off was not its signer's to give; None when it was.

    To approve takes the very name that the role lists; to reject, any name of a member. Who might reject when the
    rejection came to the policy branch may have left since: it holds all the same.
    """
    role, who = question.policy.role, said.signer.principal
    if rejects(said) and checked.arrival is not None and checked.arrival.might_reject(who, said, role):
        return None
    if said.role != role:
        reason = f"{who} signed as {said.role}, but the item asks for {role}"
        return Standing(SignoffState.UNAUTHORISED, "other-role", reason, f"let a member of {role} sign")
    if who in question.members or (rejects(said) and evidence.people.among(who, question.members)):
        return None
    return Standing(
        SignoffState.UNAUTHORISED, "not-in-role", f"{who} is not in the role {role}", f"let a member of {role} sign"
    )
