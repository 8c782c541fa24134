"""Finds the files that items are judged by: trust anchors, databases of advisories, and scripts of commands."""

import posixpath
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from readiness.git import Repository, TreeEntry
from readiness.loading.as_written import Resolved
from readiness.plugins import Description
from readiness.policy.base import PolicyBase
from readiness.policy.commands.places import Place, Tree, like
from readiness.policy.commands.sections import Part
from readiness.policy.commands.walk import Walk
from readiness.policy.digests import LARGEST
from readiness.policy.links import folders
from readiness.records.storage.reading import reading_history
from readiness.strictness.declared import naming_parameters
from readiness.strictness.rules import Undirected
from readiness.strictness.structures import Rule
from readiness.untrusted import from_toml

_LARGE_PACKAGE = 40
"""Files of a folder at the top that imports are not followed into: that is what is judged, and not a few scripts."""


@dataclass(frozen=True)
class _Anchor:
    """A file or folder that an item judges others by."""

    path: str


@dataclass(frozen=True)
class _Command:
    """A command line of an item."""

    run: Any
    """A text or a list."""
    folder: str
    """Where it runs."""
    env: Mapping[str, str]
    """Variables that it gets."""


def trusted_files(
    checklist: Resolved, repository: Repository, base: PolicyBase, checks: Mapping[str, Description]
) -> list[Part]:
    """The files, and parts of files, that the items of a policy are judged by.

    Those are what parameters name that are declared as `stricter.trusted_file`, for instance `ca_file` of `tls`; and
    what command lines (`stricter.command_line`) run, with what that runs, imports and reads in turn, as far as it can
    be seen without running it. Files that only the work tree has are among them where they would take part.

    Args:
        checklist: That of the policy.
        repository: Seen from the top.
        base: The policy.
        checks: What its checks say about themselves, by name.

    Raises:
        RecordsError: Git cannot tell.
    """
    named = list(_all_named(checklist, posixpath.dirname(base.path), checks))
    if not named:
        return []
    with reading_history():
        entries = {entry.path: entry for entry in repository.tree(base.commit)}
        tracked = set(repository.tracked_files())
    anchors = [one.path for one in named if isinstance(one, _Anchor)]
    found = dict.fromkeys(part for path in anchors for part in _anchors(path, entries, tracked, base.top))
    if lines := [one for one in named if isinstance(one, _Command)]:
        walk = Walk(_tree(repository, entries))
        for one in lines:
            _follow(walk, one)
        found |= walk.parts
        added = sorted(path for path in tracked - entries.keys() if path in walk.absent or like(path, walk.patterns))
        found |= dict.fromkeys(map(Part, added))
        where = folders(entries) & {*walk.folders, *(one.folder for one in lines)}
        found |= dict.fromkeys(Part(folder, "folder") for folder in sorted(where))
    return list(found)


def _follow(walk: Walk, one: _Command) -> None:
    place = Place((one.folder,), values=tuple((name, (value,)) for name, value in one.env.items()))
    assigned = [f"{name}={value}" for name, value in one.env.items()]
    place = walk.variables(assigned, place)
    if isinstance(one.run, list):
        walk.command([str(word) for word in one.run], place)
    else:
        walk.line(str(one.run), place)


def _anchors(path: str, entries: Mapping[str, TreeEntry], tracked: set[str], top: Path) -> Iterator[Part]:
    """A file that others are judged by, or all files of such a folder."""
    if path in entries:
        yield Part(path)
        return
    inside = [name for name in entries if name.startswith(f"{path}/")]
    # what CI puts there is its own affair, but not what the change brings, or adds to a folder of the base
    added = _files_below(top, path) if inside else [n for n in tracked if n == path or n.startswith(f"{path}/")]
    yield from map(Part, sorted({*inside, *added}))


def _files_below(top: Path, folder: str) -> list[str]:
    return [place.relative_to(top).as_posix() for place in (top / folder).rglob("*") if place.is_file()]


def _tree(repository: Repository, entries: Mapping[str, TreeEntry]) -> Tree:
    """The commit as command lines are followed in it."""

    def read(path: str) -> str:
        with reading_history():
            found = repository.blob_up_to(LARGEST, entries[path].blob)
        return (found or b"").decode("utf-8", "surrogateescape")

    modes = {path: entry.mode for path, entry in entries.items()}
    return Tree(modes, read, _product(modes, read))


def _product(modes: Mapping[str, str], read: Callable[[str], str]) -> Callable[[str, str], bool]:
    """Which files belong to what is judged: those below `src`, of the project's own package, or of a large one."""
    sizes = Counter(path.partition("/")[0] for path in modes if "/" in path)
    large = {folder for folder, size in sizes.items() if size > _LARGE_PACKAGE}
    names = {"src"}
    try:
        project = from_toml(read("pyproject.toml")) if "pyproject.toml" in modes else {}
        for table in (project.get("project", {}), project.get("tool", {}).get("poetry", {})):
            if "name" in table:
                names.add(str(table["name"]).lower().replace("-", "_"))
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass  # what cannot be read has no name

    def product(path: str, home: str) -> bool:
        folder, top = posixpath.dirname(path), path.partition("/")[0]
        return not names.isdisjoint(folder.split("/")) or (top in large and folder != home)

    return product


def _all_named(checklist: Resolved, folder: str, checks: Mapping[str, Description]) -> Iterator[_Anchor | _Command]:
    """What all items name, from the top."""
    for item in checklist.checklist.items:
        directions = checks[item.check].directions if item.check in checks else {}
        for params in checklist.params.values():
            for one in _named(directions, params.get(item.id, {})):
                place = _from_top(folder, one.folder if isinstance(one, _Command) else one.path)
                if isinstance(one, _Command) and place is not None:
                    yield replace(one, folder=place)
                elif isinstance(one, _Anchor) and place:
                    yield _Anchor(place)


def _from_top(folder: str, path: str) -> str | None:
    """Path from the top of one that is given from the folder of the checklist; None for one outside, or the top."""
    found = posixpath.normpath(posixpath.join(folder, path))
    if "\0" in found or posixpath.isabs(found) or found == ".." or found.startswith("../"):
        return None
    return "" if found == "." else found


def _named(directions: Mapping[str, Rule], params: Mapping[str, Any]) -> Iterator[_Anchor | _Command]:
    """What the parameters of an item name, from the folder of the checklist."""
    for found in naming_parameters(directions, params):
        if found.rule.names == "trusted_file":
            yield from (_Anchor(path) for path in found.texts if path)
        elif found.rule.names == "command_line" and found.value:
            folder = _folder(found.directions, found.params, found.rule.folder)
            yield _Command(found.value, folder, _env(found.directions, found.params))


def _env(directions: Mapping[str, Rule], params: Mapping[str, Any]) -> dict[str, str]:
    """Variables that a command gets, as parameters set them that are declared as `stricter.command`."""
    found: dict[str, str] = {}
    for name, rule in directions.items():
        value = params.get(name)
        if isinstance(rule, Undirected) and rule.code == "command-changed" and isinstance(value, dict):
            found |= {str(key): str(some) for key, some in value.items()}
    return found


def _folder(directions: Mapping[str, Rule], params: Mapping[str, Any], name: str) -> str:
    """Value of the parameter that names the folder a command runs in."""
    rule = directions.get(name)
    value = params.get(name, rule.default if isinstance(rule, Undirected) else ".")
    return value if isinstance(value, str) else "."
