"""A server with TLS, whose authority the check is told to trust."""

from typing import Any

import pytest

from support import servers
from support.certificates import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def tls(authority: Authority) -> Any:
    return servers.server_context(authority.chain(authority.ca_file.parent))
