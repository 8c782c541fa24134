"""Whether a test may go because the code that it tests is gone.

Whoever removes one name that a test mentions has not removed what the test is about: a constant can be written out
where it was used, a helper that nobody calls can be deleted. A test may go with a name only if its title is about that
name, or if what else it calls is tested elsewhere still.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePosixPath

from readiness.evidence.weakened_tests.definitions import GENERIC
from readiness.evidence.weakened_tests.identifiers import COMMON
from readiness.evidence.weakened_tests.matching import plain_title
from readiness.evidence.weakened_tests.model import Routine
from readiness.evidence.weakened_tests.removed_code import RemovedCode
from readiness.evidence.weakened_tests.revision import Revision

_TITLE = 4
"""Shorter names are in every title."""
_ASSERTS = re.compile(r"assert[A-Z_]|fail$|verify$|(?:[A-Z]\w*)?Assert(?:ions)?$")
"""Assertions of a framework that are called by themselves."""


class GoneWithCode:
    """The judge of one change."""

    def __init__(self, removed: RemovedCode, before: Revision, after: Revision) -> None:
        self._removed = removed
        self._before = before
        self._after = after

    def takes(self, test: Routine) -> bool:
        """Whether a test that is gone has lost what it tested."""
        used = test.identifiers
        features, details = self._removed.named(used.names, test.path)
        stem = PurePosixPath(test.path).stem
        cores = {_letters(_core(title)) for title in (stem, *test.suites)}
        if self._removed.paired(_core(stem), test.path) or self._is_named_after(test):
            return True
        if not features and not details:
            return False
        if not (cores - GENERIC).isdisjoint(map(_letters, self._removed.named(self._removed.features, test.path)[0])):
            return True
        others = self._others(test) - features - details
        alive = others & self._removed.living - self._removed.holders
        if not features:
            return not alive and (not others & used.free or any(_in(name, _letters(test.name)) for name in details))
        if self._is_about(test, features, alive):
            return True
        unknown = {name for name in others & used.free if name not in self._removed.living}
        return alive <= self._tested and len(unknown - self._tested - self._removed.holders) < len(features)

    def _is_named_after(self, test: Routine) -> bool:
        """Whether a test has the name of what is gone, and writes it, if only in a string: a route, a command."""
        title = plain_title(test.name)
        same = [name for name in self._removed.features if _letters(name) == title and name in test.words]
        return len(title) >= _TITLE and bool(self._removed.named(same, test.path)[0])

    def _others(self, test: Routine) -> set[str]:
        """What a test calls of the project: not its own helpers, and not what every language has."""
        called = test.identifiers.called | test.identifiers.free
        own = {test.name, *(name for name in called if name in self._before.names or _ASSERTS.match(name))}
        return set(called - COMMON - own)

    def _is_about(self, test: Routine, features: Iterable[str], alive: Iterable[str]) -> bool:
        """Whether the titles name what is gone, and the test's own title nothing that lives."""
        own = _letters(test.name)
        if any(_in(name, own) for name in features):
            return True
        if any(_in(name, own) for name in alive):
            return False
        around = "".join(map(_letters, (*test.suites, PurePosixPath(test.path).stem)))
        return any(_in(name, around) for name in features)

    @cached_property
    def _tested(self) -> frozenset[str]:
        """What the tests name that are still there."""
        return frozenset(word for test in self._after.tests for word in test.words)


def _core(stem: str) -> str:
    """`test_coupon`, `coupon.test`, `CouponTest` and `coupon_spec` are all about `coupon`."""
    return re.sub(r"^tests?_|[._-](?:tests?|spec|cy)$|(?:Tests?|Spec|IT|TestCase)$", "", stem)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _in(name: str, letters: str) -> bool:
    plain = _letters(name)
    return len(plain) >= _TITLE and plain in letters
