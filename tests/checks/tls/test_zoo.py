"""The zoo of `docs/accuracy.md`: every server in it is judged right."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def zoo() -> Iterator[Any]:
    folder = str(Path(__file__).parents[3] / "benchmarks")
    sys.path.insert(0, folder)
    yield import_module("tls_accuracy")
    sys.path.remove(folder)


@pytest.mark.parametrize(("title", "count"), [("chains", 49), ("versions", 9), ("suites", 12)])
def test_every_server_of_the_zoo_is_judged_right(zoo: Any, tmp_path: Path, title: str, count: int) -> None:
    made = zoo.Zoo(tmp_path)
    exhibits = list(getattr(made, title)())
    assert len(exhibits) == count
    assert [each.name for each in exhibits if not zoo.visit(made, each)] == []
