"""Refuses evidence that the judged change brings itself: whoever wrote the source wrote it, too.

A file of evidence that is in git, as committed, is a claim of the author of that commit. With a policy branch, only one
that the branch has as well counts. Without one, nobody can tell a change from what it is based on, and a warning says
so.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from readiness.check import Context
from readiness.git import GitError, Repository, TreeEntry
from readiness.outcome import Finding, Level, Outcome
from readiness.provenance.files import Declared, evidence_files, refused
from readiness.text import count, short

_SHOWN = 20
_SUBMODULE = "160000"
_SHA256_LENGTH = 64
_PIECE = 2**20
_REMEDY = "let the pipeline produce it before the check, and take it out of git (`git rm --cached`, `.gitignore`)"


@dataclass(frozen=True)
class _Committed:
    """A file of evidence that HEAD has."""

    name: str
    """As a report shows it."""
    how: str
    """How HEAD has it, as the rest of a sentence."""
    brought: bool
    """Whether the change brought it: no commit of the policy branch that it is based on has it."""


def judged(outcome: Outcome, context: Context, declared: Declared) -> Outcome:
    """The outcome of an item, an error where it passed by evidence that the change brings.

    Args:
        outcome: What the check answered.
        context: The run.
        declared: The parameters of the item.
    """
    files = evidence_files(context, declared)
    repository = context.repository
    if not files or repository is None or not repository.head:
        return outcome
    try:
        found = list(_Head(repository, context.facts.policy_commit).committed(context, files))
    except GitError as error:
        return refused(
            outcome,
            f"git cannot tell which evidence this change brings: {short(str(error))}",
            "check the repository with `git fsck`; in CI, check out with full history (`fetch-depth: 0`)",
        )
    brought = [one for one in found if one.brought]
    findings = (*outcome.findings, *map(_finding, found[:_SHOWN]))
    if not brought:
        return outcome.model_copy(update={"findings": findings})
    names = ", ".join(short(one.name) for one in brought[:3]) + (", …" if len(brought) > 3 else "")  # noqa: PLR2004
    summary = f"{count(len(brought), 'file')} of evidence came with this change ({names}): its author wrote it, too"
    return refused(outcome.model_copy(update={"findings": findings}), summary, _REMEDY)


class _Head:
    """The files of HEAD, and of the commits of the policy branch that it is based on.

    Args:
        repository: That of the judged folder.
        policy: Object id of the commit that the policy comes from; empty when that is the work tree.

    Raises:
        GitError: Git cannot read them.
    """

    def __init__(self, repository: Repository, policy: str) -> None:
        self._top = Repository(repository.top)
        self._policy = policy
        self._files = {entry.path: entry for entry in self._top.tree()}
        self._by_blob = {entry.blob: entry for entry in self._files.values()}

    def committed(self, context: Context, files: Sequence[Path]) -> Iterator[_Committed]:
        """Those of the files that are in HEAD, by their name or by their bytes."""
        for file in files:
            entry, how = self._entry(file.resolve())
            if entry is not None:
                brought = bool(self._policy) and not any(base.get(entry.path) == entry.blob for base in self._bases)
                yield _Committed(context.name(file), how, brought)

    def _entry(self, real: Path) -> tuple[TreeEntry | None, str]:
        """What HEAD has of a file, links followed, and how; for one in a submodule, the submodule."""
        top = self._top.folder.resolve()
        name = real.relative_to(top).as_posix() if real.is_relative_to(top) else ""
        same = self._by_blob.get(_blob_id(real, self._top.head))
        own = self._files.get(name)
        if own is not None and (name not in self._changed or (same is not None and same.blob == own.blob)):
            return own, "is in git"
        if same is not None:
            return same, f"holds the very bytes of {short(same.path)}, which is in git"
        return self._module(top, name, real)

    def _module(self, top: Path, name: str, real: Path) -> tuple[TreeEntry | None, str]:
        """The submodule that has a file in git."""
        above = (self._files.get(parent.as_posix()) for parent in Path(name).parents)
        module = next((entry for entry in above if entry is not None and entry.mode == _SUBMODULE), None)
        inner = Repository.find(top / module.path) if module is not None else None
        if module is None or inner is None or not inner.head or inner.top.resolve() == top:
            return None, ""
        entry, _how = _Head(inner, "")._entry(real)  # noqa: SLF001  the same question to another repository
        return (module, f"is in the submodule {short(module.path)}") if entry is not None else (None, "")

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Files that are not as HEAD has them."""
        return frozenset(self._top.changed_files())

    @cached_property
    def _bases(self) -> list[dict[str, str]]:
        """Object ids by path, of the policy's commit and of each commit where HEAD left its branch."""
        common = self._top.read_once("merge-base", "--all", self._policy, self._top.head).split()
        commits = dict.fromkeys((self._policy, *common))
        return [{entry.path: entry.blob for entry in self._top.tree(commit)} for commit in commits]


def _blob_id(file: Path, like: str) -> str:
    """Object id that git gives to the bytes of a file; empty when it is empty, or cannot be read."""
    digest = hashlib.new("sha256" if len(like) == _SHA256_LENGTH else "sha1", usedforsecurity=False)
    try:
        size = file.stat().st_size
        digest.update(b"blob %d\0" % size)
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    except OSError:
        return ""
    return digest.hexdigest() if size else ""


def _finding(one: _Committed) -> Finding:
    message = f"this evidence {one.how}: the author of a change can write it by hand, too"
    if one.brought:
        message = f"this evidence {one.how}, and the policy branch does not have it: this change brought it"
    level = Level.ERROR if one.brought else Level.WARNING
    return Finding(message=message, rule="committed", level=level, path=one.name, remedy=_REMEDY)
