"""When evidence is too old for its source, to the second."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readiness.check import Context
from readiness.outcome import CheckError
from readiness.testing import context
from readiness_checks.reading.freshness import Freshness
from readiness_checks.reading.source_files import SourceFiles
from support.repositories import commit_all, git

MADE = datetime(2026, 3, 9, 14, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOMENT = timedelta(milliseconds=1)


def written(path: Path, at: datetime, text: str = "x\n") -> Path:
    """Write a file, and date it to the nanosecond."""
    path.write_text(text)
    date(path, at)
    return path


def date(path: Path, at: datetime) -> None:
    nanoseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    os.utime(path, ns=(nanoseconds, nanoseconds))


def asked(root: Path, own_time: datetime | None = None) -> datetime:
    using: Context = context(root)
    return Freshness(using, ["a.py", "b.py"]).produced_at(root / "lcov.info", own_time)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A report and two older files that it measures."""
    written(tmp_path / "lcov.info", MADE)
    written(tmp_path / "a.py", MADE - SECOND)
    written(tmp_path / "b.py", MADE - SECOND)
    return tmp_path


@pytest.mark.parametrize("later", [-SECOND, timedelta(0), SECOND])
def test_a_file_may_be_a_second_younger_than_its_report(root: Path, later: timedelta) -> None:
    date(root / "b.py", MADE + later)
    assert asked(root) == MADE


@pytest.mark.parametrize("later", [SECOND + MOMENT, timedelta(seconds=2), timedelta(seconds=60), timedelta(days=1)])
def test_a_file_that_is_more_than_a_second_younger_makes_the_report_stale(root: Path, later: timedelta) -> None:
    date(root / "b.py", MADE + later)
    with pytest.raises(
        CheckError, match=r"stale: 1 of the files .*younger than it \(2026-03-09 14:30:00 UTC\) \(b.py\)"
    ):
        asked(root)


def test_the_earlier_of_its_own_time_and_the_date_of_its_file_counts(root: Path) -> None:
    assert asked(root, MADE + timedelta(hours=1)) == MADE
    date(root / "a.py", MADE - 3 * SECOND)
    date(root / "b.py", MADE - 3 * SECOND)
    assert asked(root, MADE - 2 * SECOND) == MADE - 2 * SECOND
    with pytest.raises(CheckError, match="2 of the files"):
        asked(root, MADE - 5 * SECOND)


@pytest.mark.parametrize(("later", "stale"), [(timedelta(0), False), (SECOND, False), (2 * SECOND, True)])
def test_a_file_as_committed_is_as_old_as_the_commit_that_brought_it(
    root: Path, later: timedelta, *, stale: bool
) -> None:
    (root / ".gitignore").write_text("lcov.info\n")
    commit_all(root, date=MADE + later)
    for name in ("a.py", "b.py"):  # as a clone dates them
        date(root / name, MADE + timedelta(days=1))
    if stale:
        with pytest.raises(CheckError, match="2 of the files that it measures are younger"):
            asked(root)
    else:
        assert asked(root) == MADE


def test_a_file_that_was_changed_since_its_commit_is_dated_by_itself(root: Path) -> None:
    (root / ".gitignore").write_text("lcov.info\n")
    commit_all(root, date=MADE - SECOND)
    for name in ("a.py", "b.py"):
        date(root / name, MADE + timedelta(days=1))
    written(root / "b.py", MADE + timedelta(days=1), "changed\n")
    with pytest.raises(CheckError, match=r"1 of the files .* \(b.py\)"):
        asked(root)


def test_a_file_that_git_does_not_know_is_dated_by_itself(root: Path) -> None:
    (root / ".gitignore").write_text("lcov.info\n")
    (root / "b.py").unlink()
    commit_all(root, date=MADE - SECOND)
    written(root / "b.py", MADE + timedelta(days=1))
    with pytest.raises(CheckError, match=r"1 of the files .* \(b.py\)"):
        asked(root)


def test_a_committed_report_has_the_date_of_the_commit_that_brought_it_with_this_source(root: Path) -> None:
    commit_all(root, date=MADE + timedelta(hours=1))
    (root / "README.md").write_text("x")
    commit_all(root, date=MADE + timedelta(hours=2))
    assert asked(root) == MADE + timedelta(hours=1)
    assert asked(root, MADE - timedelta(days=1)) == MADE - timedelta(days=1)
    written(root / "a.py", MADE, "changed\n")
    with pytest.raises(CheckError, match=r"1 of the files that it measures were changed after it .* \(a.py\)"):
        asked(root)
    commit_all(root, date=MADE + timedelta(hours=3))
    with pytest.raises(CheckError, match=r"1 of the files .* were changed by later commits .* \(a.py\)"):
        asked(root)


