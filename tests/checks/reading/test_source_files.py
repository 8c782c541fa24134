"""What a test run may depend on, and what it does not."""

from pathlib import Path

import pytest

from readiness.checklist import Item, Source
from readiness.testing import context
from readiness_checks.reading.source_files import SourceFiles
from support.repositories import commit_all

ITEM = Item(id="x", title="X", check="junit", source=Source(file="readiness.yaml", line=1, column=1))


def source(root: Path, *evidence: str) -> SourceFiles:
    return SourceFiles(context(root, item=ITEM), evidence)


def write(root: Path, *names: str, text: str = "x\n") -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.parametrize(
    "name", ["src/app.py", "a.test.ts", "pom.xml", "requirements.txt", "package.json", "Makefile", "go.sum", "x.lock"]
)
def test_code_and_its_configuration_are_source(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    commit_all(tmp_path)
    assert source(tmp_path).names == [name]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "docs/a.rst",
        "LICENSE",
        "licence.txt",
        "CHANGELOG",
        "logo.png",
        ".gitignore",
        "readiness.yaml",
        "junit.xml",
        ".readiness/records/ab/x.json",
    ],
)
def test_prose_records_the_checklist_and_evidence_are_none(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "a.py")
    commit_all(tmp_path)
    assert source(tmp_path, "junit.xml").names == ["a.py"]


def test_of_what_is_not_committed_only_what_a_person_writes_counts(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "b.py", "coverage.xml", "package-lock.json", ".coverage")
    commit_all(tmp_path)
    write(tmp_path, "b.py", "coverage.xml", "package-lock.json", ".coverage", "untracked.py", text="changed\n")
    assert source(tmp_path).names == ["a.py", "b.py"]


def test_what_is_gone_and_what_is_no_file_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "gone.py")
    (tmp_path / "link.py").symlink_to("nowhere")
    commit_all(tmp_path)
    (tmp_path / "gone.py").unlink()
    assert source(tmp_path).names == ["a.py"]


def test_without_git_there_is_no_list_of_source(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    assert source(tmp_path).names == []


def test_a_project_of_its_own_is_the_source_of_its_results(tmp_path: Path) -> None:
    write(tmp_path, "web/package.json", "web/a.ts", "api/pyproject.toml", "api/a.py", "Makefile")
    commit_all(tmp_path)
    own = SourceFiles(context(tmp_path), ["web/out/junit.xml"], ["web/a.test.ts"])
    assert own.names == ["web/a.ts", "web/package.json"]
    assert "api/a.py" not in own
    both = SourceFiles(context(tmp_path), ["web/out/junit.xml", "api/junit.xml"])
    assert both.names == ["api/a.py", "api/pyproject.toml", "web/a.ts", "web/package.json"]
    assert len(SourceFiles(context(tmp_path), ["junit.xml"], ["web/a.test.ts"]).names) == 5
