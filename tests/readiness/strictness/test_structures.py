"""Which way a map or a list of named entries is stricter, by what stands in it."""

from typing import Any

import pytest

from readiness.strictness.change import ABSENT
from readiness.strictness.rules import NO_DIRECTION, Irrelevant, Ordered, Undirected
from readiness.strictness.structures import Entries, Fields, NamedEntries, Rule
from support.strictness import RECENT, at_least, at_most, kind, written

FIELDS = Fields(rules={"minimum": at_least(0), "files": Entries(stricter="more")})


def test_a_map_with_known_keys_is_judged_key_by_key() -> None:
    assert written(FIELDS.changes({"minimum": 1, "files": "a"}, {"minimum": 2, "files": "b"})) == [
        ("strengthens", "threshold-raised", "raises", "minimum", "1", "2", ""),
        ("weakens", "requirement-dropped", "drops entries of", "files", '["a"]', "", ""),
        ("strengthens", "requirement-added", "adds entries to", "files", "", '["b"]', ""),
    ]
    assert written(FIELDS.changes({}, {"minimum": 2})) == [
        ("strengthens", "threshold-raised", "adds", "minimum", "", "2", "")
    ]
    assert written(FIELDS.changes(ABSENT, {"minimum": 2})) == written(FIELDS.changes({}, {"minimum": 2}))
    assert written(FIELDS.changes(None, {"minimum": 2})) == written(FIELDS.changes({}, {"minimum": 2}))
    assert written(FIELDS.changes({"odd": 1}, {})) == [
        ("weakens", "parameter-changed", "drops", "odd", "1", "", NO_DIRECTION)
    ]
    assert written(FIELDS.changes({"minimum": 1}, {"minimum": 1})) == []
    assert written(FIELDS.changes({}, ABSENT)) == [
        ("neutral", "spelled-differently", "spells differently", "", "{}", "", "")
    ]
    assert written(FIELDS.changes({}, 3)) == [("weakens", "parameter-changed", "changes", "", "{}", "3", NO_DIRECTION)]
    assert written(FIELDS.changes(3, {})) == [("weakens", "parameter-changed", "changes", "", "3", "{}", NO_DIRECTION)]


def test_a_shorter_spelling_is_read_before_it_is_judged() -> None:
    rule = Fields(rules={"minimum": at_least(0)}, alone="minimum", words={"most": {"minimum": 100}})
    assert kind(rule, 3, {"minimum": 3}) == "neutral"
    assert [each.path for each in rule.changes(3, 4)] == ["minimum"]
    assert kind(rule, 99, "most") == "strengthens"
    assert kind(rule, {"minimum": 100}, "most") == "neutral"


def test_entries_with_names_are_dropped_added_and_changed() -> None:
    rule = NamedEntries(stricter="more", entry=FIELDS, by=("path", "metric"))
    one = {"path": "a", "metric": "lines"}
    other = {"path": "b", "metric": "lines"}
    assert written(rule.changes([one], [{**one, "minimum": 1}])) == [
        ("strengthens", "threshold-raised", "adds", "[a, lines].minimum", "", "1", "")
    ]
    assert [each[:4] for each in written(rule.changes([one], [other]))] == [
        ("weakens", "requirement-dropped", "drops", "[a, lines]"),
        ("strengthens", "requirement-added", "adds", "[b, lines]"),
    ]
    assert [each.before for each in rule.changes([one], [])] == ['{"metric": "lines", "path": "a"}']
    assert [each.after for each in rule.changes(ABSENT, [one])] == ['{"metric": "lines", "path": "a"}']
    assert kind(rule, [one, other], [other, one]) == "neutral"
    assert written(rule.changes([one], [one])) == []
    for before, after, shown in ((None, ABSENT, ("null", "")), (ABSENT, None, ("", "null"))):
        assert written(rule.changes(before, after)) == [
            ("neutral", "spelled-differently", "spells differently", "", *shown, "")
        ]


def test_an_entry_that_goes_or_comes_is_shown_written_out() -> None:
    rule = NamedEntries(stricter="more", entry=Fields(alone="minimum"))
    assert [each.before for each in rule.changes({"a": 3}, {})] == ['{"minimum": 3}']
    assert [each.after for each in rule.changes({}, {"a": 3})] == ['{"minimum": 3}']


@pytest.mark.parametrize("odd", [3, ["a"], [{"path": "a"}, {"path": "a"}], [{"path": "a"}, 3]])
def test_entries_that_cannot_be_told_apart_weaken_whichever_way(odd: Any) -> None:
    rule = NamedEntries(stricter="more", entry=FIELDS, by=("path", "metric"))
    for before, after in ((odd, [{"path": "b"}]), ([{"path": "b"}], odd)):
        assert [(each.kind, each.note) for each in rule.changes(before, after)] == [("weakens", NO_DIRECTION)]


def test_exceptions_with_names_weaken_when_they_come() -> None:
    rule = NamedEntries(stricter="fewer", entry=Irrelevant())
    assert written(rule.changes(["a"], ["b"])) == [
        ("strengthens", "exception-dropped", "drops", "[a]", "null", "", ""),
        ("weakens", "exception-added", "adds", "[b]", "", "null", ""),
    ]
    assert kind(rule, "a", ["a"]) == "neutral"
    assert kind(rule, [1], {"1": None}) == "neutral"
    assert [each.note for each in rule.changes("a", 3)] == [NO_DIRECTION]
    assert [each.note for each in rule.changes(3, "a")] == [NO_DIRECTION]


def test_what_stands_for_one_that_is_absent_is_its_default() -> None:
    limits = Fields(rules={"limit": at_most()}).with_default({"limit": 5})
    assert kind(limits, ABSENT, {"limit": 5}) == "neutral"
    assert kind(limits, ABSENT, {"limit": 6}) == "weakens"
    named = NamedEntries(stricter="more").with_default(["a"])
    assert kind(named, ABSENT, ["a"]) == "neutral"
    assert kind(named, ABSENT, ["b"]) == "several"


@pytest.mark.parametrize("rule", [Undirected(), Irrelevant(), RECENT, Ordered(words=(1, "a")), FIELDS], ids=repr)
def test_a_rule_arrives_as_it_was_sent(rule: Rule) -> None:
    whole = Fields(rules={"entries": NamedEntries(stricter="more", entry=rule, by=("a",))})
    assert Fields.model_validate_json(whole.model_dump_json()) == whole
