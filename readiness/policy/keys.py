"""Compares keys: of those who sign records, revoked ones, and those by which verdicts are trusted."""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from readiness.attestation import AttestationError, pem
from readiness.attestation.keys import TRUSTED_KEYS_FILE, TrustedKey, read_trusted_keys
from readiness.checklist import Source
from readiness.git import Repository
from readiness.moment import show
from readiness.outcome import Finding
from readiness.policy.base import PolicyBase
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, REVOKED_KEYS, Holder, Roster
from readiness.records.storage.reading import read_file, reading_history
from readiness.report import PolicyChange

SIGNATURE_SUFFIX = ".sig"
"""Of the file beside it: a signature over its bytes (ECDSA with SHA-256, ASN.1, as `openssl dgst -sign` writes it)."""
_SIGNATURE_LIMIT = 1024
"""Bytes; a signature takes 72."""
_REPLACES = re.compile(rb"^replaces sha256:([0-9a-f]{64})\r?$", re.MULTILINE)
_DSSE = b"DSSEv1 "
"""How everything else begins that such a key signs: that must not pass for a list of keys."""
Part = Callable[[str, int], tuple[bytes | None, bytes | None]]
"""Reads a file, of at most so many bytes, as the policy has it and as it is proposed."""


@dataclass(frozen=True)
class _Kept:
    """One file of keys."""

    path: str = ""
    """From the top of the repository; empty where there is none."""
    content: bytes = b""
    keys: Mapping[str, TrustedKey] = field(default_factory=dict)
    """By their ids."""


def verdict_key_changes(
    base: PolicyBase, top: Repository, part: Part
) -> tuple[tuple[PolicyChange, ...], tuple[Finding, ...]]:
    """Compare the files that `readiness verify` finds in the folder of the checklist and above: the nearest counts.

    A new key is a weakening, unless a key that is trusted so far has signed the new file (`verdict_keys.sig` beside
    it), the file names the one that it replaces (a line `replaces sha256:…`), and the policy branch never had it.

    Args:
        base: The policy that judges.
        top: The repository, seen from its top.
        part: Reads files.

    Returns:
        What differs, and what cannot be compared.

    Raises:
        RecordsError: Git cannot tell.
    """
    before: list[_Kept] = []
    after: list[_Kept] = []
    unknown: list[Finding] = []
    for folder in _upwards(posixpath.dirname(base.path)):
        path = posixpath.join(folder, TRUSTED_KEYS_FILE)
        try:
            old, new = part(path, pem.LIMIT)
            before += [] if old is None else [_Kept(path, old, _trusted_so_far(old, path))]
            read = _trusted_so_far if new == old else _keys
            after += [] if new is None else [_Kept(path, new, read(new, path))]
        except (RecordsError, AttestationError) as error:
            message = f"the proposed keys for verdicts cannot be used: {error.summary}"
            unknown.append(Finding(message=message, rule="policy-unreadable", path=path, remedy=error.remedy))
    if unknown:
        return (), tuple(unknown)
    found = dict.fromkeys(
        change
        for folder in _upwards(posixpath.dirname(base.path))
        for change in _compare(_nearest(before, folder), _nearest(after, folder), base, top)
    )
    return tuple(found), ()


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


def _nearest(kept: list[_Kept], folder: str) -> _Kept:
    paths = [posixpath.join(above, TRUSTED_KEYS_FILE) for above in _upwards(folder)]
    return next((one for path in paths for one in kept if one.path == path), _Kept())


def _keys(content: bytes | bytearray, path: str) -> dict[str, TrustedKey]:
    return {key.id: key for key in read_trusted_keys(content, path)}


def _trusted_so_far(content: bytes, path: str) -> dict[str, TrustedKey]:
    """The keys of the policy's file; one that cannot be read lets nobody be trusted."""
    try:
        return _keys(content, path)
    except AttestationError:
        return {}


def _compare(old: _Kept, new: _Kept, base: PolicyBase, top: Repository) -> Iterator[PolicyChange]:
    added = [key for key in new.keys if key not in old.keys]
    signer = _rotated_by(old, new, base, top) if added else None
    lines = (
        {key: block.line for block in pem.blocks(new.content) for key in _keys(block.text, new.path)} if added else {}
    )
    for key in added:
        place = posixpath.relpath(new.path, posixpath.dirname(base.path) or ".")
        text = f"trusts verdicts that a new key signs: {key[:16]}"
        yield PolicyChange(
            kind="weakens" if signer is None else "neutral",
            code="verdict-key-added" if signer is None else "verdict-key-rotated",
            text=text if signer is None else f"{text}, as the key {signer.id[:16]} has signed",
            after=key,
            source=Source(file=place, line=lines[key], column=1),
        )
    for key in old.keys:
        if key not in new.keys:
            text = f"trusts verdicts no more that the key {key[:16]} signs"
            yield PolicyChange(kind="strengthens", code="verdict-key-dropped", text=text, before=key)