def test_a_committed_report_that_came_back_counts_from_when_it_fits_the_source_again(root: Path) -> None:
    commit_all(root, date=MADE)
    written(root / "a.py", MADE, "other\n")
    written(root / "lcov.info", MADE, "other\n")
    commit_all(root, date=MADE + timedelta(hours=1))
    git(root, "checkout", "--quiet", "HEAD~", "--", "a.py", "lcov.info")
    commit_all(root, date=MADE + timedelta(hours=2))
    assert asked(root) == MADE + timedelta(hours=2)


def test_no_more_than_five_files_are_named(tmp_path: Path) -> None:
    written(tmp_path / "lcov.info", MADE)
    names = [f"f{number}.py" for number in range(6)]
    for name in names:
        written(tmp_path / name, MADE + timedelta(hours=1))
    using = context(tmp_path)
    with pytest.raises(CheckError, match=r"6 of the files .*\(f0.py, f1.py, f2.py, f3.py, f4.py, …\)") as caught:
        Freshness(using, names).produced_at(tmp_path / "lcov.info", None)
    assert [finding.path for finding in caught.value.outcome.findings] == names[:5]
    with pytest.raises(CheckError, match=r"\(f0.py, f1.py, f2.py, f3.py, f4.py\)"):
        Freshness(using, names[:5]).produced_at(tmp_path / "lcov.info", None)


def test_a_repository_without_a_commit_is_none(root: Path) -> None:
    git(root, "init", "--quiet")
    assert asked(root) == MADE


def test_only_a_report_that_is_as_committed_counts_as_committed(root: Path) -> None:
    commit_all(root, date=MADE + timedelta(hours=1))
    assert asked(root) == MADE + timedelta(hours=1)
    written(root / "lcov.info", MADE + timedelta(hours=2), "changed\n")
    assert asked(root) == MADE + timedelta(hours=2)


def test_a_link_out_of_the_repository_is_not_committed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = written(tmp_path_factory.mktemp("elsewhere") / "lcov.info", MADE)
    (root / "lcov.info").unlink()
    (root / "lcov.info").symlink_to(elsewhere)
    commit_all(root, date=MADE + timedelta(hours=-1))
    assert asked(root) == MADE


def test_a_date_is_told_in_utc(root: Path) -> None:
    commit_all(root, date=MADE)
    assert asked(root).tzinfo is UTC


def test_a_shallow_clone_cannot_tell_what_its_oldest_commit_brought(root: Path, tmp_path: Path) -> None:
    commit_all(root, date=MADE)
    (root / "README.md").write_text("x")
    commit_all(root, date=MADE + timedelta(hours=1))
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), clone.name)
    with pytest.raises(
        CheckError, match=r"this clone is shallow, so git cannot tell whether lcov\.info is as young"
    ) as caught:
        asked(clone)
    assert "git fetch --unshallow" in caught.value.outcome.remedy


def test_a_stale_report_is_told_file_by_file_with_its_remedy(root: Path) -> None:
    date(root / "b.py", MADE + timedelta(days=1))
    with pytest.raises(CheckError) as caught:
        asked(root)
    outcome = caught.value.outcome
    assert outcome.remedy.startswith("produce it again with this very source")
    assert [(f.path, f.rule, f.message, f.remedy) for f in outcome.findings] == [
        ("b.py", "stale", "it is not as lcov.info measured it", outcome.remedy)
    ]


