"""A plugin author's tests: one line each."""

from pathlib import Path

from readiness_file_contains import FileContains

from readiness.testing import evaluate


def test_passes(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 3.0.0\n", encoding="utf-8")
    outcome = evaluate(FileContains, tmp_path, path="CHANGELOG.md", pattern=r"^## 3\.0\.0")
    assert (outcome.status, outcome.examined) == ("passed", 3)


def test_fails_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    outcome = evaluate(FileContains, tmp_path, path="CHANGELOG.md", pattern=r"^## 3\.0\.0")
    assert outcome.status == "failed"
    assert "add a line" in outcome.remedy


def test_cannot_tell_without_the_file(tmp_path: Path) -> None:
    assert evaluate(FileContains, tmp_path, path="CHANGELOG.md", pattern="x").status == "error"


def test_nothing_examined_is_never_passed(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").touch()
    assert evaluate(FileContains, tmp_path, path="CHANGELOG.md", pattern="").status == "error"
