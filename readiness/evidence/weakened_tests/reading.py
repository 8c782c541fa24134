"""Reads the tests of one source file: what they assert, what skips them, what they call."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import takewhile
from pathlib import PurePosixPath

from readiness.evidence.source import SourceFile, language_of, parse, walk
from readiness.evidence.weakened_tests.dialect import Declared, Dialect
from readiness.evidence.weakened_tests.languages import dialect_of
from readiness.evidence.weakened_tests.mention import mention
from readiness.evidence.weakened_tests.model import Assertion, Body, Mark, Routine, Strength, TestFile
from readiness.evidence.weakened_tests.outline import Outline, Part, outline
from readiness.evidence.weakened_tests.strength import assertion

_DEPTH = 100
"""Deeper than people write; a hostile file may go deeper by far."""
NOT_COLLECTED = "test-not-collected"
SKIPPED = "test-skipped"
NARROWED = "test-narrowed"


def holds_tests(path: str, content: bytes | None) -> bool:
    """Whether a file is worth reading: it may hold tests, or what helps them."""
    dialect = dialect_of(language_of(path))
    return dialect is not None and content is not None and dialect.holds_tests(PurePosixPath(path), content)


def read(path: str, content: bytes) -> TestFile | None:
    """The tests of a file; None for a file of a language without known tests."""
    dialect = dialect_of(language_of(path))
    if dialect is None:
        return None
    source = parse(path, content)
    if source is None:
        return None
    parts = outline(source, dialect.kinds, dialect.bare)
    found = TestFile(path, source.language, dialect.conventional(PurePosixPath(path)), _broken(source, content))
    if found.broken is not None:
        found.words = frozenset(parts.tokens(source.root))
    reader = _Reader(parts, dialect, found)
    reader.declare()
    found.routines = [reader.routine(part, declared) for part, declared in reader.units()]
    if dialect.later_hides_earlier:
        _hide_doubles(found.tests)
    found.marks = [*dialect.file_marks(parts), *reader.loose_skips()]
    return found


def _broken(source: SourceFile, content: bytes) -> int | None:
    """The line of the first syntax error. Python's own parser has the last word on Python."""
    if not source.root.has_error or (source.language == "python" and _is_python(content)):
        return None
    wrong = (node.start_point.row + 1 for node in walk(source.root) if node.is_error or node.is_missing)
    return next(wrong, 1)


def _is_python(content: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class _Reader:
    def __init__(self, parts: Outline, dialect: Dialect, found: TestFile) -> None:
        self.outline = parts
        self.dialect = dialect
        self.found = found
        self.declared: dict[int, Declared] = {}
        self.owner: dict[int, int] = {}
        """The test or function to which each part belongs, by their indices."""

    def declare(self) -> None:
        """Find what is declared, and give each part to the outermost test around it, or else function."""
        holds_tests: set[int] = set()
        for part in self.outline.parts:
            declared = self.dialect.declared(self.outline, part)
            if declared is None:
                continue
            self.declared[part.index] = declared
            if declared.kind in {"test", "suite"}:
                holds_tests.update(above.index for above in _above(part))
                if declared.narrows:
                    text = f"{declared.narrows} on {declared.name}"
                    self.found.narrowings.append(Mark(NARROWED, text, part.line))
        for part in self.outline.parts:
            around = self.owner.get(part.parent.index) if part.parent else None
            own = self.declared.get(part.index)
            if around is not None:
                self.owner[part.index] = around
            elif own and (own.kind == "test" or (own.kind != "suite" and part.index not in holds_tests)):
                self.owner[part.index] = part.index

    def units(self) -> Iterator[tuple[Part, Declared]]:
        """The tests and the functions outside of tests."""
        for index, declared in self.declared.items():
            if self.owner.get(index) == index:
                yield self.outline.parts[index], declared

    def routine(self, part: Part, declared: Declared) -> Routine:
        """All that is known of one of them."""
        suites, marks = [], list(declared.marks)
        inner = part
        for above in _above(part):
            suite = self.declared.get(above.index)
            if suite is not None and suite.kind == "suite":
                suites.append(suite.name)
                marks += suite.marks
            elif above.kind == "preproc_if":
                line = self.outline.text(above.node).partition("\n")[0]
                marks.append(Mark(NOT_COLLECTED, line[:80], above.line, conditional=True))
            elif self.dialect.idles(self.outline, above, inner):
                marks.append(Mark(NOT_COLLECTED, "a condition that is never met", above.line))
            inner = above
        tokens = self.outline.tokens(declared.body)
        around = tuple(reversed(suites))
        routine = Routine(self.found.path, declared.name, part.line, declared.kind, around, tokens, tuple(marks))
        routine.cases = declared.cases
        routine.read = partial(self._body, part, declared)
        routine.see = partial(mention, declared.body)
        return routine

    def _body(self, part: Part, declared: Declared, routine: Routine) -> Body:
        assertions, idle, skips = [], [], []
        end = self._end(part, declared)
        for inner in self.outline.below(part):
            if inner.start < declared.body.start_byte and inner.end <= declared.body.start_byte:
                continue
            skip = self.dialect.skip(self.outline, inner)
            said = None if skip else self.dialect.said(self.outline, inner)
            if said is not None:
                stated = assertion(self.outline, said)
                if stated.strength is Strength.NOTHING:
                    idle.append(stated)
                elif inner.start >= end or self._idle(inner, part, routine):
                    idle.append(replace(stated, strength=Strength.NOTHING))
                else:
                    assertions.append(stated)
            if skip and not self._in_nested_test(inner, part):
                conditional = not (self.dialect.leaves(self.outline, inner) and self._straight(inner, declared))
                skips.append(Mark(SKIPPED, skip, inner.line, conditional))
        return Body(_once(assertions), tuple(idle), tuple(skips))

    def _in_nested_test(self, inner: Part, part: Part) -> bool:
        """Whether a skip is that of a test which the test around it only makes: a test of a test framework."""
        if self.dialect.nested_tests_run:
            return False
        above = (self.declared.get(above.index) for above in takewhile(lambda one: one is not part, _above(inner)))
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
        for above in _above(inner):
            if above.start <= declared.body.start_byte and above.end >= declared.body.end_byte:
                return True
            if above.kind not in self.dialect.transparent:
                return False
        return False

    def _idle(self, inner: Part, part: Part, routine: Routine) -> bool:
        below = inner
        for above in _above(inner):
            if above is part:
                return False
            nested = self.declared.get(above.index)
            if nested is not None and _is_never_called(nested, above, routine):
                return True
            if self.dialect.idles(self.outline, above, below):
                return True
            below = above
        return False

    def loose_skips(self) -> list[Mark]:
        """What skips outside of every test and function: it holds for the whole file."""
        return [
            Mark(SKIPPED, text, part.line, conditional=not self.dialect.leaves(self.outline, part))
            for part in self.outline.parts
            if part.index not in self.owner and (text := self.dialect.skip(self.outline, part))
        ]


def _hide_doubles(tests: list[Routine]) -> None:
    later: dict[tuple[str, ...], int] = {}
    for test in reversed(tests):
        if (line := later.setdefault((*test.suites, test.name), test.line)) != test.line:
            test.declared_marks = (
                *test.declared_marks,
                Mark(NOT_COLLECTED, f"line {line} declares the same name", test.line),
            )


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


def _above(part: Part) -> Iterator[Part]:
    above = part.parent
    for _ in range(_DEPTH):
        if above is None:
            return
        yield above
        above = above.parent
