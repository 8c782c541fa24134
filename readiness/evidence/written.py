"""Finds where the sources declare a test that a report names by its class, file or package."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

_BETWEEN = re.compile(r"[./\\:$#]+")
_LARGEST = 2**20
"""Bytes of a file that is looked into."""
_MOST = 20
"""Files that are looked into for one test."""


def belongs(path: str, place: str) -> bool:
    """Whether a class, file or package of a report can be this file: one of its words is the file's name or folder."""
    words = _BETWEEN.split(place)
    return _stem(path) in words or PurePosixPath(path).parent.name == words[-1]


class Sources:
    """The files of a work tree, by name.

    Args:
        top: Its folder.
        files: Paths from there, with `/`.
    """

    def __init__(self, top: Path, files: Iterable[str]) -> None:
        self._top = top
        self._files = tuple(files)
        self._known: dict[str, str] = {}

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for path in self._files:
            for word in {_stem(path), PurePosixPath(path).parent.name}:
                found[word].append(path)
        return found

    def find(self, place: str, name: str) -> tuple[str, int] | None:
        """File and line that say the name first, among the files that the place can be; None where none does."""
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for path in self._candidates(place) if name else ():
            found = word.search(self._text(path))
            if found is not None:
                return path, self._text(path).count("\n", 0, found.start()) + 1
        return None

    def _candidates(self, place: str) -> Iterator[str]:
        """Files that the place can be, those whose folders it names first."""
        words = _BETWEEN.split(place)
        paths = {path for word in words if word for path in self._by_word.get(word, ()) if belongs(path, place)}
        ranked = sorted(paths, key=lambda path: (-len({*PurePosixPath(path).parts, _stem(path)} & set(words)), path))
        yield from ranked[:_MOST]

    def _text(self, path: str) -> str:
        if path not in self._known:
            try:
                place = self._top / path
                with place.open("rb") as file:
                    self._known[path] = "" if place.is_symlink() else file.read(_LARGEST).decode("utf-8", "replace")
            except OSError:
                self._known[path] = ""
        return self._known[path]


def _stem(path: str) -> str:
    """`cart` of `src/cart.test.ts`."""
    return PurePosixPath(path).name.partition(".")[0]
