"""All tests and helpers of one revision: the merge base, or what is judged."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from readiness.evidence.weakened_tests.languages.base import TESTING
from readiness.evidence.weakened_tests.model import Assertion, Mark, Routine, TestFile

_BESIDE_THE_CODE = frozenset({"rust"})
"""Languages whose tests stand in the files of what they test."""
_OF_TYPES = re.compile(r"\.(?:test|spec)-d\.[cm]?tsx?$")
"""Files that vitest and tsd only check the types of."""
_TYPES = re.compile(r"expectTypeOf|assertType|expectType|expectError|expectAssignable")
_DEPTH = 5


@dataclass
class Revision:
    """The tests and helpers that changed files hold in one revision."""

    files: dict[str, TestFile] = field(default_factory=dict)
    earlier: "Revision | None" = None
    """The merge base, for what is judged: where names had a meaning before."""

    @classmethod
    def of(cls, files: Iterable[TestFile | None], earlier: "Revision | None" = None) -> "Revision":
        """The revision with these files."""
        return cls({file.path: file for file in files if file is not None}, earlier)

    @cached_property
    def tests(self) -> list[Routine]:
        """Every test."""
        return [routine for file in self.files.values() for routine in file.tests]

    @cached_property
    def helpers(self) -> list[Routine]:
        """Every function and hook outside of tests, in files of tests: what is tested helps no test."""
        files = [file for file in self.files.values() if file.tests or _is_of_tests(file)]
        return [routine for file in files for routine in file.routines if routine.kind != "test"]

    @cached_property
    def parents(self) -> frozenset[str]:
        """The classes that others extend."""
        return frozenset().union(*(file.parents for file in self.files.values()))

    def conventional(self, routine: Routine) -> bool:
        """Whether it stands in a file that its runner collects by default."""
        return self.files[routine.path].conventional

    def collected(self, routine: Routine) -> bool:
        """Whether it counts as a test at all: in a file of types, only what is about types."""
        types = _OF_TYPES.search(routine.path) is not None and bool(routine.assertions)
        return self.conventional(routine) or (types and all(_TYPES.match(one.text) for one in routine.assertions))

    def reached(self, routine: Routine) -> Iterator[Routine]:
        """A routine and the helpers of the change that it calls, at most a few deep."""
        seen = {id(routine)}
        around = [routine]
        for _ in range(_DEPTH):
            yield from around
            called = [helper for one in around for name in self.calls(one) for helper in self._named(name, one)]
            around = []
            for helper in called:
                if id(helper) not in seen:
                    seen.add(id(helper))
                    around.append(helper)

    @property
    def names(self) -> Container[str]:
        """The names of the helpers."""
        return self._by_name

    def calls(self, routine: Routine) -> list[str]:
        """The helpers of the change that a routine names."""
        return sorted(self._by_name.keys() & (routine.words.keys() | routine.outside))

    def said(self, routine: Routine) -> list[tuple[Assertion, Routine]]:
        """What a routine asserts, by itself and by the helpers that it calls."""
        return [(stated, one) for one in self.reached(routine) for stated in one.assertions]

    def marks(self, routine: Routine) -> list[Mark]:
        """What skips a routine: its own marks, and the calls in helpers."""
        return [*routine.declared_marks, *(mark for one in self.reached(routine) for mark in one.body.marks)]

    def replaced(self, routine: Routine) -> frozenset[str]:
        """What a stub stands for while a routine runs: by itself, by the hooks of its file, or around them."""
        own = [one.body.stubs for one in self.reached(routine)]
        return self.replaced_around(routine.path).union(*own)

    def replaced_around(self, path: str) -> frozenset[str]:
        """The same for every test of a file."""
        if path not in self._replaced:
            hooks = [one for one in self.files[path].routines if one.kind == "hook"]
            self._replaced[path] = self.files[path].stubs.union(*(hook.body.stubs for hook in hooks))
        return self._replaced[path]

    @cached_property
    def _replaced(self) -> dict[str, frozenset[str]]:
        return {}

    def _named(self, name: str, caller: Routine) -> list[Routine]:
        """The helpers of a name: in the caller's file, else the only one there is.

        One more of the same name elsewhere takes no meaning away that the name had in the merge base.
        """
        known = self._by_name.get(name, [])
        own = [helper for helper in known if helper.path == caller.path]
        if own:
            return own[:3]
        if len(known) > 1 and self.earlier is not None:
            paths = {helper.path for helper in self.earlier._by_name.get(name, [])}  # noqa: SLF001  another of its kind
            known = [helper for helper in known if helper.path in paths]
        return known if len(known) == 1 else []

    @cached_property
    def _by_name(self) -> dict[str, list[Routine]]:
        found: dict[str, list[Routine]] = {}
        for helper in self.helpers:
            found.setdefault(helper.name, []).append(helper)
        return found


def _is_of_tests(file: TestFile) -> bool:
    return file.language in _BESIDE_THE_CODE or TESTING.search(file.path) is not None
