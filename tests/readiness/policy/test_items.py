"""How each change of an item is told: its kind, its code, its words, and what it was before and is after."""

from typing import Any

import pytest

from readiness.policy.items import by_environment
from readiness.report import PolicyChange
from readiness.strictness.change import SettingChange
from support.policies import Written, changes, full, items


def edited(item: str, **fields: Any) -> Written:
    """The checklist with other fields of an item; None takes one away."""
    written = full()
    found = items(written)[item]
    for name, value in fields.items():
        found[name] = value
        if value is None:
            del found[name]
    return written


def only(before: Written, after: Written) -> PolicyChange:
    (change,) = changes(before, after)
    return change


def told(change: PolicyChange) -> tuple[str, str, str, str, str, str]:
    return change.kind, change.code, change.item, change.text, change.before, change.after


class TestDropped:
    def test_it_is_told_with_what_it_was(self) -> None:
        written = full()
        del written["sections"][2]["items"][2]
        assert told(only(full(), written)) == (
            "weakens", "item-dropped", "api", "drops the item `api`", "info: API answers (http)", "",
        )  # fmt: skip
        assert told(only(written, full())) == (
            "strengthens", "item-added", "api", "adds the item `api`", "", "info: API answers (http)",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("fields", "hint"),
        [
            ({}, True),
            ({"title": "Another"}, False),
            ({"check": "junit", "with": {"paths": "x"}}, False),
        ],
    )
    def test_a_new_one_of_its_title_and_check_is_mentioned(self, fields: dict[str, Any], *, hint: bool) -> None:
        found = {change.code: change for change in changes(full(), edited("api", id="interface", **fields))}
        assert set(found) == {"item-dropped", "item-added"}
        assert ("`interface` has its title" in found["item-dropped"].text) is hint

    def test_one_of_its_title_that_was_there_before_is_not(self) -> None:
        before, after = edited("lint", title="Same"), edited("lint", title="Same")
        copy = {"id": "twin", "title": "Same", "check": "command", "with": {"run": "twin"}}
        for written in (before, after):
            written["sections"][0]["items"].insert(0, dict(copy))
        del after["sections"][0]["items"][3]
        assert only(before, after).text == "drops the item `lint`"


class TestOrder:
    def test_another_order_is_neutral(self) -> None:
        written = full()
        written["sections"][1]["items"].reverse()
        change = only(full(), written)
        assert (change.kind, change.code, change.item) == ("neutral", "items-reordered", "")

    def test_a_dropped_or_an_added_item_leaves_the_order_of_the_others(self) -> None:
        written = full()
        del written["sections"][1]["items"][1]
        assert [change.code for change in changes(full(), written)] == ["item-dropped"]
        assert [change.code for change in changes(written, full())] == ["item-added"]


class TestFields:
    @pytest.mark.parametrize(
        ("item", "fields", "expected"),
        [
            ("coverage", {"title": "Covered"}, ("neutral", "title-changed", "Tests cover the code", "Covered")),
            ("coverage", {"owner": "me"}, ("neutral", "owner-changed", "qa", "me")),
            ("coverage", {"timeout": 70}, ("neutral", "timeout-changed", "60.0", "70.0")),
            ("coverage", {"severity": "info"}, ("weakens", "severity-lowered", "warning", "info")),
            ("coverage", {"severity": None}, ("strengthens", "severity-raised", "warning", "blocker")),
            ("api", {"severity": "warning"}, ("strengthens", "severity-raised", "info", "warning")),
            ("tests", {"needs": []}, ("weakens", "need-dropped", "coverage", "")),
            ("lint", {"needs": ["tests"]}, ("strengthens", "need-added", "", "tests")),
            ("coverage", {"phase": "release"}, ("weakens", "phase-changed", "pre-deploy", "release")),
            ("coverage", {"controls": ["SOC2:CC8.1"]}, ("weakens", "control-dropped", "ISO:A.8.32", "")),
            ("coverage", {"controls": ["SOC2:CC8.1", "ISO:A.8.32", "PCI:6.5.1"]},
             ("neutral", "controls-changed", "", "PCI:6.5.1")),
        ],
    )  # fmt: skip
    def test_each_is_told_with_its_values(
        self, item: str, fields: dict[str, Any], expected: tuple[str, str, str, str]
    ) -> None:
        kind, code, before, after = expected
        change = only(full(), edited(item, **fields))
        assert (change.kind, change.code, change.item) == (kind, code, item)
        (field,) = fields
        assert f"`{item}`" in change.text
        assert f"`{field}` of" in change.text or field == "phase"
        assert (change.before.strip('"[]'), change.after.strip('"[]')) == (before, after)


