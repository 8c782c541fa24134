"""Finds the policy: the git ref, its commit, the checklist in it, and the results that its branch had."""

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from readiness.checklist import Checklist
from readiness.git import GitError, Repository, TreeEntry
from readiness.loading.file import LIMIT, NAMES
from readiness.plugins import names_of
from readiness.policy.links import entered, folders, refuse_new_links
from readiness.ratchet import BaseResults
from readiness.records.model.errors import RecordsError
from readiness.records.storage.reading import read_committed, reading_history, refuse_shallow, resolve
from readiness.report import Report, Result
from readiness.text import short

_FIRST = "merge the first checklist without --policy-ref; or name the checklist with -f"


@dataclass(frozen=True)
class PolicyBase:
    """The policy that judges, as a commit holds it."""

    ref: str
    """As it was asked for."""
    commit: str
    """Object id that the ref stands for."""
    merge_bases: tuple[str, ...]
    """Object ids of the commits where what is judged left the policy branch."""
    place: Path
    """The checklist file in the work tree, whether it is there or not."""
    content: bytes
    """The checklist file of the commit."""
    top: Path
    """Top of the work tree."""
    name: str = ""
    """Full name of the ref; empty for an object id."""

    @property
    def root(self) -> Path:
        """Folder of the checklist."""
        return self.place.parent

    @property
    def shown(self) -> str:
        """What diagnostics call the checklist file: `origin/main:readiness.yaml`."""
        return f"{short(self.ref)}:{self.path}"

    @property
    def path(self) -> str:
        """Path of the checklist file from the top of the repository."""
        return self.place.relative_to(self.top).as_posix()


def find_base(ref: str, *, start: Path, file: Path | None = None) -> PolicyBase:
    """Find the policy of a ref.

    Without a file, the checklist is looked for as it is in the work tree, from the current folder upwards, but in the
    commit: a proposed change cannot put another one in front of it.

    Args:
        ref: A branch, a tag, `refs/...` or a full object id.
        start: The current folder.
        file: The checklist file.

    Raises:
        RecordsError: There is no git, no such ref, more than one of that name, no checklist in it, no common history
            with HEAD, or the history is cut off.
    """
    if not ref.strip():
        raise RecordsError("the policy ref is empty", "name the branch that judges: --policy-ref origin/main")
    repository = _repository(file.parent if file is not None else start)
    named = resolve(repository, ref)
    commit = named.commit
    refuse_shallow(repository)
    bases = _merge_bases(repository, commit, ref)
    top = Repository(Path(os.path.realpath(repository.top)))
    with reading_history():
        tree = {entry.path: entry for entry in top.tree(commit)}
    way = entered(start)
    refuse_new_links(top, tree, start, way if file is None else (way / file).parent, ref)
    wanted = _named(top, way / file) if file is not None else _looked_for(top, tree, start, ref)
    content = read_committed(top, commit, wanted, LIMIT)
    if content is None:
        raise RecordsError(f"{wanted} does not exist in {short(ref)} ({commit[:10]})", _FIRST)
    place = top.folder / wanted
    if not place.parent.is_dir() or Path(os.path.realpath(place.parent)) != place.parent:
        raise RecordsError(
            f"the folder of {wanted} is gone from the work tree, or is a link", "judge a work tree that still has it"
        )
    return PolicyBase(ref, commit, bases, place, content, top.folder, named.name)


def _repository(folder: Path) -> Repository:
    try:
        repository = Repository(folder)
        outer = repository.read("rev-parse", "--show-superproject-working-tree").strip()
    except GitError as error:
        raise RecordsError(
            f"there is no git repository to read the policy from: {short(str(error))}",
            "run it in a clone; in a container, see git's `safe.directory`",
        ) from error
    if outer:
        raise RecordsError(
            "this folder is a submodule: the policy would come from another repository than the one around it",
            "run it in a clone of that repository alone",
        )
    return repository


def _merge_bases(repository: Repository, commit: str, ref: str) -> tuple[str, ...]:
    head = repository.head
    if not head:
        raise RecordsError("there is no commit to compare with the policy", "commit what is to be judged")
    with reading_history():
        try:
            found = repository.read_once("merge-base", "--all", commit, head)
        except GitError as error:
            if getattr(error.__cause__, "status", None) != 1:
                raise
            found = ""
    bases = tuple(found.split())
    if not bases:
        raise RecordsError(
            f"HEAD ({head[:10]}) and {short(ref)} ({commit[:10]}) share no history",
            f"check out the full history of both (`git fetch origin main`; in CI `fetch-depth: 0`), and rebase onto "
            f"{short(ref)}",
        )
    return bases


