"""Compares allowed signers and revoked keys."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from readiness.checklist import Source
from readiness.moment import show
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, REVOKED_KEYS, Holder, Roster
from readiness.report import PolicyChange

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
