"""JavaScript and TypeScript: jest, vitest, mocha, node:test, playwright, cypress, jasmine, ava, tape, QUnit."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Declared, Said
from readiness.evidence.weakened_tests.languages.base import TESTING, Chained, is_hidden
from readiness.evidence.weakened_tests.languages.javascript_running import (
    CALLBACKS,
    LATER,
    SWALLOWS,
    as_said,
    is_waited,
    left_out,
    legacy_assert,
    marks,
    narrows,
    of_file,
    without_function,
)
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part, vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_ROOTS = vocabulary(
    "it test specify fit xit xtest xspecify describe context suite fdescribe xdescribe xcontext QUnit Deno"
)
_SUITES = vocabulary("describe context suite fdescribe xdescribe xcontext module")
_MODIFIERS = vocabulary(
    "skip only todo fixme fails failing fail skipIf runIf each for concurrent sequential serial parallel describe "
    "test module suite shuffle slow"
)
_HOOKS = vocabulary("before after beforeEach afterEach beforeAll afterAll setup suiteSetup")
_NESTED = re.compile(r"(?:t|ctx|context)\.(?:test|it|step)")
"""Subtests of node:test and tap."""
_FUNCTIONS = frozenset({"arrow_function", "function_expression", "function"})
_TELLS = re.compile(rb"\b(?:done|resolve|reject|cb|callback|next|end)\b")
"""Calls by which a callback tells that it has run: the test waits for it."""


class JavaScript(Chained):
    """JavaScript and TypeScript."""

    branches = frozenset({"catch_clause", "if_statement", "switch_statement", "ternary_expression"})
    functions = _FUNCTIONS | {"method_definition", "function_declaration"}
    nested_tests_run = True
    calls = frozenset({"call_expression"})
    transparent = frozenset({"call_expression", "expression_statement", "await_expression"})
    kinds = calls | _FUNCTIONS | {
        "function_declaration", "method_definition", "variable_declarator", "expression_statement", "if_statement",
        "for_statement", "for_in_statement", "while_statement", "switch_statement", "try_statement",
        "return_statement", "throw_statement", "continue_statement", "catch_clause",
        "class_declaration", "ternary_expression", "binary_expression",
    }  # fmt: skip
    chain = {
        "call_expression": ("function", ""),
        "member_expression": ("object", "property"),
        "subscript_expression": ("object", "index"),
        "non_null_expression": ("", ""),
        "await_expression": ("", ""),
    }
    asserts = re.compile(
        r"^(?:expect|assert|should|expectTypeOf|assertType|chai|attest|cy\..*\.should|sinon\.assert)(?:$|\.)"
        r"|^(?:t|assert|test|tap)\.(?:is|not|isNot|deepEqual|truthy|falsy|true|false|throws\w*|notThrows\w*|equals?|ok"
        r"|notOk|same|pass|like|regex|snapshot|strictEqual|match|rejects|notEqual|notDeepEqual|deepLooseEqual)$"
        r"|^(?:equal|strictEqual|deepEqual|deepStrictEqual|notEqual|notStrictEqual|throws|rejects|ok|doesNotThrow)$"
        r"|\.should(?:$|\.)|^\w*(?:assert|expect|verify|shouldBe|mustBe)[A-Z]\w*$|^(?:assert|expect|verify)[A-Z_]\w*"
        r"|\.(?:assert|expect|verify)[A-Z_]\w*$"
    )
    links = re.compile(r"^(?:expect|assert|should)$")
    skips = re.compile(r"^(?:t|ctx|context|this|testInfo|task)\.(?:skip|fixme|todo)$|^(?:pending|skip)$")

    def conventional(self, path: PurePosixPath) -> bool:
        """The default patterns of jest, vitest, mocha, playwright and cypress."""
        folders = set(path.parts[:-1])
        named = re.search(r"[.\-_](?:test|tests|spec|cy|e2e)\.[cm]?[jt]sx?$|^tests?\.[cm]?[jt]sx?$", path.name)
        in_folder = folders & {"__tests__", "test", "tests", "e2e"}
        in_folder |= folders & ({"spec", "specs"} if re.search("spec", path.name, re.IGNORECASE) else set())
        return not is_hidden(path, "node_modules") and (named is not None or bool(in_folder))

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """Tests are calls with a title, in a file of any name."""
        found = re.search(rb"\b(?:it|test|describe|specify|suite|context)(?:\.\w+)*\s*[(`]|\bexpect\(", content)
        return bool(TESTING.search(str(path))) or found is not None

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Calls of `describe` and `test`, and functions with a name."""
        if part.kind == "call_expression":
            return self._called(outline, part)
        named = part.node.child_by_field_name("name")
        body = part.node.child_by_field_name("body")
        if part.kind == "variable_declarator":
            value = part.node.child_by_field_name("value")
            body = value.child_by_field_name("body") if value is not None and value.type in _FUNCTIONS else None
        if named is None or body is None or part.kind in {"class_declaration", *_FUNCTIONS}:
            return None
        return Declared("function", outline.text(named), body)

    def _called(self, outline: Outline, part: Part) -> Declared | None:
        names, called = self.chained(outline, part)
        arguments = self.arguments_of(part.node)
        if names[:1] and (names[0] in _HOOKS or (names[0] == "test" and names[-1] in _HOOKS)):
            return self._hook(names, arguments)
        if not names or names[0] not in _ROOTS or not set(names[1:]) <= _MODIFIERS or not arguments:
            return None
        if names[0] in {"QUnit", "Deno"} and not names[1:]:
            return None
        function = next((node for node in arguments[1:] if node.type in _FUNCTIONS), None)
        title = outline.text(arguments[0])
        if function is None and not without_function(names, called, arguments):
            return None
        kind = "suite" if _SUITES & set(names) else "test"
        body = function.child_by_field_name("body") if function is not None else None
        return Declared(
            kind,
            title.strip("\"'`"),
            body or part.node,
            tuple(marks(outline, part, names, arguments, pending=kind == "test" and len(arguments) == 1)),
            narrows(outline, names, arguments),
            self._rows(outline, called),
        )

    def _hook(self, names: list[str], arguments: tuple["Node", ...]) -> Declared | None:
        function = next((node for node in arguments if node.type in _FUNCTIONS), None)
        body = function.child_by_field_name("body") if function is not None else None
        return Declared("hook", names[-1], body) if body is not None else None

    def _rows(self, outline: Outline, called: list["Node"]) -> tuple[str, ...] | None:
        """The literal rows of `test.each([…])`."""
        if not called[1:]:
            return None
        values = [node for node in self.arguments_of(called[1]) if node.type == "array"]
        if not values or any(child.type == "spread_element" for child in values[0].named_children):
            return None
        return tuple(outline.words(child) for child in values[0].named_children if child.type != "comment")

    def arguments_of(self, node: "Node") -> tuple["Node", ...]:
        """A template after a name has no arguments."""
        found = node.child_by_field_name("arguments")
        return super().arguments_of(node) if found is not None and found.type == "arguments" else ()

    def said(self, outline: Outline, part: Part) -> Said | None:
        """`x.should.be.true` besides the calls."""
        if part.kind == "expression_statement":
            text = outline.text(part.node)[:400]
            if re.match(r"[\w.$\[\]]+\.should(?:\.\w+)+;?$", text):
                return Said(text.partition(".should.")[2].rstrip(";"), (part.node,), part.node)
            return None
        said = super().said(outline, part)
        return said if said is None else as_said(outline, part, said)

    def skip(self, outline: Outline, part: Part) -> str:
        """Playwright's `test.skip()` in a test, besides the others."""
        if part.kind != "call_expression":
            return ""
        names, _ = self.chained(outline, part)
        if (
            names[:1] == ["test"]
            and len(names) > 1
            and names[-1] in {"skip", "fixme", "fail"}
            and self.declared(outline, part) is None
        ):
            return outline.text(part.node)[:80]
        if _NESTED.fullmatch(".".join(names)):
            option = next((found for one in self.arguments_of(part.node)[1:2] if (found := left_out(outline, one))), "")
            return f"{option} on {outline.text(part.node)[:60]}" if option else ""
        if names == ["skip"] and (part.parent is None or self.arguments_of(part.node)[1:]):
            return ""
        return super().skip(outline, part)

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """`false && …` and `.catch(() => {})` besides the others."""
        if around.kind == "binary_expression":
            return (
                re.match(
                    rb"(?:false|0|null|void 0|undefined|NaN|\"\"|'')\s*&&",
                    outline.source.content[around.start : around.start + 20],
                )
                is not None
            )
        if around.kind == "call_expression":
            names, _ = self.chained(outline, around)
            if names and names[-1] in LATER and inner.start > around.start + len(names[-1]):
                head = outline.source.content[max(0, around.start - 80) : around.start]
                waited = re.search(rb"(?:resolve\w*|=>|await|Promise\w*)[^;\n]*$", head)
                return not waited and not _TELLS.search(outline.source.content[around.start : around.end])
            if (
                names
                and names[-1] in CALLBACKS
                and names[0] not in {"cy", "page", "browser"}
                and not is_waited(outline, around)
            ):
                return True
            return SWALLOWS.search(outline.source.content[max(around.start, around.end - 60) : around.end]) is not None
        return super().idles(outline, around, inner)

    def file_marks(self, outline: Outline) -> list[Mark]:
        """Another name for what skips, or another thing by the name of what tests; what lets every test run again."""
        marks = [of_file(outline, part, self.chained(outline, part)[0]) for part in outline.parts]
        return [mark for mark in (*marks, legacy_assert(outline)) if mark is not None]

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`throw` besides `return`; a skip of mocha, node:test and playwright without a condition ends the test."""
        if part.kind == "call_expression" and _NESTED.fullmatch(".".join(self.chained(outline, part)[0])):
            return False
        if part.kind == "call_expression" and (text := self.skip(outline, part)):
            return not re.search(r"\(\s*[^)\s\"'`]", text)
        if part.kind == "call_expression":
            return outline.source.content[part.start : part.end] == b"done()"
        return part.kind in {"throw_statement", "return_statement"}


DIALECT = JavaScript()
