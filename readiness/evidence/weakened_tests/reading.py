"""Reads the tests of one source file: what they assert, what skips them, what they call."""

import ast
import re
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.source import SourceFile, language_of, parse, walk
from readiness.evidence.weakened_tests.bodies import SKIPPED, Bodies, outer_of
from readiness.evidence.weakened_tests.dialect import Declared, Dialect
from readiness.evidence.weakened_tests.identifiers import identifiers
from readiness.evidence.weakened_tests.languages import dialect_of
from readiness.evidence.weakened_tests.model import Mark, Routine, TestFile
from readiness.evidence.weakened_tests.outline import Outline, Part, above_of, outline
from readiness.evidence.weakened_tests.stubs import mocked_modules, own_module_mocked, stubs

if TYPE_CHECKING:
    from collections.abc import Collection

    from tree_sitter import Node


NOT_COLLECTED = "test-not-collected"
NARROWED = "test-narrowed"
RETRIED = "test-retried"
_EXPECTED = re.compile(rb"\bexpected\w*\s*=\s*(?:\"[^\"\n]*\"|[^,)\n]+)|ExpectedException\([^)]*\)")
_MAY_STUB = re.compile(r"mock|stub|spy|fake|Substitute|double|every|receive", re.IGNORECASE)
_PARENTS = re.compile(r"\bclass\s+\w+[^{\n]{0,200}?(?:extends|:|<|\()\s*(?:[\w.]+[.\\])?(\w+)")


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
    found.routines += tables(parts, path, reader.owner)
    if dialect.later_hides_earlier:
        _hide_doubles(found.tests)
    elif found.language == "ruby":
        _hide_doubles([test for test in found.tests if test.name.startswith("test_")])
    found.marks = [*dialect.file_marks(parts), *reader.loose_skips()]
    found.stubs, found.parents = reader.around()
    if found.language != "python" and b".mock(" in content:
        found.marks += own_module_mocked(source.text(source.root), path)
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
        self.bodies = Bodies(parts, dialect, self.declared)

    def declare(self) -> None:
        """Find what is declared, and give each part to the outermost test around it, or else function."""
        holds_tests: set[int] = set()
        for part in self.outline.parts:
            declared = self.dialect.declared(self.outline, part)
            if declared is None:
                continue
            self.declared[part.index] = declared
            if declared.kind in {"test", "suite"}:
                holds_tests.update(above.index for above in above_of(part))
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
        suites, marks, outside = [], list(declared.marks), b""
        inner = part
        for above in above_of(part):
            suite = self.declared.get(above.index)
            if suite is not None and suite.kind == "suite":
                outside += self.outline.source.content[outer_of(above).start_byte : above.start]
                suites.append(suite.name)
                marks += suite.marks
            elif above.kind in self.dialect.branches:
                line = self.outline.text(above.node).partition("\n")[0][:80]
                never = self.dialect.idles(self.outline, above, inner)
                marks.append(Mark(NOT_COLLECTED, line, above.line, conditional=not never))
            elif self.dialect.idles(self.outline, above, inner):
                marks.append(Mark(NOT_COLLECTED, "a condition that is never met", above.line))
            inner = above
        tokens = self.outline.tokens(declared.body)
        around = tuple(reversed(suites))
        routine = Routine(self.found.path, declared.name, part.line, declared.kind, around, tokens, tuple(marks))
        routine.cases = declared.cases
        outside += self.outline.source.content[outer_of(part).start_byte : part.start]
        head = self.outline.source.content[part.start : declared.body.start_byte]
        expected = _EXPECTED.findall(head) if declared.kind == "test" else []
        routine.throws = b", ".join(expected).decode("utf-8", "replace")
        routine.patched = b"patch" in outside
        routine.heading = (outside + head).decode("utf-8", "replace")
        routine.outside = frozenset(re.findall(r"\w+", outside.decode("utf-8", "replace")))
        routine.read = partial(self.bodies.read, part, declared)
        routine.outlined = partial(self.bodies.shape, part)
        routine.find_identifiers = partial(identifiers, declared.body)
        return routine

    def around(self) -> tuple[frozenset[str], frozenset[str]]:
        """What is replaced outside of every test and function, and which classes are extended."""
        text = self.outline.source.content.decode("utf-8", "replace")
        if self.found.language == "python" or not _MAY_STUB.search(text):
            return frozenset(), frozenset(_PARENTS.findall(text))
        kept, at = [], 0
        content = self.outline.source.content
        for part, _ in self.units():
            kept.append(content[at : part.start])
            at = max(at, part.end)
        rest = b" ".join([*kept, content[at:]]).decode("utf-8", "replace")
        return stubs(rest) | mocked_modules(text), frozenset(_PARENTS.findall(text))

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


_KINDS = frozenset({"assignment", "variable_declarator"})
_ROWS = frozenset(
    {"list", "tuple", "array", "array_initializer", "initializer_expression", "array_creation_expression"}
)
_USED = (
    r"(?:parametrize\([^\n]*|\.each\(|TestCaseSource\((?:nameof\()?|MemberData\((?:nameof\()?|DynamicData\((?:nameof\()?"
    r"|MethodSource\(\"?|FieldSource\(\"?|\bfor\b[^\n]*\b(?:in|of|:)\s|foreach\b[^\n]*\bin\s)\W{0,2}"
)


def tables(outline: Outline, path: str, owner: "Collection[int]") -> list[Routine]:
    """The constants of a file whose literal rows a test runs for, as routines without a body."""
    found = []
    for part in outline.parts:
        if part.kind not in _KINDS or part.index in owner:
            continue
        name, rows = _table(part)
        if name is None or rows is None:
            continue
        text = outline.text(name)
        if re.search(rf"{_USED}{re.escape(text)}\b", outline.source.content.decode("utf-8", "replace")):
            cases = tuple(outline.words(child) for child in rows.named_children if "comment" not in child.type)
            found.append(Routine(path, text, part.line, "function", tokens=outline.tokens(rows), cases=cases))
    return found


def _table(part: Part) -> "tuple[Node | None, Node | None]":
    name = part.node.child_by_field_name("left") or part.node.child_by_field_name("name")
    value = part.node.child_by_field_name("right") or part.node.child_by_field_name("value")
    if value is None and part.node.named_child_count > 1:
        value = part.node.named_children[-1]
    return name, value if value is not None and value.type in _ROWS else None
