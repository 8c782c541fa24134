"""Finds code that a change adds where an old suppression hides it from the measurement of coverage, or from spotbugs.

A suppression of style or types hides little of what comes later, and code is added below one all the time: in 5 of 100
commits. Code that is added where coverage looks away needs no test, and almost nobody adds any there.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from readiness.evidence.suppressions.find import BLOCK, FILE, SuppressedFile, Suppression
from readiness.evidence.suppressions.marks import COMMENT_ONLY

_TOOLS = re.compile(r"cover|istanbul|phpunit|jacoco|simplecov|covr|spotbugs")
_MARK = re.compile(
    r"[Nn][Oo]\s*[Cc][Oo][Vv][Ee][Rr]|_EXCL_START|#\s*:?nocov\b|(?:istanbul|[cv]8|coveralls-|coverage:)\s*ignore"
    r"|coverage\s*\(\s*off|no_coverage|ExcludeFromCodeCoverage|[cC]odeCoverageIgnore|@(?:\w+[.:])*\w*Generated\b|tarpaulin"
    r"|COVERAGE-OFF|SuppressFBWarnings"
)
_ENDS = re.compile(r"_EXCL_STOP|:nocov:|nocov end|ignore[ -](?:stop|end)|IgnoreEnd|COVERAGE-ON|node:coverage enable")
_FREE = re.compile(r"TYPE_CHECKING|__main__|@overload|NotImplementedError|ImportError")
"""What is not run by tests anyway."""
_LONGEST = 20_000
_ALIKE = 0.5
"""How alike a line is to the one that it was before it was edited."""
_LONG_LINE = 300
"""Characters; of a longer line only the words are compared."""
_MOST_PAIRS = 2_000
"""Pairs of lines that are compared for likeness; in a larger block, as many new lines are free as are gone."""
_FEW = 2
"""Lines of code that may be added: an edit of what was there."""


def may_hide(text: str) -> bool:
    """Whether a text has a suppression below which code is hidden."""
    return _MARK.search(text) is not None


def hidden_code(
    before: SuppressedFile, after: SuppressedFile, new: Collection[Suppression]
) -> Iterator[tuple[Suppression, int, str]]:
    """Each suppression that was there and below which code is new: with the line and the text of the first.

    Args:
        before: The file at the merge base.
        after: The file in what is judged.
        new: Suppressions that are told by themselves.
    """
    told = set(new)
    old = [
        one
        for one in after.suppressions
        if _TOOLS.search(one.tool) and one not in told and not re.search(r"branch|BRANCH", one.text)
    ]
    if not old or not before.lines or max(len(before.lines), len(after.lines)) > _LONGEST:
        return
    known = set(before.lines)
    matcher = SequenceMatcher(None, before.lines, after.lines)
    inserted: list[int] = []
    for tag, gone, kept, first, last in matcher.get_opcodes():
        if tag in {"insert", "replace"}:
            rows = range(first + 1, last + 1)
            new_rows = [n for n in rows if _is_code(after.lines[n - 1]) and after.lines[n - 1] not in known]
            old_rows = list(filter(_is_code, before.lines[gone:kept]))
            inserted += _without_edited(new_rows, old_rows, after.lines)
    for one in old:
        last = _end(one, after.lines)
        inside = [number for number in inserted if one.line < number <= last]
        if len(inside) > _FEW and not _FREE.search(after.lines[one.line - 1]):
            yield one, inside[0], " ".join(after.lines[inside[0] - 1].split())


def _without_edited(new: list[int], gone: list[str], lines: Sequence[str]) -> list[int]:
    """The lines of those that are new which are not one that is gone, edited."""
    if len(new) * len(gone) > _MOST_PAIRS:
        return new[len(gone) :]
    left = list(gone)
    added = []
    for number in new:
        match = next((row for row in left if _is_edited(row, lines[number - 1])), None)
        if match is None:
            added.append(number)
        else:
            left.remove(match)
    return added


def _is_edited(before: str, after: str) -> bool:
    """Whether a line may be another one, edited: they have half of their words, or a third of their text, in common."""
    words, others = (set(re.findall(r"\w+", row)) for row in (before, after))
    if 2 * len(words & others) >= max(1, min(len(words), len(others))):
        return True
    before, after = before.strip(), after.strip()
    if max(len(before), len(after)) > _LONG_LINE:
        return False
    return SequenceMatcher(None, before, after, autojunk=False).ratio() >= _ALIKE


def _is_code(row: str) -> bool:
    return bool(row.strip()) and not COMMENT_ONLY.match(row) and bool(re.search(r"\w", row))


def _end(one: Suppression, lines: Sequence[str]) -> int:
    """The last line that a suppression hides."""
    if one.scope == FILE:
        return len(lines)
    if one.scope == BLOCK or re.search(r"start|[-:_]off|:nocov:", one.text, re.IGNORECASE):
        ends = (number for number in range(one.line + 1, len(lines) + 1) if _ENDS.search(lines[number - 1]))
        return next(ends, len(lines))
    row = lines[one.line - 1]
    if one.path.endswith((".py", ".pyi")):
        return _indented(lines, one.line) if re.search(r":\s*#", row) else one.line
    return end_of_braces(lines, one.line)


def _indented(lines: Sequence[str], header: int) -> int:
    """The last line of the block of Python that a line begins."""
    depth = _depth(lines[header - 1])
    last = header
    for number in range(header + 1, len(lines) + 1):
        if lines[number - 1].strip():
            if _depth(lines[number - 1]) <= depth:
                break
            last = number
    return last


def _depth(row: str) -> int:
    return len(row) - len(row.lstrip())


def end_of_braces(lines: Sequence[str], first: int) -> int:
    """The line on which the braces close that open on a line or below it; the line itself where none do."""
    depth, opened = 0, False
    for number in range(first, len(lines) + 1):
        row = lines[number - 1]
        depth += row.count("{") - row.count("}")
        opened = opened or "{" in row
        if opened and depth <= 0:
            return number
        if not opened and row.rstrip().endswith(";"):
            break
    return first
