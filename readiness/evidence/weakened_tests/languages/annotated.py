"""What Java, Kotlin and C# share: a test is a method with an annotation."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.source import walk
from readiness.evidence.weakened_tests.dialect import Declared
from readiness.evidence.weakened_tests.languages.base import RETRIES, SET_ASIDE, TESTING, Chained
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node

_OF = re.compile(r"(?:Stream|List|Set|Arrays)\.(?:of|asList)\(")
_STATIC = re.compile(r"\bstatic\b")
_MANY = re.compile(r"\b(?:Stream|Iterable|Collection|List|Iterator)\b")


@dataclass(frozen=True)
class Annotation:
    """One annotation, or attribute."""

    name: str
    text: str
    line: int


class Annotated(Chained):
    """A language whose tests are methods with annotations."""

    suites: frozenset[str]
    """Node types of classes."""
    methods: frozenset[str]
    """Node types of methods."""
    holders: frozenset[str]
    """Node types of what holds the annotations of a declaration."""
    marks = frozenset({"annotation", "marker_annotation", "attribute"})
    tests: re.Pattern[str]
    hooks: re.Pattern[str]
    switched_off: re.Pattern[str]
    """On an annotation's text, without its first sign: that the test is skipped."""
    conditional = re.compile(r"If|On[A-Z]|Conditional|Enabled|Platform|Requires|ForJre")
    cases: re.Pattern[str]
    """Names of annotations that hold one row each."""
    unrun = r"\bprivate\b"
    """On what stands before the name of a test: that no runner calls it."""
    content = re.compile(rb"(?!)")
    """On a file that holds tests though its path does not say so."""

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """See `Dialect`."""
        return bool(TESTING.search(str(path)) or self.content.search(content))

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Classes and methods."""
        if part.kind not in self.suites | self.methods:
            return None
        named = part.node.child_by_field_name("name")
        body = self.body(part.node)
        if named is None or body is None:
            return None
        name = outline.text(named).strip("`")
        annotations = self.annotations(outline, part.node)
        marks = tuple(self.skipped(one) for one in annotations if self.switched_off.search(one.text))
        marks += tuple(mark for one in annotations if (mark := _set_aside(one)) is not None)
        head = outline.source.content[part.start : named.start_byte].decode("utf-8", "replace")
        if part.kind in self.suites:
            return Declared("suite", name, body, (*marks, *self.unrun_suite(outline, part, name, head, annotations)))
        if self.is_test(outline, part, name, annotations):
            unrun = re.search(self.unrun, head)
            marks += (Mark("test-not-collected", f"{unrun[0]} {name}", part.line, conditional=True),) if unrun else ()
            return Declared("test", name, body, marks, cases=self.rows(annotations))
        kind = "hook" if any(self.hooks.search(one.name) for one in annotations) else "function"
        return Declared(kind, name, body, marks, cases=self.provided(outline, part, annotations))

    def unrun_suite(
        self, outline: Outline, part: Part, name: str, head: str, annotations: list[Annotation]
    ) -> list[Mark]:
        """What keeps a runner from making a class: an abstract one is run by what extends it."""
        del outline, annotations
        return (
            [Mark("test-not-collected", f"abstract {name}", part.line, conditional=True)]
            if re.search(r"\babstract\b", head)
            else []
        )

    def provided(self, outline: Outline, part: Part, annotations: list[Annotation]) -> tuple[str, ...] | None:
        """The literal rows that a method gives to tests."""
        head = outline.text(part.node).partition("{")[0]
        if any(_MANY.search(line, found.end()) for line in head.split("\n") if (found := _STATIC.search(line))):
            return _given(outline, part.node)
        if not any(re.search(r"DataProvider|Parameters", one.name) for one in annotations):
            return None
        array = next((node for node in walk(part.node) if node.type == "array_initializer"), None)
        return None if array is None else tuple(outline.words(child) for child in array.named_children)

    def body(self, node: "Node") -> "Node | None":
        """What a class or a method holds."""
        return node.child_by_field_name("body")

    def is_test(self, outline: Outline, part: Part, name: str, annotations: list[Annotation]) -> bool:
        """Whether a runner takes a method for a test."""
        del outline, part, name
        return any(self.tests.search(one.name) for one in annotations)

    def annotations(self, outline: Outline, node: "Node") -> list[Annotation]:
        """The annotations of a declaration."""
        return [
            Annotation(_name(text), text, inner.start_point.row + 1)
            for holder in node.children
            if holder.type in self.holders
            for inner in walk(holder)
            if inner.type in self.marks and (text := outline.text(inner).lstrip("@#["))
        ]

    def skipped(self, annotation: Annotation) -> Mark:
        """What an annotation that skips says."""
        return Mark(
            "test-skipped", annotation.text[:80], annotation.line, bool(self.conditional.search(annotation.name))
        )

    def rows(self, annotations: list[Annotation]) -> tuple[str, ...] | None:
        """The literal rows of a test."""
        rows = [" ".join(re.findall(r"\w+", one.text)) for one in annotations if self.cases.search(one.name)]
        return tuple(rows) or None


def _given(outline: Outline, node: "Node") -> tuple[str, ...] | None:
    """The arguments of the one `Stream.of(…)` that a provider returns."""
    calls = [one for one in walk(node) if one.type == "method_invocation" and _OF.match(outline.text(one)[:40])]
    arguments = calls[0].child_by_field_name("arguments") if calls else None
    return tuple(outline.words(one) for one in arguments.named_children) if arguments is not None else None


def _set_aside(one: Annotation) -> Mark | None:
    """A tag by which people leave tests out, or what lets a test fail and run again."""
    if RETRIES.search(one.name) or re.search(r"retryAnalyzer|successPercentage|failureThreshold", one.text):
        return Mark("test-retried", one.text[:80], one.line, conditional=True)
    if re.match(r"(?:Tag|Category|Trait|TestCategory|Test)$", one.name) and SET_ASIDE.search(one.text):
        return Mark("test-skipped", one.text[:80], one.line, conditional=True)
    return None


def _name(text: str) -> str:
    return re.split(r"[(<\s]", text, maxsplit=1)[0].rpartition(".")[2]
