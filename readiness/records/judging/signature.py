"""Verifies records one by one: whose key signed, and whether that key may count. Needs no checklist."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from readiness.moment import show
from readiness.outcome import SignoffState
from readiness.records.history.any_line import first_commit
from readiness.records.history.earlier_policy import EarlierPolicy
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.model.people import People
from readiness.records.model.statement import Signoff, Supersession, Waiver
from readiness.records.ssh import sshsig
from readiness.records.ssh.public_key import PublicKey
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, REVOKED_KEYS, Holder
from readiness.records.storage.work_tree import Record
from readiness.text import short, told

_AGAIN = "let the person sign again"


@dataclass(frozen=True)
class Standing:
    """The state of a record, and why."""

    state: SignoffState
    code: str
    """Stable reason code."""
    reason: str
    remedy: str = ""


@dataclass(frozen=True)
class Arrival:
    """When a "no" came to the policy branch, a withdrawal or a rejection: who might give it may have left since."""

    earlier_policy: EarlierPolicy
    position: int
    """On the first-parent line."""

    def held(self, principal: str, role: str) -> bool:
        """Whether a person held a role at that moment."""
        return self.earlier_policy.held(principal, role, self.position)

    def might_give(self, principal: str, about: Signoff | Waiver) -> bool:
        """Whether a person might sign such a record at that moment, and so may take it back."""
        waived = isinstance(about, Waiver) and self.earlier_policy.might_waive(principal, about.item, self.position)
        return waived or self.held(principal, about.role)

    def might_reject(self, principal: str, said: Signoff, role: str) -> bool:
        """Whether a person might reject at that moment.

        Args:
            principal: Who rejected.
            said: The rejection.
            role: The role that the item asks for now; it may have asked for another one then.
        """
        if not self.held(principal, said.role):
            return False
        return said.role == role or self.earlier_policy.asked(said.item, said.role, self.position)

    def owned(self, principal: str) -> bool:
        """Whether a person was one of the policy's owners at that moment."""
        return self.earlier_policy.owned(principal, self.position)


@dataclass(frozen=True)
class SignatureCheck:
    """A record with what its signature shows."""

    record: Record
    standing: Standing | None
    """Why it cannot count, whatever it was signed for; None when its signature is in order."""
    principal: str = ""
    """Owner of the key by the roster; empty when it is nobody's key or the signature does not hold."""
    fingerprint: str = ""
    """Of the key, when the signature holds."""
    user_verified: bool = False
    """Whether a hardware key made it that had checked a PIN or a finger."""
    arrival: Arrival | None = None
    """For a withdrawal or a rejection that is on the policy branch: when it came there."""

    @property
    def genuine(self) -> bool:
        """Whether the person whom it names made it, with a key that is not compromised, at whatever time."""
        return bool(self.principal)


def check_signature(record: Record, evidence: RecordEvidence) -> SignatureCheck:
    """Verify the signature of a record and whose it is.

    Args:
        record: The record.
        evidence: Who may sign, and the date of the run.
    """
    key = (record.digest, record.signature)
    found: SignatureCheck | None = evidence.memo.get(key)
    if found is None:
        found = evidence.memo[key] = _check_signature(record, evidence)
    return found


def _check_signature(record: Record, evidence: RecordEvidence) -> SignatureCheck:
    if record.signature is None:
        reason = f"its signature {record.digest[:12]}….sig is missing or cannot be read"
        return SignatureCheck(
            record, Standing(SignoffState.INVALID, "signature-missing", reason, "restore it from git")
        )
    try:
        signature = _verified(record.data, record.signature)
    except sshsig.SignatureRefusedError as error:
        return SignatureCheck(record, Standing(SignoffState.INVALID, "bad-signature", str(error), _AGAIN))
    key = signature.key
    said = record.statement.predicate
    owner = _owner(record, key, evidence)
    if owner is None:
        return SignatureCheck(record, _disowned(key, evidence), fingerprint=key.fingerprint)
    if owner.principal != said.signer.principal:
        reason = f"it names {said.signer.principal} as its signer, but the key is {owner.principal}'s"
        return SignatureCheck(
            record, Standing(SignoffState.INVALID, "signer-mismatch", reason, _AGAIN), "", key.fingerprint
        )
    return SignatureCheck(
        record,
        _in_time(record, owner, evidence),
        owner.principal,
        key.fingerprint,
        signature.user_verified,
        _arrival(record, evidence),
    )


_verified = lru_cache(maxsize=16_384)(sshsig.verify)
"""A record is judged again for each commit of a timeline, and its bytes stay what they are."""


def _owner(record: Record, key: PublicKey, evidence: RecordEvidence) -> Holder | None:
    """Whose key it is; for a withdrawal or a rejection, whose it was when it came, for neither expires."""
    owner = evidence.roster.find(key) if key.blob not in evidence.roster.revoked else None
    arrival = _arrival(record, evidence)
    if arrival is None or (owner is not None and owner.principal == record.statement.predicate.signer.principal):
        return owner
    # a key that got another owner since does not bring back what its first owner withdrew
    return arrival.earlier_policy.owner(key.blob, arrival.position) or owner