def test_what_git_cannot_tell_is_an_error(root: Path) -> None:
    commit_all(root, date=MADE)
    tree = git(root, "rev-parse", "HEAD^{tree}")
    (root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(CheckError, match=r"git cannot tell how old lcov\.info is") as caught:
        asked(root)
    assert "git fsck" in caught.value.outcome.remedy


def brought(root: Path, hours: int, **texts: str) -> None:
    """Commit other texts of the report and of its sources, so many hours later."""
    dated = MADE + timedelta(hours=hours)  # git takes a file of the same size and date for the same
    for name, text in texts.items():
        written(root / {"report": "lcov.info", "a": "a.py", "b": "b.py"}[name], dated, text)
    commit_all(root, date=MADE + timedelta(hours=hours))


def test_older_commits_of_the_report_are_looked_at_too(root: Path) -> None:
    brought(root, 1, report="one", a="one")
    brought(root, 2, report="two")
    brought(root, 3, report="one", a="two")
    brought(root, 4, a="one")
    assert asked(root) == MADE + timedelta(hours=1)


def test_a_stale_report_names_what_differs_from_the_commit_that_comes_closest(root: Path) -> None:
    brought(root, 1, report="one", a="one", b="one")
    brought(root, 2, report="two")
    brought(root, 3, report="one", a="two")
    brought(root, 4, b="two")
    with pytest.raises(CheckError, match=r"1 of the files .* later commits .* \(b\.py\)"):
        asked(root)


def test_a_file_that_a_backdated_commit_brought_is_as_young_as_what_that_builds_on(root: Path) -> None:
    (root / ".gitignore").write_text("lcov.info\n")
    commit_all(root, date=MADE - timedelta(days=2))
    (root / "README.md").write_text("x")
    commit_all(root, date=MADE + timedelta(hours=1))
    written(root / "a.py", MADE, "changed\n")
    commit_all(root, date=MADE - timedelta(days=1))
    for name in ("a.py", "b.py"):  # as a clone dates them
        date(root / name, MADE + timedelta(days=1))
    with pytest.raises(CheckError, match=r"1 of the files .* \(a\.py\)"):
        asked(root)


WEEK = timedelta(days=7)


@pytest.mark.parametrize(("before", "stale"), [(WEEK, False), (WEEK + SECOND, True), (timedelta(days=2000), True)])
def test_a_committed_report_may_have_waited_a_week_for_its_commit(
    root: Path, before: timedelta, *, stale: bool
) -> None:
    commit_all(root, date=MADE)
    if stale:
        with pytest.raises(CheckError, match="long before the commit that brought it"):
            asked(root, MADE - before)
    else:
        assert asked(root, MADE - before) == MADE - before


def test_a_committed_report_is_no_older_than_the_source_that_its_commit_builds_on(root: Path) -> None:
    (root / "lcov.info").unlink()
    commit_all(root, date=MADE)
    written(root / "lcov.info", MADE)
    commit_all(root, date=MADE + timedelta(days=3))
    zones = timedelta(hours=14)
    assert asked(root, MADE - zones) == MADE - zones
    with pytest.raises(CheckError, match="changed after it, before the commit that brought it"):
        asked(root, MADE - zones - SECOND)


def test_a_committed_report_is_not_younger_than_its_commit(root: Path) -> None:
    commit_all(root, date=MADE)
    assert asked(root, MADE + timedelta(days=30)) == MADE


def whole(root: Path, own_time: datetime | None = None) -> datetime:
    using = context(root)
    source = SourceFiles(using, ["lcov.info"])
    return Freshness(using, source.names, whole=source).produced_at(root / "lcov.info", own_time)


def test_the_whole_source_has_to_be_that_of_the_commit(root: Path) -> None:
    written(root / "c.py", MADE)
    commit_all(root, date=MADE)
    (root / "README.md").write_text("x")
    commit_all(root, date=MADE + timedelta(hours=1))
    assert whole(root) == MADE
    git(root, "rm", "-q", "c.py")
    commit_all(root, date=MADE + timedelta(hours=2))
    with pytest.raises(CheckError, match=r"1 of the source files were changed by later commits .* \(c\.py\)"):
        whole(root)
    written(root / "c.py", MADE)
    commit_all(root, date=MADE + timedelta(hours=3))
    assert whole(root) == MADE
    written(root / "d.py", MADE)
    commit_all(root, date=MADE + timedelta(hours=4))
    with pytest.raises(CheckError, match=r"\(d\.py\)"):
        whole(root)


def test_a_merge_makes_results_of_one_side_stale_for_the_whole(root: Path) -> None:
    (root / ".gitignore").write_text("lcov.info\n")
    commit_all(root, date=MADE - timedelta(days=1))
    git(root, "checkout", "-q", "-b", "side")
    written(root / "a.py", MADE, "side\n")
    commit_all(root, date=MADE - SECOND)
    git(root, "checkout", "-q", "main")
    written(root / "c.py", MADE)
    commit_all(root, date=MADE - SECOND)
    git(root, "merge", "-q", "side", "-m", "Merge", date=MADE + timedelta(hours=1))
    for name in ("a.py", "b.py", "c.py"):
        date(root / name, MADE + timedelta(days=1))
    assert asked(root) == MADE
    with pytest.raises(CheckError, match=r"source files are younger than it .* \(a\.py\)"):
        whole(root)


def test_many_reports_are_compared_by_the_oldest_of_them(root: Path) -> None:
    fresh = Freshness(context(root), ["a.py", "b.py"])
    written(root / "second.info", MADE - timedelta(minutes=1))
    assert fresh.produced_at(root / "lcov.info", None) == MADE
    with pytest.raises(CheckError, match=r"second\.info is stale"):
        fresh.produced_at(root / "second.info", None)
