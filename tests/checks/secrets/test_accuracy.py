"""The check finds made-up secrets of every family and in every way to write them, as `docs/accuracy.md` says."""

import random
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from readiness_checks.secrets.detectors import scan
from readiness_checks.secrets.families import families
from readiness_checks.secrets.verdict import Verdict


@pytest.fixture(scope="module")
def samples() -> Iterator[Any]:
    folder = str(Path(__file__).parents[3] / "benchmarks")
    sys.path.insert(0, folder)
    yield import_module("secret_samples.samples")
    sys.path.remove(folder)


def share(cases: list[Any]) -> float:
    found = 0
    for case in cases:
        hits = scan(case.path, enumerate(case.text.split("\n"), start=1))
        found += any(hit.verdict is Verdict.SECRET and len(hit.value) > 7 for hit in hits)
    return found / len(cases)


def test_tokens_of_nearly_all_families_are_found_without_a_telling_name(samples: Any) -> None:
    cases = list(samples.tokens(random.Random(7), 1))  # noqa: S311 - the same in every run
    assert len({case.group for case in cases}) >= 100
    assert share(cases) >= 0.95


def test_assignments_are_found_in_nearly_all_ways_to_write_them(samples: Any) -> None:
    cases = list(samples.assignments(random.Random(7), 1))  # noqa: S311 - the same in every run
    assert len({case.group for case in cases}) >= 80
    assert share(cases) >= 0.95


def test_secrets_in_settings_and_sources_of_production_hold_a_release(samples: Any) -> None:
    cases = list(samples.production(random.Random(7)))  # noqa: S311 - the same in every run
    assert len({case.group for case in cases}) >= 70
    assert share(cases) >= 0.95


def test_every_family_says_where_its_form_is_written_down() -> None:
    assert len(families()) >= 130
    assert all(family.source.startswith("https://") for family in families())