def _disowned(key: PublicKey, evidence: RecordEvidence) -> Standing:
    roster = evidence.roster
    if key.blob in roster.revoked:
        reason = f"the key {key.fingerprint} is in {REVOKED_KEYS}, which voids everything it signed"
        return Standing(SignoffState.REVOKED, "key-revoked", reason, "let the person sign again with a new key")
    if roster.produces(key):
        reason = f"the key {key.fingerprint} signs evidence, and no records, by {ALLOWED_SIGNERS}"
        return Standing(SignoffState.UNAUTHORISED, "unknown-key", reason, "sign with the key of a person")
    reason = f"the key {key.fingerprint} is nobody's in {ALLOWED_SIGNERS}"
    removed = evidence.earlier_policy.removed(key.blob) if evidence.earlier_policy is not None else None
    if removed is None:
        remedy = f"let somebody sign whose line is in {ALLOWED_SIGNERS}; trust no stranger"
        return Standing(SignoffState.UNAUTHORISED, "unknown-key", reason, remedy)
    holder, position = removed
    line = evidence.branch.line
    by = (
        f"commit {line[position].commit[:10]} by {short(line[position].author)}" if position < len(line) else "a commit"
    )
    reason = f"{by} took the key {key.fingerprint} of {holder.principal} out of {ALLOWED_SIGNERS}"
    remedy = "put the line back as it was, with `valid-before` of the last day on which this person might sign"
    return Standing(SignoffState.UNAUTHORISED, "unknown-key", reason, remedy)


def _arrival(record: Record, evidence: RecordEvidence) -> Arrival | None:
    seen = evidence.seen.get(record.digest)
    lasting = record.withdrawal is not None or (record.signoff is not None and rejects(record.signoff))
    if not lasting or seen is None or evidence.earlier_policy is None:
        return None
    return Arrival(evidence.earlier_policy, seen.position)


def _in_time(record: Record, owner: Holder, evidence: RecordEvidence) -> Standing | None:
    """Whether its date is true, as far as history can tell, and its key was valid at that date and when it came."""
    said, came = record.statement.predicate, evidence.since(record.digest)
    if not owner.valid_at(said.signed_at):
        reason = f"the key {owner.key.fingerprint} was not valid at {show(said.signed_at)}"
        remedy = "let the person sign again with a key that is valid"
        return Standing(SignoffState.UNAUTHORISED, "key-not-valid-then", reason, remedy)
    if record.signoff is not None and rejects(record.signoff):
        return None  # neither a wrong clock nor keeping it back takes the edge off a rejection
    wrong = _misdated(record, evidence, came) or _late(record, owner, evidence, came)
    if wrong is not None or not evidence.dated or owner.valid_at(came):
        return wrong
    return _lapsed(record, owner, evidence)


def rejects(said: Signoff | Waiver) -> bool:
    """Whether a record says no."""
    return isinstance(said, Signoff) and said.decision == "reject"


def _misdated(record: Record, evidence: RecordEvidence, came: datetime) -> Standing | None:
    at, rules = record.statement.predicate.signed_at, evidence.rules
    if at > evidence.now + rules.ahead:
        reason = f"it was signed in the future, at {show(at)}"
        return Standing(SignoffState.INVALID, "post-dated", reason, "set the clock, and sign again")
    if evidence.dated and at > came + rules.ahead:
        reason = f"it says that it was signed at {show(at)}, but {_came(record, evidence)}, before that"
        return Standing(SignoffState.INVALID, "post-dated", reason, "set the clock, and sign again")
    return None


def _late(record: Record, owner: Holder, evidence: RecordEvidence, came: datetime) -> Standing | None:
    """Whether a record came to the policy branch so late that the key or the role was another one in between.

    Weeks in an open pull request, a squash, a rebase and a merge by `git pull` make a record late; what was in order
    all the time counts.
    """
    said, rules, earlier = record.statement.predicate, evidence.rules, evidence.earlier_policy
    if earlier is None or not owner.valid_at(came) or said.signed_at >= came - rules.behind:
        return None
    seen, line = evidence.seen.get(record.digest), evidence.branch.line
    until = seen.position if seen is not None else len(line) - 1
    since = min(bisect_right(line, said.signed_at, key=lambda commit: commit.at) - 1, until)
    waived, between = said.item if isinstance(said, Waiver) else "", (since, until)
    if since >= 0 and earlier.held_throughout(said.signer.principal, owner.key.blob, said.role, between, waived=waived):
        return None
    who = said.signer.principal
    reason = f"{_late_words(record, evidence)}, and the key or the role of {who} was another one in between"
    return Standing(SignoffState.STALE, "late", reason, _AGAIN)


