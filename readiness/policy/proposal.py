"""Reads the proposed policy: that of the work tree."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from readiness.git import Repository
from readiness.loading import ChecklistError, validate
from readiness.loading.as_written import Resolved, read_resolved
from readiness.loading.file import LIMIT, NAMES
from readiness.outcome import Finding
from readiness.plugins import Description, PluginHost, describe_installed, installed
from readiness.policy.base import PolicyBase
from readiness.policy.commands.sections import Part
from readiness.policy.digests import committed_digests, in_work_tree, index_modes
from readiness.policy.keys import verdict_key_changes
from readiness.policy.other_checklists import other_checklists
from readiness.policy.refusals import refusals, releases_with_records
from readiness.policy.trusted_files import trusted_files
from readiness.policy.weakening import ComparedPolicy, compare, weakest_first
from readiness.records.model.errors import RecordsError
from readiness.records.ssh.public_key import KeyRefusedError
from readiness.records.storage.allowed_signers import (
    ALLOWED_SIGNERS,
    REVOKED_KEYS,
    ROSTER_LIMIT,
    Roster,
    once_revoked,
    parse_revoked,
    parse_roster,
)
from readiness.records.storage.commit import load_committed
from readiness.records.storage.reading import read_committed, read_file
from readiness.report import PolicyChange
from readiness.text import short

_SHOWN = 50


@dataclass(frozen=True)
class Proposal:
    """What is proposed, against what judges."""

    base: PolicyBase
    changes: tuple[PolicyChange, ...]
    unknown: tuple[Finding, ...]
    """Why a part of the proposed policy cannot be compared."""
    settings: int
    """How many settings of the judging policy were compared."""
    notices: tuple[str, ...]

    @property
    def weakens(self) -> tuple[PolicyChange, ...]:
        """What weakens."""
        return tuple(change for change in self.changes if change.kind == "weakens")


@dataclass
class _Reader:
    """Reads one part after the other, and keeps what could not be read."""

    base: PolicyBase
    top: Repository
    behind: list[str] = field(default_factory=list)
    """Files that the policy branch has changed since, and what is judged has not."""
    unknown: list[Finding] = field(default_factory=list)

    def part(self, path: str, limit: int) -> tuple[bytes | None, bytes | None]:
        """A file in the policy's commit and in the work tree; the same twice when only the policy branch changed it.

        Raises:
            RecordsError: One of them cannot be read.
        """
        before = read_committed(self.top, self.base.commit, path, limit)
        after = read_file(self.top.folder, path, limit=limit)
        if _like(before, after):
            return before, before
        if all(_like(read_committed(self.top, at, path, limit), after) for at in self.base.merge_bases):
            self.behind.append(path)
            return before, before
        return before, after

    def below(self, name: str) -> str:
        """Path from the top of a file beside the checklist."""
        return (self.base.root / name).relative_to(self.base.top).as_posix()

    def cannot_describe(self, names: Iterable[str]) -> None:
        """Note installed checks that give no description: they may be asked, and nobody knows by which files."""
        for name in names:
            reason = f"which files the check `{name}` trusts is not known: it cannot be described"
            self.cannot(self.base.path, reason, "see what `readiness doctor` says about it")

    def stale(self, part: Part) -> None:
        """Note a file that items are judged by, and that the policy branch has changed since."""
        reason = (
            f"items would be judged by the older {part} of what is judged: {short(self.base.ref)} has changed it since"
        )
        remedy = f"rebase onto {short(self.base.ref)}, or merge it"
        path = posixpath.relpath(part.path, posixpath.dirname(self.base.path) or ".")
        self.unknown.append(Finding(message=reason, rule="trusted-file-stale", path=path, remedy=remedy))

    def cannot(self, path: str, reason: str, remedy: str) -> None:
        self.unknown.append(Finding(message=reason, rule="policy-unreadable", path=path, remedy=remedy))


def read_proposal(base: PolicyBase, host: PluginHost, *, release: str = "") -> Proposal:
    """Compare the policy of the work tree with the one that judges.

    A part that only the policy branch changed since what is judged left it is not a change that is proposed: merging
    keeps what the branch says. A part that both changed is compared as it is. A file by which items are judged is read
    from the work tree, so an older one that the policy branch has replaced is unknown.

    Args:
        base: The policy that judges.
        host: Answers about checks.
        release: The release that the command line names; empty when it names none.

    Raises:
        ChecklistError: The checklist that judges cannot be used.
        RecordsError: The roster that judges cannot be used, or git cannot give it.
    """
    reader = _Reader(base, Repository(base.top))
    judging, proposed = _checklists(reader, host)
    names = {item.check for item in judging.checklist.items}
    # of a check that only the proposal uses nothing is compared, but whether it runs commands
    checks = describe_installed(host, names | {item.check for item in (proposed or judging).checklist.items})
    reader.cannot_describe(sorted((names & installed("readiness.checks").keys()) - checks.keys()))
    allowed = _rosters(reader)
    revoked = _revoked(reader)
    files = _files(reader, judging, checks)
    keys, unreadable = verdict_key_changes(base, reader.top, reader.part)
    reader.unknown.extend(unreadable)
    records = load_committed(Repository(base.root), base.commit).kept.records
    folder, signed = posixpath.dirname(base.path), releases_with_records(records)
    trusted = allowed[0] and replace(allowed[0], revoked=frozenset(revoked[0]))
    refused = refusals(records, trusted, judging.checklist)
    before = ComparedPolicy(judging, allowed[0], revoked[0], files[0], folder, signed, refused=refused)
    after = ComparedPolicy(proposed, allowed[1], revoked[1], files[1], asked=release)
    changes = weakest_first((*compare(before, after, checks), *keys, *other_checklists(base, reader.top)))
    return Proposal(base, changes, tuple(reader.unknown[:_SHOWN]), before.settings, tuple(_notices(reader)))


def _notices(reader: _Reader) -> Iterator[str]:
    base = reader.base
    if base.name and base.name == f"refs/heads/{reader.top.branch}":
        yield f"{base.ref} is the branch that is checked out: its own commits are judged by themselves"
    if reader.behind:
        names = ", ".join(reader.behind)
        yield f"{base.ref} has changed {names} since: what is judged is behind it, and its newer version judges"


def _checklists(reader: _Reader, host: PluginHost) -> tuple[Resolved, Resolved | None]:
    base = reader.base
    before = read_resolved(base.place, content=base.content, shown=base.shown)
    try:
        place = _place(base)
        path = place.relative_to(base.top).as_posix()
        content = reader.part(path, LIMIT)[1] if place == base.place else read_file(base.top, path, limit=LIMIT)
        if content is None:
            return before, None
        if content == base.content:
            return before, before
        mistakes = validate(place, host=host)
        proposed = before if mistakes else read_resolved(place, content=content)
    except ChecklistError as error:
        mistakes, proposed = list(error.diagnostics), before
    except RecordsError as error:
        reader.cannot(base.path, f"the proposed checklist cannot be read: {error.summary}", "make it a plain file")
        return before, before
    if mistakes:
        why = f"the proposed checklist cannot be used: {mistakes[0].place}: {mistakes[0].message}"
        reader.cannot(base.path, why, "run `readiness validate`")
    return before, proposed


def _place(base: PolicyBase) -> Path:
    """Where the proposed checklist is: it may have taken the other usual name."""
    if base.place.name in NAMES and not base.place.exists() and not base.place.is_symlink():
        others = [base.root / name for name in NAMES if name != base.place.name]
        return next((other for other in others if other.exists() or other.is_symlink()), base.place)
    return base.place


def _rosters(reader: _Reader) -> tuple[Roster | None, Roster | None]:
    path = reader.below(ALLOWED_SIGNERS)
    committed = read_committed(reader.top, reader.base.commit, path, ROSTER_LIMIT)
    before = None if committed is None else parse_roster(committed)
    try:
        content = reader.part(path, ROSTER_LIMIT)[1]
        return before, None if content is None else parse_roster(content)
    except RecordsError as error:
        reader.cannot(path, f"the proposed roster cannot be used: {error.summary}", error.remedy)
    return before, before


def _revoked(reader: _Reader) -> tuple[Mapping[bytes, str], Mapping[bytes, str]]:
    path = reader.below(REVOKED_KEYS)
    before: Mapping[bytes, str] = {}
    try:
        committed = read_committed(reader.top, reader.base.commit, path, ROSTER_LIMIT)
        before = once_revoked(committed or b"")
        content = reader.part(path, ROSTER_LIMIT)[1] or b""
        parse_revoked(content)
        return before, once_revoked(content)
    except (RecordsError, KeyRefusedError) as error:
        reader.cannot(path, f"the proposed list of revoked keys cannot be used: {error}", "correct its lines")
    return before, before


def _files(
    reader: _Reader, judging: Resolved, checks: Mapping[str, Description]
) -> tuple[dict[str, str], dict[str, str]]:
    base = reader.base
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    parts = trusted_files(judging, reader.top, base, checks)
    digests = committed_digests(reader.top, base.commit, parts)
    modes = index_modes(reader.top) if parts else {}
    now = {part: in_work_tree(reader.top, part, modes) for part in parts}
    changed = [part for part in parts if now[part] != digests[part]]
    earlier = [committed_digests(reader.top, at, changed) for at in base.merge_bases] if changed else []
    for part in parts:
        before[str(part)] = after[str(part)] = digests[part]
        if part not in changed:
            continue
        if {each[part] for each in earlier} == {now[part]}:
            # merging keeps what the branch says, but this run would read what is in the work tree
            reader.stale(part)
        else:
            after[str(part)] = now[part]
    return before, after


def _like(one: bytes | None, other: bytes | None) -> bool:
    """Whether two contents are the same but for the ends of lines, which git may change on the way to the work tree."""
    if one is None or other is None:
        return one is other
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")
