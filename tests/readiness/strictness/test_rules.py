"""Which way a setting is stricter, rule by rule."""

from typing import Any, Literal

import pytest

from readiness.strictness.change import ABSENT
from readiness.strictness.rules import NO_DIRECTION, Irrelevant, Ordered, Scale, Undirected
from readiness.strictness.structures import Entries, Rule
from support.strictness import RECENT, at_least, at_most, kind, written


@pytest.mark.parametrize(
    ("rule", "loose", "strict"),
    [
        (at_least(0), 70, 80),
        (at_least(0), 70, 70.5),
        (at_most(), 5, 4),
        (at_most("length"), "2d", "36h"),
        (at_least((0, 30), "days"), 14, "30d"),
        (at_least((0, 30), "days"), "336h", 15),
        (at_least(1.2, "tls_version"), "1.2", "TLSv1.3"),
        (RECENT, "180d", "90d"),
        (RECENT, "2026-01-01", "2026-01-02"),
    ],
)
def test_a_scale_knows_its_stricter_end(rule: Rule, loose: Any, strict: Any) -> None:
    assert kind(rule, loose, strict) == "strengthens"
    assert kind(rule, strict, loose) == "weakens"
    assert kind(rule, loose, loose) == ""


def test_a_threshold_that_nobody_set_is_looser_than_any() -> None:
    assert kind(RECENT, ABSENT, "9000d") == "strengthens"
    assert kind(RECENT, "9000d", None) == "weakens"


@pytest.mark.parametrize(
    ("rule", "one", "other"),
    [
        (RECENT, "180d", "2001-01-01"),
        (RECENT, "180d", "2026-12-01"),
        (at_least(0), 70, "many"),
        (at_most("length"), "2d", 3),
    ],
)
def test_values_of_different_scales_weaken_both_ways(rule: Rule, one: Any, other: Any) -> None:
    for before, after in ((one, other), (other, one)):
        assert written(rule.changes(before, after)) == [
            ("weakens", "parameter-changed", "changes", "", str(before), str(after), NO_DIRECTION)
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


@pytest.mark.parametrize(
    ("value", "adding", "dropping"),
    [(-1, "strengthens", "weakens"), (0, "strengthens", "weakens"), (1, "weakens", "weakens"),
     (29, "weakens", "weakens"), (30, "weakens", "strengthens"), (31, "weakens", "strengthens")],
)  # fmt: skip
def test_an_absent_limit_stands_for_a_range_too(value: float, adding: str, dropping: str) -> None:
    rule = Scale(stricter="lower", absent=(0, 30))
    assert kind(rule, ABSENT, value) == adding
    assert kind(rule, value, ABSENT) == dropping


def test_a_change_on_a_scale_says_what_was_done_and_to_what() -> None:
    assert written(at_least(0).changes(70, 80)) == [("strengthens", "threshold-raised", "raises", "", "70", "80", "")]
    assert written(at_least(0).changes(80, 70)) == [("weakens", "threshold-lowered", "lowers", "", "80", "70", "")]
    assert written(at_most().changes(5, 4)) == [("strengthens", "limit-lowered", "lowers", "", "5", "4", "")]
    assert written(at_most().changes(4, 5)) == [("weakens", "limit-raised", "raises", "", "4", "5", "")]
    assert written(at_most().changes(ABSENT, 5)) == [("strengthens", "limit-lowered", "adds", "", "", "5", "")]
    assert written(at_most().changes(5, ABSENT)) == [("weakens", "limit-raised", "drops", "", "5", "", "")]
    assert written(at_most("length").changes("2d", "48h")) == [
        ("neutral", "spelled-differently", "spells differently", "", "2d", "48h", "")
    ]
    assert written(at_most().changes(ABSENT, None)) == [
        ("neutral", "spelled-differently", "spells differently", "", "", "null", "")
    ]
    assert written(at_least((0, 30)).changes(None, ABSENT)) == [
        ("neutral", "spelled-differently", "spells differently", "", "null", "", "")
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ABSENT, "a", ("weakens", "parameter-changed", "adds", "", "", "a", NO_DIRECTION)),
        ("a", ABSENT, ("weakens", "parameter-changed", "drops", "", "a", "", NO_DIRECTION)),
        ("a", "b", ("weakens", "parameter-changed", "changes", "", "a", "b", NO_DIRECTION)),
        ("a", None, ("weakens", "parameter-changed", "changes", "", "a", "null", NO_DIRECTION)),
    ],
)
def test_what_has_no_direction_weakens_both_ways(before: Any, after: Any, expected: tuple[str, ...]) -> None:
    assert written(Undirected().changes(before, after)) == [expected]
    assert written(Undirected(code="command-changed").changes(before, after)) == [
        (expected[0], "command-changed", *expected[2:])
    ]


