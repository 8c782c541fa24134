"""Makes a sign-off: drafts it, has OpenSSH sign it, and refuses one that would not count."""

import hashlib
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from readiness import judged_tree
from readiness.outcome import SignoffState
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.judging.separation import Separation
from readiness.records.judging.signature import read_revocations
from readiness.records.judging.signoff import VERIFY, bound_to_nothing, judge_record
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import Attachment, Signoff, Statement
from readiness.records.ssh import sshsig
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, Holder, Roster
from readiness.records.storage.work_tree import Record
from readiness.records.writing.agent import SigningKey, drafted, refuse_lapsed_key, roster_line, signing_fields
from readiness.text import blank_note, is_blank


@dataclass(frozen=True)
class Declaration:
    """What the person says."""

    decision: Literal["approve", "reject"] = "approve"
    meaning: str = ""
    """What signing means; a plain sentence when empty."""
    reason: str = ""
    each: str = ""
    """For one of a matrix: which."""
    expires_at: datetime | None = None
    evidence: tuple[Attachment, ...] = ()
    name: str = ""
    """The person's name."""


def draft_signoff(
    question: Question, holder: Holder, said: Declaration, *, now: datetime, commit: str, seen: tuple[str, ...]
) -> Statement:
    """Write down what will be signed.

    Args:
        question: What the item asks.
        holder: Who signs.
        said: What the person says.
        now: The date of signing.
        commit: HEAD; may be empty.
        seen: Digests of the newest records.

    Raises:
        RecordsError: It would not count, or holds a word that a record may not hold.
    """
    _refuse_useless(question, holder, said, now)
    return drafted(
        lambda: Signoff(
            decision=said.decision,
            project=question.project,
            release=question.release,
            environment=question.environment,
            item=question.item.id,
            item_text=question.item.title,
            item_digest=question.item.digest,
            each=said.each,
            role=question.policy.role,
            meaning=said.meaning
            or f"I have reviewed what this record covers, and I {said.decision} it: {question.item.title}",
            reason=said.reason,
            expires_at=_expiry(question, said, now),
            evidence=said.evidence,
            **{"for": question.policy.scope},
            **signing_fields(holder, said.name, now, seen, commit),
        ),
        *question.subjects,
    )


def _expiry(question: Question, said: Declaration, now: datetime) -> datetime | None:
    """The earlier of what the person and what the policy says; a rejection does not lapse by policy."""
    if question.policy.valid_for is None or said.decision == "reject":
        return said.expires_at
    latest = now.replace(microsecond=0) + question.policy.valid_for
    return latest if said.expires_at is None else min(latest, said.expires_at)


def holder_of(roster: Roster, key: SigningKey, principal: str = "") -> Holder:
    """Whose key it is.

    Args:
        roster: Who may sign.
        key: The key.
        principal: Who the person says to be; may be empty.

    Raises:
        RecordsError: It is nobody's, another person's, or compromised.
    """
    where = f"the key {key.public.fingerprint} ({key.origin})"
    holder = roster.find(key.public)
    if key.public.blob in roster.revoked:
        raise RecordsError(f"{where} is revoked", "sign with another key")
    if roster.produces(key.public):
        raise RecordsError(f"{where} signs evidence, and no records", "sign with the key of a person")
    if holder is None:
        raise RecordsError(
            f"{where} is nobody's in {ALLOWED_SIGNERS}", f"add it there, in its own commit: {roster_line(key.public)}"
        )
    if principal and holder.principal != principal:
        raise RecordsError(f"{where} belongs to {holder.principal}, not to {principal}", "sign with your own key")
    return holder


def _refuse_useless(question: Question, holder: Holder, said: Declaration, now: datetime) -> None:
    policy = question.policy
    if holder.principal not in question.members:
        raise RecordsError(
            f"{holder.principal} is not in the role {policy.role}: the sign-off would not count",
            f"let one of {', '.join(sorted(question.members))} sign, or change `roles` in the checklist",
        )
    refuse_lapsed_key(holder, now)
    if said.each not in policy.slots:
        if not policy.each:
            raise RecordsError(f"the item {question.item.id} has no `each`", "leave out --each")
        raise RecordsError(
            f"the item {question.item.id} is signed for each of: {', '.join(policy.each)}", "say which with --each"
        )
    if said.decision == "reject" and is_blank(said.reason):
        raise RecordsError(f"a rejection needs its reason{blank_note(said.reason)}", "give it with --reason")


