"""Kotlin: JUnit, TestNG, kotlin.test, and the calls of kotest."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Declared, Said
from readiness.evidence.weakened_tests.languages import java
from readiness.evidence.weakened_tests.languages.annotated import Annotated, Annotation
from readiness.evidence.weakened_tests.languages.base import LINKS, is_silent
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part, vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_SPECS = vocabulary(
    "test it should describe context given expect xtest xit xdescribe xcontext xshould feature scenario"
)
_SUITES = frozenset({"describe", "context", "given", "feature", "xdescribe", "xcontext"})
_THROWS = re.compile(r"(?:assert(?:Fails|Throws)|shouldThrow)\w*<")


class Kotlin(Annotated):
    """Kotlin."""

    calls = frozenset({"call_expression"})
    transparent = frozenset({"call_expression"})
    suites = frozenset({"class_declaration", "object_declaration"})
    methods = frozenset({"function_declaration"})
    holders = frozenset({"modifiers"})
    branches = frozenset({"if_expression", "when_expression"})
    functions = frozenset({"lambda_literal", "anonymous_function"})
    exits = frozenset({"return_expression"})
    kinds = calls | suites | methods | {
        "if_expression", "when_expression", "for_statement", "while_statement", "try_expression", "return_expression",
        "throw_expression", "lambda_literal", "anonymous_function", "infix_expression", "binary_expression",
    }  # fmt: skip
    chain = {"call_expression": ("", ""), "navigation_expression": ("", "")}
    tests, hooks, switched_off, skips = java.TESTS, java.HOOKS, java.SWITCHED_OFF, java.SKIPS
    asserts = re.compile(java.ASSERTS.pattern + r"|\.should\w*$|^should\w+$")
    cases = re.compile(r"(?!)")
    content = re.compile(rb"@(?:Test|ParameterizedTest)\b|io\.kotest|org\.junit")

    def conventional(self, path: PurePosixPath) -> bool:
        """Gradle looks into classes: every file counts."""
        return path.suffix == ".kt"

    def body(self, node: "Node") -> "Node | None":
        """The grammar names no fields."""
        kinds = {"class_body", "function_body"}
        if node.type == "class_declaration":
            kinds.add("delegation_specifiers")
        return next((child for child in node.named_children[::-1] if child.type in kinds), None)

    def names(self, outline: Outline, node: "Node | None", links: int = LINKS) -> tuple[list[str], list["Node"]]:
        """By the order of the children."""
        names: list[str] = []
        called: list[Node] = []
        for _ in range(links):
            if node is None:
                break
            first = node.named_children[0] if node.named_children else None
            if node.type == "call_expression":
                called.append(node)
            elif node.type == "navigation_expression" and node.named_child_count > 1:
                names.append(outline.text(node.named_children[-1]))
            else:
                names.append(outline.text(node) if node.type in {"identifier", "this_expression"} else "")
                break
            node = first
        return names[::-1], called

    def rows(self, annotations: list[Annotation]) -> tuple[str, ...] | None:
        """The literals of `@CsvSource` and `@ValueSource`."""
        return java.DIALECT.rows(annotations)

    def arguments_of(self, node: "Node") -> tuple["Node", ...]:
        """The values; a lambda behind them is a body."""
        values = next((child for child in node.named_children if child.type == "value_arguments"), None)
        return tuple(child for child in values.named_children if child.type == "value_argument") if values else ()

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """`test("…") { … }` besides methods."""
        if part.kind != "call_expression":
            return super().declared(outline, part)
        block = next((child for child in part.node.named_children if "lambda" in child.type), None)
        names, called = self.chained(outline, part)
        if block is not None and (title := _of_string_spec(outline, part.node)):
            return _kotest(outline, part, title, block)
        titles = self.arguments_of(called[-1]) if called else ()
        if block is not None and names[:1] == ["withData"]:
            rows = tuple(outline.words(title) for title in titles)
            return Declared("test", "withData", block, cases=rows or None)
        if (
            block is None
            or len(titles) != 1
            or not names
            or names[0] not in _SPECS
            or names[1:] not in ([], ["config"])
        ):
            return None
        title = outline.text(titles[0])
        if not title.startswith('"'):
            return None
        before = outline.source.content[part.start : block.start_byte]
        off = names[0].startswith("x") or title.startswith('"!') or re.search(rb"\benabled\s*=\s*false", before)
        marks = (Mark("test-skipped", names[0] if names[0].startswith("x") else title, part.line),) if off else ()
        narrows = "f:" if title.startswith('"f:') else ""
        return Declared("suite" if names[0] in _SUITES else "test", title.strip('"!'), block, marks, narrows)

    def said(self, outline: Outline, part: Part) -> Said | None:
        """`a shouldBe b` and `assertFailsWith<E> { … }` besides the calls."""
        children = part.node.named_children
        if part.kind == "infix_expression" and len(children) > 2:  # noqa: PLR2004 — left, name, right
            name = outline.text(children[1])
            return Said(name, (children[0], children[2]), part.node) if name.startswith("should") else None
        if part.kind == "binary_expression":
            text = outline.text(part.node)[:60]
            around = part.parent
            inner = around is not None and around.start == part.start and around.kind in {"call_expression", part.kind}
            return Said("assertFails", (), part.node) if _THROWS.match(text) and not inner else None
        if part.kind == "call_expression" and _THROWS.match(outline.text(part.node)[:60]):
            return Said("assertFails", (), part.node)
        said = super().said(outline, part)
        return java.unevaluated(outline, part, said) if said is not None else None

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`throw` besides `return`."""
        if text := self.skip(outline, part):
            return bool(java.CONSTANT.search(text))
        return part.kind in {"return_expression", "throw_expression"}

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """The grammar's own names for `if` and `try`."""
        if around.kind == "call_expression":
            head = outline.source.content[around.start : around.start + 12]
            return (
                head.startswith(b"runCatching")
                and b"getOrThrow" not in outline.source.content[around.end : around.end + 40]
            )
        if around.kind == "if_expression":
            return self.never(outline, around, inner)
        if around.kind != "try_expression":
            return False
        block, *handlers = around.node.named_children or [around.node]
        caught = [
            child
            for child in handlers
            if child.type == "catch_block" and re.search(r"Throwable|Error", outline.text(child))
        ]
        return inner.start < block.end_byte and any(
            is_silent(outline.text(child), outline.text(child.named_children[-1])) for child in caught
        )

    def never(self, outline: Outline, around: Part, inner: Part) -> bool:
        """The branch follows the condition."""
        condition = around.node.child_by_field_name("condition")
        return condition is not None and outline.text(condition) == "false" and inner.start >= condition.end_byte


def _of_string_spec(outline: Outline, node: "Node") -> str:
    """The title of `"…" { … }` and `"…".config(…) { … }`."""
    inner = node.named_children[0]
    while inner.type in {"call_expression", "navigation_expression"} and inner.named_children:
        inner = inner.named_children[0]
    return outline.text(inner) if inner.type == "string_literal" else ""


def _kotest(outline: Outline, part: Part, title: str, block: "Node") -> Declared:
    before = outline.source.content[part.start : block.start_byte].decode("utf-8", "replace")
    off = re.search(r"\benabled\s*=\s*false|\benabled\w*\s*=(?!\s*true)", before)
    marks = [Mark("test-skipped", title, part.line)] if title.startswith('"!') else []
    marks += [Mark("test-skipped", off[0], part.line)] if off else []
    if again := re.search(r"\bretr(?:y|ies)\s*=\s*[1-9]", before):
        marks.append(Mark("test-retried", again[0], part.line, conditional=True))
    return Declared(
        "test", re.sub(r"^\"(?:!|f:)?|\"$", "", title), block, tuple(marks), "f:" if title.startswith('"f:') else ""
    )


DIALECT = Kotlin()
