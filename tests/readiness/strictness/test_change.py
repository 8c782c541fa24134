"""How two values are compared, and how a change is written."""

from datetime import date
from typing import Any

import pytest

from readiness.strictness.change import ABSENT, SettingChange, canonical, same, shown


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (1, 1, True),
        (1, True, False),
        (1, 1.0, False),
        (1, "1", False),
        (None, None, True),
        (None, ABSENT, False),
        (ABSENT, ABSENT, True),
        ("ABSENT", ABSENT, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        ("ü", "ü", True),
        (date(2026, 3, 9), date(2026, 3, 9), True),
        (date(2026, 3, 9), date(2026, 3, 10), False),
    ],
)
def test_two_values_are_the_same_in_type_and_content(one: Any, other: Any, *, alike: bool) -> None:
    assert same(one, other) is alike
    assert same(other, one) is alike


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ABSENT, ""),
        ("", '""'),
        ("a", "a"),
        ("3", '"3"'),
        ("true", '"true"'),
        ('"ü"', '"\\"ü\\""'),
        (date(2026, 3, 9), '"datetime.date(2026, 3, 9)"'),
        ("ü", "ü"),
        (3, "3"),
        (True, "true"),
        (None, "null"),
        ({"b": "ü", "a": [1]}, '{"a": [1], "b": "ü"}'),
    ],
)
def test_a_value_is_shown_so_that_it_cannot_be_taken_for_another(value: Any, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("path", "step", "joined"),
    [("minimum", "sources", "sources.minimum"), ("[a].minimum", "sources", "sources[a].minimum"), ("", "x", "x")],
)
def test_a_change_inside_is_named_from_outside(path: str, step: str, joined: str) -> None:
    change = SettingChange("weakens", "code", "lowers", "2", "1", path=path, note="n")
    assert change.below(step) == SettingChange("weakens", "code", "lowers", "2", "1", path=joined, note="n")


def test_a_change_needs_neither_place_nor_note() -> None:
    bare = SettingChange("weakens", "code", "lowers", "2", "1")
    assert (bare.path, bare.note) == ("", "")


def test_what_is_absent_says_so() -> None:
    assert repr(ABSENT) == "ABSENT"


def test_what_a_sign_off_is_bound_to_is_written_the_same_for_ever() -> None:
    assert canonical({"b": "ü", "a": [1]}) == r'{"a": [1], "b": "\u00fc"}'
