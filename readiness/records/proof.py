"""Verifies records one by one: whose key signed, and whether that key may count. Needs no checklist."""

from collections.abc import Iterable
from dataclasses import dataclass

from readiness.outcome import SignoffState
from readiness.records import sshsig
from readiness.records.basis import Basis
from readiness.records.roster import ALLOWED_SIGNERS, REVOKED_KEYS
from readiness.records.statement import show
from readiness.records.store import Record

_AGAIN = "let the person sign again"


@dataclass(frozen=True)
class Standing:
    """How a record stands, and why."""

    state: SignoffState
    code: str
    """Stable reason code."""
    reason: str
    remedy: str = ""


@dataclass(frozen=True)
class Proof:
    """A record with what its signature shows."""

    record: Record
    standing: Standing | None
    """Why it cannot count, whatever it was signed for; None when its signature is in order."""
    principal: str = ""
    """Owner of the key by the roster; empty when it is nobody's key or the signature does not hold."""
    fingerprint: str = ""
    """Of the key, when the signature holds."""

    @property
    def genuine(self) -> bool:
        """Whether the person whom it names made it, with a key that is not compromised, at whatever time."""
        return bool(self.principal)


def prove(record: Record, basis: Basis) -> Proof:
    """Verify the signature of a record and whose it is.

    Args:
        record: The record.
        basis: Who may sign, and the date of the run.
    """
    roster, now = basis.roster, basis.now
    if record.signature is None:
        reason = f"its signature {record.digest[:12]}….sig is missing or cannot be read"
        return Proof(record, Standing(SignoffState.INVALID, "signature-missing", reason, "restore it from git"))
    try:
        signature = sshsig.verify(record.data, record.signature)
    except sshsig.SignatureRefusedError as error:
        return Proof(record, Standing(SignoffState.INVALID, "bad-signature", str(error), _AGAIN))
    key = signature.key
    said = record.statement.predicate
    owner = roster.find(key)
    if key.blob in roster.revoked:
        reason = f"the key {key.fingerprint} is in {REVOKED_KEYS}, which voids everything it signed"
        standing = Standing(SignoffState.REVOKED, "key-revoked", reason, "let the person sign again with a new key")
        return Proof(record, standing, fingerprint=key.fingerprint)
    if owner is None:
        reason = f"the key {key.fingerprint} is nobody's in {ALLOWED_SIGNERS}"
        standing = Standing(SignoffState.UNAUTHORISED, "unknown-key", reason, f"add the key to {ALLOWED_SIGNERS}")
        return Proof(record, standing, fingerprint=key.fingerprint)
    if owner.principal != said.signer.principal:
        reason = f"it names {said.signer.principal} as its signer, but the key is {owner.principal}'s"
        return Proof(record, Standing(SignoffState.INVALID, "signer-mismatch", reason, _AGAIN), "", key.fingerprint)
    standing_or_none = None
    if said.signed_at > now + basis.rules.ahead:
        reason = f"it was signed in the future, at {show(said.signed_at)}"
        standing_or_none = Standing(SignoffState.INVALID, "post-dated", reason, "set the clock, and sign again")
    elif not owner.valid_at(said.signed_at):
        reason = f"the key {key.fingerprint} was not valid at {show(said.signed_at)}"
        remedy = "let the person sign again with a key that is valid"
        standing_or_none = Standing(SignoffState.UNAUTHORISED, "key-not-valid-then", reason, remedy)
    return Proof(record, standing_or_none, owner.principal, key.fingerprint)


def revocations(proofs: Iterable[Proof]) -> dict[str, list[Proof]]:
    """Genuine revocations by the digest of their target.

    One that is post-dated or came after its key lapsed counts all the same: a wrong clock must not keep a sign-off
    alive.
    """
    found: dict[str, list[Proof]] = {}
    for proof in proofs:
        if proof.record.withdrawal is not None and proof.genuine:
            found.setdefault(proof.record.withdrawal.target, []).append(proof)
    return found


def revoker(proof: Proof, found: dict[str, list[Proof]], members: frozenset[str]) -> Proof | None:
    """The revocation that holds for a record: by its own signer, or by a member of the item's role."""
    for revocation in found.get(proof.record.digest, []):
        if revocation.principal == proof.record.statement.predicate.signer.principal or revocation.principal in members:
            return revocation
    return None
