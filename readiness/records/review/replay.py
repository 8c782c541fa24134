"""Judges records as they stood after earlier commits of the policy branch, from one reading of its history."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Never

from readiness.git import Repository
from readiness.loading import NAMES, ChecklistError
from readiness.loading.as_written import Declared, read_declared
from readiness.loading.file import LIMIT
from readiness.outcome import SignoffState
from readiness.records.history.branch import BranchCommit
from readiness.records.history.changes import GitHistory, NoHistory
from readiness.records.history.checklist_versions import read_item_version
from readiness.records.history.earlier_policy import EarlierPolicy
from readiness.records.history.log import read_log
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.model import globs
from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People
from readiness.records.review.ledger import Entry, Ledger, Loader
from readiness.records.storage.allowed_signers import (
    ALLOWED_SIGNERS,
    REVOKED_KEYS,
    Roster,
)
from readiness.records.storage.commit import restore_records
from readiness.records.storage.covered_files import CoveredFiles
from readiness.records.storage.reading import reading_history
from readiness.records.storage.work_tree import Record, Records, record_path

Loaders = Callable[[bytes, str], Loader]
"""Gives what loads a checklist, from its bytes and from what to call it."""
_LINE = ("--first-parent", "--diff-merges=first-parent")


class Replay:
    """The policy branch, looked at from each of its commits.

    Args:
        evidence: What records are judged by at its tip; it has a history.
        repository: Seen from the folder of the checklist.
        file: Name of the checklist file.
        loaders: How to load a checklist.

    Raises:
        RecordsError: The history cannot be read.
    """

    def __init__(self, evidence: RecordEvidence, repository: Repository, file: str, loaders: Loaders) -> None:
        if evidence.earlier_policy is None:
            raise ValueError("a replay needs a history")
        self._evidence, self._repository, self._loaders = evidence, repository, loaders
        self._earlier_policy: EarlierPolicy = evidence.earlier_policy
        self._tip = evidence.policy or repository.head
        self._names = (file, *(name for name in NAMES if name != file))
        self._load: dict[bytes, Loader] = {}
        self._declared: dict[bytes, Declared | None] = {}
        self._files = CoveredFiles()
        self._history = GitHistory(evidence.root, self._tip)
        self._changes: list[int] | None = None
        self.line: tuple[BranchCommit, ...] = evidence.branch.line
        self._number = {commit.commit: commit.position for commit in self.line}

    @cached_property
    def checklists(self) -> dict[int, tuple[str, bytes]]:
        """Name and bytes of each version of the checklist, by position; no bytes where it was removed.

        Raises:
            RecordsError: Git cannot give them.
        """
        found: dict[int, tuple[str, str]] = {}
        for name in reversed(self._names):
            found.update({position: (name, blob) for position, blob in self._earlier_policy.versions(name)})
        blobs = {blob for _name, blob in found.values() if blob}
        with reading_history():
            content = self._repository.blobs(blobs, limit=LIMIT)
        return {position: (name, content.get(blob, b"")) for position, (name, blob) in sorted(found.items())}

    @cached_property
    def lost(self) -> tuple[Record, ...]:
        """Records that were on the branch, and that a commit of it deleted or edited.

        Raises:
            RecordsError: Git cannot give them.
        """
        kept = {record.digest for record in self._evidence.kept.records}
        files: list[tuple[str, str]] = []
        for digest, place in self._ends.items():
            if digest not in kept:
                paths = [record_path(digest), record_path(digest, "sig")]
                with reading_history():
                    entries = self._repository.tree(self.line[place - 1].commit, paths)
                files += [(entry.path, entry.blob) for entry in entries]
        return tuple({record.digest: record for record in restore_records(self._repository, files)}.values())

    @cached_property
    def _taken(self) -> frozenset[str]:
        return frozenset(record.digest for record in self.lost)

    @cached_property
    def seen(self) -> dict[str, BranchCommit]:
        """The commit that first brought each record, in the form that counted before anything was done to it.

        Raises:
            RecordsError: Git cannot tell.
        """
        first = self._evidence.branch.first
        return {**self._evidence.seen, **{record.digest: first[record.path] for record in self.lost}}

    @cached_property
    def _ends(self) -> dict[str, int]:
        """Where a commit first deleted or edited a record, by digest."""
        ends: dict[str, int] = {}
        for found in self._evidence.violations:
            place = self._number.get(found.commit)
            if found.digest and place:
                ends.setdefault(found.digest, place)
        return ends

    def ever_asked(self, item: str) -> bool:
        """Whether any version of the checklist had an item.

        Raises:
            RecordsError: Git cannot tell.
        """
        return any(
            read_item_version(name, content, item).item is not None for name, content in self.checklists.values()
        )

    def trusted(self) -> set[int]:
        """Positions at which the roster or the revoked keys changed."""
        return {
            position for path in (ALLOWED_SIGNERS, REVOKED_KEYS) for position, _ in self._earlier_policy.versions(path)
        }

    def changed(self, patterns: Iterable[str], paths: Iterable[str]) -> set[int]:
        """Positions at which a file changed that matches a pattern, or is one of these.

        From then on, covered files are read at these positions only, so the patterns have to be all that are judged by.

        Args:
            patterns: As in `covers`, as they are written.
            paths: Literal paths.

        Raises:
            RecordsError: Git cannot tell.
        """
        exact, wanted = set(paths), {pattern for pattern in patterns if not pattern.startswith(globs.OUT)}
        folders = sorted({*exact, *(globs.root(pattern) for pattern in wanted)})
        if not folders:
            self._changes = []
            return set()
        with reading_history():
            logged = list(read_log(self._repository, self._tip, _LINE, folders))
        found = {
            self._number[one.commit]
            for one in logged
            if one.commit in self._number
            and any(change.path in exact or globs.may_match(change.path, wanted) for change in one.changes)
        }
        self._changes = sorted(found)
        return found

    def entries(
        self,
        records: Iterable[Record],
        among: Sequence[Record],
        position: int,
        moment: datetime,
        *,
        explained: bool = False,
    ) -> dict[str, Entry]:
        """How records stood at a moment after a commit, by digest, of those that were on the branch.

        A withdrawal may be there with several signatures, and one that holds is enough.

        Args:
            records: The records.
            among: All that have a say in it: every record of the item, whatever release and environment it is for.
            position: Of the commit, on the line.
            moment: The moment.
            explained: Whether to look up in git who changed what; that takes a while.

        Raises:
            RecordsError: Git cannot tell.
        """
        here = [record for record in records if self._arrived(record, position)]
        if not here:
            return {}
        there = [record for record in among if self._arrived(record, position)]
        ledger = self._ledger(there, position, moment, explained=explained)
        found: dict[str, Entry] = {}
        for entry in map(ledger.entry, here):
            if entry.record not in found or entry.state == SignoffState.VALID:
                found[entry.record] = entry
        return found

    def _arrived(self, record: Record, position: int) -> bool:
        seen = self.seen.get(record.digest)
        gone = self._ends.get(record.digest, len(self.line)) if record.digest in self._taken else len(self.line)
        return seen is not None and seen.position <= position < gone

    def _ledger(self, records: list[Record], position: int, moment: datetime, *, explained: bool) -> Ledger:
        commit = self.line[position].commit
        name, content = self._checklist_at(position)
        if self._changes is not None:
            before = bisect_right(self._changes, position)
            self._files.same[commit] = self.line[self._changes[before - 1] if before else 0].commit
        evidence = replace(
            self._evidence,
            files=self._files,
            now=moment,
            kept=Records(tuple(records)),
            roster=self._roster(position),
            policy=commit,
            content=commit,
            branch=replace(
                self._evidence.branch,
                seen={digest: seen for digest, seen in self.seen.items() if seen.position <= position},
            ),
        )
        said = self._said(name, content)
        if said is not None:
            evidence = replace(evidence, rules=said.rules, people=People(said.people))
        history = self._history.at(commit) if explained else NoHistory()
        return Ledger(evidence, self._loader(content, f"{commit[:10]}:{name}"), history=history)

    def _said(self, name: str, content: bytes) -> Declared | None:
        """The rules of a checklist; None for one whose items cannot be judged either, and the ledger says why."""
        if content not in self._declared:
            self._declared[content] = None
            with suppress(ChecklistError):
                self._declared[content] = read_declared(Path(name), content) if content else Declared()
        return self._declared[content]

    def _checklist_at(self, position: int) -> tuple[str, bytes]:
        positions = list(self.checklists)
        index = bisect_right(positions, position)
        return self.checklists[positions[index - 1]] if index else (self._names[0], b"")

    def _loader(self, content: bytes, shown: str) -> Loader:
        if not content:
            return _nothing
        # what it is called depends on the commit, what it says on the bytes alone
        return self._load.setdefault(content, self._loaders(content, shown))

    def _roster(self, position: int) -> Roster:
        """The roster of then; one of nobody where it could not be used. A key that was revoked once stays revoked."""
        found = self._earlier_policy.roster(position) or Roster(())
        return replace(found, revoked=found.revoked | self._earlier_policy.revoked_until(position))


def _nothing(_environment: str, _release: str) -> Never:
    raise RecordsError("there was no checklist then", "choose a later date")
