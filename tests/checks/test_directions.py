"""Every built-in check declares which way its parameters are stricter, and its defaults are what absence means."""

from collections.abc import Mapping

import pytest

from readiness.check import Check
from readiness.plugins import BUILT_IN, installed, load_check
from readiness.strictness.change import ABSENT
from readiness.strictness.declared import directions
from readiness.strictness.rules import Undirected
from readiness.strictness.structures import Fields, NamedEntries, Rule

CHECKS = sorted(name for name, plugin in installed("readiness.checks").items() if plugin.distribution == BUILT_IN)


def model(check: str) -> type[Check]:
    return load_check(installed("readiness.checks")[check])


@pytest.mark.parametrize("check", CHECKS)
def test_every_parameter_declares_a_direction(check: str) -> None:
    names = {field.alias or name for name, field in model(check).model_fields.items()}
    assert names
    assert names == set(directions(model(check)))


@pytest.mark.parametrize("check", CHECKS)
def test_models_inside_of_parameters_declare_theirs(check: str) -> None:
    for name, rule in directions(model(check)).items():
        entry = rule.entry if isinstance(rule, NamedEntries) else rule
        assert entry is not None, f"{name}: nothing is known about its entries"
        assert not isinstance(entry, Fields) or entry.rules, f"{name}: nothing is known about its fields"


@pytest.mark.parametrize("check", CHECKS)
def test_to_write_a_default_out_changes_nothing(check: str) -> None:
    rules = directions(model(check))
    properties = model(check).model_json_schema(by_alias=True)["properties"]
    defaults = {name: schema for name, schema in properties.items() if "default" in schema}
    assert defaults
    for name, schema in defaults.items():
        if isinstance(rule := rules[name], Undirected) and rule.null_counts:
            assert schema["default"] is None, f"{name}: null is a value of its own, so it cannot be left out by that"
            continue
        default = _without_null(rules[name], _written(schema["default"]))
        for before, after in ((ABSENT, default), (default, ABSENT)):
            changes = list(rules[name].changes(before, after))
            assert {change.kind for change in changes} <= {"neutral"}, f"{name}: {changes}"


def _without_null(rule: Rule, default: object) -> object:
    """A default without the fields for which null is a value of its own: there it cannot be written out."""
    if not (isinstance(rule, Fields) and isinstance(default, dict)):
        return default
    own = {name for name, inner in rule.rules.items() if isinstance(inner, Undirected) and inner.null_counts}
    return {name: value for name, value in default.items() if value is not None or name not in own}


def _written(default: object) -> object:
    """A default as a checklist would say it."""
    lengths = {"P30D": "30d", "PT5M": "5m"}
    return lengths.get(default, default) if isinstance(default, str) else default


def named(names: str) -> dict[str, set[str]]:
    """Parameters that name what is trusted, by check."""

    def found(rules: Mapping[str, Rule]) -> set[str]:
        return {name for name, rule in rules.items() if isinstance(rule, Undirected) and rule.names == names}

    declared = {check: found(directions(model(check))) for check in CHECKS}
    return {check: parameters for check, parameters in declared.items() if parameters}


def test_every_trust_anchor_and_database_is_declared_as_trusted() -> None:
    expected = {
        check: {*model(check).model_fields} & {"ca_file", "database"}
        for check in CHECKS
        if {*model(check).model_fields} & {"ca_file", "database"}
    }
    assert len(expected) >= 5
    assert named("trusted_file") == expected


def test_the_command_line_of_a_command_is_declared() -> None:
    assert named("command_line")["command"] == {"run"}


@pytest.mark.parametrize(
    ("check", "parameter", "before", "after", "kind"),
    [
        ("tls", "min_days", ABSENT, 30, "strengthens"),
        ("tls", "min_days", ABSENT, 29, "weakens"),
        ("tls", "min_days", 1, ABSENT, "weakens"),
        ("tls", "min_version", ABSENT, "1.3", "strengthens"),
        ("signoff", "quorum", ABSENT, 1, "neutral"),
        ("signoff", "quorum", 2, ABSENT, "weakens"),
        ("signoff", "covers", ABSENT, "none", "weakens"),
        ("signoff", "covers", ["a", "b"], "none", "weakens"),
        ("signoff", "covers", "none", ABSENT, "strengthens"),
        ("signoff", "covers", "none", ["a"], "strengthens"),
        ("health", "max_age", ABSENT, "300s", "neutral"),
        ("health", "max_age", ABSENT, "301s", "weakens"),
        ("dependencies", "max_age", ABSENT, "29d", "strengthens"),
        ("junit", "max_skipped", 1000, ABSENT, "weakens"),
        ("document", "changed_since", "180d", "2001-01-01", "weakens"),
        ("document", "changed_since", "2001-01-01", "180d", "weakens"),
        ("http", "expect", ABSENT, 200, "weakens"),
        ("http", "expect", ABSENT, {"status": "2xx"}, "neutral"),
        ("http", "expect", ABSENT, {"body": "a"}, "strengthens"),
        ("http", "expect", {"body": "a"}, {"body": {"contains": "a", "not": "b"}}, "strengthens"),
        ("http", "expect", {"body": ["a", "b"]}, {"body": "a"}, "weakens"),
        ("http", "expect", {"body": {"not": ["a"]}}, {"body": {"not": {"matches": "a"}}}, "weakens"),
        ("health", "expect", ABSENT, {"status": 200}, "weakens"),
        ("health", "expect", {"text": "pong"}, {"text": "p"}, "weakens"),
        ("health", "expect", ABSENT, {"components": ["db"]}, "strengthens"),
        ("http", "retry", ABSENT, 1, "weakens"),
        ("http", "retry", {"times": 2}, {"times": 2, "on": ["5xx"]}, "weakens"),
        ("http", "retry", 2, {"times": 1, "on": 503}, "strengthens"),
        ("http", "retry", 2, ABSENT, "strengthens"),
        ("headers", "expect_status", ABSENT, 401, "weakens"),
        ("env", "required", {"T": "secret"}, {"T": {"secret": True, "min_length": 16}}, "strengthens"),
        ("env", "required", {"T": "secret"}, {"T": {"secret": True, "min_length": 15}}, "weakens"),
        ("env", "required", ["A"], {"A": None}, "neutral"),
        ("env", "required", {"A": "port"}, ["A"], "weakens"),
    ],
)
def test_what_absence_and_short_spellings_mean(
    check: str, parameter: str, before: object, after: object, kind: str
) -> None:
    changes = list(directions(model(check))[parameter].changes(before, after))
    assert kind in {change.kind for change in changes}
    assert kind == "weakens" or "weakens" not in {change.kind for change in changes}