def test_what_has_no_direction_may_be_as_it_was() -> None:
    assert written(Undirected().changes("a", "a")) == []
    assert kind(Undirected(), ABSENT, None) == "weakens"
    assert NO_DIRECTION == "which way is stricter is not known"
    assert written(Undirected(has_default=True, default="a").changes(ABSENT, ABSENT)) == []
    assert written(Undirected(has_default=True, default="a").changes(ABSENT, "a")) == [
        ("neutral", "spelled-differently", "spells differently", "", "", "a", "")
    ]
    assert kind(Undirected(has_default=True, default="a"), "a", ABSENT) == "neutral"
    assert kind(Undirected(has_default=True, default="a"), ABSENT, "b") == "weakens"


def test_what_is_better_than_nothing_strengthens_when_it_comes_and_weakens_when_it_changes() -> None:
    rule = Undirected(has_default=True, given_is_stricter=True)
    added = ("strengthens", "requirement-added", "adds", "", "", "a", "")
    assert written(rule.changes(ABSENT, "a")) == [added]
    assert written(rule.changes(None, "a")) == [(*added[:4], "null", "a", "")]
    assert written(rule.changes("a", ABSENT)) == [("weakens", "parameter-changed", "drops", "", "a", "", "")]
    assert written(rule.changes("a", None)) == [("weakens", "parameter-changed", "changes", "", "a", "null", "")]
    assert written(rule.changes("a", "b")) == [("weakens", "parameter-changed", "changes", "", "a", "b", NO_DIRECTION)]
    assert kind(rule, ABSENT, None) == "neutral"


def test_words_for_people_may_change() -> None:
    assert written(Irrelevant().changes("a", "b")) == [("neutral", "words-changed", "rewords", "", "a", "b", "")]
    assert written(Irrelevant().changes("a", ABSENT)) == [("neutral", "words-changed", "rewords", "", "a", "", "")]
    assert written(Irrelevant().changes("a", "a")) == []


def test_one_of_a_few_words_is_stricter_the_later_it_stands() -> None:
    rule = Ordered(words=("low", "medium", "high"), default="medium")
    assert written(rule.changes("low", "high")) == [("strengthens", "level-raised", "tightens", "", "low", "high", "")]
    assert written(rule.changes("high", "low")) == [("weakens", "level-lowered", "loosens", "", "high", "low", "")]
    assert written(rule.changes("low", "low")) == []
    assert written(rule.changes("medium", ABSENT)) == [
        ("neutral", "spelled-differently", "spells differently", "", "medium", "", "")
    ]
    assert kind(rule, None, "medium") == "neutral"
    assert kind(rule, ABSENT, "high") == "strengthens"
    assert kind(rule, "high", ABSENT) == "weakens"
    for before, after in (("low", "odd"), ("odd", "high")):
        assert written(rule.changes(before, after)) == [
            ("weakens", "parameter-changed", "changes", "", before, after, NO_DIRECTION)
        ]


def test_the_case_of_a_word_counts_only_where_the_declaration_says_nothing_else() -> None:
    exact = Ordered(words=("low", "high"), default="low")
    assert kind(exact, "high", "HIGH") == "weakens"
    folded = exact.model_copy(update={"folded": True})
    assert kind(folded, "high", "HIGH") == "neutral"
    assert kind(folded, "Low", "HIGH") == "strengthens"
    assert kind(folded, "HIGH", "LOW") == "weakens"
    assert kind(folded, "HIGH", ABSENT) == "weakens"


def test_a_truth_and_a_number_are_different_words() -> None:
    off, on = False, True
    rule = Ordered(words=(off, on), default=off)
    assert kind(rule, off, on) == "strengthens"
    assert written(rule.changes(off, 1)) == [
        ("weakens", "parameter-changed", "changes", "", "false", "1", NO_DIRECTION)
    ]


@pytest.mark.parametrize("stricter", ["more", "fewer"])
def test_a_list_tells_what_went_and_what_came(stricter: Literal["more", "fewer"]) -> None:
    rule = Entries(stricter=stricter)
    growing = stricter == "more"
    gone = ("weakens", "requirement-dropped") if growing else ("strengthens", "exception-dropped")
    new = ("strengthens", "requirement-added") if growing else ("weakens", "exception-added")
    assert written(rule.changes(["a", "b"], ["b", 3])) == [
        (*gone, "drops entries of", "", '["a"]', "", ""),
        (*new, "adds entries to", "", "", "[3]", ""),
    ]
    assert written(rule.changes("a", ["a"])) == [
        ("neutral", "spelled-differently", "spells differently", "", "a", '["a"]', "")
    ]
    assert kind(rule, ["a", "b"], ["b", "a"]) == "neutral"
    assert kind(rule, [1], 1) == "neutral"
    assert kind(rule, ABSENT, []) == "neutral"
    assert kind(rule, ABSENT, "a") == new[0]
    assert kind(rule, None, "a") == new[0]
    assert kind(rule, "a", ABSENT) == gone[0]
    assert written(rule.changes(["a"], ["a"])) == []
    for before, after in (("a", {"a": 1}), ({"a": 1}, "a"), (["a"], 1.5)):
        assert [each.note for each in rule.changes(before, after)] == [NO_DIRECTION]


