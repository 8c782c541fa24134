"""Limits the size of an outcome: cuts text and lists that are too long, and says so."""

from typing import Any, TypeVar

from readiness.outcome import Evidence, Finding, Measurement, Outcome, SignoffCard
from readiness.packed_lines import fits
from readiness.text import one_line

SUMMARY = 2_000
"""Characters of a summary, which is one line."""
TEXT = 4_000
"""Characters of any other text."""
EXCERPT = 16 * 1024
"""Characters of an excerpt; its end is kept, where logs say what went wrong."""
ENTRIES = 1_000
"""Findings, measurements, evidence and sign-offs, each."""
_Entry = TypeVar("_Entry", Finding, Measurement, Evidence, SignoffCard)
_NOTE = " … (clipped)"


def line(text: str, limit: int = SUMMARY) -> str:
    """Make a text one safe line of at most `limit` characters; a cut is marked."""
    words = one_line(text[: 8 * limit])
    return words if len(words) <= limit else words[: limit - len(_NOTE)].rstrip() + _NOTE


def tail(text: str, limit: int = EXCERPT) -> str:
    """Keep the end of a text."""
    return text if len(text) <= limit else "… (clipped)\n" + text[-limit:]


def bounded(outcome: Outcome) -> Outcome:
    """Clip an outcome to what a report can hold; the status never changes."""
    dropped = [
        f"{ENTRIES:,} of {len(entries):,} {name} are kept"
        for name, entries in (
            ("findings", outcome.findings),
            ("measurements", outcome.measurements),
            ("pieces of evidence", outcome.evidence),
            ("sign-offs", outcome.signoffs),
        )
        if len(entries) > ENTRIES
    ]
    tests = outcome.tests
    if tests is not None and not all(map(fits, (tests.ran, tests.broken, tests.skipped))):
        tests, dropped = None, [*dropped, "its names of tests are too many to be kept"]
    note = f" ({', '.join(dropped)})" if dropped else ""
    changed = {
        "summary": (line(outcome.summary, SUMMARY - len(note)) or "it says nothing") + note,
        "unit": line(outcome.unit, 100),
        "remedy": _clip(outcome.remedy),
        "findings": tuple(_texts(finding) for finding in outcome.findings[:ENTRIES]),
        "measurements": tuple(_texts(measurement) for measurement in outcome.measurements[:ENTRIES]),
        "evidence": tuple(_texts(evidence) for evidence in outcome.evidence[:ENTRIES]),
        "signoffs": tuple(_texts(card) for card in outcome.signoffs[:ENTRIES]),
        "tests": tests,
    }
    return outcome.model_copy(update={k: v for k, v in changed.items() if v != getattr(outcome, k)})


def _texts(value: _Entry) -> _Entry:
    changed: dict[str, Any] = {}
    for name in type(value).model_fields:
        old = getattr(value, name)
        if type(old) is str:
            new = tail(old) if name == "excerpt" else _clip(old)
            if new != old:
                changed[name] = new
    return value.model_copy(update=changed) if changed else value


def _clip(text: str) -> str:
    return text if len(text) <= TEXT else text[: TEXT - len(_NOTE)] + _NOTE
