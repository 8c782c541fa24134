"""Rust: `#[test]` and the attributes of test crates."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Call, Declared, Said
from readiness.evidence.weakened_tests.languages.base import Chained
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node

_TEST = re.compile(r"^(?:\w+::)*(?:test|rstest|test_case|quickcheck|wasm_bindgen_test|proptest|test_log)\b(?!::)")
_ASSERTS = re.compile(
    r"(?:^|_)assert|^panic$|^unreachable$|^(?:eqnice|matches_snapshot|expect_that|verify_that)|^insta"
)
_PASSED_OVER = frozenset({"attribute_item", "line_comment", "block_comment"})
_INNER = re.compile(r"^#!\[cfg\(([^\n]*)\)\]", re.MULTILINE)


class Rust(Chained):
    """Rust."""

    calls = frozenset({"call_expression"})
    transparent = frozenset({"call_expression", "expression_statement"})
    branches = frozenset({"if_expression", "match_expression"})
    functions = frozenset({"closure_expression", "async_block"})
    exits = frozenset({"return_expression", "continue_expression"})
    kinds = calls | {
        "function_item", "mod_item", "impl_item", "macro_invocation", "if_expression", "match_expression",
        "for_expression", "while_expression", "loop_expression", "return_expression", "closure_expression",
        "expression_statement", "async_block", "continue_expression",
    }  # fmt: skip
    chain = {
        "call_expression": ("function", ""),
        "field_expression": ("value", "field"),
        "scoped_identifier": ("path", "name"),
        "try_expression": ("", ""),
    }
    asserts = re.compile(
        r"(?:^|\.)(?:assert|check|verify|expect)_\w+$|(?:^|\.)assert$|\.(?:stdout|stderr|success|failure|code)$"
    )
    skips = re.compile(r"(?!)")

    def conventional(self, path: PurePosixPath) -> bool:
        """Tests stand in any file."""
        return path.suffix == ".rs"

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """Files with an attribute or a macro for tests, or in `tests/`."""
        return "tests" in path.parts or re.search(rb"\btest\w*\s*[\](!]|cfg\(test\)|rstest", content) is not None

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Functions, modules, and macros that declare a test by name."""
        if part.kind == "macro_invocation":
            return self._macro(outline, part)
        named, body = part.node.child_by_field_name("name"), part.node.child_by_field_name("body")
        if part.kind not in {"function_item", "mod_item"} or named is None or body is None:
            return None
        attributes = _attributes(outline, part.node)
        name = outline.text(named)
        if part.kind == "mod_item":
            return Declared("suite", name, body, tuple(_marks(attributes)))
        if not any(_TEST.match(text) for text, _ in attributes):
            return Declared("function", name, body)
        rows = tuple(
            " ".join(re.findall(r"\w+", text)) for text, _ in attributes if re.match(r"(?:test_case|case)\b", text)
        )
        return Declared("test", name, body, tuple(_marks(attributes)), cases=rows or None)

    def _macro(self, outline: Outline, part: Part) -> Declared | None:
        """`rgtest!(name, …)`: a macro outside of functions whose name says that it declares a test."""
        macro, *rest = part.node.named_children or [part.node]
        if not rest or (part.parent is not None and part.parent.kind not in {"mod_item", "expression_statement"}):
            return None
        first = rest[-1].named_children[0] if rest[-1].named_children else None
        if "test" not in outline.text(macro) or first is None or first.type != "identifier":
            return None
        return Declared("test", outline.text(first), rest[-1], tuple(_marks(_attributes(outline, part.node))))

    def call(self, outline: Outline, part: Part) -> Call | None:
        """Macros are calls, too."""
        if part.kind == "macro_invocation":
            macro = part.node.child_by_field_name("macro")
            return Call(outline.text(macro).replace("::", "."), ()) if macro is not None else None
        return super().call(outline, part)

    def said(self, outline: Outline, part: Part) -> Said | None:
        """`assert!` and its like."""
        if part.kind != "macro_invocation":
            return super().said(outline, part)
        macro = part.node.child_by_field_name("macro")
        name = outline.text(macro).rpartition("::")[2] if macro is not None else ""
        if not _ASSERTS.search(name):
            return None
        texts = _arguments(outline, part.node.named_children[-1])
        single = re.search(r"(?:^|_)assert$", name) is not None
        known = tuple(texts[:1] if single else texts[:2])
        return Said("assert" if single else name.replace("_eq", "_equal"), (), part.node, known)

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`return`, and a macro that panics is an assertion."""
        del outline
        return part.kind == "return_expression"

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """`if false`, and a panic that is caught."""
        if around.kind == "call_expression" and inner.start > around.start:
            head = outline.source.content[max(0, around.start - 12) : around.start + 40]
            if re.match(
                rb"(?:tokio::|thread::|std::thread::)?(?:spawn|task::spawn)\(",
                outline.source.content[around.start : around.start + 40],
            ):
                return around.parent is not None and around.parent.kind == "expression_statement"
            return re.search(rb"let _\w* = (?:std::)?(?:panic::)?catch_unwind\(", head) is not None
        return around.kind == "if_expression" and self.never(outline, around, inner)

    def file_marks(self, outline: Outline) -> list[Mark]:
        """`#![cfg(…)]`."""
        text = outline.source.content[:4000].decode("utf-8", "replace")
        return [
            Mark("test-not-collected", found[0], text.count("\n", 0, found.start()) + 1)
            for found in _INNER.finditer(text)
        ]


def _attributes(outline: Outline, node: "Node") -> list[tuple[str, int]]:
    """The attributes above an item, without their brackets."""
    found = []
    above = node.prev_named_sibling
    while above is not None and above.type in _PASSED_OVER:
        if above.type == "attribute_item":
            found.append((outline.text(above)[2:-1].strip(), above.start_point.row + 1))
        above = above.prev_named_sibling
    return found[::-1]


def _marks(attributes: list[tuple[str, int]]) -> list[Mark]:
    marks = []
    for text, line in attributes:
        if re.match(r"ignore\b", text) or re.match(r"cfg_attr\(.*\bignore\b", text):
            marks.append(Mark("test-skipped", f"#[{text[:80]}]", line, text.startswith("cfg_attr")))
        elif text.startswith("should_panic"):
            marks.append(Mark("test-skipped", f"#[{text[:80]}]", line, conditional=True))
            if "expected" not in text:
                marks.append(Mark("test-skipped", "any panic", line, conditional=True))
        elif text.startswith("cfg(") and (
            "feature" in text or not re.fullmatch(r"cfg\(\s*(?:all\(\s*)?test\b[^)]*\)?\s*\)", text)
        ):
            never = re.search(r"any\(\)|\bFALSE\b|not\(test\)", text)
            marks.append(Mark("test-not-collected", f"#[{text[:80]}]", line, never is None))
    return marks


def _arguments(outline: Outline, tree: "Node") -> list[str]:
    """The arguments of a macro: what stands between its commas."""
    found, start = [], tree.start_byte + 1
    for child in tree.children:
        if child.type == ",":
            found.append(outline.words_between(start, child.start_byte))
            start = child.end_byte
    return [text for text in [*found, outline.words_between(start, tree.end_byte - 1)] if text]


DIALECT = Rust()
