"""Which way a setting is stricter, rule by rule."""

from collections.abc import Iterator
from typing import Any

import pytest

from readiness.strictness.change import ABSENT, SettingChange
from readiness.strictness.measures import days, length, recent, version
from readiness.strictness.rules import (
    UNTOLD,
    Fields,
    Named,
    Ordered,
    Remark,
    Rule,
    Scale,
    Several,
    Untold,
    at_least,
    at_most,
    by_name,
)

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


def test_a_change_on_a_scale_says_what_was_done_and_to_what() -> None:
    assert told(at_least(0).turns(70, 80)) == [("strengthens", "threshold-raised", "raises", "", "70", "80", "")]
    assert told(at_least(0).turns(80, 70)) == [("weakens", "threshold-lowered", "lowers", "", "80", "70", "")]
    assert told(at_most().turns(5, 4)) == [("strengthens", "limit-lowered", "lowers", "", "5", "4", "")]
    assert told(at_most().turns(4, 5)) == [("weakens", "limit-raised", "raises", "", "4", "5", "")]
    assert told(at_most().turns(ABSENT, 5)) == [("strengthens", "limit-lowered", "adds", "", "", "5", "")]
    assert told(at_most().turns(5, ABSENT)) == [("weakens", "limit-raised", "drops", "", "5", "", "")]
    assert told(at_most(measure=length).turns("2d", "48h")) == [
        ("neutral", "spelled-differently", "spells differently", "", "2d", "48h", "")
    ]
    assert told(at_most().turns(ABSENT, None)) == [
        ("neutral", "spelled-differently", "spells differently", "", "", "null", "")
    ]
    assert told(at_least((0, 30)).turns(None, ABSENT)) == [
        ("neutral", "spelled-differently", "spells differently", "", "null", "", "")
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ABSENT, "a", ("weakens", "parameter-changed", "adds", "", "", "a", UNTOLD)),
        ("a", ABSENT, ("weakens", "parameter-changed", "drops", "", "a", "", UNTOLD)),
        ("a", "b", ("weakens", "parameter-changed", "changes", "", "a", "b", UNTOLD)),
        ("a", None, ("weakens", "parameter-changed", "changes", "", "a", "null", UNTOLD)),
    ],
)
def test_what_has_no_direction_weakens_both_ways(before: Any, after: Any, expected: tuple[str, ...]) -> None:
    assert told(Untold().turns(before, after)) == [expected]
    assert told(Untold(code="command-changed").turns(before, after)) == [
        (expected[0], "command-changed", *expected[2:])
    ]


def test_what_has_no_direction_may_be_as_it_was() -> None:
    assert told(Untold().turns("a", "a")) == []
    assert told(Untold("a").turns(ABSENT, ABSENT)) == []
    assert told(Untold("a").turns(ABSENT, "a")) == [
        ("neutral", "spelled-differently", "spells differently", "", "", "a", "")
    ]
    assert kind(Untold("a"), "a", ABSENT) == "neutral"
    assert kind(Untold("a"), ABSENT, "b") == "weakens"


def test_what_is_better_than_nothing_strengthens_when_it_comes_and_is_untold_when_it_changes() -> None:
    rule = Untold(None, growing=True)
    added = ("strengthens", "requirement-added", "adds", "", "", "a", "")
    assert told(rule.turns(ABSENT, "a")) == [added]
    assert told(rule.turns(None, "a")) == [(*added[:4], "null", "a", "")]
    assert told(rule.turns("a", ABSENT)) == [("weakens", "parameter-changed", "drops", "", "a", "", "")]
    assert told(rule.turns("a", None)) == [("weakens", "parameter-changed", "changes", "", "a", "null", "")]
    assert told(rule.turns("a", "b")) == [("weakens", "parameter-changed", "changes", "", "a", "b", UNTOLD)]
    assert kind(rule, ABSENT, None) == "neutral"


