"""Refuses a way to the checklist that leads over a link which the policy does not have: it would choose another one."""

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from readiness import links
from readiness.git import Repository, TreeEntry
from readiness.records.model.errors import RecordsError
from readiness.records.storage.reading import reading_history
from readiness.text import short

_LINK = "120000"
"""Mode of a link (gitformat-index(5))."""
_NEXT = "undo the link, or run it from the top of the repository and name the checklist there with -f"


def entered(folder: Path) -> Path:
    """The current folder by the way in which it was entered, which may lead over links; any other folder as it is.

    A shell keeps that way in `PWD` (POSIX, `cd`).
    """
    said = os.environ.get("PWD", "")
    try:
        return Path(said) if Path(said).is_absolute() and Path(said).samefile(folder) else folder
    except OSError:
        return folder


def refuse_new_links(top: Repository, tree: Mapping[str, TreeEntry], start: Path, way: Path, ref: str) -> None:
    """Insist that the links of the work tree that lead to a folder are those of the policy's commit.

    Nobody knows by which way a process without `PWD` came. So a link is refused, too, that leads to the current folder
    and has taken the place of a folder of that commit.

    Args:
        top: Seen from the top of the work tree, links followed.
        tree: The policy's commit, by path.
        start: The current folder.
        way: Path of the folder that a checklist is looked for or named in, absolute, links not followed.
        ref: What the commit was asked for as.

    Raises:
        RecordsError: One is new, or leads elsewhere; or git cannot tell.
    """
    here = Path(os.path.realpath(start))
    replaced = (top.folder / path for path in replaced_folders(top.folder, tree))
    for place in [*_on_the_way(way, top.folder), *(one for one in replaced if here.is_relative_to(one.resolve()))]:
        path = place.relative_to(top.folder).as_posix()
        entry = tree.get(path)
        with reading_history():
            kept = entry is not None and entry.mode == _LINK and top.blob(entry.blob) == os.fsencode(place.readlink())
        if not kept:
            what = f"{short(path)} is a link, and in {short(ref)} it is not the same one"
            raise RecordsError(f"{what}: another checklist would be found", _NEXT)


def folders(tree: Iterable[str]) -> set[str]:
    """Every folder that holds one of these files, by its path."""
    found: set[str] = set()
    for path in tree:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return found


def replaced_folders(top: Path, tree: Iterable[str]) -> list[str]:
    """Folders of a commit that are links in the work tree."""
    return sorted(path for path in folders(tree) if (top / path).is_symlink())


def _on_the_way(way: Path, top: Path) -> Iterator[Path]:
    """Links inside of a folder that a path leads over, in their order, those that other links lead over among them."""
    try:
        yield from (step for step in links.on_the_way(way) if step.is_relative_to(top))
    except OSError as error:
        raise RecordsError(f"{short(str(way))} leads over more than {links.MOST} links", _NEXT) from error
