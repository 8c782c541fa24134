"""Python: pytest and unittest."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.dialect import Declared, Said
from readiness.evidence.weakened_tests.languages.base import TESTING, Chained
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part, vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_SKIPS = re.compile(r"(?:^|[._])(?:skip|xfail|expectedfailure)", re.IGNORECASE)
_CONDITIONAL = re.compile(r"if|unless|xfail|expected|on_|without|not_", re.IGNORECASE)
_FIXTURE_METHODS = vocabulary(
    "setUp setUpClass setUpModule asyncSetUp tearDown setup_method setup_class setup_module setup_function setup"
)
_HOOKS = vocabulary(
    "pytest_collection_modifyitems pytest_ignore_collect pytest_runtest_setup pytest_runtest_protocol "
    "pytest_runtest_call pytest_runtest_makereport pytest_pyfunc_call pytest_collect_file pytest_generate_tests "
    "pytest_pycollect_makeitem pytest_itemcollected pytest_make_collect_report pytest_sessionfinish "
    "pytest_sessionstart pytest_configure pytest_report_teststatus load_tests"
)
_LEAVES_OUT = re.compile(
    r"\b(?:skip|xfail|deselect)\w*|\bitems\s*\[[^\]\n]*\]\s*=|\bitems\.(?:remove|pop|clear)\b|\bdel items\b"
    r"|\.(?:outcome|exitstatus)\s*=(?!=)|\bforce_result\b|\breturn True\b"
)
_TEST_CLASS = re.compile(r"^Test|(?:Tests?|TestCase)$")
_SWALLOWED = re.compile(r"^(?:|Exception|BaseException|AssertionError|.*\bAssertionError\b.*)$")


class Python(Chained):
    """Python."""

    calls = frozenset({"call"})
    transparent = frozenset({"with_statement", "call", "module", "expression_statement", "decorated_definition"})
    kinds = calls | {
        "with_statement", "assert_statement", "if_statement", "while_statement", "try_statement", "for_statement",
        "match_statement", "return_statement", "raise_statement", "function_definition", "class_definition",
        "lambda", "assignment", "delete_statement",
    }  # fmt: skip
    chain = {"call": ("function", ""), "attribute": ("object", "attribute")}
    later_hides_earlier = True
    asserts = re.compile(
        r"(?:^|\.)_*(?:assert|check_|verify_|expect)\w*(?:$|\.)|^(?:self|cls)\.fail\w*$"
        r"|(?:^|\.)(?:raises|warns|deprecated_call|fail)$",
        re.IGNORECASE,
    )
    skips = re.compile(r"^(?:pytest|unittest)\.(?:skip|xfail|importorskip)$|^(?:self|cls)\.skipTest$|^importorskip$")

    def conventional(self, path: PurePosixPath) -> bool:
        """The `python_files` of pytest, the pattern of unittest discovery, and Django's `tests.py`."""
        return path.suffix == ".py" and bool(re.search(r"^test|_test\.py$|^conftest\.py$", path.name))

    def holds_tests(self, path: PurePosixPath, content: bytes) -> bool:
        """What imports a test framework besides, and functions named like tests wherever they are."""
        return bool(
            TESTING.search(str(path)) or re.search(rb"^\s*(?:async )?def test|\bTestCase\b", content, re.MULTILINE)
        )

    def declared(self, outline: Outline, part: Part) -> Declared | None:
        """Functions and classes."""
        body = part.node.child_by_field_name("body")
        named = part.node.child_by_field_name("name")
        if part.kind not in {"function_definition", "class_definition"} or body is None or named is None:
            return None
        name = outline.text(named)
        decorators = _decorators(part.node)
        marks = tuple(self._marks(outline, decorators))
        if part.kind == "class_definition":
            return Declared("suite", name, body, (*marks, *_class_marks(outline, body)))
        kind = self._kind(outline, part, name, decorators)
        if kind != "test":
            return Declared(kind, name, body, (*marks, *(_hook_marks(outline, name, body) if name in _HOOKS else ())))
        cases = _cases(outline, decorators)
        return Declared(kind, name, body, (*marks, *_case_marks(decorators, cases or ())), cases=cases)

    def _kind(self, outline: Outline, part: Part, name: str, decorators: list["Node"]) -> str:
        around = _enclosing(part)
        fixture = next((outline.text(node) for node in decorators if "fixture" in outline.text(node)), "")
        if name in _HOOKS or name in _FIXTURE_METHODS or "autouse=True" in fixture.replace(" ", ""):
            return "hook"
        if fixture or not name.startswith("test") or (around is not None and around.kind == "function_definition"):
            return "function"
        if around is not None and not _is_test_class(outline, around.node):
            return "function"
        return "test"

    def _marks(self, outline: Outline, decorators: list["Node"]) -> list[Mark]:
        marks = []
        for node in decorators:
            text = outline.text(node)
            name = text[1:].split("(")[0].strip()
            if _SKIPS.search(name):
                conditional = bool(_CONDITIONAL.search(name.rpartition(".")[2]))
                marks.append(Mark("test-skipped", text[:80], node.start_point.row + 1, conditional))
        return marks

    def said(self, outline: Outline, part: Part) -> Said | None:
        """`assert` besides the calls."""
        if part.kind == "assert_statement":
            condition = [child for child in part.node.named_children if child.type != "comment"][:1]
            return Said("assert", tuple(condition), condition[0] if condition else part.node)
        if part.parent is not None and part.parent.kind == "assert_statement":
            return None
        return super().said(outline, part)

    def skip(self, outline: Outline, part: Part) -> str:
        """`raise SkipTest` besides the calls."""
        if part.kind == "raise_statement":
            text = outline.text(part.node)
            return text[:80] if re.match(r"raise\s+[\w.]*(?:SkipTest|skip\.Exception)", text) else ""
        text = super().skip(outline, part)
        around = part.node.parent if text else None
        return "" if around is not None and around.type == "decorator" else text

    def leaves(self, outline: Outline, part: Part) -> bool:
        """`raise` besides `return`."""
        if part.kind == "call" and outline.text(part.node).startswith("pytest.importorskip"):
            return False
        if part.kind == "raise_statement":
            return part.parent is not None and part.parent.kind != "with_statement"
        return super().leaves(outline, part)

    def ignores(self, outline: Outline, handler: "Node") -> bool:
        """`except Exception: pass`."""
        if handler.type != "except_clause" or not handler.named_children:
            return False
        *caught, block = [child for child in handler.named_children if "comment" not in child.type] or [handler]
        return bool(_SWALLOWED.match(" ".join(map(outline.text, caught)))) and outline.words(block) in {"pass", ". . ."}

    def idles(self, outline: Outline, around: Part, inner: Part) -> bool:
        """`contextlib.suppress` besides the others."""
        if around.kind == "with_statement" and inner.start > around.start:
            head = outline.text(around.node).partition(":")[0]
            return bool(re.search(r"\bsuppress\([^)]*\b(?:Exception|BaseException|AssertionError)\b", head))
        return super().idles(outline, around, inner)

    def file_marks(self, outline: Outline) -> list[Mark]:
        """`pytestmark`, `collect_ignore` and `__test__` of a module."""
        return [
            mark
            for part in outline.parts
            if part.kind == "assignment" and part.parent is None
            for mark in _assigned(outline, part.node)
        ] + [
            Mark("test-not-collected", outline.text(part.node)[:80], part.line)
            for part in outline.parts
            if part.kind == "delete_statement" and part.parent is None and "test" in outline.text(part.node)
        ]