def _named(top: Repository, file: Path) -> str:
    """Path of a named file from the top; if it is a link itself, that is not followed."""
    return _from_top(top, Path(os.path.realpath(file.parent)) / file.name, file)


def _from_top(top: Repository, place: Path, named: Path) -> str:
    if not place.is_relative_to(top.folder):
        raise RecordsError(f"{short(str(named))} is not in the repository", "name a file of it with -f")
    return place.relative_to(top.folder).as_posix()


def _looked_for(top: Repository, tree: Mapping[str, TreeEntry], start: Path, ref: str) -> str:
    """Path of the nearest checklist of the commit, in a folder or above it."""
    folder = _from_top(top, Path(os.path.realpath(start)), start)
    folder = "" if folder == "." else folder
    if folder:
        _refuse_other_case(folder, folders(tree), ref)
    while True:
        there = [path for path in (posixpath.join(folder, name) for name in NAMES) if path in tree]
        if len(there) > 1:
            raise RecordsError(f"{short(ref)} has both {there[0]} and {there[1]}", "choose one with -f")
        if there:
            return there[0]
        if not folder:
            raise RecordsError(f"{short(ref)} has no {NAMES[0]}, here or above", _FIRST)
        folder = posixpath.dirname(folder)


def _refuse_other_case(folder: str, known: set[str], ref: str) -> None:
    """Where upper and lower case are the same to the file system, a folder may be entered by a name that git lacks."""
    same = next((name for name in sorted(known) if name.casefold() == folder.casefold()), folder)
    if folder not in known and same != folder:
        raise RecordsError(f"{short(folder)} is {short(same)} in {short(ref)}", f"run it in {short(same)}")


@dataclass(frozen=True)
class SavedReport:
    """A report, and the file that it was read from."""

    report: Report
    path: Path


_REMEDY = "keep the JSON report of each run on the policy branch (`-o base.json`), and give that of the merge base"


def accept_base_report(given: SavedReport, base: PolicyBase, checklist: Checklist) -> BaseResults:
    """Take the results of a report, if it is about the base of what is judged.

    An older report would let numbers fall to what they once were, so only the merge base and the tip of the policy
    branch count; where the tip itself is judged, its first parent.

    Args:
        given: As `readiness check -o base.json` wrote it.
        base: The policy that judges.
        checklist: The one that judges.

    Raises:
        RecordsError: It is about another commit, project or environment, or about a work tree with changes; or it is a
            file of the repository, which the author of a change can write.
    """
    report, place = given.report, given.path.resolve()
    subject = report.subject
    with reading_history():
        top = Repository(base.top)
        if place.is_relative_to(base.top) and top.tracked_files([place.relative_to(base.top).as_posix()]):
            raise RecordsError(
                f"the report of the base, {short(given.path.name)}, is in git: its author can write it", _REMEDY
            )
        itself = top.head == base.commit and not set(top.changed_files()) & set(top.tracked_files())
        allowed = top.parents(base.commit)[:1] if itself else (*base.merge_bases, base.commit)
    if (subject.project, subject.environment) != (checklist.project, checklist.environment):
        about = " ".join(filter(None, (subject.project, subject.environment)))
        raise RecordsError(f"the report of the base is about {short(about)}", _REMEDY)
    if subject.dirty or subject.commit not in allowed:
        commit = f"commit {subject.commit[:10] or 'nothing'}" + (" with changes" if subject.dirty else "")
        wanted = " or ".join(name[:10] for name in dict.fromkeys(allowed)) or "no commit"
        raise RecordsError(f"the report of the base is about {commit}, not about {wanted}", _REMEDY)
    checks = {item.id: item.check for item in checklist.items}
    return BaseResults(
        f"{short(base.ref)} ({subject.commit[:10]})",
        {one.item.id: _by_name_of(checks.get(one.item.id, ""), one) for one in report.results},
        named=not itself,
        ahead=not itself and subject.commit not in base.merge_bases,
    )


def _by_name_of(check: str, result: Result) -> Result:
    """A result under the name that the checklist gives its check, where that has several."""
    if check == result.item.check or check not in names_of(result.item.check):
        return result
    return result.model_copy(update={"item": result.item.model_copy(update={"check": check})})
