"""What changed since a person last signed an item: the covered files, line by line."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from readiness.git import GitError, Repository
from readiness.records.history.changes import compare
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.question import Question
from readiness.records.judging.rejections import content_commit
from readiness.records.judging.signature import check_signature, rejects
from readiness.records.model.statement import Signoff
from readiness.records.storage.covered_files import link_digest
from readiness.records.storage.reading import LINK
from readiness.records.storage.work_tree import Record
from readiness.text import count, short, storable

_LARGEST = 256 * 1024
"""Bytes; of a larger file no lines are shown."""
_MOST_LINES = 400
"""Lines shown of one item."""


@dataclass(frozen=True)
class Since:
    """What a person has to look at."""

    head: str
    """One sentence."""
    lines: tuple[str, ...] = ()
    """A unified diff; empty where nothing changed, or the lines are not known."""


def since_last_signed(question: Question, each: str, principal: str, evidence: RecordEvidence) -> Since:
    """Compare what is signed now with what a person signed last.

    Args:
        question: What the item requires now.
        each: For which name of a matrix.
        principal: Who signs, under any name.
        evidence: All records.
    """
    last = _last(question, each, principal, evidence)
    if last is None:
        return Since("you have not signed it before")
    record, said = last
    when = f"you {'rejected' if rejects(said) else 'signed'} it on {said.signed_at.date()}"
    if said.item_text != question.item.title:
        when += f", when its words were `{short(said.item_text)}`"
    if not question.policy.covers:
        return Since(f"{when}; it covers no file")
    wanted = {subject.name: subject.digest.sha256 for subject in question.subjects}
    changes = compare(record.statement.subjects, wanted)
    if not changes:
        return Since(f"{when}; nothing of what it covers changed since")
    head = f"{when}; since then {count(len(changes), 'covered file')} changed:"
    try:
        lines = _diff(record, wanted, evidence, question.policy.covers)
    except GitError:
        lines = {}
    if not lines:
        named = [f"{change.path} {change.what}" for change in changes]
        return Since(f"{head} what you signed is not in this clone, so no lines can be shown", tuple(named))
    return Since(head, tuple(_cut(lines)))


def _cut(changes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The first lines of all changes; of files whose lines are not among them, the names."""
    left = _MOST_LINES
    for name, lines in changes.items():
        if not left:
            yield f"{short(name)}: {count(len(lines), 'more line')}"
            continue
        yield from lines[:left]
        if len(lines) > left:
            yield f"and {count(len(lines) - left, 'more line')} of {short(name)}"
        left -= min(left, len(lines))


def _last(question: Question, each: str, principal: str, evidence: RecordEvidence) -> tuple[Record, Signoff] | None:
    """The newest sign-off of the item by a person, whatever it was given for."""
    mine = [
        (record, said)
        for record in evidence.kept.records
        if (said := record.signoff) is not None
        and (said.project, said.item, said.each) == (question.project, question.item.id, each)
        and evidence.people.same(said.signer.principal, principal)
        and check_signature(record, evidence).genuine
    ]
    return max(mine, key=lambda one: (one[1].signed_at, one[0].digest), default=None)


def _diff(
    record: Record, wanted: Mapping[str, str], evidence: RecordEvidence, patterns: tuple[str, ...]
) -> dict[str, list[str]]:
    """The changed lines by file; none where what was signed is not known."""
    signed, repository = record.statement.subjects, Repository(evidence.root)
    differing = sorted({*signed, *wanted} - {name for name in signed if wanted.get(name) == signed[name]})
    named = record.statement.predicate.commit
    before = _contents(repository, named, differing, signed) if named else None
    if before is None and (other := content_commit(evidence, patterns, signed)):
        before = _contents(repository, other, differing, signed)
    after = _contents(repository, evidence.content or repository.head, differing, wanted)
    if before is None or after is None:
        return {}
    return {name: list(_unified(name, before.get(name), after.get(name))) for name in differing}


def _contents(
    repository: Repository, commit: str, names: list[str], digests: Mapping[str, str]
) -> dict[str, bytes] | None:
    """Bytes of files of a commit; None where it has not exactly what was signed."""
    wanted = {name for name in names if name in digests}
    try:
        entries = {entry.path: entry for entry in repository.tree(commit, sorted(wanted))} if wanted else {}
        blobs = repository.blobs({entry.blob for entry in entries.values()}, limit=_LARGEST)
    except GitError:
        return None
    if not wanted <= entries.keys():
        return None
    found = {name: blobs.get(entries[name].blob) for name in wanted}
    for name, data in found.items():
        digest = link_digest if entries[name].mode == LINK else _file_digest
        if data is not None and digest(data) != digests[name]:
            return None
    return {
        name: _TOO_LARGE if data is None else _LEADS_TO + data if entries[name].mode == LINK else data
        for name, data in found.items()
    }


def _file_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_TOO_LARGE = b"\0"
"""Stands for the content of a large file, of which no lines are shown."""
_LEADS_TO = b"link to "


def _unified(name: str, before: bytes | None, after: bytes | None) -> Iterator[str]:
    shown = short(name)
    if b"\0" in (before or b"") or b"\0" in (after or b""):
        yield f"{shown}: binary or large; its lines are not shown"
        return
    one, other = (_lines(data or b"") for data in (before, after))
    labels = (shown if before is not None else "(no file)", shown if after is not None else "(no file)")
    lines = list(difflib.unified_diff(one, other, *labels, lineterm=""))
    if not lines:
        what = "is new, and empty" if before is None else "was empty, and is removed" if after is None else _UNSEEN
        lines = [f"{shown} {what}"]
    yield from map(storable, lines)


_UNSEEN = "changed in its line ends alone, in bytes that are no text, or from a file to a link"


def _lines(data: bytes) -> list[str]:
    """Lines of a text; bytes that are none are written out."""
    lines = data.decode("utf-8", "backslashreplace").split("\n")
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]
