"""Gives each test of the table its row, by its docstring."""

from pathlib import Path

import pytest

from support.attacked import Attacked, Seen, table
from support.made_once import copied


@pytest.fixture
def project(tmp_path: Path) -> Attacked:
    """Templates that one member of the role has to sign off."""
    return copied(Attacked, tmp_path / "deedpro")


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Seen:
    """What the documentation says that comes of this attack."""
    return table()[(request.function.__doc__ or "").strip().removesuffix(".")]
