"""Finds the files of evidence of an item, and refuses those that the judged change brings itself.

A file of evidence that is in git, as committed, is a claim of the author of that commit: whoever wrote the source wrote
it, too. With a policy branch, only one that the branch has as well counts. Without one, nobody can tell a change from
what it is based on, and a warning says so.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from readiness import links
from readiness.check import ENVELOPE_SUFFIX, Context
from readiness.git import GitError, Repository, TreeEntry
from readiness.outcome import Finding, Level, Outcome, Status
from readiness.strictness.declared import naming_parameters
from readiness.strictness.structures import Rule
from readiness.text import count, short


@dataclass(frozen=True)
class Declared:
    """The parameters of an item, and what its check declares about them."""

    params: Mapping[str, Any]
    directions: Mapping[str, Rule]


def evidence_files(context: Context, declared: Declared) -> list[Path]:
    """Files that match a parameter which is declared as `stricter.evidence_files`, each once.

    Args:
        context: The folder that paths are relative to.
        declared: The parameters.
    """
    return list(dict.fromkeys(_matching(context, declared)))


def _matching(context: Context, declared: Declared) -> Iterator[Path]:
    for found in naming_parameters(declared.directions, declared.params):
        if found.rule.names != "evidence_files":
            continue
        for pattern in found.texts:
            try:
                yield from context.glob([pattern])
            except (ValueError, NotImplementedError, OSError):
                continue  # it is no pattern, and the check has said so


def name_from_top(top: Path, file: Path) -> str:
    """What a signed statement calls a file of evidence: its path from the top of the repository, with `/`.

    Args:
        top: The top of the repository.
        file: The file; of one outside of the repository, the statement says the name alone.
    """
    return _below(top, file) or file.name


def own_files(top: Path, files: Iterable[Path]) -> set[str]:
    """Paths from the top of the repository that may differ from its commit: files of evidence, and their statements.

    Args:
        top: The top of the repository.
        files: The files of evidence; one outside of the repository excuses none in it that is called alike.
    """
    names = {name for file in files if (name := _below(top, file))}
    return names | {name + ENVELOPE_SUFFIX for name in names}


def _below(top: Path, file: Path) -> str:
    """Path of a file from the top of the repository; empty outside of it."""
    lexical = Path(os.path.normpath(file.absolute()))
    real = file.parent.resolve() / file.name  # links above the repository, such as `/tmp` of macOS
    for place in (lexical, real):
        for folder in dict.fromkeys((top, top.resolve())):
            if place.is_relative_to(folder):
                return place.relative_to(folder).as_posix()
    return ""


def refused(outcome: Outcome, why: str, remedy: str) -> Outcome:
    """An error in place of an answer; a failure stays one, and no earlier one of the base excuses it.

    Args:
        outcome: What the check answered.
        why: Why its evidence does not count.
        remedy: What to do next.
    """
    if outcome.status in {Status.FAILED, Status.ERROR}:
        return outcome.model_copy(update={"summary": f"{outcome.summary}; {why}", "comparable": False})
    return outcome.model_copy(update={"status": Status.ERROR, "summary": why, "remedy": remedy})


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
    may: str = "write it by hand"
    """What the author of a change can do."""


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
    findings = (*outcome.findings, *map(_finding, found[:_SHOWN]), *_leading_out(repository.top, context, files))
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
                yield _Committed(context.name(file), how, self._brought(entry))
                continue
            tracked = [(name, entry) for name, entry in self._links(file) if not self._policy or self._brought(entry)]
            for name, link in tracked[:1]:
                how = f"is where {short(name)} leads, a link that is in git"
                yield _Committed(context.name(file), how, self._brought(link), "choose where it leads")

    def _links(self, file: Path) -> Iterator[tuple[str, TreeEntry]]:
        """Links in git that lead to a file, by their names; for one in a submodule, the submodule."""
        for name in links_on_the_way(self._top.folder, file):
            module, _how = self._module(self._top.folder.resolve(), name, self._top.folder / name)
            entry = self._files.get(name) or module
            if entry is not None:
                yield name, entry

    def _brought(self, entry: TreeEntry) -> bool:
        """Whether there is a policy branch, and no commit of it that HEAD is based on has this."""
        return bool(self._policy) and not any(base.get(entry.path) == entry.blob for base in self._bases)

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


def links_on_the_way(top: Path, file: Path) -> list[str]:
    """Links of the repository that lead to a file, in their order: their paths from the top.

    A link may lead over others: whoever moves one of these chooses the file, too.
    """
    return [name for step in links.on_the_way(file.absolute()) if (name := _below(top, step))]


def _leading_out(top: Path, context: Context, files: Iterable[Path]) -> Iterator[Finding]:
    """A note for each link by which evidence lies outside of the repository, as Bazel's `bazel-testlogs` does."""
    found: dict[str, list[str]] = {}
    for file in files:
        if not file.resolve().is_relative_to(top.resolve()):
            for link in links_on_the_way(top, file)[:1]:
                found.setdefault(link, []).append(context.name(file))
    for link, names in list(found.items())[:_SHOWN]:
        message = f"{short(link)} is a link: {count(len(names), 'file')} of evidence lie outside of the repository"
        yield Finding(message=message, rule="link", level=Level.NOTE, path=names[0])


def _finding(one: _Committed) -> Finding:
    message = f"this evidence {one.how}: the author of a change can {one.may}, too"
    if one.brought:
        message = f"this evidence {one.how}, and the policy branch does not have it: this change brought it"
    level = Level.ERROR if one.brought else Level.WARNING
    return Finding(message=message, rule="committed", level=level, path=one.name, remedy=_REMEDY)
