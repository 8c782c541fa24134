"""Every record with its state, as the compliance reviewer reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime

from readiness.checklist import RECORDS_APPEND_ONLY, SIGNOFF, Checklist, Item
from readiness.outcome import SignoffState, Value
from readiness.records.history.changes import History
from readiness.records.judging.append_only import ask_owners
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.item import history_of
from readiness.records.judging.question import Question, ask_checklist
from readiness.records.judging.rejections import Rejections, owners
from readiness.records.judging.separation import Separation
from readiness.records.judging.signature import (
    SignatureCheck,
    Standing,
    check_signature,
    may_take_back,
    read_revocations,
    rejection_taken_back,
    rejects,
    revoker,
    taken_back,
)
from readiness.records.judging.signoff import Context, judge_record
from readiness.records.judging.waiver import judge_waiver
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import HoldsFor, Predicate, Revocation, Signoff, Supersession, Waiver, Withdrawal
from readiness.records.model.waiver_rights import roles
from readiness.records.storage.work_tree import Record
from readiness.text import short

Loader = Callable[[str, str], Checklist]
"""Gives the checklist, resolved for an environment and a release."""
_KINDS = {"signoff": "sign-off", "waive": "waiver"}
State = SignoffState | Literal["undetermined"]


class Entry(Value):
    """One record and its state, for the release and environment that it names."""

    record: str
    """Its digest."""
    action: Literal["signoff", "waive", "revoke", "supersede"]
    decision: Literal["", "approve", "reject"] = ""
    target: str = ""
    """For a revocation: the record that it revokes."""
    replacement: str = ""
    """For a supersession: the record that takes its place."""
    project: str
    release: str = ""
    environment: str = ""
    item: str = ""
    each: str = ""
    scope: HoldsFor = "release"
    """For `content`, it holds whatever the release; release and environment say where it was given."""
    role: str
    principal: str
    name: str = ""
    """The name that the signer gives; nobody reviewed it."""
    printed_name: str = ""
    """The reviewed name of the signer, from `people` of the policy."""
    title: str = ""
    """The reviewed title of the signer."""
    meaning: str = ""
    reason_given: str = ""
    signed_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    key: str = ""
    """Fingerprint of the key, when the signature holds."""
    controls: tuple[str, ...] = ()
    """Controls that the item is evidence for, by the checklist that judges."""
    seen_commit: str = ""
    """The commit that first brought it to the policy branch; empty when none did yet, or without a history."""
    seen_at: AwareDatetime | None = None
    """Date of that commit."""
    state: State
    code: str
    reason: str
    remedy: str = ""


@dataclass(frozen=True)
class Claim:
    """What a record says of itself, as far as records are selected by it."""

    action: str
    item: str
    """For a revocation, that of the record that it revokes."""
    release: str
    environment: str
    role: str
    principal: str
    signed_at: datetime
    scope: str
    """`content` for a sign-off that holds whatever the release and the environment."""
    controls: tuple[str, ...]
    """Controls that the item is evidence for, by the checklist that judges."""


class Ledger:
    """Judges records one after the other.

    Args:
        evidence: All records, and what they are judged by.
        load: Gives the checklist.
        controls: Controls that an item is evidence for, by its id.
        history: Who changed what; git is asked when not given.
    """

    def __init__(
        self,
        evidence: RecordEvidence,
        load: Loader,
        *,
        controls: Mapping[str, tuple[str, ...]] | None = None,
        history: History | None = None,
    ) -> None:
        self._evidence, self._load, self._controls = evidence, load, controls or {}
        self._by_digest = {record.digest: record for record in evidence.kept.records}
        self._revocations = read_revocations(evidence)
        self._rejections = Rejections.of(evidence)
        self._questions: dict[tuple[str, str, str, str], Question | Standing | str] = {}
        self._separation: dict[tuple[str, str, str, str], Separation] = {}
        self._history = history or history_of(evidence)
        self._entries: dict[tuple[str, bytes | None], Entry] = {}

    def entries(self) -> list[Entry]:
        """Every record, oldest first."""
        return [self.entry(record) for record in self._evidence.kept.records]

    def claim(self, record: Record) -> Claim:
        """What a record says of itself, before anything is judged."""
        said = record.statement.predicate
        target = self._by_digest.get(said.target) if isinstance(said, Revocation | Supersession) else record
        about = (target.signoff or target.waiver) if target is not None else None
        own = said if isinstance(said, Signoff | Waiver) else None
        item = about.item if about is not None else ""
        return Claim(
            action=said.action,
            item=item,
            release=own.release if own else "",
            environment=own.environment if own else "",
            role=said.role,
            principal=said.signer.principal,
            signed_at=said.signed_at,
            scope=said.scope if isinstance(said, Signoff) else "",
            controls=self._controls.get(item, ()),
        )

    def entry(self, record: Record) -> Entry:
        """One record."""
        key = (record.digest, record.signature)
        if key not in self._entries:
            self._entries[key] = self._entry(record)
        return self._entries[key]

    def _entry(self, record: Record) -> Entry:
        found = self._judged(record)
        seen = self._evidence.seen.get(record.digest)
        more: dict[str, Any] = {"controls": self._controls.get(found.item, ())}
        if (person := self._evidence.people.named(found.principal)) is not None:
            more |= {"printed_name": person.name, "title": person.title}
        return found.model_copy(update={**more, "seen_commit": seen.commit, "seen_at": seen.at} if seen else more)

    def _judged(self, record: Record) -> Entry:
        said = record.statement.predicate
        if isinstance(said, Revocation | Supersession):
            return self._withdrawal(record, said)
        if isinstance(said, Waiver):
            return self._waiver(record, said)
        question = self._question(said)
        checked = check_signature(record, self._evidence)
        if isinstance(question, Question):
            return self._signoff(question, record, said)
        return _entry(record, checked, said, said.expires_at, checked.standing or question)

    def _signoff(self, question: Question, record: Record, said: Signoff) -> Entry:
        separation = self._separation.setdefault(
            (said.item, said.environment, said.release, said.scope),
            Separation(question, self._evidence, self._revocations),
        )
        try:
            context = Context(self._history, separation, self._rejections)
            judged = judge_record(question, record, self._evidence, self._revocations, context)
        except RecordsError as error:
            checked = check_signature(record, self._evidence)
            return _entry(record, checked, said, said.expires_at, checked.standing or short(error.summary))
        return _entry(record, judged.checked, said, judged.expires_at, judged.standing)

    def _waiver(self, record: Record, said: Waiver) -> Entry:
        try:
            checklist = self._load(said.environment, said.release)
        except RecordsError as error:
            checked = check_signature(record, self._evidence)
            why = short(" ".join(error.summary.split()))
            return _entry(record, checked, said, said.expires_at, checked.standing or why)
        checked, standing = judge_waiver(record, said, checklist, self._evidence, self._revocations)
        return _entry(record, checked, said, said.expires_at, standing)

    def _question(self, said: Signoff) -> Question | Standing | str:
        """What the record's item asks; or why no such thing is asked; or, in words, why that cannot be told."""
        key = (said.item, said.environment, said.release, said.scope)
        if key not in self._questions:
            try:
                self._questions[key] = self._ask(self._checklist(said), said)
            except RecordsError as error:
                self._questions[key] = short(" ".join(error.summary.split()))
        return self._questions[key]

    def _checklist(self, said: Signoff) -> Checklist:
        """The checklist for where a record was given; what is for the content outlives its environment."""
        try:
            return self._load(said.environment, said.release)
        except RecordsError:
            if said.scope == "release":
                raise
            return self._load("", said.release)

    def _ask(self, checklist: Checklist, said: Signoff) -> Question | Standing:
        if checklist.project != said.project:
            reason = f"it was given for the project {said.project}"
            return Standing(SignoffState.STALE, "other-project", reason, "nothing: it does not count here")
        if said.item == RECORDS_APPEND_ONLY and self._evidence.violations:
            return ask_owners(self._evidence, checklist)
        item: Item | None = next((item for item in checklist.items if item.id == said.item), None)
        if item is None or item.check != SIGNOFF:
            reason = f"the checklist has no sign-off `{said.item}` any more"
            return Standing(SignoffState.STALE, "item-gone", reason, "nothing: it is kept as a record")
        return ask_checklist(self._evidence.root, checklist, item, self._evidence.content, files=self._evidence.files)

    def _withdrawal(self, record: Record, said: Withdrawal) -> Entry:
        checked = check_signature(record, self._evidence)
        target = self._by_digest.get(said.target)
        standing = None if checked.genuine else checked.standing
        about = target.signoff or target.waiver if target is not None else None
        if standing is None:
            standing = self._effect(checked, about)
        return _entry(record, checked, said, None, standing, item=about.item if about else "")

    def _effect(self, checked: SignatureCheck, about: Signoff | Waiver | None) -> Standing:
        """Whether a genuine revocation takes effect."""
        if about is None:
            return Standing(SignoffState.VALID, "target-unknown", "it is in force; the record it revokes is not here")
        by, allowed = checked.principal, self.roles(about)
        members = frozenset().union(*allowed.values())
        if not may_take_back(checked, about, members, self._evidence.people):
            return _without_effect(checked, about, sorted(allowed))
        return Standing(SignoffState.VALID, "valid", f"{by} took back a {_KINDS[about.action]} of {about.item}")

    def taken_back(self, record: Record) -> str:
        """How a record was taken back, in words, whatever else is wrong with it; empty when it was not."""
        about = record.signoff or record.waiver
        if about is None:
            return ""
        members = frozenset().union(*self.roles(about).values())
        by = revoker(check_signature(record, self._evidence), self._revocations, members, self._evidence.people)
        if by is None:
            return ""
        if isinstance(about, Signoff) and rejects(about):
            return rejection_taken_back(by, about, self._evidence.people).reason
        return taken_back(by, "").reason

    def roles(self, about: Signoff | Waiver) -> Mapping[str, frozenset[str]]:
        """Who besides its signer may take a record back: members by role; of a rejection, the owners of the policy."""
        if isinstance(about, Signoff):
            question = self._question(about)
            if not isinstance(question, Question):
                return {}
            if not rejects(about):
                return {question.policy.role: question.members}
            may = owners(question, self._evidence)
            return {self._evidence.rules.owners: may} if may else {}
        try:
            checklist = self._load(about.environment, about.release)
        except RecordsError:
            return {}
        return roles(checklist.policy, checklist.roles, about.item)