def _decorators(node: "Node") -> list["Node"]:
    around = node.parent
    if around is None or around.type != "decorated_definition":
        return []
    return [child for child in around.children if child.type == "decorator"]


def _enclosing(part: Part) -> Part | None:
    above = part.parent
    while above is not None and above.kind not in {"function_definition", "class_definition"}:
        above = above.parent
    return above


def _is_test_class(outline: Outline, node: "Node") -> bool:
    name, bases = node.child_by_field_name("name"), node.child_by_field_name("superclasses")
    own = name is not None and _TEST_CLASS.search(outline.text(name))
    return bool(own) or (bases is not None and "Test" in outline.text(bases))


def _class_marks(outline: Outline, body: "Node") -> list[Mark]:
    functions = [child for child in body.named_children if child.type == "function_definition"]
    names = {outline.text(named): node for node in functions if (named := node.child_by_field_name("name"))}
    if "__init__" in names and "TestCase" not in outline.text(body.parent or body)[:200]:
        return [Mark("test-not-collected", "a constructor", names["__init__"].start_point.row + 1)]
    statements = [child for child in body.named_children if child.type == "expression_statement"]
    assigned = [child for statement in statements for child in statement.named_children if child.type == "assignment"]
    return [mark for node in assigned for mark in _assigned(outline, node)]


def _hook_marks(outline: Outline, name: str, body: "Node") -> list[Mark]:
    """What a hook of pytest does to leave tests out, or to change how they ended."""
    found = dict.fromkeys(match[0] for match in _LEAVES_OUT.finditer(outline.text(body)))
    return [Mark("test-skipped", f"{name}: {text}", body.start_point.row + 1, conditional=True) for text in found]


def _assigned(outline: Outline, node: "Node") -> list[Mark]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return []
    name, value, line = outline.text(left), outline.text(right), node.start_point.row + 1
    if name == "pytestmark" and (found := re.search(r"\b(?:skip|xfail)\w*", value)):
        return [Mark("test-skipped", f"{name} = {value}"[:80], line, found[0] != "skip")]
    if name == "__test__" and value in {"False", "0", "None"}:
        return [Mark("test-not-collected", f"{name} = {value}", line)]
    if name.startswith("test_") and value in {"None", "False", "..."}:
        return [Mark("test-not-collected", f"{name} = {value}", line)]
    if name in {"collect_ignore", "collect_ignore_glob"}:
        strings = [child for child in right.named_children if child.type == "string"]
        return [Mark("test-not-collected", f"{name}: {outline.text(child)}", line) for child in strings or [right]]
    return []


def _cases(outline: Outline, decorators: list["Node"]) -> tuple[str, ...] | None:
    """The literal rows of `parametrize`; None when there are none, or one is computed."""
    rows: list[str] = []
    literal = False
    for decorator in decorators:
        call = decorator.named_children[0] if decorator.named_children else None
        if call is None or call.type != "call" or ".parametrize" not in outline.text(call).split("(")[0]:
            continue
        arguments = call.child_by_field_name("arguments")
        values = [child for child in arguments.named_children if child.type in {"list", "tuple"}] if arguments else []
        if not values:
            return None
        children = [child for child in values[-1].named_children if child.type != "comment"]
        if any("splat" in child.type for child in children):
            return None
        literal = True
        rows += [outline.words(child) for child in children]
    return tuple(rows) if literal else None


def _case_marks(decorators: list["Node"], cases: tuple[str, ...]) -> list[Mark]:
    """`pytest.param(…, marks=pytest.mark.skip)`."""
    line = decorators[0].start_point.row + 1 if decorators else 0
    return [
        Mark("test-skipped", row[:80], line, conditional=True) for row in cases if re.search(r"\b(?:skip|xfail)", row)
    ]


DIALECT = Python()
