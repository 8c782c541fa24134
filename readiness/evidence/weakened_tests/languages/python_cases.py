"""The literal rows for which a test of Python runs."""

import re
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node


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
