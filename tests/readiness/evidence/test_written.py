"""The place where the sources declare a test is found by what a report calls it."""

import os
from multiprocessing import Process
from pathlib import Path

import pytest

from readiness.evidence.written import Sources

TEXT = "class TestCart:\n    def test_total(self): ...\n    # adds a line\n"


@pytest.mark.parametrize(
    ("place", "name", "line"),
    [
        ("tests.test_cart.TestCart", "test_total", 2),
        ("tests/test_cart.py", "adds a line", 3),
        ("tests.test_cart.TestCart", "test_tot", None),
        ("tests.test_cart.TestCart", "adds a lin", None),
        ("tests.test_basket", "test_total", None),
        ("", "test_total", None),
        ("tests.test_cart", "", None),
    ],
)
def test_a_name_is_found_as_a_whole_in_a_file_that_the_place_can_be(
    tmp_path: Path, place: str, name: str, line: int | None
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_cart.py").write_text(TEXT)
    found = Sources(tmp_path, ["tests/test_cart.py", "tests/gone.py"]).find(place, name)
    assert found == (None if line is None else ("tests/test_cart.py", line))


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    """A command of the run may have put it there."""
    os.mkfifo(tmp_path / "test_cart.py")
    looking = Process(target=Sources(tmp_path, ["test_cart.py"]).find, args=("test_cart", "test_total"))
    looking.start()
    looking.join(20)
    waits = looking.is_alive()
    looking.kill()
    assert not waits
