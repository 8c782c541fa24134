"""A report that mentions lines which its files do not have is about other source."""

from pathlib import Path

import pytest

from readiness.outcome import CheckError
from readiness.testing import context
from readiness_checks.coverage.measured import File
from readiness_checks.coverage.reports import require_lines


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("one\ntwo\n")
    (tmp_path / "b.py").write_text("x\n")
    return tmp_path


@pytest.mark.parametrize(("last", "stale"), [(0, False), (1, False), (3, False), (4, True)])
def test_a_report_knows_no_line_beyond_the_empty_one_after_the_last(root: Path, last: int, *, stale: bool) -> None:
    located = [("b.py", File("b.py", {}, last_line=0)), ("a.py", File("a.py", {}, last_line=last))]
    if stale:
        with pytest.raises(CheckError, match=r"have no line 4 any more: there are 2 lines \(a.py\)"):
            require_lines(context(root), root / "lcov.info", located)
    else:
        require_lines(context(root), root / "lcov.info", located)


def test_a_file_without_known_lines_is_not_read(root: Path) -> None:
    located = [("gone.py", File("gone.py", {})), ("a.py", File("a.py", {}, last_line=9))]
    with pytest.raises(CheckError, match="no line 9"):
        require_lines(context(root), root / "lcov.info", located)
