"""What keeps tests of JavaScript, and what they assert, from running: modifiers, options, promises nobody waits for."""

import re
from typing import TYPE_CHECKING

from readiness.evidence.weakened_tests.model import Mark
from readiness.evidence.weakened_tests.outline import Outline, Part

if TYPE_CHECKING:
    from tree_sitter import Node
from readiness.evidence.weakened_tests.dialect import Said

_SKIPPING = frozenset({"skip", "todo", "fixme", "fails", "failing", "fail", "skipIf", "runIf"})
_CONDITIONAL = frozenset({"skipIf", "runIf"})
_BUILT_IN = re.compile(
    r"\bexpect\.extend\(\s*\{[^}]*?\b(to(?:Be|Equal|StrictEqual|Throw|Match|Contain|HaveLength|HaveBeenCalled\w*))\b\s*[(:]",
    re.DOTALL,
)
_REPLACED = re.compile(
    r"^(?:it|test|describe|expect|assert)\s*(?::[^=]+)?=(?!.*(?:extend|require|import|\btest|\bit\b|base|chai))",
    re.DOTALL,
)
_FAILURES = re.compile(
    r"Cypress\.on\(\s*[\"']fail[\"']"
    r"|(?:Cypress|cy)\.on\(\s*[\"']uncaught:exception[\"']\s*,[^{}]{0,80}(?:=>\s*false|\{\s*return false)"
    r"|process\.on\(\s*[\"'](?:unhandledRejection|uncaughtException)[\"']\s*,\s*\(?\w*\)?\s*=>\s*\{\s*\}"
)
"""What drops failures of the whole run."""
_LEGACY = re.compile(rb"^[^\n]*(?:from|require\()\s*['\"](?:node:)?assert['\"][^\n]*", re.MULTILINE)
_LOOSE = re.compile(rb"\bassert\.(?:equal|notEqual|deepEqual|notDeepEqual)\(")
_ALIAS = re.compile(r"^\w+\s*=\s*(?:describe|it|test|suite|context)\.skip$")
_OPTION = re.compile(r"\b(skip|todo|fails|only)\s*:\s*(?!false\b|undefined\b)[\"'`]?(\w+)")


def marks(
    outline: Outline, part: Part, names: list[str], arguments: tuple["Node", ...], *, pending: bool
) -> list[Mark]:
    """What skips a test by how it is declared."""
    found = [name for name in names[1:] if name in _SKIPPING]
    head = outline.source.content[part.start : arguments[0].start_byte]
    if head.startswith(b"(") and (chosen := re.search(rb"\.(?:skip|todo|fixme)\b", head)):
        return [Mark("test-skipped", head.decode("utf-8", "replace")[:80], part.line, chosen is not None)]
    if re.search(rb"\.each\(\s*\[\s*\]\s*[.)]", head):
        return [Mark("test-not-collected", head.decode("utf-8", "replace")[:80], part.line)]
    if names[0].startswith("x"):
        found.append(names[0])
    if found:
        conditional = bool(_CONDITIONAL & set(found))
        return [Mark("test-skipped", f"{'.'.join(names)}", part.line, conditional)]
    for node in arguments[1:]:
        if node.type == "object" and (again := re.search(r"\bretr(?:y|ies)\s*:\s*[1-9]\d*", outline.text(node))):
            return [Mark("test-retried", again[0], part.line, conditional=True)]
    for node in arguments[1:2]:
        if option := left_out(outline, node):
            return [Mark("test-skipped", option, part.line, not option.endswith("true"))]
    return [Mark("test-skipped", "no function", part.line)] if pending else []


def left_out(outline: Outline, node: "Node") -> str:
    """The option among those of a test that skips it."""
    option = _OPTION.search(outline.text(node)) if node.type == "object" else None
    return option[0] if option is not None and option[1] != "only" else ""


def without_function(names: list[str], called: list["Node"], arguments: tuple["Node", ...]) -> bool:
    """Whether a call declares a test though no function is written in it: `test.todo("…")`, `test("…", named)`."""
    title, *more = arguments
    if "string" not in title.type or called[1:] or more[1:]:
        return False
    return not more or bool({"todo", "skip", "only"} & set(names)) or "identifier" in more[0].type


def narrows(outline: Outline, names: list[str], arguments: tuple["Node", ...]) -> str:
    """What leaves out every other test."""
    if "only" in names[1:] or names[0] in {"fit", "fdescribe"}:
        return ".".join(names)
    for node in arguments[1:2]:
        if node.type == "object" and (option := _OPTION.search(outline.text(node))) and option[1] == "only":
            return option[0]
    return ""


def legacy_assert(outline: Outline) -> Mark | None:
    """The module of node that compares with `==`; conditional where no method is called that does."""
    found = _LEGACY.search(outline.source.content[:5000])
    text = found[0].decode("utf-8", "replace").strip() if found else ""
    if not text or "strict" in text:
        return None
    return Mark("assertion-trivial", text[:80], 1, conditional=not _LOOSE.search(outline.source.content))


def of_file(outline: Outline, part: Part, names: list[str]) -> Mark | None:
    """What stands outside of a test and keeps all from running, or from failing."""
    if part.kind == "variable_declarator":
        text = outline.text(part.node)[:400]
        top = part.parent is None or text.startswith(("expect", "assert"))
        if _ALIAS.search(text[:80]) or (top and _REPLACED.search(text)):
            return Mark("test-skipped", text.partition("\n")[0][:80], part.line)
    if part.kind != "call_expression":
        return None
    text = outline.text(part.node)[:600]
    if names == ["expect", "extend"] and (found := _BUILT_IN.search(text)):
        return Mark("test-skipped", f"expect.extend: {found[1]}", part.line)
    if _FAILURES.match(text):
        return Mark("test-skipped", text.partition("\n")[0][:80], part.line)
    again = (
        names[-1:] == ["retryTimes"]
        or names[-2:] == ["this", "retries"]
        or (names[-1:] == ["configure"] and "retries" in text)
    )
    if again and not re.search(r"(?:\(|:)\s*0\b", text):
        return Mark("test-retried", text.partition("\n")[0][:80], part.line, conditional=True)
    return None


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
    return re.match(r"(?:async )?\(?[\w$, ]*+\)?\s*=>|function\b", text) is not None and not _ASSERTS.search(text)


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