def test_a_remark_may_change() -> None:
    assert told(Remark().turns("a", "b")) == [("neutral", "words-changed", "rewords", "", "a", "b", "")]
    assert told(Remark().turns("a", ABSENT)) == [("neutral", "words-changed", "rewords", "", "a", "", "")]
    assert told(Remark().turns("a", "a")) == []


def test_one_of_a_few_words_is_stricter_the_later_it_stands() -> None:
    rule = Ordered(("low", "medium", "high"), default="medium")
    assert told(rule.turns("low", "high")) == [("strengthens", "level-raised", "tightens", "", "low", "high", "")]
    assert told(rule.turns("high", "low")) == [("weakens", "level-lowered", "loosens", "", "high", "low", "")]
    assert told(rule.turns("low", "low")) == []
    assert told(rule.turns("medium", ABSENT)) == [
        ("neutral", "spelled-differently", "spells differently", "", "medium", "", "")
    ]
    assert kind(rule, None, "medium") == "neutral"
    assert kind(rule, ABSENT, "high") == "strengthens"
    assert kind(rule, "high", ABSENT) == "weakens"
    for before, after in (("low", "odd"), ("odd", "high")):
        assert told(rule.turns(before, after)) == [
            ("weakens", "parameter-changed", "changes", "", before, after, UNTOLD)
        ]


def test_a_truth_and_a_number_are_different_words() -> None:
    off, on = False, True
    rule = Ordered((off, on), default=off)
    assert kind(rule, off, on) == "strengthens"
    assert told(rule.turns(off, 1)) == [("weakens", "parameter-changed", "changes", "", "false", "1", UNTOLD)]


@pytest.mark.parametrize("growing", [True, False])
def test_a_list_tells_what_went_and_what_came(*, growing: bool) -> None:
    rule = Several(growing=growing)
    gone = ("weakens", "requirement-dropped") if growing else ("strengthens", "exception-dropped")
    new = ("strengthens", "requirement-added") if growing else ("weakens", "exception-added")
    assert told(rule.turns(["a", "b"], ["b", 3])) == [
        (*gone, "drops entries of", "", '["a"]', "", ""),
        (*new, "adds entries to", "", "", "[3]", ""),
    ]
    assert told(rule.turns("a", ["a"])) == [
        ("neutral", "spelled-differently", "spells differently", "", "a", '["a"]', "")
    ]
    assert kind(rule, ["a", "b"], ["b", "a"]) == "neutral"
    assert kind(rule, [1], 1) == "neutral"
    assert kind(rule, ABSENT, []) == "neutral"
    assert kind(rule, ABSENT, "a") == new[0]
    assert kind(rule, None, "a") == new[0]
    assert kind(rule, "a", ABSENT) == gone[0]
    assert told(rule.turns(["a"], ["a"])) == []
    for before, after in (("a", {"a": 1}), ({"a": 1}, "a"), (["a"], 1.5)):
        assert [each.note for each in rule.turns(before, after)] == [UNTOLD]


def test_a_list_may_stand_for_another_when_it_is_absent_or_for_nothing_that_can_be_said() -> None:
    assert kind(Several(growing=True, default=(".",)), ABSENT, ".") == "neutral"
    assert kind(Several(growing=True, default=(".",)), ABSENT, [".", "src"]) == "strengthens"
    unsaid = Several(growing=False, default=None)
    assert kind(unsaid, ABSENT, None) == "neutral"
    assert kind(unsaid, None, ABSENT) == "neutral"
    assert kind(unsaid, ABSENT, "a") == "weakens"
    assert kind(unsaid, "a", ABSENT) == "weakens"
    assert kind(unsaid, "a", 1.5) == "weakens"


FIELDS = Fields({"minimum": at_least(0), "files": Several(growing=True)})


