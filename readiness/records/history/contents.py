"""Finds the commit of a history that has exactly the files that were signed; a squash drops the commit of then."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from readiness.git import GitError, Repository
from readiness.records.history.log import LoggedCommit, read_log
from readiness.records.model import globs
from readiness.records.model.errors import RecordsError
from readiness.records.storage.covered_files import covered, link_digest
from readiness.records.storage.reading import LINK, REGULAR, reading_history
from readiness.records.storage.work_tree import FOLDER

_LONGEST_LINK = 64 * 1024
"""Bytes of where a link leads: more than any system takes."""
_EVERY = ("--full-history", "--topo-order", "--diff-merges=separate")


class Contents:
    """What the covered files were in the commits of a history.

    Args:
        root: Folder of the checklist.
        patterns: As in `covers`.
        tip: Object id of the newest commit.

    Raises:
        RecordsError: The history cannot be read.
    """

    def __init__(self, root: Path, patterns: Sequence[str], tip: str) -> None:
        self._root, self._patterns, self._chosen = root, tuple(patterns), globs.chosen(tuple(patterns))
        with reading_history():
            self._repository = Repository(root)
            logged = list(read_log(self._repository, tip, _EVERY, self._chosen.roots))[::-1]
            self._steps = [step for step in ((one, self._touched(one)) for one in logged) if step[1]]
            entries = {entry for _one, touched in self._steps for entry in touched.values()}
            self._digests = self._repository.sha256_of_blobs(
                sorted({blob for mode, blob in entries if mode in REGULAR})
            )
            links = self._repository.blobs({blob for mode, blob in entries if mode == LINK}, limit=_LONGEST_LINK)
            self._links = {blob: link_digest(target) for blob, target in links.items()}

    def first(self, wanted: Mapping[str, str]) -> str:
        """Object id of the first commit that has exactly these files; empty when there is none.

        Args:
            wanted: Digest by path.
        """
        fitting = (one.commit for one, touched in self._steps if self._fits(touched, wanted))
        return next((commit for commit in dict.fromkeys(fitting) if self._has(commit, wanted)), "")

    def _touched(self, one: LoggedCommit) -> dict[str, tuple[str, str]]:
        """Mode and blob by path of the covered files that a commit changed."""
        return {
            change.path: (change.modes[1], change.blobs[1])
            for change in one.changes
            if not change.path.startswith(f"{FOLDER}/") and self._covers(change.path)
        }

    def _covers(self, path: str) -> bool:
        return self._chosen.takes(path)

    def _fits(self, touched: Mapping[str, tuple[str, str]], wanted: Mapping[str, str]) -> bool:
        """Whether all that a commit changed is as it is wanted."""
        return all(wanted.get(path) == self._digest(*entry) for path, entry in touched.items())

    def _digest(self, mode: str, blob: str) -> str | None:
        """Digest of a file or link; None of what is neither, or was removed."""
        if mode == LINK:
            return self._links.get(blob)
        return self._digests[blob] if mode in REGULAR else None

    def _has(self, commit: str, wanted: Mapping[str, str]) -> bool:
        try:
            there = covered(self._root, self._patterns, commit)
        except (GitError, RecordsError):
            return False  # a commit that cannot be looked at proves nothing
        return {subject.name: subject.digest.sha256 for subject in there} == dict(wanted)


@lru_cache(maxsize=16)
def contents(root: Path, patterns: tuple[str, ...], tip: str) -> Contents:
    """What the covered files were, read once: what a commit contains never changes.

    Raises:
        RecordsError: As for `Contents`.
    """
    return Contents(root, patterns, tip)
