import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from readiness.engine import Host
from support.thirdparty import install


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that the third-party distribution is installed in."""
    return install(tmp_path_factory.mktemp("thirdparty"))


@pytest.fixture(autouse=True)
def _workers() -> None:
    """Every host starts and ends its own workers here."""


@pytest.fixture
def environ(site: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """Environment of a machine on which the third-party distribution is installed."""
    monkeypatch.syspath_prepend(str(site))
    return {
        **os.environ,
        "PYTHONPATH": str(site),
        "ACME_SECRET_VALUE": "hunter2-but-longer",
        "ACME_PLAIN": "swordfish9",
    }


@pytest.fixture
def host(environ: Mapping[str, str]) -> Iterator[Host]:
    with Host(environ=environ, import_timeout=10) as host:
        yield host
