"""Python: pytest and unittest."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Declared, Said
from readiness.evidence.weakened_tests.languages.base import EMPTY, TESTING, Chained, is_hidden, is_silent
from readiness.evidence.weakened_tests.languages.python_marks import (
    assigned,
    class_marks,
    enclosing,
    hook_marks,
    looped,
    marks_of_cases,
    never_runs,
    of_decorators,
    parametrized,
    unknown_class,
)
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part, vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_FIXTURE_METHODS = vocabulary(
    "setUp setUpClass setUpModule asyncSetUp tearDown setup_method setup_class setup_module setup_function setup"
)
_HOOKS = vocabulary(
    "pytest_collection_modifyitems pytest_ignore_collect pytest_runtest_setup pytest_runtest_protocol "
    "pytest_runtest_call pytest_runtest_makereport pytest_pyfunc_call pytest_collect_file pytest_generate_tests "
    "pytest_pycollect_makeitem pytest_itemcollected pytest_make_collect_report pytest_sessionfinish "
    "pytest_sessionstart pytest_configure pytest_report_teststatus load_tests"
)
_TEST_CLASS = re.compile(r"^Test|(?:Tests?|TestCase)$")
_EQUALS_ALL = re.compile(r"def __(?:eq|ne)__\([^)]*\)[^:]*:\s*return (?:True|False)\s*$")
_NO_ASSERTION = re.compile(
    r"\. (?:called|awaited)_(?:once_)?with \(|\. (?:called_once|has_calls|has_awaits) \(|\. asser?t_\w+ == True"
)
"""Attributes of a mock that assert nothing: each is another mock, and true."""
_UNHEARD = re.compile(r"(?:asyncio\.)?gather\((?s:.){0,400}\breturn_exceptions=True")
_FEW_IN_PROFILE = re.compile(r"(?:\w+\.)?register_profile\([^)]*\bmax_examples\s*=\s*\d\b")
_SWALLOWED = re.compile(r"^(?:|Exception|BaseException|AssertionError|.*\bAssertionError\b.*)$")


class Python(Chained):
    """Python."""

    calls = frozenset({"call"})
    transparent = frozenset({"with_statement", "call", "module", "expression_statement", "decorated_definition"})
    kinds = calls | {
        "with_statement", "assert_statement", "if_statement", "while_statement", "try_statement", "for_statement",
        "match_statement", "return_statement", "raise_statement", "function_definition", "class_definition",
        "lambda", "assignment", "delete_statement", "continue_statement", "yield", "except_clause",
    }  # fmt: skip
    chain = {"call": ("function", ""), "attribute": ("object", "attribute")}
    branches = frozenset({"if_statement", "match_statement", "except_clause"})
    functions = frozenset({"function_definition", "lambda"})
    later_hides_earlier = True
    asserts = re.compile(
        r"(?:^|\.)_*(?:assert|check_|verify_|expect)\w*(?:$|\.)|^(?:self|cls)\.fail\w*$"
        r"|(?:^|\.)(?:raises|warns|deprecated_call|fail)$",
        re.IGNORECASE,
    )
    skips = re.compile(
        r"\.add_marker$|^(?:pytest|unittest)\.(?:skip|xfail|importorskip)$|^(?:self|cls)\.skipTest$|^importorskip$"
    )

    def conventional(self, path: PurePosixPath) -> bool:
        """The `python_files` of pytest, the pattern of unittest discovery, and Django's `tests.py`."""
        return (
            path.suffix == ".py"
            and not is_hidden(path, "build", "dist", "venv", "node_modules", "CVS")
            and bool(re.search(r"^test|_test\.py$|^conftest\.py$", path.name))
        )

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """What imports a test framework besides, and functions named like tests wherever they are."""
        return bool(
            TESTING.search(str(path)) or re.search(rb"^[ \t]*(?:async )?def test|\bTestCase\b", content, re.MULTILINE)
        )

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Functions and classes."""
        body = part.node.child_by_field_name("body")
        named = part.node.child_by_field_name("name")
        if part.kind not in {"function_definition", "class_definition"} or body is None or named is None:
            return None
        name = outline.text(named)
        decorators = _decorators(part.node)
        marks = tuple(of_decorators(outline, decorators))
        if part.kind == "class_definition":
            return Declared(
                "suite", name, body, (*marks, *class_marks(outline, body), *unknown_class(outline, part, name))
            )
        kind = self._kind(outline, part, name, decorators)
        if kind != "test":
            return Declared(kind, name, body, (*marks, *(hook_marks(outline, name, body) if name in _HOOKS else ())))
        cases = parametrized(outline, decorators)
        cases = looped(outline, part) if cases is None else cases
        marks += tuple(never_runs(outline, part))
        return Declared(kind, name, body, (*marks, *marks_of_cases(decorators, cases or ())), cases=cases)

    def _kind(self, outline: Outline, part: Part, name: str, decorators: list["Node"]) -> str:
        around = enclosing(part)
        fixture = next((outline.text(node) for node in decorators if "fixture" in outline.text(node)), "")
        if name in _HOOKS or name in _FIXTURE_METHODS or "autouse=True" in fixture.replace(" ", ""):
            return "hook"
        if fixture or not name.startswith("test") or (around is not None and around.kind == "function_definition"):
            return "function"
        if around is not None and not _is_test_class(outline, around.node):
            return "function"
        return "test"

    def said(self, outline: Outline, part: Part) -> Said | None:
        """`assert` besides the calls."""
        if part.kind == "assert_statement":
            condition = [child for child in part.node.named_children if child.type != "comment"][:1]
            if condition and _NO_ASSERTION.search(outline.words(condition[0])):
                return Said("nothing", tuple(condition), condition[0], ("true",))
            return Said("assert", tuple(condition), condition[0] if condition else part.node)
        if part.parent is not None and part.parent.kind == "assert_statement":
            return None
        said = super().said(outline, part)
        if said is not None and part.parent is not None and part.parent.kind == "with_statement":
            block = part.parent.node.child_by_field_name("body")
            if block is not None and part.start < block.start_byte and outline.words(block) in {"pass", ". . ."}:
                return Said("nothing", said.operands, said.whole, ("true",))
        return said

    def skip(self, outline: Outline, part: Part) -> str:
        """`raise SkipTest` besides the calls."""
        if part.kind == "raise_statement":
            text = outline.text(part.node)
            return text[:80] if re.match(r"raise\s+[\w.]*(?:SkipTest|skip\.Exception)", text) else ""
        if part.kind == "call" and _UNHEARD.match(outline.text(part.node)) and _is_statement(outline, part):
            return outline.text(part.node)[:80]
        text = super().skip(outline, part)
        if ".add_marker" in text and not re.search(r"skip|xfail", text):
            return ""
        around = part.node.parent if text else None
        return "" if around is not None and around.type == "decorator" else text

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`raise` besides `return`."""
        if part.kind == "call" and re.match(
            r"pytest\.importorskip|[\w.]+\.add_marker|(?:asyncio\.)?gather\(", outline.text(part.node)[:60]
        ):
            return False
        if part.kind == "raise_statement":
            return part.parent is not None and part.parent.kind != "with_statement"
        return super().leaves(outline, part)

    def ignores(self, outline: Outline, handler: "Node") -> bool:
        """`except Exception: pass`."""
        if handler.type != "except_clause" or not handler.named_children:
            return False
        *caught, block = [child for child in handler.named_children if "comment" not in child.type] or [handler]
        what = re.sub(r"(?<!\s)\s+as\s+\w+$", "", " ".join(map(outline.text, caught)))
        return bool(_SWALLOWED.match(what)) and is_silent(outline.text(handler), outline.text(block))

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """`contextlib.suppress` besides the others."""
        if around.kind == "for_statement" and inner.start > around.start:
            over = around.node.child_by_field_name("right")
            return over is not None and EMPTY.search(outline.text(over)) is not None
        if around.kind == "try_statement" and _returns_at_last(outline, around):
            return True
        if around.kind == "with_statement" and inner.start > around.start:
            head = outline.text(around.node).partition(":")[0]
            if re.search(r"\b(?:raises|assertRaises)\(", head) and _is_after_first(around, inner):
                return True
            return bool(re.search(r"\bsuppress\([^)]*\b(?:Exception|BaseException|AssertionError)\b", head))
        return super().idles(outline, around, inner)

    def file_marks(self, outline: Outline) -> list[Mark]:
        """`pytestmark`, `collect_ignore` and `__test__` of a module."""
        return (
            [
                mark
                for part in outline.parts
                if part.kind == "assignment" and part.parent is None
                for mark in assigned(outline, part.node)
            ]
            + [
                Mark("assertion-trivial", "__eq__ that is always true", part.line)
                for part in outline.parts
                if part.kind == "function_definition" and _EQUALS_ALL.match(outline.text(part.node)[:200])
            ]
            + [
                Mark("test-cases-fewer", outline.text(part.node)[:80], part.line)
                for part in outline.parts
                if part.kind == "call" and _FEW_IN_PROFILE.match(outline.text(part.node)[:200])
            ]
            + [
                Mark("test-not-collected", outline.text(part.node)[:80], part.line)
                for part in outline.parts
                if part.kind == "delete_statement" and part.parent is None and "test" in outline.text(part.node).lower()
            ]
        )


