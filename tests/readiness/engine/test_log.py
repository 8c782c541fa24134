import os

import pytest

from readiness.engine import log
from readiness.engine.log import KEPT, LARGEST, Log


@pytest.mark.parametrize("system", ["this one", "one that cannot give space back"])
def test_the_end_stays_whatever_is_written(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if system != "this one":
        monkeypatch.setattr(log, "_give_back", lambda _handle, _length: False)
    with Log() as kept:
        for number in range(12):
            os.write(kept.fileno(), b"x" * 1_000_000)
            kept.trim()
            assert kept.tail().endswith("x" * 100)
            os.write(kept.fileno(), f" end {number}".encode())
            assert kept.tail().endswith(f"x end {number}")
        assert len(kept.tail()) <= KEPT
        assert os.fstat(kept.fileno()).st_blocks * 512 <= LARGEST + 2_000_000


def test_what_is_written_while_it_is_trimmed_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    give_back = log._give_back
    with Log() as kept:

        def meanwhile(handle: int, length: int) -> bool:
            os.write(handle, b" one")
            done = give_back(handle, length)
            os.write(handle, b" two")
            return done

        monkeypatch.setattr(log, "_give_back", meanwhile)
        os.write(kept.fileno(), b"x" * (LARGEST + 1))
        kept.trim()
        assert kept.tail().endswith("x one two")


def test_where_space_cannot_be_given_back_the_end_is_read_again_when_more_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log, "_give_back", lambda _handle, _length: False)
    with Log() as kept:
        os.write(kept.fileno(), b"x" * (LARGEST + 1))
        read, late = os.pread, [b" the end\xff"]

        def slow_read(handle: int, size: int, offset: int) -> bytes:
            found = read(handle, size, offset)
            if late:
                os.write(kept.fileno(), late.pop())
            return found

        monkeypatch.setattr(os, "pread", slow_read)
        kept.trim()
        assert os.fstat(kept.fileno()).st_size == 0
        assert kept.tail().endswith("x the end\ufffd")


def test_it_forgets() -> None:
    with Log() as kept:
        os.write(kept.fileno(), b"x" * (LARGEST + 1))
        kept.trim()
        kept.clear()
        assert kept.tail() == ""
        os.write(kept.fileno(), b"y" * (LARGEST + 1))
        kept.trim()
        assert set(kept.tail()) == {"y"}
