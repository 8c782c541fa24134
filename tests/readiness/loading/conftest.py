"""What every test of the loader uses: the sample checks, and a way to load a text."""

from pathlib import Path

import pytest

from support.checklists import Loader
from support.sample_checks import register


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loader:
    register(tmp_path / "site", monkeypatch)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Loader(folder)
