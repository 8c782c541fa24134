"""What JavaScript asserts in promises and callbacks: whether anybody waits for it."""

import re

from readiness.evidence.weakened_tests.dialect import Said
from readiness.evidence.weakened_tests.outline import Outline, Part

SWALLOWS = re.compile(
    rb"\.catch\(\s*(?:(?:async\s*)?(?:\(\w*\)|\w+)\s*=>\s*"
    rb"(?:\{\s*\}|undefined|null|false|void 0|console\.\w+\([^()]*\))"
    rb"|function\s*\(\w*\)\s*\{\s*\}|console\.\w+|noop)\s*\)$"
)
LATER = frozenset({"setTimeout", "setImmediate", "setInterval", "nextTick", "requestAnimationFrame", "queueMicrotask"})
_UNCALLED = re.compile(r"^to[BCEHMTS]\w+$")
CALLBACKS = frozenset({"then", "waitFor"})
_ASYNC = re.compile(r"\.(?:resolves|rejects)\b")


def is_waited(outline: Outline, call: Part) -> bool:
    """Whether somebody waits for a promise: it is awaited, returned, given away, or ends with `done`."""
    around = call.parent
    while around is not None and around.kind in {"call_expression", "binary_expression"}:
        around = around.parent
    if around is None or around.kind != "expression_statement":
        return True
    text = outline.text(around.node)
    return (
        text.startswith(("await", "return"))
        or re.search(r"\bdone\b|(?<!Promise\.)\bresolve\b|\.wrap\(|=\s*\w+\.", text) is not None
    )


def as_said(outline: Outline, part: Part, said: Said) -> Said:
    """An assertion without a matcher says nothing; nor does one on a promise that nobody waits for."""
    names = said.name.split(".")
    if names[-1] in {"should", "and"} and said.operands and "string" in said.operands[0].type:
        chained = re.findall(r"\w+", outline.text(said.operands[0]))
        return Said("." + "".join(chained), said.operands[1:] or said.operands, said.whole)
    if names[0] != "expect":
        return said
    around = part.parent
    if around is not None and around.kind == "return_statement" and names != ["expect"]:
        return Said(said.name, said.operands, around.node)
    if _is_idle(names, outline.text(said.whole).strip().rstrip(";").rstrip(), said, around):
        return Said("nothing", said.operands, said.whole, ("true",))
    return said


def _is_idle(names: list[str], whole: str, said: Said, around: Part | None) -> bool:
    """Whether an assertion has no matcher, is swallowed, or is about a promise that nobody waits for."""
    statement = said.whole.type == "expression_statement"
    if names == ["expect"] and whole.startswith("expect(") and statement:
        return True
    if around is not None and around.kind == "arrow_function":
        return False
    if SWALLOWS.search(whole.encode()) or (_UNCALLED.match(names[-1]) and re.search(r"\.\w+$", whole)):
        return True
    chained = re.search(r"\.(?:then|finally)\(", whole) is not None
    return statement and _ASYNC.search(whole) is not None and whole.startswith("expect") and not chained
