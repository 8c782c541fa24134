"""Reads what a test or a function does: what it asserts, what skips it, what it replaces."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Declared, Dialect
from readiness.evidence.weakened_tests.model import Assertion, Body, Mark, Routine, Strength
from readiness.evidence.weakened_tests.outline import Outline, Part, above_of
from readiness.evidence.weakened_tests.reachability import (
    early_ends,
    is_conditional,
    is_looped,
    partial_loops,
)
from readiness.evidence.weakened_tests.strength import assertion
from readiness.evidence.weakened_tests.stubs import given, records, stubs
from readiness.evidence.weakened_tests.trivial import aliases, is_of_itself

if TYPE_CHECKING:
    from tree_sitter import Node

SKIPPED = "test-skipped"
_THROWS = frozenset({"throw_statement", "throw_expression", "raise_statement"})
_SWALLOWS = re.compile(
    r"\brunCatching\s*\{|\bsuppress\((?:Base)?Exception|\bexcept(?: (?:Base)?Exception(?: as \w+)?)?:\s*(?:pass|\.\.\.)"
    r"|\bcatch\s*(?:\([^()]{0,80}\))?\s*\{\s*\}|\.catch\(\s*(?:\(\w*\)|\w+)\s*=>\s*\{\s*\}"
    r"|\brescue(?: nil\b| (?:StandardError|Exception)\s*$)"
    r"|\bcatch_unwind\("
)
"""What catches any failure and drops it."""
_RECEIVER = re.compile(r"\b(\w+) (?:\.|->|\?\.|\? \.)(?= \w)")


class Bodies:
    """The bodies of one file."""

    def __init__(self, parts: Outline, dialect: Dialect, declared: Mapping[int, Declared]) -> None:
        self.outline = parts
        self.dialect = dialect
        self.declared = declared

    def read(self, part: Part, declared: Declared, routine: Routine) -> Body:
        """All that a test or a function does."""
        assertions, idle, skips = [], [], []
        end = self._end(part, declared)
        last = 0
        known = aliases(self.outline.text(declared.body))
        for inner in self.outline.below(part):
            if inner.start < declared.body.start_byte and inner.end <= declared.body.start_byte:
                continue
            skip = self.dialect.skip(self.outline, inner)
            said = None if skip else self.dialect.said(self.outline, inner)
            if said is not None:
                last = max(last, inner.start)
                stated = assertion(self.outline, said)
                sure = inner.start < end and not is_of_itself(stated, known) and not self._idle(inner, part, routine)
                if stated.strength is Strength.NOTHING or not sure:
                    idle.append(replace(stated, strength=Strength.NOTHING))
                else:
                    conditional = is_conditional(self.outline, self.dialect, inner, part, stated)
                    looped = is_looped(self.outline, inner, part)
                    assertions.append(replace(stated, conditional=conditional, looped=looped))
            if skip and not self._in_nested_test(inner, part):
                conditional = not (self.dialect.leaves(self.outline, inner) and self._straight(inner, declared))
                skips.append(Mark(SKIPPED, skip, inner.line, conditional))
        if declared.kind == "test":
            skips += early_ends(self.outline, self.dialect, part, declared, last)
            skips += partial_loops(self.outline, part)
        subjects, receivers = _subjects(assertions, known)
        return Body(
            _once(assertions),
            tuple(idle),
            tuple(skips),
            self._stubs(part, declared),
            receivers,
            subjects,
            known,
            self._raises(part, declared),
            any(inner.kind in _THROWS for inner in self.outline.below(part)),
            len(_SWALLOWS.findall(self.outline.text(declared.body))),
        )

    def _raises(self, part: Part, declared: Declared) -> bool:
        """Whether a body throws in every run: not what a lambda in it throws."""
        return any(
            inner.kind in _THROWS and inner.start >= declared.body.start_byte and self._straight(inner, declared)
            for inner in self.outline.below(part)
        )

    def _stubs(self, part: Part, declared: Declared) -> frozenset[str]:
        whole = outer_of(part)
        above = self.outline.source.content[whole.start_byte : part.start].decode("utf-8", "replace")
        return stubs(f"{above}\n    {self.outline.text(declared.body)}") | given(self.outline.text(whole))

    def shape(self, part: Part) -> tuple[tuple[str, int], ...]:
        """How the parts of a body are nested."""
        return tuple(
            (inner.kind, inner.index - inner.parent.index if inner.parent is not None else 0)
            for inner in self.outline.below(part)
        )

    def _in_nested_test(self, inner: Part, part: Part) -> bool:
        """Whether a skip is that of a test which the test around it only makes: a test of a test framework."""
        if self.dialect.nested_tests_run:
            return False
        above = (self.declared.get(above.index) for above in takewhile(lambda one: one is not part, above_of(inner)))
        return any(declared is not None and declared.kind in {"test", "suite"} for declared in above)

    def _end(self, part: Part, declared: Declared) -> int:
        """Where the body stops being reached: after its first `return` that stands under no condition."""
        for inner in self.outline.below(part):
            within = inner.start >= declared.body.start_byte
            if within and self.dialect.leaves(self.outline, inner) and self._straight(inner, declared):
                return inner.end
        return declared.body.end_byte + 1

    def _straight(self, inner: Part, declared: Declared) -> bool:
        """Whether a part runs whenever the body does."""
        for above in above_of(inner):
            if above.start <= declared.body.start_byte and above.end >= declared.body.end_byte:
                return True
            if above.kind not in self.dialect.transparent:
                return False
        return False

    def _idle(self, inner: Part, part: Part, routine: Routine) -> bool:
        below = inner
        for above in above_of(inner):
            if above is part:
                return self.dialect.idles(self.outline, above, below)
            nested = self.declared.get(above.index)
            if nested is not None and _is_never_called(nested, above, routine):
                return True
            if self.dialect.idles(self.outline, above, below):
                return True
            below = above
        return False


def _is_never_called(nested: Declared, part: Part, routine: Routine) -> bool:
    """Whether a function inside a test is named nowhere but where it is declared."""
    within = part.parent.kind if part.parent is not None else ""
    plain = part.kind in {"function_definition", "function_declaration", "variable_declarator"}
    known_otherwise = within in {"class_definition", "decorated_definition"} or nested.kind != "function"
    return plain and not known_otherwise and routine.words[nested.name] == 1


def _once(assertions: list[Assertion]) -> tuple[Assertion, ...]:
    """An assertion found in two ways (`expect(a).toBe(b)` by `expect` and by `toBe`) counts once."""
    seen: dict[tuple[str, int], Assertion] = {}
    for stated in assertions:
        seen.setdefault((stated.text, stated.line), stated)
    return tuple(seen.values())


def outer_of(part: Part) -> "Node":
    """A declaration with its decorators."""
    around = part.node.parent
    return around if around is not None and "decorated" in around.type else part.node


def _subjects(assertions: list[Assertion], known: dict[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    """What assertions are about, by its own and by local names, and the objects among it."""
    said = [stated for stated in assertions if not records(stated.text)]
    direct = {name for stated in said for name in stated.names}
    values = [known[name] for name in direct & known.keys()]
    receivers = {name for text in (*(stated.text for stated in said), *values) for name in _RECEIVER.findall(text)}
    return frozenset(direct | {word for value in values for word in value.split()}), frozenset(receivers)
