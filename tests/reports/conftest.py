from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support.chromium import Tabs, chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="package")
def tabs(browser: Browser) -> Tabs:
    return Tabs(browser)
