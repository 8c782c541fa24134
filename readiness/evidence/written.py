"""Finds where the sources declare a test that a report names by its class, file or package."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PurePosixPath

_BETWEEN = re.compile(r"[./\\:$#]+")
_WORD = re.compile(r"\w+")
_LARGEST = 2**20
"""Bytes of a file that is looked into."""
_MOST = 20
"""Files that are looked into for one test."""


def belongs(path: str, place: str) -> bool:
    """Whether a class, file or package of a report can be this file: one of its words is the file's name or folder."""
    words = _BETWEEN.split(place)
    return _stem(path) in words or PurePosixPath(path).parent.name == words[-1]


def handles(path: str) -> frozenset[str]:
    """What a place has to name, so that it can be this file: its name or its folder."""
    return frozenset({_stem(path), PurePosixPath(path).parent.name})


def words_of(place: str) -> frozenset[str]:
    """The words of a class, file or package of a report."""
    return frozenset(_BETWEEN.split(place))


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
        self._words: dict[str, dict[str, int]] = {}
        self._places: dict[str, list[str]] = {}

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for path in self._files:
            for word in handles(path):
                found[word].append(path)
        return found

    def find(self, place: str, name: str) -> tuple[str, int] | None:
        """File and line that say the name first, among the files that the place can be; None where none does."""
        for path in self._candidates(place) if name else ():
            line = self.line(path, name)
            if line is not None:
                return path, line
        return None

    def same_class(self, path: str, place: str) -> bool:
        """Whether a file still says the last word of a place: a class in it, or the file itself."""
        last = _BETWEEN.split(place)[-1]
        return last in handles(path) or f".{last}" == PurePosixPath(path).suffix or self.line(path, last) is not None

    def line(self, path: str, name: str) -> int | None:
        """The line of a file that says a name first; None where none does."""
        if _WORD.fullmatch(name):
            return self._lines(path).get(name)
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self._text(path))
        return None if found is None else self._text(path).count("\n", 0, found.start()) + 1

    def _lines(self, path: str) -> dict[str, int]:
        """The line that says each word first."""
        if path not in self._words:
            known = self._words[path] = {}
            for number, line in enumerate(self._text(path).split("\n"), 1):
                for word in _WORD.findall(line):
                    known.setdefault(word, number)
        return self._words[path]

    def _candidates(self, place: str) -> list[str]:
        """Files that the place can be, those whose folders it names first."""
        if place not in self._places:
            words = words_of(place)
            paths = {path for word in words if word for path in self._by_word.get(word, ()) if belongs(path, place)}
            ranked = sorted(paths, key=lambda path: (-len({*PurePosixPath(path).parts, _stem(path)} & words), path))
            self._places[place] = ranked[:_MOST]
        return self._places[place]

    def _text(self, path: str) -> str:
        if path not in self._known:
            try:
                place, content = self._top / path, b""
                if place.is_file() and not place.is_symlink():  # commands of the run may have put a pipe there
                    with place.open("rb") as file:
                        content = file.read(_LARGEST)
                self._known[path] = content.decode("utf-8", "replace")
            except OSError:
                self._known[path] = ""
        return self._known[path]


def _stem(path: str) -> str:
    """`cart` of `src/cart.test.ts`."""
    return PurePosixPath(path).name.partition(".")[0]
