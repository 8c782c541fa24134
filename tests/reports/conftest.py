from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support.chromium import chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found