def test_a_list_may_stand_for_another_when_it_is_absent_or_for_nothing_that_can_be_said() -> None:
    assert kind(Entries(stricter="more", default=(".",)), ABSENT, ".") == "neutral"
    assert kind(Entries(stricter="more", default=(".",)), ABSENT, [".", "src"]) == "strengthens"
    unsaid = Entries(stricter="fewer", default=None)
    assert kind(unsaid, ABSENT, None) == "neutral"
    assert written(unsaid.changes(None, ABSENT)) == [
        ("neutral", "spelled-differently", "spells differently", "", "null", "", "")
    ]
    assert written(unsaid.changes(ABSENT, None)) == [
        ("neutral", "spelled-differently", "spells differently", "", "", "null", "")
    ]
    assert kind(unsaid, ABSENT, "a") == "weakens"
    assert kind(unsaid, "a", ABSENT) == "weakens"
    assert kind(unsaid, "a", 1.5) == "weakens"


NO_ALL = Entries(stricter="fewer", unless=("^ALL$", "x+"))


def test_a_list_of_what_is_allowed_is_stricter_than_none_unless_it_allows_what_none_forbids() -> None:
    assert written(NO_ALL.changes(ABSENT, ["a"])) == [("strengthens", "requirement-added", "adds", "", "", '["a"]', "")]
    assert written(NO_ALL.changes(["a"], None)) == [("weakens", "requirement-dropped", "drops", "", '["a"]', "", "")]
    assert written(NO_ALL.changes(ABSENT, ["a", "all", "axb"])) == [
        ("weakens", "exception-added", "adds entries to", "", "", '["all", "axb"]', "")
    ]
    assert written(NO_ALL.changes(ABSENT, {"a": 1})) == [
        ("weakens", "exception-added", "adds entries to", "", "", '{"a": 1}', "")
    ]


def test_two_lists_of_what_is_allowed_are_compared_entry_by_entry() -> None:
    assert kind(NO_ALL, ["a"], ["a", "b"]) == "weakens"
    assert kind(NO_ALL, ["a", "b"], ["a"]) == "strengthens"
    assert kind(NO_ALL, ABSENT, None) == "neutral"
    assert NO_ALL.with_default(["a"]) == NO_ALL


def test_a_word_in_place_of_a_list_is_laxer_than_any_and_than_none() -> None:
    rule = Entries(stricter="more", weakest="any")
    assert written(rule.changes("any", ["a"])) == [
        ("strengthens", "requirement-added", "changes", "", "any", '["a"]', "")
    ]
    assert written(rule.changes(["a"], "any")) == [
        ("weakens", "requirement-dropped", "changes", "", '["a"]', "any", "")
    ]
    assert (kind(rule, "any", ABSENT), kind(rule, ABSENT, "any")) == ("strengthens", "weakens")
    assert kind(rule, ["a"], ["a", "b"]) == "strengthens"


def test_an_entry_that_excepts_counts_the_other_way_round() -> None:
    rule = Entries(stricter="more", exceptions="!")
    assert kind(rule, ["a/**"], ["a/**", "!a/drafts/**"]) == "weakens"
    assert kind(rule, ["a/**", "!a/drafts/**"], ["a/**"]) == "strengthens"
    assert kind(rule, ["!b", "a"], ["a", "!b"]) == "neutral"
    both = [change[0] for change in written(rule.changes(["a", "!b"], ["a", "c", "!d"]))]
    assert sorted(both) == ["strengthens", "strengthens", "weakens"]


@pytest.mark.parametrize("rule", [Entries(stricter="more", folded=True), Entries(stricter="fewer", folded=True)])
def test_case_and_space_around_an_entry_may_not_count(rule: Entries) -> None:
    assert kind(rule, ["Get", 1], [" GET ", 1]) == "neutral"


def test_what_a_setting_stands_for_when_it_is_absent_is_its_default() -> None:
    assert kind(at_most().with_default(5), ABSENT, 4) == "strengthens"
    assert kind(at_most("length").with_default("2d"), ABSENT, "49h") == "weakens"
    assert kind(at_least((0, 30)).with_default(None), ABSENT, 29) == "weakens"
    assert kind(Entries(stricter="more").with_default(None), ABSENT, ["a"]) == "strengthens"
    assert kind(Entries(stricter="fewer").with_default(None), ABSENT, ["a"]) == "weakens"
    assert kind(Entries(stricter="fewer").with_default(0), ABSENT, [0]) == "neutral"
    assert kind(Ordered(words=("low", "high")).with_default("high"), ABSENT, "low") == "weakens"
    assert kind(Undirected().with_default("a"), ABSENT, "a") == "neutral"
    assert kind(Undirected().with_default(None), ABSENT, None) == "neutral"
    with pytest.raises(ValueError, match="the default soon cannot be measured as days"):
        at_least(0, "days").with_default("soon")
