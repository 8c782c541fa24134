"""What a change has removed from the sources: its tests may go with it.

A definition counts as removed when no file of the change has its name any more, and it does not live on: neither with
the same body, nor under another name in the same lines, nor written out where it was used. Of the last it is known
that it is gone, but not that a test of it has nothing left to test.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from readiness.evidence.change import ChangedFile
from readiness.evidence.source import language_of
from readiness.evidence.weakened_tests.definitions import (
    Definition,
    Module,
    definitions,
    family,
    imports,
    is_tested_by,
    may_hold,
    plain,
)
from readiness.evidence.weakened_tests.outline import vocabulary

_TEST = re.compile(r"(?:^|/)(?:tests?|specs?|__tests__|e2e)/|(?:^|/)test_|[._-](?:test|spec|cy)\.|_test\.|Tests?\.\w+$")
_NO_CODE = re.compile(
    r"(?:^|/)(?:docs?|examples?|samples?|demos?|benchmarks?|benches|scripts?|fixtures|vendor|third_party|node_modules"
    r"|dist)/",
    re.IGNORECASE,
)
"""Folders whose definitions no test of the project is about."""
_UNREAD = vocabulary(
    ".pyx .pxd .pxi .vue .svelte .astro .mdx .scala .groovy .c .h .cc .cpp .cxx .hpp .hh .m .mm .swift .dart .ex .exs "
    ".erl .clj .cljs .lua .pl .pm .sh .bash .sql .jl .r .cr .zig .nim .hs .ml .fs .fsx .vb .coffee .erb .haml .proto "
    ".ipynb .phtml .inc .gradle .cu .v"
)
"""Suffixes of source files that are not parsed: what moves there lives on."""
_KEYWORDS = vocabulary(
    "def class func function fn fun public private protected internal static final abstract async export const let var "
    "val self this cls return void int str string bool boolean float double long object any if else for in new await "
    "not and or mut pub struct enum interface type None none null nil err error"
)
_LIVES_ON = 0.5
_SHORT = 3
_ALIKE = 0.5
_RENAMED = 3


class RemovedCode:
    """The names that a change removes from the sources."""

    def __init__(self, change: Sequence[ChangedFile]) -> None:
        self._change = change
        self._imports: dict[str, Mapping[str, frozenset[Module]]] = {}

    def explains(self, names: frozenset[str], path: str) -> bool:
        """Whether what uses these names in a test goes because one of them is gone."""
        features, details = self.named(names, path)
        return bool(features) or (bool(details) and self.living.isdisjoint(names))

    def named(self, names: Iterable[str], path: str) -> tuple[set[str], set[str]]:
        """Which of these names are features, and which are details, of a language that the test can call."""
        known = {name for name in names if self._origins(name, self._files.get(name, ()), path)}
        return known & self.features, known & self.details

    def _origins(self, name: str, files: Iterable[str], path: str) -> list[str]:
        """Of these files, those that a test can have a name from: of its language, and where it imports it from."""
        if path not in self._imports:
            text = next((file.before for file in self._change if file.path == path), None) or b""
            self._imports[path] = imports(text.decode("utf-8", "replace"), path)
        own = [file for file in files if family(file) == family(path)]
        return [file for file in own if file == path or self._can_give(file, name, self._imports[path])]

    def _can_give(self, file: str, name: str, imported: Mapping[str, frozenset[Module]]) -> bool:
        """Whether a name comes from a file: not where it, or all else that the file held, is imported from another."""
        stem = PurePosixPath(file).stem
        held = {stem, *(one.name for one in self._before[file][1])}
        if family(file) == "rb":  # What is required is a file: it has no methods of its name.
            held = {one for one in held if one == stem or one[:1].isupper()}
        if name in held and (modules := imported.get(name.lower())) is not None:
            return may_hold(file, modules)
        others = [modules for one in held if (modules := imported.get(one.lower())) is not None]
        return not others or any(may_hold(file, modules) for modules in others)

    def paired(self, stem: str, path: str) -> bool:
        """Whether a file of sources by this name is gone with all that it held, from the folder that a test is of."""
        files = [file for one, file in self._gone_files if one.lower() == stem.lower()]
        return any(is_tested_by(file, path) for file in self._origins(stem, files, path))

    @property
    def features(self) -> frozenset[str]:
        """Functions and classes that are gone, and that nothing living has used."""
        return self._removed[0]

    @property
    def details(self) -> frozenset[str]:
        """Values, and what living code has used and now does in another way."""
        return self._removed[1]

    @cached_property
    def living(self) -> frozenset[str]:
        """What the changed sources defined, and define still."""
        before = {one.name for path in self._before for one in self._before[path][1]}
        return frozenset(before & {one.name for _, found in self._after.values() for one in found})

    @cached_property
    def holders(self) -> frozenset[str]:
        """Classes that have lost a feature: a test of it has to make one."""
        gone = self.features
        return frozenset(
            one.name
            for _, found in self._before.values()
            for one in found
            if one.body
            and any(inner.name in gone and one.line < inner.line <= one.line + len(one.body) for inner in found)
        )

    @cached_property
    def _before(self) -> dict[str, tuple[list[str], list[Definition]]]:
        return {
            file.path: _parsed(file.before) for file in self._change if file.before is not None and _is_code(file.path)
        }

    @cached_property
    def _after(self) -> dict[str, tuple[list[str], list[Definition]]]:
        return {
            file.path: _parsed(file.after) for file in self._change if file.after is not None and _is_code(file.path)
        }

    @cached_property
    def _texts_after(self) -> dict[str, str]:
        return {
            file.path: file.after.decode("utf-8", "replace")
            for file in self._change
            if file.after is not None and (language_of(file.path) or PurePosixPath(file.path).suffix.lower() in _UNREAD)
        }

    @cached_property
    def _removed(self) -> tuple[frozenset[str], frozenset[str]]:
        living = {
            word for path, text in self._texts_after.items() for word in (*_words(text), PurePosixPath(path).stem)
        }
        found: dict[str, list[Definition]] = defaultdict(list)
        for _, defined in self._before.values():
            for one in defined:
                if one.name not in living and not self._lives_on(one.body):
                    found[one.name].append(one)
        used = set(self._used_by_the_living(found))
        renamed = set(self._renamed(found.keys()))
        values = {name for name, ones in found.items() if all(one.is_value for one in ones)}
        stems = {stem for stem, path in self._gone_files if stem not in living}
        return (
            frozenset((found.keys() | stems) - used - renamed - values),
            frozenset((used | values) & found.keys() - renamed),
        )

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        """The files that have defined a name, or that are called by it."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, (_, defined) in self._before.items():
            found[PurePosixPath(path).stem].add(path)
            for one in defined:
                found[one.name].add(path)
        return found

    @cached_property
    def _gone_files(self) -> list[tuple[str, str]]:
        """The name and the path of each file that is gone with all that it held."""
        return [
            (PurePosixPath(file.path).stem, file.path)
            for file in self._change
            if file.after is None and file.path in self._before and not self._lives_on(self._before[file.path][0])
        ]

    @cached_property
    def _lines_after(self) -> set[str]:
        lines = (plain(line) for text in self._texts_after.values() for line in text.split("\n"))
        return {line for line in lines if len(line) > _SHORT}

    def _lives_on(self, body: Iterable[str]) -> bool:
        lines = [line for line in map(plain, body) if len(line) > _SHORT]
        return bool(lines) and sum(line in self._lines_after for line in lines) > _LIVES_ON * len(lines)

    def _used_by_the_living(self, gone: dict[str, list[Definition]]) -> Iterator[str]:
        """Names whose use became something else: a line that named one is now one like it, with words of its own."""
        for path, (lines, defined) in self._before.items():
            if path not in self._after:
                continue
            now = self._after[path][0]
            known = {plain(line) for line in lines}
            heads = {one.line for one in self._after[path][1] if not one.is_value}
            new = (line for at, line in enumerate(now) if at not in heads and plain(line) not in known)
            fresh = [set(_words(line)) for line in new]
            own = {at for one in defined if one.name in gone for at in range(one.line, one.line + len(one.body) + 1)}
            for at, line in enumerate(lines):
                words = set(_words(line))
                named = words & gone.keys()
                rest = words - named
                if named and at not in own and any(_is_like(rest, other) for other in fresh):
                    yield from named

    def _renamed(self, gone: Iterable[str]) -> Iterator[str]:
        """Names that have become another: the same lines have a new word in their place."""
        known = {word for lines, _ in self._before.values() for line in lines for word in _words(line)}
        places: dict[str, set[str]] = defaultdict(set)
        for lines, _ in self._after.values():
            for line in lines:
                for word in set(_words(line)) - known:
                    places[_without(word, line)].add(word)
        wanted = set(gone)
        seen: Counter[tuple[str, str]] = Counter()
        for lines, _ in self._before.values():
            for line in lines:
                for name in wanted.intersection(words := set(_words(line))):
                    for other in places.get(_without(name, line), ()):
                        seen[name, other] += min(len(words - _KEYWORDS) - 1, _RENAMED) * (
                            2 if _akin(name, other) else 1
                        )
        yield from (name for (name, _), weight in seen.items() if weight >= _RENAMED - 1)


def _without(name: str, line: str) -> str:
    return re.sub(rf"\b{name}\b", "\0", " ".join(line.split()))


def _akin(one: str, other: str) -> bool:
    """Whether a name is a part of another: `total` of `total_price`."""
    short, long = sorted((one.lower().strip("_"), other.lower()), key=len)
    return len(short) > _SHORT and short in long


def _is_like(rest: set[str], other: set[str]) -> bool:
    """Whether a new line takes the place of an old one, of which one name is gone: most of it is there, and more."""
    return bool(rest & other) and len(rest & other) >= _ALIKE * len(rest) and not other <= rest


def _is_code(path: str) -> bool:
    return bool(language_of(path)) and not _TEST.search(path) and not _NO_CODE.search(path)


def _parsed(content: bytes) -> tuple[list[str], list[Definition]]:
    lines = content.decode("utf-8", "replace").split("\n")
    return lines, list(definitions(lines))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:\.\d+)?", text)
