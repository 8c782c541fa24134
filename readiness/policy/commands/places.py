"""Where the words of a command are understood: the files of a commit, the folders it may run in, its variables."""

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import pairwise

from readiness.policy.commands.words import UNKNOWN, Simple

LONGEST = 500
"""Characters of a word that may be a path."""
_EXECUTES = frozenset({"-exec", "-execdir", "-ok", "-x"})
"""Options of `find` and `fd`."""
LINK, SUBMODULE = "120000", "160000"
"""Modes of entries that are no files."""
_MOST_FOLDERS = 12
_MOST_LINKS = 8
_MOST_IN_FOLDER = 100
_MOST_MATCHES = 20
"""Files that one word may stand for."""
Values = tuple[tuple[str, tuple[str, ...]], ...]
"""What variables may stand for, by name."""


@dataclass(frozen=True)
class Tree:
    """The policy's commit."""

    modes: Mapping[str, str]
    """By path from the top."""
    read: Callable[[str], str]
    """Text of a file; empty for one that is too large."""
    product: Callable[[str, str], bool]
    """Whether a file that a script of a folder imports belongs to what is judged, and not to what judges."""

    def there(self, path: str, depth: int = 0) -> list[str]:
        """A file by its path, and the links in its place or on the way to it; nothing when it is not there."""
        if path in self.modes:
            return [path]
        for end in (number for number, char in enumerate(path) if char == "/"):
            kind = self.modes.get(path[:end])
            if kind == SUBMODULE:
                return [path[:end]]
            if kind == LINK and depth < _MOST_LINKS:
                target = join(posixpath.dirname(path[:end]), self.read(path[:end]), path[end + 1 :])
                found = self.there(target, depth + 1)
                return [path[:end], *found] if found else []
        return []

    def below(self, folder: str) -> list[str]:
        """Files of a folder, at any depth, as far as they are few."""
        found = [path for path in self.modes if folder and path.startswith(f"{folder}/")]
        return found if len(found) <= _MOST_IN_FOLDER else []


@dataclass(frozen=True)
class Place:
    """From where the words of a command are understood."""

    folders: tuple[str, ...]
    """Current folders that it may have."""
    home: str | None = None
    """Folder of the script that holds it."""
    paths: tuple[str, ...] = ()
    """Folders in which modules of Python are looked for."""
    values: Values = ()
    """Variables of the shell."""
    depth: int = 0

    def inside(self, *folders: str) -> "Place":
        """The same, after it may have changed to other folders."""
        return replace(self, folders=tuple(dict.fromkeys((*self.folders, *folders)))[:_MOST_FOLDERS])

    def deeper(self) -> "Place":
        """The same, one call further on."""
        return replace(self, depth=self.depth + 1)

    def with_paths(self, *paths: str) -> "Place":
        """The same, with more folders for modules."""
        return replace(self, paths=tuple(dict.fromkeys((*self.paths, *paths))))


def named(tree: Tree, word: str, place: Place) -> list[str]:
    """Files of the commit that a word may name."""
    if not word or len(word) > LONGEST or "\n" in word or word.startswith("/"):
        return []
    if UNKNOWN in word and (rest := word.rpartition(UNKNOWN)[2]).startswith("/"):
        return _behind(tree, rest.lstrip("/"), place)
    if UNKNOWN in word or any(char in word for char in "*?["):
        patterns = [join(folder, word.replace(UNKNOWN, "*")) for folder in place.folders]
        if all(not pattern.strip("*/.") for pattern in patterns):
            return []
        return [path for path in tree.modes if like(path, patterns)][:_MOST_MATCHES]
    paths = dict.fromkeys(join(folder, word) for folder in place.folders)
    return list(dict.fromkeys(found for path in paths for found in tree.there(path)))


def _behind(tree: Tree, rest: str, place: Place) -> list[str]:
    """Files of the commit by a path behind a folder that is not known."""
    known = [*([place.home] if place.home is not None else []), "", *place.folders]
    found = [path for path in dict.fromkeys(join(folder, rest) for folder in known) if path in tree.modes]
    clean = posixpath.normpath(rest).removeprefix("../").removeprefix("../")
    return found or [path for path in tree.modes if path.endswith(f"/{clean}")][:_MOST_MATCHES]


def like(path: str, patterns: Iterable[str]) -> bool:
    """Whether the shell would name a file by one of these patterns, in which `*` stays in its folder."""
    return any(path.count("/") == one.count("/") and fnmatchcase(path, one) for one in patterns)


def join(*parts: str) -> str:
    """Path from the top; empty for the top itself."""
    path = posixpath.normpath(posixpath.join(*parts)) if any(parts) else "."
    return "" if path == "." else path


def below(path: str, folder: str) -> bool:
    """Whether a file lies in a folder, at any depth."""
    return not folder or path.startswith(f"{folder}/")


def search(tree: Tree, words: Sequence[str], place: Place) -> tuple[list[str], list[str]]:
    """Files that `find` finds with these words, as far as names tell, and the command that it runs for each."""
    start = next((number for number, word in enumerate(words) if word in _EXECUTES), len(words))
    like_name = next((one for option, one in pairwise(words) if option == "-name"), "*")
    where = dict.fromkeys(join(folder, word) for folder in place.folders for word in words[:start])
    files = [one for folder in where for one in tree.below(folder) if fnmatchcase(posixpath.basename(one), like_name)]
    return files, [*words[start + 1 :]]


def moved(one: Simple, place: Place) -> Place:
    """Where the next commands may run."""
    if one.words[:1] not in (["cd"], ["pushd"]):
        return place
    target = next((word for word in one.words[1:] if not word.startswith("-")), "")
    if UNKNOWN not in target:
        return place.inside(*(join(folder, target) for folder in place.folders))
    rest = target.rpartition(UNKNOWN)[2].lstrip("/")
    return place.inside(*(join(folder, rest) for folder in ("", place.home or "")))
