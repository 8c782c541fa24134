"""Decides whose signatures count: those on verdicts, and those of producers on evidence.

Nothing that the judged commit can write decides whose verdicts are trusted, unless somebody says so.
"""

import hashlib
import os
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from readiness.attestation import AttestationError, pem
from readiness.attestation.envelope import Envelope, parse
from readiness.attestation.keys import MOST_KEYS, TRUSTED_KEYS_FILE, TrustedKey, read_trusted_keys, trusted
from readiness.attestation.signed_evidence import EvidenceStatement, read_evidence_statement
from readiness.attestation.verification import AHEAD
from readiness.git import GitError, Repository
from readiness.moment import show
from readiness.outcome import EvidenceSignature
from readiness.provenance.producer import Claim, UnsignedError
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, EVIDENCE_NAMESPACE, REVOKED_KEYS, Holder, Roster
from readiness.records.storage.reading import read_committed, resolve
from readiness.text import short

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey


TRUSTED_KEYS_VARIABLE = "READINESS_VERIFY_KEY"
"""Environment variable that names the file of trusted keys."""
_NAME_ONE = "name the public half of the key that signs verdicts: `--key verdict.pub`"


class NoKeyError(AttestationError):
    """Nobody has said which keys to trust."""


def find_trusted_keys(
    named: Sequence[Path],
    *,
    start: Path,
    ref: str | None = None,
    work_tree: bool = False,
    variables: Mapping[str, str] = os.environ,
) -> tuple[TrustedKey, ...]:
    """The keys that are named, else those of the environment variable, else those of the policy's ref.

    Args:
        named: Files that were asked for.
        start: Folder to look upwards from, up to the root of its git repository.
        ref: The policy's ref, whose commit holds keys in `.readiness/verdict_keys`; None for none.
        work_tree: Whether those of the work tree count, where nothing else was named.
        variables: The environment.

    Raises:
        NoKeyError: There is no key.
        AttestationError: A file or the ref is refused.
    """
    variable = variables.get(TRUSTED_KEYS_VARIABLE)
    paths = [*named] or ([Path(variable)] if variable else [])
    if not paths and ref is not None:
        return _committed(start, ref)
    kept = _in_work_tree(start.absolute())
    paths = paths or (kept if work_tree else [])
    if not paths:
        raise _no_key(kept, work_tree=work_tree)
    found = {key.id: key for path in paths for key in read_trusted_keys(pem.read(path), short(str(path)))}
    if len(found) > MOST_KEYS:
        raise AttestationError(f"more than {MOST_KEYS} keys are trusted", "remove those that sign nothing any more")
    return tuple(found.values())


def _no_key(kept: list[Path], *, work_tree: bool) -> NoKeyError:
    if kept:
        return NoKeyError(
            f"there is no key to verify with: no `--key`, no {TRUSTED_KEYS_VARIABLE}, no `--policy-ref`; "
            f"{short(str(kept[0]))} is in the work tree, where the judged commit could have put it",
            f"{_NAME_ONE}; or trust the file of the policy branch: `--policy-ref origin/main`; or, where this checkout "
            "is not what is judged, `--trust-work-tree`",
        )
    where = f", and no {TRUSTED_KEYS_FILE} here or above" if work_tree else " and no `--policy-ref`"
    return NoKeyError(f"there is no key to verify with: no `--key`, no {TRUSTED_KEYS_VARIABLE}{where}", _NAME_ONE)


def _committed(start: Path, ref: str) -> tuple[TrustedKey, ...]:
    """The keys of the nearest file of a commit, in a folder or above it."""
    try:
        repository = Repository(start)
        commit = resolve(repository, ref).commit
        top, folder = Repository(repository.top), repository.prefix.removesuffix("/")
        folders = [folder]
        while folders[-1]:
            folders.append(posixpath.dirname(folders[-1]))
        for path in (posixpath.join(folder, TRUSTED_KEYS_FILE) for folder in folders):
            content = read_committed(top, commit, path, pem.LIMIT)
            if content is not None:
                return read_trusted_keys(content, f"{short(ref)}:{path}")
    except GitError as error:
        raise AttestationError(
            f"the keys of {short(ref)} cannot be read: {short(str(error))}", f"run it in a clone, or {_NAME_ONE}"
        ) from error
    except RecordsError as error:
        raise AttestationError(
            f"the keys of {short(ref)} cannot be read: {error.summary}", error.remedy or _NAME_ONE
        ) from error
    raise NoKeyError(
        f"there is no key to verify with: no `--key`, no {TRUSTED_KEYS_VARIABLE}, and {short(ref)} ({commit[:10]}) has "
        f"no {TRUSTED_KEYS_FILE}, here or above",
        _NAME_ONE,
    )


def _in_work_tree(start: Path) -> list[Path]:
    """The file of the work tree; outside of a repository, of this folder only: a shared folder above is anybody's."""
    folders = [start, *start.parents]
    root = next((index for index, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    places = (folder / TRUSTED_KEYS_FILE for folder in folders[: root + 1])
    return [place for place in places if place.is_symlink() or place.exists()][:1]


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
