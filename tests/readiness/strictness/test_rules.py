"""Which way a setting is stricter, rule by rule."""

from collections.abc import Iterator
from typing import Any

import pytest

from readiness.strictness.change import ABSENT, SettingChange
from readiness.strictness.measures import days, length, recent, version
from readiness.strictness.rules import UNTOLD, Rule, Scale, at_least, at_most

ANYTIME = (float("-inf"), float("-inf"))


def kind(rule: Rule, before: Any, after: Any) -> str:
    """The kind of the only change, both ways told apart; empty when nothing changed."""
    found = list(rule.turns(before, after))
    assert len(found) <= 1
    return found[0].kind if found else ""


def told(found: Iterator[SettingChange]) -> list[tuple[str, ...]]:
    return [(each.kind, each.code, each.verb, each.path, each.before, each.after, each.note) for each in found]


@pytest.mark.parametrize(
    ("rule", "loose", "strict"),
    [
        (at_least(0), 70, 80),
        (at_least(0), 70, 70.5),
        (at_most(), 5, 4),
        (at_most(measure=length), "2d", "36h"),
        (at_least((0, 30), days), 14, "30d"),
        (at_least((0, 30), days), "336h", 15),
        (Scale(1, (1.2, 1.2), version), "1.2", "TLSv1.3"),
        (Scale(1, ANYTIME, recent), "180d", "90d"),
        (Scale(1, ANYTIME, recent), "2026-01-01", "2026-01-02"),
    ],
)
def test_a_scale_knows_its_stricter_end(rule: Rule, loose: Any, strict: Any) -> None:
    assert kind(rule, loose, strict) == "strengthens"
    assert kind(rule, strict, loose) == "weakens"
    assert kind(rule, loose, loose) == ""


@pytest.mark.parametrize(
    ("rule", "one", "other"),
    [
        (Scale(1, ANYTIME, recent), "180d", "2001-01-01"),
        (Scale(1, ANYTIME, recent), "180d", "2026-12-01"),
        (at_least(0), 70, "many"),
        (at_most(measure=length), "2d", 3),
    ],
)
def test_values_of_different_scales_weaken_both_ways(rule: Rule, one: Any, other: Any) -> None:
    for before, after in ((one, other), (other, one)):
        assert told(rule.turns(before, after)) == [
            ("weakens", "parameter-changed", "changes", "", str(before), str(after), UNTOLD)
        ]


@pytest.mark.parametrize(
    ("absent", "value", "adding", "dropping"),
    [
        # what stands for an absent value may lie anywhere between the two: only beyond both is it sure
        ((0, 30), 0, "weakens", "strengthens"),
        ((0, 30), 1, "weakens", "weakens"),
        ((0, 30), 29, "weakens", "weakens"),
        ((0, 30), 30, "strengthens", "weakens"),
        ((0, 30), 31, "strengthens", "weakens"),
        ((5, 5), 4, "weakens", "strengthens"),
        ((5, 5), 5, "neutral", "neutral"),
        ((5, 5), 6, "strengthens", "weakens"),
    ],
)
def test_an_absent_value_stands_for_a_range(
    absent: tuple[float, float], value: float, adding: str, dropping: str
) -> None:
    rule = at_least(absent)
    assert kind(rule, ABSENT, value) == adding
    assert kind(rule, value, ABSENT) == dropping
    assert kind(rule, None, value) == adding
