"""For which cases tests of Python run, and what keeps them from running: decorators, hooks, assignments."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.languages.base import RETRIES, SET_ASIDE
from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


_SKIPS = re.compile(r"(?:^|[._])(?:skip|xfail|expectedfailure)", re.IGNORECASE)
_CONDITIONAL = re.compile(r"if|unless|xfail|expected|on_|without|not_", re.IGNORECASE)
_LEAVES_OUT = re.compile(
    r"\b(?:skip|xfail|deselect)\w*|\bitems\s*\[[^\]\n]*\]\s*=|\bitems\.(?:remove|pop|clear)\b|\bdel items\b"
    r"|\.(?:outcome|exitstatus)\s*=(?!=)|\bforce_result\b|\breturn True\b"
    r"|\breturn (?:unittest\.)?(?:TestSuite\(\)|None$)"
)
_FEW_EXAMPLES = 10


def _is_empty_decorator(outline: Outline, name: str) -> bool:
    """Whether a decorator of this file drops the function that it is given."""
    if not name.isidentifier():
        return False
    found = re.search(
        rf"^def {name}\(\s*(\w+)[^\n]*\n((?:[ \t]+[^\n]*\n|\n)*)",
        outline.source.content.decode("utf-8", "replace"),
        re.MULTILINE,
    )
    return found is not None and not re.search(rf"\b{found[1]}\b", found[2])


def never_runs(outline: Outline, part: Part) -> Iterator[Mark]:
    """A generator, and a coroutine that awaits nothing: pytest runs neither by itself."""
    if any(inner.kind == "yield" and enclosing(inner) is part for inner in outline.below(part)):
        yield Mark("test-not-collected", "a generator", part.line)
    text = outline.text(part.node)
    if text.startswith("async ") and not re.search(r"\bawait\b|\basync (?:with|for)\b", text):
        yield Mark("test-not-collected", "a coroutine that awaits nothing", part.line, conditional=True)


def enclosing(part: Part) -> Part | None:
    """The function or class around a part."""
    above = part.parent
    while above is not None and above.kind not in {"function_definition", "class_definition"}:
        above = above.parent
    return above


def unknown_class(outline: Outline, part: Part, name: str) -> list[Mark]:
    """A class that pytest does not take by its name, nor unittest by what it extends."""
    if name.startswith("Test") or not _extends_nothing(outline, part.node):
        return []
    return [Mark("test-not-collected", f"{name} extends no TestCase", part.line, conditional=True)]


def _extends_nothing(outline: Outline, node: "Node") -> bool:
    bases = node.child_by_field_name("superclasses")
    return bases is None or outline.text(bases) in {"()", "(object)"}


def class_marks(outline: Outline, body: "Node") -> list[Mark]:
    """What in a class keeps its tests from running."""
    functions = [child for child in body.named_children if child.type == "function_definition"]
    names = {outline.text(named): node for node in functions if (named := node.child_by_field_name("name"))}
    if "__init__" in names and "TestCase" not in outline.text(body.parent or body)[:200]:
        return [Mark("test-not-collected", "a constructor", names["__init__"].start_point.row + 1)]
    statements = [child for child in body.named_children if child.type == "expression_statement"]
    values = [child for statement in statements for child in statement.named_children if child.type == "assignment"]
    return [mark for node in values for mark in assigned(outline, node)]


def hook_marks(outline: Outline, name: str, body: "Node") -> list[Mark]:
    """What a hook of pytest does to leave tests out, or to change how they ended."""
    found = dict.fromkeys(match[0] for match in _LEAVES_OUT.finditer(outline.text(body)))
    if name == "pytest_ignore_collect" and (
        match := re.search(r"\breturn (?!None\b|False\b)[^\n]+", outline.text(body))
    ):
        found[match[0][:60]] = None
    return [Mark("test-skipped", f"{name}: {text}", body.start_point.row + 1, conditional=True) for text in found]


def assigned(outline: Outline, node: "Node") -> list[Mark]:
    """What an assignment in a module or a class does to the tests."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return []
    name, value, line = outline.text(left), outline.text(right), node.start_point.row + 1
    said = f"{name} = {value}"[:80]
    if name == "pytestmark" and (found := re.search(r"\b(?:skip|xfail)\w*", value)):
        return [Mark("test-skipped", said, line, found[0] != "skip")]
    if (name == "__test__" and value in {"False", "0", "None"}) or (
        name.startswith("test_") and value in {"None", "False", "..."}
    ):
        return [Mark("test-not-collected", said, line)]
    if name == "failureException":
        return [Mark("test-skipped", said, line)]
    if name in {"collect_ignore", "collect_ignore_glob"}:
        strings = [child for child in right.named_children if child.type == "string"]
        return [Mark("test-not-collected", f"{name}: {outline.text(child)}", line) for child in strings or [right]]
    return []


def of_decorators(outline: Outline, decorators: list["Node"]) -> list[Mark]:
    """What the decorators of a test do to it."""
    marks = []
    for node in decorators:
        text = outline.text(node)
        name = text[1:].split("(")[0].strip()
        if (few := re.search(r"\bmax_examples\s*=\s*(\d{1,9})\b", text)) and int(few[1]) < _FEW_EXAMPLES:
            marks.append(Mark("test-skipped", text[:80], node.start_point.row + 1, conditional=True))
        if _is_empty_decorator(outline, name):
            marks.append(Mark("test-not-collected", text[:80], node.start_point.row + 1, conditional=True))
        if RETRIES.search(name):
            marks.append(Mark("test-retried", text[:80], node.start_point.row + 1, conditional=True))
        if SET_ASIDE.search(text):
            marks.append(Mark("test-skipped", text[:80], node.start_point.row + 1, conditional=True))
            continue
        if _SKIPS.search(name):
            conditional = bool(_CONDITIONAL.search(name.rpartition(".")[2]))
            marks.append(Mark("test-skipped", text[:80], node.start_point.row + 1, conditional))
    return marks


def looped(outline: Outline, part: Part) -> tuple[str, ...] | None:
    """The literal rows over which a test loops."""
    rows: list[str] = []
    for inner in outline.below(part):
        values = inner.node.child_by_field_name("right") if inner.kind == "for_statement" else None
        if values is not None and values.type in {"list", "tuple"}:
            rows += [outline.words(child) for child in values.named_children if child.type != "comment"]
    return tuple(rows) or None


def parametrized(outline: Outline, decorators: list["Node"]) -> tuple[str, ...] | None:
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


def marks_of_cases(decorators: list["Node"], cases: tuple[str, ...]) -> list[Mark]:
    """`pytest.param(…, marks=pytest.mark.skip)`."""
    line = decorators[0].start_point.row + 1 if decorators else 0
    return [
        Mark("test-skipped", row[:80], line, conditional=True) for row in cases if re.search(r"\b(?:skip|xfail)", row)
    ]
