"""The check `junit` refuses results that are too old, or of another source."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.outcome import Status
from support.junit_results import PASSING, SUITE, junit, rules, write
from support.repositories import commit_all, git

NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(minutes=59), Status.PASSED), (timedelta(hours=2), Status.ERROR)]
)
def test_the_timestamp_decides_the_age_whatever_the_file_s_date(tmp_path: Path, age: timedelta, status: Status) -> None:
    write(tmp_path, f'<testsuite timestamp="{(NOW - age).isoformat()}">{PASSING}</testsuite>')
    outcome = junit(tmp_path, max_age="1h", now=NOW)
    assert outcome.status is status
    assert junit(tmp_path, now=NOW).status is Status.PASSED


def test_the_oldest_suite_decides(tmp_path: Path) -> None:
    old, new = (NOW - timedelta(days=9)).isoformat(), NOW.isoformat()
    suites = "".join(f'<testsuite timestamp="{stamp}">{PASSING}</testsuite>' for stamp in (new, old))
    write(tmp_path, f"<testsuites>{suites}</testsuites>")
    assert junit(tmp_path, max_age="1d", now=NOW).status is Status.ERROR


def test_without_a_timestamp_the_date_of_the_file_decides(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    before = (NOW - timedelta(days=2)).timestamp()
    os.utime(tmp_path / "junit.xml", (before, before))
    assert junit(tmp_path, max_age="1d", now=NOW).status is Status.ERROR
    assert junit(tmp_path, max_age="3d", now=NOW).status is Status.PASSED


def test_results_from_the_future_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite timestamp="{(NOW + timedelta(hours=1)).isoformat()}">{PASSING}</testsuite>')
    outcome = junit(tmp_path, now=NOW)
    assert outcome.status is Status.ERROR
    assert "future" in outcome.summary
    write(tmp_path, f'<testsuite timestamp="{(NOW + timedelta(minutes=2)).isoformat()}">{PASSING}</testsuite>')
    assert junit(tmp_path, now=NOW, max_age="1h").status is Status.PASSED


def test_a_utc_time_without_an_offset_is_not_in_the_future_west_of_greenwich(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, f'<testsuite timestamp="{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}">{PASSING}</testsuite>')
    monkeypatch.setenv("TZ", "EST5")
    time.tzset()
    try:
        outcome = junit(tmp_path, max_age="1h")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert outcome.status is Status.PASSED, outcome.summary


def project(root: Path, *, date: datetime) -> None:
    """A repository with a test, its subject, and results that git ignores; as a clone of now has it."""
    for name in ("src/app.py", "tests/test_app.py"):
        (root / name).parent.mkdir()
        (root / name).write_text("x = 1\n")
    (root / ".gitignore").write_text("*.xml\n")
    commit_all(root, date=date)


def results_of(root: Path, made: datetime, name: str = "junit.xml") -> None:
    stamp = made.astimezone(UTC).isoformat()
    write(
        root,
        f'<testsuite name="s" timestamp="{stamp}"><testcase classname="tests.test_app" name="a"/></testsuite>',
        name,
    )


HOUR = timedelta(hours=1)


def test_results_that_the_job_of_this_commit_made_pass_in_any_clone(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 2 * HOUR)  # in an earlier job than the checkout that is judged
    assert junit(tmp_path).status is Status.PASSED


def test_results_that_are_older_than_the_commit_are_stale(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 4 * HOUR)
    outcome = junit(tmp_path)
    assert outcome.status is Status.ERROR
    assert "junit.xml is stale: 2 of the source files are younger than it" in outcome.summary
    assert "run the tests of this very source again" in outcome.remedy


def test_results_of_a_commit_that_only_prose_and_records_followed_pass(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 2 * HOUR)
    for name in ("README.md", ".readiness/records/ab/x.json"):
        write(tmp_path, "x", name)
    commit_all(tmp_path, date=NOW - HOUR)
    assert junit(tmp_path).status is Status.PASSED
    write(tmp_path, "changed\n", "src/app.py")
    commit_all(tmp_path, date=NOW - HOUR)
    assert junit(tmp_path).status is Status.ERROR


def test_results_of_one_shard_of_many_that_are_old_are_stale(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 3 * HOUR)
    results_of(tmp_path, NOW - 2 * HOUR, "out/TEST-A.xml")
    results_of(tmp_path, NOW - 9 * HOUR, "out/TEST-B.xml")
    outcome = junit(tmp_path, paths=("out/*.xml",))
    assert outcome.status is Status.ERROR
    assert "out/TEST-B.xml is stale" in outcome.summary


def test_committed_results_have_to_come_with_this_very_source(tmp_path: Path) -> None:
    project(tmp_path, date=NOW - 9 * HOUR)
    results_of(tmp_path, NOW - 8 * HOUR)
    git(tmp_path, "add", "--force", "junit.xml")
    commit_all(tmp_path, date=NOW - 8 * HOUR)
    outcome = junit(tmp_path)
    assert (outcome.status, rules(outcome)) == (Status.PASSED, ["committed"])
    write(tmp_path, "changed\n", "src/app.py")
    commit_all(tmp_path, date=NOW - 7 * HOUR)
    assert junit(tmp_path).status is Status.ERROR


def test_without_git_a_test_that_was_edited_after_the_results_makes_them_stale(tmp_path: Path) -> None:
    write(tmp_path, "x = 1\n", "tests/test_app.py")
    results_of(tmp_path, NOW - HOUR)
    assert junit(tmp_path).status is Status.ERROR
    os.utime(tmp_path / "tests/test_app.py", (0, 0))
    assert junit(tmp_path).status is Status.PASSED


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Tokyo", 9), ("America/New_York", -5), ("UTC", 0)])
@pytest.mark.parametrize("kind", ["local", "utc"])
def test_a_timestamp_without_an_offset_is_local_or_utc_whichever_the_date_of_the_file_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, hours: int, kind: str
) -> None:
    made = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    shown = made.replace(tzinfo=None) + timedelta(hours=hours if kind == "local" else 0)
    write(tmp_path, f'<testsuite name="s" timestamp="{shown.isoformat()}">{PASSING}</testsuite>')
    os.utime(tmp_path / "junit.xml", (made.timestamp(), made.timestamp()))
    try:
        outcome = junit(tmp_path)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert outcome.evidence[0].produced_at == made


def test_a_time_that_cannot_be_read_matters_only_where_an_age_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite timestamp="YYYY-MM-DDTHH:MM:SS">{PASSING}</testsuite>')
    assert junit(tmp_path).status is Status.PASSED
    outcome = junit(tmp_path, max_age="1d")
    assert outcome.status is Status.ERROR
    assert "junit.xml has a timestamp that is no time: 'YYYY-MM-DDTHH:MM:SS'" in outcome.summary
    assert "reporter" in outcome.remedy


def test_a_time_in_the_form_of_http_is_read(tmp_path: Path) -> None:
    for age, status in ((timedelta(minutes=5), Status.PASSED), (timedelta(days=3), Status.ERROR)):
        said = f"{NOW - age:%a, %d %b %Y %H:%M:%S} GMT"
        write(tmp_path, f'<testsuite timestamp="{said}">{PASSING}</testsuite>')
        assert junit(tmp_path, max_age="1d", now=NOW + timedelta(minutes=1)).status is status


def test_a_time_that_says_that_there_is_none_leaves_the_date_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, f'<testsuite timestamp="0001-01-01T00:00:00">{PASSING}</testsuite>')
    assert junit(tmp_path, max_age="1d").status is Status.PASSED
