"""Reads the git repository that is judged, with plumbing commands only, without replace refs."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from readiness.git_objects import GitObjects
from readiness.git_program import GitError, GitProgram

__all__ = ["Commit", "GitError", "Repository", "TreeEntry"]


@dataclass(frozen=True)
class Commit:
    """One commit."""

    id: str
    author: str
    """E-mail address of the author."""
    committed_at: datetime
    subject: str


@dataclass(frozen=True)
class TreeEntry:
    """One file of a tree."""

    path: str
    mode: str
    """`100644`, `100755`, `120000` (link) or `160000` (submodule)."""
    blob: str
    """Object id."""


class Repository:
    """A git repository with a work tree, seen from a folder in it.

    Paths given and returned are relative to that folder, with `/`.
    """

    def __init__(self, folder: Path) -> None:
        """Open the repository.

        Raises:
            GitError: `folder` is not in a git repository, or git is not installed.
        """
        self.folder = folder
        self._program = GitProgram(folder)
        self._objects = GitObjects(folder, self._program)
        self.top = Path(self._facts[2])

    @classmethod
    def find(cls, folder: Path) -> "Repository | None":
        """Open the repository of a folder; None where there is none."""
        try:
            return cls(folder)
        except GitError:
            return None

    def _call(self, *args: str) -> str:
        return self._program.run(args).decode("utf-8", "surrogateescape")

    def read_once(self, *args: str) -> str:
        """Run a git command whose answer depends on objects alone: once, however often it is asked.

        Args:
            args: Commits by their full ids; the answer must not depend on refs, the index or the work tree.

        Raises:
            GitError: It failed.
        """
        return self._objects.ask(args).decode("utf-8", "surrogateescape")

    def read(self, *args: str) -> str:
        """Run a reading git command and return what it printed.

        Raises:
            GitError: It failed.
        """
        return self._call(*args)

    def read_bytes(self, *args: str) -> bytes:
        """Run a reading git command and return the bytes that it printed."""
        return self._program.run(args)

    @cached_property
    def _facts(self) -> tuple[str, str, str]:
        """Whether history is cut off, the path from the top to the folder, and the top; none of them changes."""
        told = self.read_once("rev-parse", *_FACTS).removesuffix("\n").split("\n")
        if len(told) == len(_FACTS):
            return told[0], told[1], told[2]
        shallow, prefix, top = (self.read_once("rev-parse", fact).removesuffix("\n") for fact in _FACTS)
        return shallow, prefix, top

    @property
    def prefix(self) -> str:
        """Path of the folder from the top of the repository, with a `/` at its end; empty at the top."""
        return self._facts[1]

    @cached_property
    def head(self) -> str:
        """Object id of HEAD; empty before the first commit."""
        known = self._objects.commit("HEAD")
        if known is not None:
            return known
        try:
            return self._call("rev-parse", "--verify", "--quiet", "HEAD^{commit}").strip()
        except GitError:
            return ""

    @cached_property
    def branch(self) -> str:
        """Name of the branch; empty when HEAD is detached."""
        try:
            return self._call("symbolic-ref", "--quiet", "--short", "HEAD").strip()
        except GitError:
            return ""

    @property
    def shallow(self) -> bool:
        """Whether history is cut off, as CI checkouts have it by default."""
        return self._facts[0] == "true"

    def resolve(self, ref: str) -> str:
        """Object id of the commit that a ref names.

        Raises:
            GitError: There is no such commit.
        """
        known = self._objects.commit(ref) if ref == "HEAD" or _OBJECT_ID.fullmatch(ref) else None
        if known is not None:
            return known
        call = self.read_once if _OBJECT_ID.fullmatch(ref) else self._call
        try:
            return call("rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}").strip()
        except GitError as error:
            # asked to be quiet, git says nothing of it; anything that it does say is another trouble
            if "fatal:" in str(error) or "error:" in str(error):
                raise
            raise GitError("git knows no such commit here") from error

    def merge_base(self, one: str, other: str) -> str:
        """Object id of the newest commit that two commits both contain; empty when they share no history.

        Raises:
            GitError: There is no such commit.
        """
        ids = (self.resolve(one), self.resolve(other))
        try:
            return self.read_once("merge-base", *ids).split()[0]
        except GitError as error:
            if error.__cause__ is not None and getattr(error.__cause__, "status", None) == 1:
                return ""
            raise

    def commit(self, ref: str = "HEAD") -> Commit:
        """Read one commit."""
        return _commits(self._call("log", "-1", *_FORMAT, "-z", "--end-of-options", ref))[0]

    def parents(self, commit: str) -> tuple[str, ...]:
        """Object ids of the commits that a commit builds on, the branch that was merged into first.

        Raises:
            GitError: There is no such commit.
        """
        return tuple(self._call("rev-list", "--parents", "-1", self.resolve(commit)).split()[1:])

    def changed_files(self) -> list[str]:
        """Tracked files that differ from HEAD and untracked ones that are not ignored, below this folder."""
        out = self._call("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", ".")
        names = [entry[3:] for entry in out.split("\0") if entry]
        return [self._relative(name) for name in names]

    def untracked_files(self) -> list[str]:
        """Files below this folder that git neither has nor ignores."""
        return [name for name in self._call("ls-files", "-z", "--others", "--exclude-standard").split("\0") if name]

    def tracked_files(self, paths: Sequence[str] = (".",)) -> list[str]:
        """Files in the index below these folders."""
        out = self._call("ls-files", "-z", "--cached", "--", *paths)
        return sorted({name for name in out.split("\0") if name})

    def tree(self, ref: str = "HEAD", paths: Sequence[str] = (".",)) -> list[TreeEntry]:
        """Files of a commit below these folders, links and submodules included.

        Raises:
            GitError: There is no such commit.
        """
        asked = ("ls-tree", "-r", "-z", self.resolve(ref), "--")
        whole = self._objects.known((*asked, "."))
        if not paths or whole is None or len(whole) > _SMALL_TREE or not all(map(_PLAIN.fullmatch, paths)):
            return _entries(self.read_once(*asked, *paths))
        below = tuple(f"{path}/" for path in paths)
        entries = _entries(whole.decode("utf-8", "surrogateescape"))
        return [entry for entry in entries if entry.path in paths or entry.path.startswith(below)]

    def blob(self, object_id: str) -> bytes:
        """Bytes of a blob.

        Raises:
            GitError: There is no such blob.
        """
        return self.read_bytes("cat-file", "blob", object_id)

    def blob_up_to(self, limit: int, object_id: str) -> bytes | None:
        """Bytes of a blob; None when there are more than the limit.

        Raises:
            GitError: There is no such blob.
        """
        return self._objects.blob(object_id, limit=limit)

    def blobs(self, object_ids: Iterable[str], *, limit: int) -> dict[str, bytes]:
        """Bytes of many blobs, by object id, read by one process.

        Args:
            object_ids: Full ids.
            limit: Bytes; larger blobs are left out.

        Raises:
            GitError: There is no such blob.
        """
        return self._objects.blobs(object_ids, limit=limit)

    def sizes_of_blobs(self, object_ids: Iterable[str]) -> dict[str, int]:
        """Bytes of many blobs, by object id, asked of one process.

        Raises:
            GitError: There is no such blob.
        """
        return self._objects.sizes(object_ids)

    def sha256_of_blobs(self, object_ids: Iterable[str]) -> dict[str, str]:
        """SHA-256 of the bytes of many blobs, by object id, read through one process.

        Raises:
            GitError: There is no such blob.
        """
        return self._objects.digests(object_ids)

    def commits(self, *paths: str, since: str = "", until: str = "HEAD", limit: int = 0) -> list[Commit]:
        """Commits that touched these paths, the newest first.

        Args:
            paths: Files or folders; none means every commit.
            since: Leave out what is reachable from this ref.
            until: Ref to start from.
            limit: Stop after so many; 0 for all.
        """
        args = ["log", *_FORMAT, "-z", "--full-history"]
        if limit:
            args.append(f"-{limit}")
        args.append(self.resolve(until))
        if since:
            args.append("^" + self.resolve(since))
        return _commits(self._call(*args, "--", *paths))

    def ignored(self, paths: Iterable[str]) -> set[str]:
        """Which of these files git ignores; a tracked file is never ignored, nor is one that does not exist.

        Raises:
            GitError: A path lies outside the repository.
        """
        wanted = list(paths)
        if not wanted:
            return set()
        # Not `check-ignore`: it refuses literal pathspecs, and its exit code 1 is an answer, not a failure.
        out = self._call("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *wanted)
        return set(out.split("\0")) & set(wanted)

    def _relative(self, name: str) -> str:
        """Turn a path relative to the top of the repository into one relative to this folder."""
        return Path(os.path.relpath(self.top / name, self.folder.resolve())).as_posix()


_FACTS = ("--is-shallow-repository", "--show-prefix", "--show-toplevel")
_OBJECT_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
"""A full object id, of SHA-1 or of SHA-256."""
_FORMAT = ("--format=tformat:%H%x00%ae%x00%cI%x00%s", "--encoding=none")
"""A commit does not choose in which encoding its fields are read."""
_FIELDS = 4
_SMALL_TREE = 2**18
"""Bytes of a tree that is searched here sooner than git starts."""
_PLAIN = re.compile(r"(?!\.{0,2}(?:/|$))[^/\0]+(?:/(?!\.{0,2}(?:/|$))[^/\0]+)*")
"""A path that is written as git writes it: no part of it is empty, `.` or `..`."""


def _entries(text: str) -> list[TreeEntry]:
    entries = []
    for line in filter(None, text.split("\0")):
        meta, name = line.split("\t", 1)
        mode, _kind, blob = meta.split(" ")
        entries.append(TreeEntry(path=name, mode=mode, blob=blob))
    return entries


def _commits(text: str) -> list[Commit]:
    commits = []
    fields = text.split("\0")
    for start in range(0, len(fields) - 1, _FIELDS):
        identifier, author, date, subject = fields[start : start + _FIELDS]
        commits.append(Commit(identifier, author, datetime.fromisoformat(date), subject))
    return commits
