"""Files of evidence and when they were written."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from readiness.outcome import CheckError
from readiness.testing import NOW, context
from readiness_checks.reading.evidence_files import matching, modified_at, parse_time, require_recent


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-23T12:00:00Z", 12),
        ("2026-11-23T12:00:00+02:00", 10),
        ("2026-11-23T12:00:00", 17),
        ("2026-11-23T12:00:00.123456", 17),
        (" 2026-07-23T12:00:00 ", 16),
    ],
)
def test_a_time_without_an_offset_is_in_the_time_zone_of_this_machine(text: str, hour: int) -> None:
    parsed = parse_time(text)
    assert parsed is not None
    assert (parsed.hour, parsed.tzinfo) == (hour, UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00", "1700000000", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text) is None


def test_only_a_small_step_into_the_future_is_forgiven(tmp_path: Path) -> None:
    using = context(tmp_path)
    require_recent(using, "x", NOW + timedelta(minutes=5), timedelta(hours=1))
    with pytest.raises(CheckError, match="future"):
        require_recent(using, "x", NOW + timedelta(minutes=6), None)
    require_recent(using, "x", NOW - timedelta(hours=1), timedelta(hours=1))
    with pytest.raises(CheckError, match="longer than 1h ago"):
        require_recent(using, "x", datetime(2026, 11, 23, 10, 59, 59, tzinfo=UTC), timedelta(hours=1))


def test_every_pattern_has_to_match(tmp_path: Path) -> None:
    (tmp_path / "a.xml").touch()
    (tmp_path / "b.xml").symlink_to("a.xml")
    assert matching(context(tmp_path), ["*.xml", "a.xml"]) == [tmp_path / "a.xml"]
    with pytest.raises(CheckError, match="`c"):
        matching(context(tmp_path), ["*.xml", "c.xml"])


@pytest.mark.parametrize("pattern", ["out", "out/*", "out/*.xml*"])
def test_a_signed_statement_beside_a_file_is_no_evidence(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "out").mkdir()
    for name in ("unit.xml", "unit.xml.intoto.json", "alone.xml.intoto.json"):
        (tmp_path / "out" / name).write_text("x")
    assert [path.name for path in matching(context(tmp_path), [pattern])] == ["alone.xml.intoto.json", "unit.xml"]


SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  a file system, and the name of the file in it is made up anew


@pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="few file systems keep such a date; this one of Linux does")
def test_a_file_of_a_date_that_no_calendar_has_is_an_error() -> None:
    with NamedTemporaryFile(dir=SHARED_MEMORY) as file:
        os.utime(file.name, (0, 300_000_000_000))  # the year 11476
        with pytest.raises(CheckError, match="has a date that no calendar has"):
            modified_at(Path(file.name))
