"""The data file of coverage.py: read without the configuration of the repository."""

import sqlite3
from contextlib import closing
from pathlib import Path

from coverage import CoverageData

from readiness.outcome import Status
from support.measured_project import coverage, value


def test_the_configuration_of_the_repository_runs_no_code(measured_once: Path) -> None:
    hostile = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\ncoverage_init = print\n"
    backend = measured_once / "backend"
    planted = {"evil.py": hostile, "coverage.py": hostile, ".coveragerc": "[run]\nplugins = evil\n"}
    try:
        for name, text in planted.items():
            (backend / name).write_text(text)
        assert coverage(measured_once, "backend/.coverage").status is Status.PASSED
        assert not (backend / "ran").exists()
    finally:
        for name in planted:
            (backend / name).unlink()


def test_a_data_file_alone_counts_and_stays_as_it_is(measured_once: Path) -> None:
    backend = measured_once / "backend"
    data, beside = backend / ".coverage", backend / ".coverage.more"
    half = str(backend / "pkg" / "half.py")
    other = CoverageData(str(beside))
    other.add_arcs({half: [(line, line + 1) for line in range(1, 9)]})
    other.write()
    before = data.read_bytes(), beside.read_bytes()
    try:
        assert value(coverage(measured_once, "backend/.coverage")) == 75.0  # coverage.py would have combined them
        assert (data.read_bytes(), beside.read_bytes()) == before
    finally:
        beside.unlink()
        data.write_bytes(before[0])


def test_a_data_file_with_relative_names_is_read_where_it_lies(project: Path) -> None:
    backend = project / "backend"
    with closing(sqlite3.connect(backend / ".coverage")) as database:
        for number, name in database.execute("SELECT id, path FROM file").fetchall():
            relative = name.partition("/backend/")[2]
            database.execute("UPDATE file SET path = ? WHERE id = ?", (relative, number))
        database.commit()
    outcome = coverage(project, "backend/.coverage")
    assert (outcome.status, value(outcome)) == (Status.PASSED, 75.0)


def test_a_data_file_whose_sources_are_elsewhere_is_an_error(project: Path, tmp_path: Path) -> None:
    outcome = coverage(project, "backend/.coverage")  # it names the files of the original
    assert outcome.status is Status.ERROR
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".coverage").write_bytes(b"SQLite format 3\0" + b"garbage" * 100)
    outcome = coverage(tmp_path / "empty", ".coverage")
    assert outcome.status is Status.ERROR
    assert outcome.remedy
