"""Decides whether a file of evidence was signed by its producer, for the commit that is judged."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from readiness.attestation.envelope import Envelope, parse
from readiness.attestation.errors import AttestationError
from readiness.attestation.keys import TrustedKey, trusted
from readiness.attestation.signed_evidence import EvidenceStatement, read_evidence_statement
from readiness.attestation.verification import AHEAD
from readiness.moment import show
from readiness.outcome import EvidenceSignature
from readiness.provenance.producer import Claim, UnsignedError
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, EVIDENCE_NAMESPACE, REVOKED_KEYS, Holder, Roster
from readiness.text import short

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_AGAIN = "sign it again with `readiness attest-evidence`, in the job that produced it"
_ANEW = "produce it again from this commit, and sign it there"


@dataclass(frozen=True)
class ProducerKeys:
    """Who may sign evidence, in which role, and when."""

    roster: Roster
    roles: Mapping[str, tuple[str, ...]]
    now: datetime
    """The date of the run."""
    refusal: tuple[str, str] | None = None
    """Why nobody may, and what to do next: the roster cannot be used."""

    def verify(self, claim: Claim) -> EvidenceSignature:
        """Find out who signed a file of evidence.

        Raises:
            UnsignedError: No key of the role has signed exactly this, or none that was and is valid.
        """
        self._refuse_nobody(claim.role)
        try:
            signed = parse(claim.envelope)
            holder = self._holder(signed, claim)
            said = read_evidence_statement(signed)
        except AttestationError as error:
            raise UnsignedError("malformed", f"is not signed: {claim.beside}: {error.summary}", _AGAIN) from error
        self._refuse_time(holder, said.predicate.signed_at)
        _compare(said, claim)
        return EvidenceSignature(
            role=claim.role,
            principal=holder.principal,
            key=holder.key.fingerprint,
            signed_at=said.predicate.signed_at,
            envelope=claim.beside,
            envelope_sha256=hashlib.sha256(claim.envelope).hexdigest(),
        )

    def _refuse_nobody(self, role: str) -> None:
        if self.refusal is not None:
            raise UnsignedError("roster", f"cannot be verified: {self.refusal[0]}", self.refusal[1])
        members = self.roles.get(role, ())
        if not any(holder.principal in members for holder in self.roster.producers):
            line = f'namespaces="{EVIDENCE_NAMESPACE}",valid-before="YYYYMMDDZ" ecdsa-sha2-nistp256 AAAA…'
            who = members[0] if members else "PRINCIPAL"
            why = f"cannot be verified: no member of the role `{role}` has a key for evidence in {ALLOWED_SIGNERS}"
            raise UnsignedError("no-producer", why, f"add it on the policy branch: {who} {line}")

    def _holder(self, signed: Envelope, claim: Claim) -> Holder:
        """Whose key signed, of those who may.

        Raises:
            UnsignedError: Nobody's who may.
        """
        if len(signed.signatures) != 1:
            raise UnsignedError("malformed", f"is not signed: {claim.beside} has several signatures", _AGAIN)
        keys = {_key(holder): holder for holder in self.roster.producers}
        found = signed.signer(keys)
        if found is None:
            hint = short(signed.signatures[0].keyid)[:16] or "unnamed"
            why = f"is not signed by a producer: no key for evidence in {ALLOWED_SIGNERS} has signed {claim.beside}, "
            raise UnsignedError("unknown-key", f"{why}which names the key {hint}", _AGAIN)
        holder = keys[found]
        if holder.key.blob in self.roster.revoked:
            why = f"is signed with the key {holder.key.fingerprint}, which is in {REVOKED_KEYS}"
            raise UnsignedError("key-revoked", why, "sign it again with a new key")
        if holder.principal not in self.roles.get(claim.role, ()):
            why = f"is signed by {holder.principal}, who is not in the role `{claim.role}`"
            raise UnsignedError("not-in-role", why, "let a producer of that role sign it")
        return holder

    def _refuse_time(self, holder: Holder, signed_at: datetime) -> None:
        if signed_at > self.now + AHEAD:
            raise UnsignedError(
                "in-the-future", f"was signed at {show(signed_at)}, which is yet to come", "set the clocks"
            )
        for moment, what in ((signed_at, "was not valid when it signed"), (self.now, "is not valid any more")):
            if not holder.valid_at(moment):
                why = f"is signed with the key {holder.key.fingerprint}, which {what} ({show(moment)})"
                raise UnsignedError("key-not-valid", why, "sign it again with a key that is valid")


def _compare(said: EvidenceStatement, claim: Claim) -> None:
    """Insist that a statement is about this file, these bytes and this commit.

    Raises:
        UnsignedError: It is about something else.
    """
    digest = said.file.digest.get("sha256", "")
    if digest != claim.sha256:
        why = f"holds other bytes than were signed: sha256 {claim.sha256[:16]}, and signed was {short(digest)[:16]}"
        raise UnsignedError("other-digest", why, "let nothing change it after it was signed")
    if said.commit != claim.commit:
        other = short(said.commit)[:10] or "none"
        why = f"was signed for another commit: {other}, and {claim.commit[:10]} is judged"
        raise UnsignedError("other-commit", why, _ANEW)
    if said.file.name != claim.name:
        why = f"was signed as {short(said.file.name)}"
        raise UnsignedError("other-name", why, "put it where it was signed, or sign it where it is read")


def _key(holder: Holder) -> TrustedKey:
    """The key as envelopes are verified by; the roster takes no other kind for evidence."""
    return trusted(cast("EllipticCurvePublicKey", holder.key.material))
