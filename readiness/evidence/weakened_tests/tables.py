"""Tables of cases that stand beside the tests: a constant that a parametrised test or a loop goes over."""

import re
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.model import Routine
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from collections.abc import Collection

    from tree_sitter import Node

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
