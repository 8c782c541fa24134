import pytest

from support.tour import Tour, take


@pytest.fixture(scope="session")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Tour:
    return take(tmp_path_factory)
