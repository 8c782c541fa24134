"""Rules of strictness, and what they say about a change."""

from collections.abc import Iterator
from typing import Any

from readiness.strictness.change import SettingChange
from readiness.strictness.measures import MeasureName
from readiness.strictness.rules import Scale
from readiness.strictness.structures import Rule


def at_least(absent: float | tuple[float, float], measure: MeasureName = "number") -> Scale:
    """A threshold."""
    return Scale(stricter="higher", measure=measure, absent=absent if isinstance(absent, tuple) else (absent, absent))


def at_most(measure: MeasureName = "number") -> Scale:
    """A limit, of which there is none when it is absent."""
    return Scale(stricter="lower", measure=measure)


def kind(rule: Rule, before: Any, after: Any) -> str:
    """The kind of the only change, both ways told apart; empty when nothing changed."""
    found = list(rule.changes(before, after))
    if len(found) > 1:
        return "several"
    return found[0].kind if found else ""


def written(found: Iterator[SettingChange]) -> list[tuple[str, ...]]:
    """Everything that changes say."""
    return [(each.kind, each.code, each.verb, each.path, each.before, each.after, each.note) for each in found]


RECENT = Scale(stricter="higher", measure="recency")