def _is_statement(outline: Outline, part: Part) -> bool:
    """Whether nobody takes what a call gives."""
    content = outline.source.content
    return content[content.rfind(b"\n", 0, part.start) + 1 : part.start].strip() in {b"", b"await"}


def _returns_at_last(outline: Outline, around: Part) -> bool:
    """A `return` in `finally` drops the failure."""
    last = around.node.named_children[-1] if around.node.named_children else around.node
    return last.type == "finally_clause" and re.search(r"^[ \t]*return\b", outline.text(last), re.MULTILINE) is not None


def _is_after_first(around: Part, inner: Part) -> bool:
    """Whether something that may raise stands before, in the block of `pytest.raises`."""
    body = around.node.child_by_field_name("body")
    statements = [child for child in body.named_children if child.type != "comment"] if body is not None else []
    return bool(statements) and inner.start >= statements[0].end_byte and inner.kind == "assert_statement"


def _decorators(node: "Node") -> list["Node"]:
    around = node.parent
    if around is None or around.type != "decorated_definition":
        return []
    return [child for child in around.children if child.type == "decorator"]


def _is_test_class(outline: Outline, node: "Node") -> bool:
    name, bases = node.child_by_field_name("name"), node.child_by_field_name("superclasses")
    own = name is not None and _TEST_CLASS.search(outline.text(name))
    return bool(own) or (bases is not None and "Test" in outline.text(bases))


DIALECT = Python()
