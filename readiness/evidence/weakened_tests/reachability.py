"""Whether an assertion is sure to be reached."""

import re
from collections.abc import Iterator
from itertools import takewhile

from readiness.evidence.weakened_tests.dialect import Declared, Dialect
from readiness.evidence.weakened_tests.model import Assertion, Mark
from readiness.evidence.weakened_tests.outline import Outline, Part, above_of

LEAVES_EARLY = "test-skipped"
_FAILING = re.compile(r"^(?:\w+ (?:\.|->|: :) )*(?:fail|flunk|panic|unreachable|throw|raise)\w*\b", re.IGNORECASE)
_OF_A_CASE = re.compile(
    r"^\W*(?:else\s+)?if\s*\(?\s*!?\s*(?:not\s+)?(?:(?:tt|tc|test|tcase|testCase|case|c|row|data)\.\w+"
    r"|\w*(?:want|expect|should)\w*)(?:\s*(?:[!=]=|is not|is)\s*(?:nil|null|None|true|false|\"\"))?\s*\)?\s*[{:]?\s*$",
    re.IGNORECASE,
)
"""Conditions on a row of a table: other rows go on."""
_UNLESS = re.compile(
    rb"\b(?:fail|flunk|throw|raise|unreachable|assert\w*\(false|expect\.(?:assertions|unreachable)|Fail)\b"
)
_LOOPS = frozenset(
    {"for_statement", "for_in_statement", "enhanced_for_statement", "foreach_statement", "for_expression"}
)
_PART = re.compile(
    r"\[\s*\d*\s*:\s*-?\d*\s*\](?!\s*string)|\.slice\(|\bislice\(|\.take\(|\.Take\(|\.Skip\(|\.skip\(|\[\d*\.\.=?\d*\]|\.subList\(|array_slice\("
    r"|\]\s*\.filter\(|\.Where\(|\b(?:array_)?filter\(|\bin\s+\[[^\]\n]*\]\.select\b"
)
_EACH = re.compile(rb"(?:\.forEach|\.each|\.each_with_index|\.ForEach|\.map)$")


def is_conditional(outline: Outline, dialect: Dialect, inner: Part, unit: Part, stated: Assertion) -> bool:
    """Whether an assertion stands in a branch. What fails by itself has its condition around it."""
    own = bool(_FAILING.match(stated.text)) or stated.line < inner.line
    for above in _within(inner, unit):
        if above.kind in dialect.branches and not _is_head(above, inner) and not _must_come(above):
            if not own:
                return True
            own = False
        elif above.kind in {"call_expression", "with_statement"} and dialect.hides(outline, above, inner):
            return True
    return False


def _within(inner: Part, unit: Part) -> Iterator[Part]:
    """The parts around a part, inside of a test; at most so many that people write."""
    return takewhile(lambda above: above is not unit, above_of(inner))


def _must_come(branch: Part) -> bool:
    """Whether a handler of an exception is sure to run: what it guards fails where nothing is raised."""
    if branch.kind not in {"catch_clause", "except_clause"} or branch.node.parent is None:
        return False
    return _UNLESS.search((branch.node.parent.text or b"")[: branch.start - branch.node.parent.start_byte]) is not None


def _is_head(branch: Part, inner: Part) -> bool:
    """Whether a part is in the condition of a branch."""
    condition = branch.node.child_by_field_name("condition") or branch.node.child_by_field_name("initializer")
    return condition is not None and inner.start < condition.end_byte and inner.start >= condition.start_byte


def early_ends(outline: Outline, dialect: Dialect, unit: Part, declared: Declared, last: int) -> Iterator[Mark]:
    """Where a test ends under a condition, before its last assertion and without a word."""
    told: dict[int, bool] = {}
    for inner in outline.below(unit):
        if inner.start >= last or inner.start < declared.body.start_byte or not dialect.ends_early(outline, inner):
            continue
        branch = _branch(outline, dialect, inner, unit, declared)
        if branch is None:
            continue
        head = outline.source.content[branch.start : branch.start + 200].decode("utf-8", "replace").partition("\n")[0]
        if branch.index not in told:
            told[branch.index] = _tells(outline, dialect, branch)
        if not told[branch.index] and not (_OF_A_CASE.search(head) and _follows_one(outline, dialect, branch, unit)):
            yield Mark(LEAVES_EARLY, head.strip()[:80], inner.line, conditional=True)


def _follows_one(outline: Outline, dialect: Dialect, branch: Part, unit: Part) -> bool:
    """Whether an assertion stands before a branch in the same round of its loop, or else in the test."""
    around = next((above for above in _within(branch, unit) if above.kind in _LOOPS | dialect.functions), unit)
    before = (inner for inner in outline.below(around) if inner.start < branch.start)
    return any(dialect.said(outline, inner) is not None for inner in before)


def _branch(outline: Outline, dialect: Dialect, inner: Part, unit: Part, declared: Declared) -> Part | None:
    """The condition under which a part leaves the test itself: not a function inside it."""
    found: Part | None = None
    for above in _within(inner, unit):
        if above.kind in dialect.functions and not _holds(above, declared) and not _is_subtest(outline, above):
            return None
        if found is None and above.kind in dialect.branches:
            found = above
    return found


def _holds(function: Part, declared: Declared) -> bool:
    """Whether a function is the test itself, as in `it("…", () => { … })`."""
    return function.start <= declared.body.start_byte and function.end >= declared.body.end_byte


def _is_subtest(outline: Outline, function: Part) -> bool:
    around = function.parent
    return (
        around is not None
        and re.match(rb"\w+\.Run\(", outline.source.content[around.start : around.start + 12]) is not None
    )


def _tells(outline: Outline, dialect: Dialect, branch: Part) -> bool:
    return any(
        dialect.said(outline, inner) is not None or dialect.skip(outline, inner) for inner in outline.below(branch)
    )


def partial_loops(outline: Outline, unit: Part) -> Iterator[Mark]:
    """Loops over a part of what there is."""
    for inner in outline.below(unit):
        if inner.kind in _LOOPS:
            head = outline.text(inner.node).partition("\n")[0].strip()[:80]
            if _PART.search(head):
                yield Mark(LEAVES_EARLY, head, inner.line, conditional=True)


def is_looped(outline: Outline, inner: Part, unit: Part) -> bool:
    """Whether an assertion stands in a loop over what the code under test has made: it may be nothing."""
    for above in _within(inner, unit):
        if above.kind in _LOOPS:
            over = above.node.child_by_field_name("right") or above.node.child_by_field_name("value")
            if over is not None and over.type in {
                "call",
                "attribute",
                "member_expression",
                "call_expression",
                "method_invocation",
            }:
                return True
        elif above.kind in {"call_expression", "call"} and inner.start > above.start:
            called = above.node.child_by_field_name("function") or above.node.child_by_field_name("receiver")
            if called is None:
                continue
            content = outline.source.content
            ends = content[max(called.start_byte, called.end_byte - 40) : called.end_byte]
            if _EACH.search(ends) and content[called.start_byte : called.start_byte + 1] != b"[":
                return True
    return False