class TestSection:
    def moved(self) -> Written:
        written = full()
        written["sections"][0]["items"].append(written["sections"][1]["items"].pop(0))
        return written

    def test_an_item_that_leaves_a_section_that_stays_weakens(self) -> None:
        assert told(only(full(), self.moved())) == (
            "weakens", "section-changed", "tls", "moves `tls` to another section", "Security", "Quality",
        )  # fmt: skip

    def test_a_section_with_another_title_is_neutral(self) -> None:
        written = full()
        written["sections"][2]["title"] = "Persons"
        found = [change for change in changes(full(), written) if change.item]
        assert {(change.kind, change.code, change.before, change.after) for change in found} == {
            ("neutral", "section-renamed", "People", "Persons")
        }
        assert [change.item for change in found] == ["templates", "policy-page", "api", "health"]
        assert found[0].text == "gives the section of `templates` another title"


class TestParameters:
    def test_another_check_weakens_and_shows_both_with_their_parameters(self) -> None:
        change = only(full(), edited("lint", check="junit", **{"with": {"paths": "${url}"}}))
        assert (change.kind, change.code, change.item) == ("weakens", "check-changed", "lint")
        assert change.before == 'command {"expect_exit": [0, 3], "run": "lint"}'
        assert change.after == 'junit {"paths": "https://staging.example.com"}'

    def test_another_name_of_the_same_check_is_neutral_and_hides_nothing(self) -> None:
        renamed = edited("tests", check="test-results")
        assert told(only(full(), renamed)) == (
            "neutral", "check-renamed", "tests", "calls the check of `tests` by another of its names",
            "junit", "test-results",
        )  # fmt: skip
        items(renamed)["tests"]["with"]["minimum_tests"] = 9
        assert {(change.kind, change.code) for change in changes(full(), renamed)} == {
            ("neutral", "check-renamed"), ("weakens", "threshold-lowered"),
        }  # fmt: skip

    def test_an_item_without_parameters_has_empty_ones(self) -> None:
        before = edited("lint", check="third-party", **{"with": None})
        after = edited("lint", check="third-party", **{"with": {"level": 2}})
        change = only(before, after)
        assert (change.kind, change.item) == ("weakens", "lint")
        assert "`level` of `lint`" in change.text

    def test_what_changes_in_every_environment_counts_once(self) -> None:
        written = full()
        items(written)["tests"]["with"]["minimum_tests"] = 9
        assert told(only(full(), written)) == (
            "weakens", "threshold-lowered", "tests", "lowers `minimum_tests` of `tests`", "10", "9",
        )  # fmt: skip

    def test_what_is_only_written_differently_is_neutral(self) -> None:
        written = full()
        items(written)["coverage"]["with"]["max_age"] = "48h"
        change = only(full(), written)
        assert (change.kind, change.code, change.item) == ("neutral", "spelled-differently", "coverage")
        assert "2d" in change.before
        assert "48h" in change.after

    def test_a_literal_in_place_of_a_value_of_the_environments_is_neutral_too(self) -> None:
        before, after = full(), full()
        for written in (before, after):
            written["environments"]["staging"]["url"] = "https://app.example.com"
        items(after)["api"]["with"]["url"] = "https://app.example.com/api"
        change = only(before, after)
        assert (change.kind, change.code, change.item) == ("neutral", "spelled-differently", "api")
        assert change.text == "writes the parameters of `api` differently"
        assert "${url}/api" in change.before
        assert "https://app.example.com/api" in change.after


def test_environments_are_named_where_a_change_is_not_in_all_of_them() -> None:
    one = SettingChange("weakens", "limit-raised", "raises", "x", "1", "2")
    other = SettingChange("weakens", "limit-raised", "raises", "y", "1", "2")

    def compare(before: str, _after: str) -> Any:
        yield one
        if before != "a":
            yield other

    assert by_environment([("a", "a"), ("b", "b"), ("", "c")], compare) == [(one, ""), (other, " in b, c")]
    assert by_environment([], compare) == []


class TestProducer:
    @pytest.mark.parametrize(
        ("before", "after", "kind", "code", "text"),
        [
            ("", "security", "strengthens", "producer-added", "adds `producer` of `coverage`"),
            ("security", "", "weakens", "producer-changed", "drops `producer` of `coverage`"),
            ("security", "legal", "weakens", "producer-changed", "changes `producer` of `coverage`"),
        ],
    )
    def test_it_is_stricter_to_have_one_and_another_is_not_known_to_be(
        self, before: str, after: str, kind: str, code: str, text: str
    ) -> None:
        change = only(*(edited("coverage", producer=role or None) for role in (before, after)))
        assert (change.kind, change.code, change.before, change.after) == (kind, code, before, after)
        assert text in change.text