def _lapsed(record: Record, owner: Holder, evidence: RecordEvidence) -> Standing:
    """A key that was valid at the record's date, and not any more when the record came to the policy branch.

    Where another line of the history had it while the key was valid, nothing is wrong with it, except that the dates of
    such a line are what its author says.
    """
    key, at = owner.key.fingerprint, show(record.statement.predicate.signed_at)
    elsewhere = first_commit(evidence.root, evidence.content, record.digest)
    if elsewhere is not None and owner.valid_at(elsewhere):
        reason = f"{_late_words(record, evidence)}, and the key {key} lapsed in between, at {show(owner.valid_before)}"
        return Standing(SignoffState.STALE, "late", reason, _AGAIN)
    reason = f"the key {key} was valid at {at}, but not any more when {_came(record, evidence)}"
    remedy = "let the person sign again with a key that is valid"
    return Standing(SignoffState.UNAUTHORISED, "key-not-valid-then", reason, remedy)


def _late_words(record: Record, evidence: RecordEvidence) -> str:
    return f"it was signed at {show(record.statement.predicate.signed_at)}, but {_came(record, evidence)}"


def _came(record: Record, evidence: RecordEvidence) -> str:
    seen = evidence.seen.get(record.digest)
    if seen is None:
        return f"it is not on the policy branch yet, at {show(evidence.now)}"
    return f"commit {seen.commit[:10]} brought it at {show(seen.at)}"


Revocations = Mapping[str, Sequence[SignatureCheck]]
"""Genuine revocations, by the digest of their target."""


def read_revocations(evidence: RecordEvidence) -> Revocations:
    """Find the genuine revocations among all records.

    One that is post-dated or came after its key lapsed counts all the same: a wrong clock must not keep a sign-off
    alive.
    """
    known: Revocations | None = evidence.memo.get(read_revocations)
    if known is not None:
        return known
    found: dict[str, list[SignatureCheck]] = {}
    evidence.memo[read_revocations] = found
    for record in evidence.kept.records:
        if record.withdrawal is not None and (checked := check_signature(record, evidence)).genuine:
            found.setdefault(record.withdrawal.target, []).append(checked)
    return found


def revoker(
    checked: SignatureCheck, revocations: Revocations, members: frozenset[str], people: People
) -> SignatureCheck | None:
    """The withdrawal that holds for a record; None when there is none.

    Args:
        checked: The record.
        revocations: Withdrawals by target.
        members: Who besides its signer may take it back: see `may_take_back`.
        people: Who is the same person.
    """
    said = checked.record.signoff or checked.record.waiver
    if said is None:
        return None
    withdrawals = revocations.get(checked.record.digest, [])
    return next((one for one in withdrawals if may_take_back(one, said, members, people)), None)


def may_take_back(by: SignatureCheck, about: Signoff | Waiver, members: frozenset[str], people: People) -> bool:
    """Whether a genuine withdrawal takes effect.

    What lets a release go can be taken back by its signer, and by whoever could sign such a record, by any name: now,
    or when the withdrawal came. That the revoker left does not bring back what was revoked. A rejection can be taken
    back by its signer alone, and be overruled by the owners of the policy; that withdrawal has to be in order and in
    time, for it lets a release go.

    Args:
        by: The withdrawal.
        about: What its target says.
        members: Besides the signer: members of the role; for a rejection, owners of the policy.
        people: Who is the same person.
    """
    who, signer = by.principal, about.signer.principal
    if rejects(about):
        owned = who in members or (by.arrival is not None and by.arrival.owned(who))
        return by.standing is None and (people.same(who, signer) or owned)
    given = by.arrival is not None and by.arrival.might_give(who, about)
    return people.among(who, (signer, *members)) or given


def rejection_taken_back(by: SignatureCheck, rejection: Signoff, people: People) -> Standing:
    """How a rejection stands that its signer took back, or that the owners of the policy overruled.

    Args:
        by: The withdrawal.
        rejection: What the record says.
        people: Who is the same person.
    """
    said, why = by.record.statement.predicate, told(rejection.reason) or "no reason given"
    if people.same(by.principal, rejection.signer.principal):
        code, what = "taken-back", f"took back their rejection ({why})"
    else:
        code, what = "overruled", f"overruled the rejection of {rejection.signer.principal} ({why})"
    reason = f"{by.principal} {what} on {said.signed_at.date()}: {told(said.reason)}"
    return Standing(SignoffState.REVOKED, code, reason)


def taken_back(by: SignatureCheck, remedy: str) -> Standing:
    """How an approval or a waiver stands that somebody took back.

    Args:
        by: The withdrawal.
        remedy: What to do next.
    """
    said = by.record.statement.predicate
    when = f"on {said.signed_at.date()}: {told(said.reason)}"
    if isinstance(said, Supersession):
        reason = f"{by.principal} put the record {said.replacement[:12]} in its place {when}"
        return Standing(SignoffState.REVOKED, "superseded", reason, remedy)
    return Standing(SignoffState.REVOKED, "revoked", f"{by.principal} revoked it {when}", remedy)
