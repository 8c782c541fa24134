"""What a piece of code names and calls: strings, comments, and words that every test has are none of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readiness.evidence.source import walk
from readiness.evidence.weakened_tests.outline import vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node
from collections.abc import Iterable

_STOP_WORDS = vocabulary(
    "assert assertequal assertequals expect expected actual result equal equals self this true false none null the and "
    "not for with return const let var def func function new await async test tobe toequal value"
)


def without_stop_words(tokens: Iterable[str]) -> set[str]:
    """The words that say what something is about: no operators, no words that every test has."""
    return {word for word in tokens if re.match(r"\w", word) and word.lower() not in _STOP_WORDS}


_NAMES = re.compile(r"identifier$|^(?:constant|name|instance_variable)$")
_LONGEST = 80
_ACCESS = frozenset({".", "?.", "->", "?->", "::", "&."})
_DECLARE = frozenset({"class", "def", "func", "function", "fun", "fn", "struct"})
_SIGNS = _ACCESS | _DECLARE | {"(", ")", "{", "\\"}
COMMON = vocabulary(
    "self this cls super it test describe context assert expect isinstance len list dict set tuple str int float "
    "bool range print sorted zip enumerate any all sum min max map filter getattr setattr hasattr type repr open "
    "iter next True False None string append make new panic error String Integer Object Array Promise Error "
    "Exception Math JSON Date Number Boolean Symbol RegExp Set Map List Arrays Collections Optional System Thread "
    "Path Decimal pytest unittest Mock MagicMock patch vec println format Some Ok Err Box Vec Test Fact Theory "
    "Assert Assertions Console require import ArrayList HashMap IllegalArgumentException IllegalStateException "
    "RuntimeException NullPointerException IOException ValueError TypeError KeyError RuntimeError AttributeError "
    "NotImplementedError OSError Func Task Action Type let subject before after setTimeout undefined expect_any "
    "jest vi sinon cy page done t Class Override Void Foo Bar"
)
"""Names that every project has: of languages, of their libraries, of test frameworks."""


@dataclass(frozen=True)
class Identifiers:
    """The names in a piece of code."""

    names: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    """Those that are called, on whatever they are called."""
    free: frozenset[str] = frozenset()
    """Those that stand by themselves before a bracket, and types: the language or an import knows them."""


def identifiers(node: "Node") -> Identifiers:
    """The names in a node, and those that it calls."""
    names, called, free, own = set(), set(), set(), set()
    for name, before, after in _leaves(node):
        names.add(name)
        if before in _DECLARE:
            own.add(name)
        if after == "(":
            called.add(name)
        if before not in _ACCESS and after != "\\" and (after == "(" or (name[:1].isupper() and not name.isupper())):
            free.add(name)
    return Identifiers(frozenset(names), frozenset(called - own), frozenset(free - own - COMMON))


def names(node: "Node") -> frozenset[str]:
    """The names in a node."""
    return frozenset(name for name, _, _ in _leaves(node))


def _leaves(node: "Node") -> Iterator[tuple[str, str, str]]:
    """Each name with the sign before and the sign after it."""
    found = [one for one in walk(node) if one.child_count == 0 and (one.is_named or one.type in _SIGNS)]
    for at, one in enumerate(found):
        if one.is_named and _NAMES.search(one.type) and one.end_byte - one.start_byte < _LONGEST:
            text = (one.text or b"").decode("utf-8", "replace").lstrip("$@")
            yield text, found[at - 1].type if at else "", found[at + 1].type if at + 1 < len(found) else ""
