"""The table of directions is complete, and tells the truth about defaults."""

from collections.abc import Mapping
from typing import Any

import pytest

from readiness.check import Check
from readiness.plugins import installed
from readiness.policy.directions import DIRECTIONS, TRUSTED_FILES, rule_of
from readiness.strictness.change import ABSENT
from readiness.strictness.rules import Untold

CHECKS = sorted(name for name, plugin in installed("readiness.checks").items() if plugin.distribution == "readiness")


def model(check: str) -> type[Check]:
    from importlib import import_module

    module, _, name = installed("readiness.checks")[check].entry_point.partition(":")
    found: type[Check] = getattr(import_module(module), name)
    return found


def test_every_built_in_check_is_there() -> None:
    assert sorted(DIRECTIONS) == CHECKS


@pytest.mark.parametrize("check", CHECKS)
def test_every_parameter_has_a_direction_or_is_said_to_have_none(check: str) -> None:
    fields: Mapping[str, Any] = model(check).model_fields
    assert {field.alias or name for name, field in fields.items()} == set(DIRECTIONS[check])


@pytest.mark.parametrize("check", CHECKS)
def test_to_write_a_default_out_changes_nothing(check: str) -> None:
    properties = model(check).model_json_schema(by_alias=True)["properties"]
    tried = 0
    for name, schema in properties.items():
        if "default" not in schema:
            continue
        tried += 1
        default = _written(schema["default"])
        for before, after in ((ABSENT, default), (default, ABSENT)):
            turns = list(rule_of(check, name).turns(before, after))
            kinds = {turn.kind for turn in turns}
            assert kinds <= {"neutral"}, f"{name}: {turns}"
    assert tried or check == "http"


def _written(default: Any) -> Any:
    """A default as a checklist would say it."""
    lengths = {"P30D": "30d", "PT5M": "5m"}
    return lengths.get(default, default) if isinstance(default, str) else default


def test_files_that_are_trusted_are_named_by_parameters_that_exist() -> None:
    for check, names in TRUSTED_FILES.items():
        assert set(names) <= set(DIRECTIONS[check])


def test_what_is_not_in_the_table_cannot_be_told() -> None:
    assert rule_of("tls", "no-such-parameter") == Untold()
    assert rule_of("somebody-elses", "anything") == Untold()
