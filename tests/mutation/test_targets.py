"""The targets of `make mutants` follow the tree: a module that moves takes its target along."""

import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_TARGETS = tomllib.loads((_ROOT / "tests/mutation/targets.toml").read_text())


@pytest.mark.parametrize("name", _TARGETS)
def test_a_target_names_modules_and_tests_that_are_there(name: str) -> None:
    for path in (*_TARGETS[name]["modules"], *_TARGETS[name]["tests"]):
        assert [*_ROOT.glob(path)], path
