import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from readiness.engine import Host
from support.thirdparty import install


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that the third-party distribution is installed in."""
    return install(tmp_path_factory)


@pytest.fixture(autouse=True)
def _workers() -> None:
    """Every host starts and ends its own workers here."""


@pytest.fixture(scope="module")
def environ(site: Path) -> Iterator[Mapping[str, str]]:
    """Environment of a machine on which the third-party distribution is installed.

    It ends with the module: a test elsewhere that asks for all installed checks would import the one that exits.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(site))
        yield {
            **os.environ,
            "PYTHONPATH": str(site),
            "ACME_SECRET_VALUE": "hunter2-but-longer",
            "ACME_PLAIN": "swordfish9",
        }


@pytest.fixture(scope="module")
def host(environ: Mapping[str, str]) -> Iterator[Host]:
    """A host that the tests of a module ask, one after the other, as many runs of one process may."""
    with Host(environ=environ, import_timeout=10) as host:
        yield host


@pytest.fixture
def new_host(environ: Mapping[str, str]) -> Iterator[Host]:
    """A host that nobody has asked: it knows no secret and no plugin, and its first worker has answered nothing."""
    with Host(environ=environ, import_timeout=10) as host:
        yield host