def refuse_unable(question: Question, key: SigningKey, said: Statement, evidence: RecordEvidence) -> None:
    """Spare a person the signature where the item asks for another kind of key, or for somebody else.

    Raises:
        RecordsError: The approval would not count; or it cannot be told who changed what it covers.
    """
    given = said.predicate
    if not isinstance(given, Signoff) or given.decision != "approve":
        return
    unbound = bound_to_nothing(question, given)
    if unbound is not None:
        raise RecordsError(f"the sign-off would not count: {unbound.reason}", unbound.remedy)
    if question.policy.user_verification and not key.public.hardware:
        raise RecordsError(
            f"the sign-off would not count: the item asks for a device that checks a PIN or a finger, and "
            f"{key.public.fingerprint} is a key in a file",
            VERIFY,
        )
    standing = Separation(question, evidence, read_revocations(evidence)).standing(
        given.signer.principal, given.each, given.signed_at
    )
    if standing is not None:
        raise RecordsError(f"the sign-off would not count: {standing.reason}", standing.remedy)


def sign_statement(said: Statement, key: SigningKey) -> bytes:
    """Have OpenSSH sign a record; it asks for passphrase or touch itself.

    Returns:
        Content of the `.sig` file.

    Raises:
        RecordsError: It did not sign, or what it made does not hold.
    """
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder:
        return signed_by_openssh([said.encode()], key, Path(folder))[0]


def signed_by_openssh(records: Sequence[bytes], key: SigningKey, folder: Path) -> tuple[bytes, ...]:
    """Have one process of OpenSSH sign each of these records; it asks for the passphrase once, and for each touch.

    Args:
        records: The bytes to sign.
        key: What signs.
        folder: An empty folder of our own.

    Raises:
        RecordsError: It did not sign all, or what it made does not hold.
    """
    args = [judged_tree.program("ssh-keygen") or "ssh-keygen", "-q", "-Y", "sign", "-n", sshsig.NAMESPACE]
    if key.path is None:
        public = folder / "key.pub"
        public.write_text(key.public.line + "\n", encoding="ascii")
        args += ["-U", "-f", str(public)]
    else:
        args += ["-f", str(key.path)]
    files = [folder / f"{number}.json" for number, _data in enumerate(records)]
    for file, data in zip(files, records, strict=True):
        file.write_bytes(data)
    try:
        done = subprocess.run([*args, *map(str, files)], stdin=subprocess.DEVNULL, check=False)
    except OSError as error:
        raise RecordsError(f"ssh-keygen cannot be run: {error.strerror}", "install OpenSSH") from error
    made = [file.with_name(f"{file.name}.sig") for file in files]
    if done.returncode != 0 or not all(file.is_file() for file in made):
        raise RecordsError(
            f"ssh-keygen did not sign (exit code {done.returncode})", "see what it said above, and try again"
        )
    return tuple(_held(data, file.read_bytes(), key) for data, file in zip(records, made, strict=True))


def _held(data: bytes, signature: bytes, key: SigningKey) -> bytes:
    """A signature that holds, and is by the key that was meant."""
    try:
        made = sshsig.verify(data, signature)
    except sshsig.SignatureRefusedError as error:
        raise RecordsError(f"what ssh-keygen made is no valid sign-off: {error}", "sign with another key") from error
    if made.key.blob != key.public.blob:
        raise RecordsError(f"ssh-keygen signed with another key, {made.key.fingerprint}", "name the key with --key")
    return signature


def refuse_uncounted_signoff(question: Question, said: Statement, signature: bytes, evidence: RecordEvidence) -> None:
    """Judge a fresh sign-off as the check will.

    Raises:
        RecordsError: It would not count.
    """
    data = said.encode()
    record = Record(hashlib.sha256(data).hexdigest(), data, said, signature)
    standing = judge_record(question, record, evidence, read_revocations(evidence)).standing
    if standing.state not in {SignoffState.VALID, SignoffState.REJECTED}:
        raise RecordsError(f"the sign-off would not count: {standing.reason}", standing.remedy)
