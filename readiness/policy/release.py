"""Compares the release that is judged: one that is set back brings the approvals of that release back."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from readiness.records.storage.work_tree import Record
from readiness.report import PolicyChange

_VERSION = re.compile(
    r"(?P<name>\D*?)v?(?P<numbers>\d+(?:[.\-_]\d+)*)"
    r"(?:[-+~._]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|post|final|ga|snapshot|hotfix|build)[-.]?\d*)?(?:\+.*)?",
    re.IGNORECASE,
)
"""`3.0.0`, `v3.0-rc1`, `billing-12`, `2026-11-27`."""


def release_changes(own: str, proposed: str, asked: str, signed: frozenset[str]) -> Iterator[PolicyChange]:
    """Compare releases.

    A newer version is no weakening. An older version is one, and so is any other release that there are records for:
    approvals that were given for it would count again. So is no release, for which an approval would hold for ever.

    Args:
        own: The release that the judging checklist names.
        proposed: The one that the proposed checklist names.
        asked: The one that the command line names; empty when it names none.
        signed: Releases for which the policy's commit has records.
    """
    if proposed != own:
        yield _change(own, proposed, signed)
    if asked and own and _judged_by_value(own) and asked != own:
        how = _order(asked, own)
        if how == "older" or (how == "other" and asked in signed):
            text = f"judges another release than the policy's (`--release`): {_why(how)}"
            yield _weakens("release-set-back", text, own, asked)


def releases_with_records(records: Iterable[Record]) -> frozenset[str]:
    """Releases for which there are records, whether their signatures are good or not."""
    said = (record.signoff or record.waiver for record in records)
    return frozenset(one.release for one in said if one is not None and one.release)


def _judged_by_value(release: str) -> bool:
    """Whether a release is written out; a reference (`${tag}`) is only ever replaced by the command line."""
    return "$" not in release


def _order(one: str, other: str) -> Literal["older", "same", "newer", "other"]:
    """How a release stands to another: by their numbers, or `other` where they are no versions of one form."""
    found, base = _VERSION.fullmatch(one.strip()), _VERSION.fullmatch(other.strip())
    if found is None or base is None or found["name"].casefold() != base["name"].casefold():
        return "other"
    here, there = _numbers(found["numbers"]), _numbers(base["numbers"])
    return "same" if here == there else "older" if here < there else "newer"


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version; zeros at its end say nothing."""
    numbers = [int(part) for part in re.split(r"[.\-_]", text)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _change(own: str, proposed: str, signed: frozenset[str]) -> PolicyChange:
    how = _order(proposed, own)
    if own and not proposed:
        return _weakens("release-dropped", "names no release any more: an approval would hold for every one", own, "")
    if how == "older" or (how != "newer" and proposed in signed):
        return _weakens("release-set-back", f"sets the release back: {_why(how)}", own, proposed)
    return PolicyChange(
        kind="neutral", code="release-changed", text="names another release", before=own, after=proposed
    )


def _why(how: str) -> str:
    if how == "older":
        return "it is an older version"
    return "there are approvals or waivers for it already, which would count again"


def _weakens(code: str, text: str, before: str, after: str) -> PolicyChange:
    return PolicyChange(kind="weakens", code=code, text=text, before=before, after=after)