def test_a_map_with_known_keys_is_judged_key_by_key() -> None:
    assert told(FIELDS.turns({"minimum": 1, "files": "a"}, {"minimum": 2, "files": "b"})) == [
        ("strengthens", "threshold-raised", "raises", "minimum", "1", "2", ""),
        ("weakens", "requirement-dropped", "drops entries of", "files", '["a"]', "", ""),
        ("strengthens", "requirement-added", "adds entries to", "files", "", '["b"]', ""),
    ]
    assert told(FIELDS.turns({}, {"minimum": 2})) == [
        ("strengthens", "threshold-raised", "adds", "minimum", "", "2", "")
    ]
    assert told(FIELDS.turns(ABSENT, {"minimum": 2})) == told(FIELDS.turns({}, {"minimum": 2}))
    assert told(FIELDS.turns(None, {"minimum": 2})) == told(FIELDS.turns({}, {"minimum": 2}))
    assert told(FIELDS.turns({"odd": 1}, {})) == [("weakens", "parameter-changed", "drops", "odd", "1", "", UNTOLD)]
    assert told(FIELDS.turns({"minimum": 1}, {"minimum": 1})) == []
    assert told(FIELDS.turns({}, ABSENT)) == [
        ("neutral", "spelled-differently", "spells differently", "", "{}", "", "")
    ]
    assert told(FIELDS.turns({}, 3)) == [("weakens", "parameter-changed", "changes", "", "{}", "3", UNTOLD)]
    assert told(FIELDS.turns(3, {})) == [("weakens", "parameter-changed", "changes", "", "3", "{}", UNTOLD)]


def test_a_shorter_spelling_is_read_before_it_is_judged() -> None:
    rule = Fields({"minimum": at_least(0)}, read=lambda value: {"minimum": value} if isinstance(value, int) else value)
    assert kind(rule, 3, {"minimum": 3}) == "neutral"
    assert [each.path for each in rule.turns(3, 4)] == ["minimum"]


def test_entries_with_names_are_dropped_added_and_changed() -> None:
    rule = Named(growing=True, entry=FIELDS, by=("path", "metric"))
    one = {"path": "a", "metric": "lines"}
    other = {"path": "b", "metric": "lines"}
    assert told(rule.turns([one], [{**one, "minimum": 1}])) == [
        ("strengthens", "threshold-raised", "adds", "[a, lines].minimum", "", "1", "")
    ]
    assert [each[:4] for each in told(rule.turns([one], [other]))] == [
        ("weakens", "requirement-dropped", "drops", "[a, lines]"),
        ("strengthens", "requirement-added", "adds", "[b, lines]"),
    ]
    assert [each.before for each in rule.turns([one], [])] == ['{"metric": "lines", "path": "a"}']
    assert [each.after for each in rule.turns(ABSENT, [one])] == ['{"metric": "lines", "path": "a"}']
    assert kind(rule, [one, other], [other, one]) == "neutral"
    assert told(rule.turns([one], [one])) == []
    assert kind(rule, None, ABSENT) == "neutral"


@pytest.mark.parametrize("odd", [3, ["a"], [{"path": "a"}, {"path": "a"}], [{"path": "a"}, 3]])
def test_entries_that_cannot_be_told_apart_are_untold(odd: Any) -> None:
    rule = Named(growing=True, entry=FIELDS, by=("path", "metric"))
    for before, after in ((odd, [{"path": "b"}]), ([{"path": "b"}], odd)):
        assert [(each.kind, each.note) for each in rule.turns(before, after)] == [("weakens", UNTOLD)]


def test_exceptions_with_names_weaken_when_they_come() -> None:
    rule = Named(growing=False, entry=Remark(), read=by_name)
    assert told(rule.turns(["a"], ["b"])) == [
        ("strengthens", "exception-dropped", "drops", "[a]", "null", "", ""),
        ("weakens", "exception-added", "adds", "[b]", "", "null", ""),
    ]
    assert kind(rule, "a", ["a"]) == "neutral"
    assert kind(rule, [1], {"1": None}) == "neutral"
    assert [each.note for each in rule.turns("a", 3)] == [UNTOLD]
    assert [each.note for each in rule.turns(3, "a")] == [UNTOLD]
