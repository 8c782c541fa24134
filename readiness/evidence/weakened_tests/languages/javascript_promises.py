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
_REJECTS = re.compile(r"^(?:assert|t)\.(?:rejects|doesNotReject|throwsAsync|notThrowsAsync)\b")
_DEFINED = re.compile(r"(?:void )?expect\([^\n]*(?:\bquery(?:All)?By\w+|querySelector|\.\$)\([^\n]*\)\.toBeDefined\(")
"""What is found or null is always defined."""
_ASSERTS = re.compile(r"expect|assert|should|throw|fail|equal", re.IGNORECASE)
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
    silent = names[-1] in {"should", "and"} and said.operands and _is_silent(outline.text(said.operands[0]))
    above = part.node.parent
    dropped = above is not None and above.type == "unary_expression" and _ASYNC.search(outline.text(said.whole))
    if dropped or _DEFINED.match(outline.text(said.whole)):
        return Said("nothing", said.operands, said.whole, ("true",))
    if silent or (_REJECTS.search(said.name) and _is_unwaited(outline, said)):
        return Said("nothing", said.operands, said.whole, ("true",))
    if names[-1] in {"should", "and"} and said.operands and "string" in said.operands[0].type:
        chained = re.findall(r"\w+", outline.text(said.operands[0]))
        return Said("." + "".join(chained), said.operands[1:] or said.operands, said.whole)
    if names[0] != "expect":
        return said
    around = part.parent
    returned = around is not None and around.kind == "return_statement" and names != ["expect"]
    if around is not None and returned:
        said = Said(said.name, said.operands, around.node)
    elif _is_idle(names, outline.text(said.whole).strip().rstrip(";").rstrip(), said, around):
        said = Said("nothing", said.operands, said.whole, ("true",))
    return said


def _is_silent(text: str) -> bool:
    """Whether a callback asserts nothing: what it returns is not looked at."""
    return re.match(r"(?:async )?\(?[\w$, ]*\)?\s*=>|function\b", text) is not None and not _ASSERTS.search(text)


def _is_unwaited(outline: Outline, said: Said) -> bool:
    """Whether an assertion on a promise is a statement by itself, and not `.then(…)` something that tells."""
    whole = outline.text(said.whole)
    return (
        said.whole.type == "expression_statement"
        and not whole.startswith(("await", "return", "void expect"))
        and (SWALLOWS.search(whole.rstrip().rstrip(";").encode()) is not None or ".then(" not in whole)
    )


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