def _rotated_by(old: _Kept, new: _Kept, base: PolicyBase, top: Repository) -> TrustedKey | None:
    """The old key that signed exactly this replacement of exactly the old file; None when none did."""
    named = _REPLACES.findall(new.content)
    if new.content.startswith(_DSSE) or named != [hashlib.sha256(old.content).hexdigest().encode()]:
        return None
    try:
        signature = read_file(base.top, new.path + SIGNATURE_SUFFIX, limit=_SIGNATURE_LIMIT)
    except RecordsError:
        return None
    if signature is None or _was_there(new, base, top):
        return None
    return next((key for key in old.keys.values() if key.accepts(signature, new.content)), None)


def _was_there(new: _Kept, base: PolicyBase, top: Repository) -> bool:
    """Whether the policy branch had this very file already: a key that was taken out must not come back by it."""
    with reading_history():
        log = top.read("log", "-m", "--full-history", "--format=%H", "--end-of-options", base.commit, "--", new.path)
        entries = [entry for commit in dict.fromkeys(log.split()) for entry in top.tree(commit, [new.path])]
        blobs = top.blobs(dict.fromkeys(entry.blob for entry in entries), limit=pem.LIMIT) if entries else {}
    return new.content in blobs.values()


_EVER = datetime(1, 1, 1, tzinfo=UTC)


def signer_changes(before: Roster | None, after: Roster | None) -> Iterator[PolicyChange]:
    """Compare who may sign; a roster that is not there lets nobody sign."""
    if before is not None and after is None:
        yield PolicyChange(
            kind="weakens",
            code="roster-dropped",
            text=f"drops {ALLOWED_SIGNERS}: whoever brings the next one chooses the signers",
            before=before.sha256,
        )
        return
    old, new = ({} if one is None else _all_by_key(one) for one in (before, after))
    for key, holder in old.items():
        if key not in new:
            yield _change("strengthens", "signer-dropped", f"takes the key of {holder.principal} away", holder, None)
        else:
            yield from _changed(holder, new[key])
    for key, holder in new.items():
        if key not in old:
            what = f"sign evidence as {holder.principal}" if holder.produces else f"sign as {holder.principal}"
            yield _change("weakens", "signer-added", f"lets a new key {what}", None, holder)


def _all_by_key(roster: Roster) -> dict[bytes, Holder]:
    return {holder.key.blob: holder for holder in (*roster.signers, *roster.producers)}


def _changed(old: Holder, new: Holder) -> Iterator[PolicyChange]:
    if old.produces != new.produces:
        what = "evidence, and no records" if new.produces else "records, and no evidence"
        yield _change("weakens", "signer-changed", f"lets the key of {new.principal} sign {what}", old, new)
    if old.principal != new.principal:
        yield _change("weakens", "signer-changed", f"gives the key of {old.principal} to {new.principal}", old, new)
    starts = (old.valid_after or _EVER, new.valid_after or _EVER)
    earlier, later = starts[1] < starts[0], new.valid_before > old.valid_before
    if earlier or later:
        yield _change("weakens", "signer-extended", f"lets the key of {new.principal} sign for longer", old, new)
    elif shortened(old, new):
        yield _change("strengthens", "signer-limited", f"lets the key of {new.principal} sign for less long", old, new)


def shortened(old: Holder, new: Holder) -> bool:
    """Whether there is a moment at which a key might sign, and may no more."""
    return (new.valid_after or _EVER) > (old.valid_after or _EVER) or new.valid_before < old.valid_before


def revoked_changes(before: Mapping[bytes, str], after: Mapping[bytes, str]) -> Iterator[PolicyChange]:
    """Compare which keys are void; both are fingerprints by key."""
    for key, fingerprint in before.items():
        if key not in after:
            yield PolicyChange(
                kind="weakens",
                code="key-unrevoked",
                text=f"takes a revoked key back into use: {fingerprint} is no more in {REVOKED_KEYS}",
                before=fingerprint,
            )
    for key, fingerprint in after.items():
        if key not in before:
            text = f"revokes the key {fingerprint}"
            yield PolicyChange(kind="strengthens", code="key-revoked", text=text, after=fingerprint)


def _change(kind: str, code: str, text: str, before: Holder | None, after: Holder | None) -> PolicyChange:
    place = None if after is None else Source(file=ALLOWED_SIGNERS, line=after.line, column=1)
    return PolicyChange.model_validate(
        {
            "kind": kind,
            "code": code,
            "text": text,
            "before": _written(before),
            "after": _written(after),
            "source": place,
        }
    )


def _written(holder: Holder | None) -> str:
    if holder is None:
        return ""
    start = f"from {show(holder.valid_after)} " if holder.valid_after else ""
    what = "for evidence " if holder.produces else ""
    return f"{holder.principal} {holder.key.fingerprint} {what}{start}until {show(holder.valid_before)}"