def _without_effect(checked: SignatureCheck, about: Signoff | Waiver, roles: Sequence[str]) -> Standing:
    """Why a genuine withdrawal takes nothing back."""
    by = checked.principal
    if not rejects(about):
        reason = f"{by} is neither the signer nor in the role {' or '.join(roles) or about.role}"
        return Standing(SignoffState.UNAUTHORISED, "may-not-revoke", reason, "let the signer or the role revoke it")
    if checked.standing is not None:  # what lets a release go has to be in order
        return checked.standing
    may = f" or {', '.join(roles)}" if roles else "; the checklist names no owners of its policy who could overrule it"
    reason = f"{by} may not take back the rejection of {about.signer.principal}: it holds"
    return Standing(SignoffState.UNAUTHORISED, "may-not-revoke", reason, f"let {about.signer.principal}{may} revoke it")


def _entry(
    record: Record,
    checked: SignatureCheck,
    said: Predicate,
    expires_at: datetime | None,
    standing: Standing | str,
    *,
    item: str = "",
) -> Entry:
    """How a record stands; `standing` is a text, which says why, where that cannot be determined."""
    if isinstance(standing, str):
        code, reason, remedy = "undetermined", standing, "fix what prevents the item from being judged"
    else:
        code, reason, remedy = standing.code, standing.reason, standing.remedy
    given = said if isinstance(said, Signoff | Waiver) else None
    signoff = said if isinstance(said, Signoff) else None
    return Entry(
        record=record.digest,
        action=said.action,
        decision=signoff.decision if signoff else "",
        target=said.target if isinstance(said, Revocation | Supersession) else "",
        replacement=said.replacement if isinstance(said, Supersession) else "",
        project=said.project,
        release=given.release if given else "",
        environment=given.environment if given else "",
        item=given.item if given else item,
        each=signoff.each if signoff else "",
        scope=signoff.scope if signoff else "release",
        role=said.role,
        principal=said.signer.principal,
        name=said.signer.name,
        meaning=given.meaning if given else "",
        reason_given=said.reason,
        signed_at=said.signed_at,
        expires_at=expires_at,
        key=checked.fingerprint,
        state="undetermined" if isinstance(standing, str) else standing.state,
        code=code,
        reason=reason,
        remedy=remedy,
    )
