"""What a change does to the files of a repository is read from git and the work tree."""

from pathlib import Path

import pytest

from readiness.evidence import reading
from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.reading import read_change
from readiness.evidence.weakenings import find_weakenings
from readiness.git import Repository
from support.signing import git, head


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "--template=")
    write(tmp_path, "same.py", "x = 1\n")
    write(tmp_path, "a.py", "x = 1\n")
    write(tmp_path, "gone.py", "x = 1\n")
    commit(tmp_path)
    return tmp_path


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode())


def commit(root: Path) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    return head(root)


def test_files_that_differ_are_read_from_both_sides(root: Path) -> None:
    base = head(root)
    write(root, "a.py", "x = 2\n")
    write(root, "new.py", "y = 1\n")
    (root / "gone.py").unlink()
    commit(root)
    change = read_change(Repository(root), base)
    assert change.files == (
        ChangedFile("a.py", b"x = 1\n", b"x = 2\n"),
        ChangedFile("gone.py", b"x = 1\n", None),
        ChangedFile("new.py", None, b"y = 1\n"),
    )
    assert change.compared == 4


def test_the_work_tree_is_what_is_judged(root: Path) -> None:
    base = head(root)
    write(root, "a.py", "x = 2\n")
    write(root, "staged.py", "y = 1\n")
    git(root, "add", "staged.py")
    write(root, "made/by/the/job.py", "y = 1  # nosec\n")
    (root / "gone.py").unlink()
    found = {file.path: file.after for file in read_change(Repository(root), base).files}
    assert found == {"a.py": b"x = 2\n", "staged.py": b"y = 1\n", "gone.py": None}


def test_a_file_that_was_changed_back_in_the_work_tree_does_not_differ(root: Path) -> None:
    base = head(root)
    write(root, "a.py", "x = 2\n")
    commit(root)
    write(root, "a.py", "x = 1\n")
    assert read_change(Repository(root), base).files == ()


def test_other_ends_of_lines_are_no_difference(root: Path) -> None:
    base = head(root)
    write(root, "a.py", "x = 1\r\n")
    assert read_change(Repository(root), base).files == ()


@pytest.mark.parametrize("where", ["commit", "work tree"])
def test_a_file_that_became_a_link_is_gone(root: Path, where: str) -> None:
    base = head(root)
    (root / "a.py").unlink()
    (root / "a.py").symlink_to("same.py")
    if where == "commit":
        commit(root)
    assert read_change(Repository(root), base).files == (ChangedFile("a.py", b"x = 1\n", None),)


@pytest.mark.parametrize("where", ["commit", "work tree"])
@pytest.mark.parametrize("path", ["ruff.toml", ".coveragerc", "pyproject.toml"])
def test_configuration_that_is_a_link_now_is_told(root: Path, path: str, where: str) -> None:
    """The tool follows the link to a file that is no configuration by its name."""
    write(root, "docs/n.txt", "lint.select = []\n")
    write(root, "pyproject.toml", "[tool.ruff.lint]\nselect = ['ALL']\n")
    base = commit(root)
    (root / path).unlink(missing_ok=True)
    (root / path).symlink_to("docs/n.txt")
    git(root, "add", "-A")
    if where == "commit":
        commit(root)
    assert read_change(Repository(root), base).unread == (
        EvidenceWeakening("link-not-compared", "is a link now: what it leads to was not compared", path),
    )


@pytest.mark.parametrize("where", ["commit", "work tree"])
def test_a_link_of_configuration_that_leads_elsewhere_is_told(root: Path, where: str) -> None:
    (root / "ruff.toml").symlink_to("strict.toml")
    base = commit(root)
    (root / "ruff.toml").unlink()
    (root / "ruff.toml").symlink_to("docs/n.txt")
    if where == "commit":
        commit(root)
    assert [told.path for told in read_change(Repository(root), base).unread] == ["ruff.toml"]


def test_links_that_are_no_configuration_or_are_as_before_are_not_told(root: Path) -> None:
    (root / "ruff.toml").symlink_to("strict.toml")
    (root / ".coveragerc").symlink_to("strict.ini")
    base = commit(root)
    for path in ("CLAUDE.md", "docs.txt", "LICENSE", "skipped/mypy.ini"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).symlink_to("README.md")
    (root / ".coveragerc").unlink()
    commit(root)
    (root / ".coveragerc").symlink_to("strict.ini")
    git(root, "add", "-A")
    assert read_change(Repository(root), base, skipped=["skipped"]).unread == ()


def test_a_source_file_that_grew_too_large_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 10)
    base = head(root)
    for name in ("a.py", "data.csv"):
        write(root, name, "# far too large\n")
    commit(root)
    change = read_change(Repository(root), base)
    assert change.files == ()
    assert [(told.code, told.path) for told in change.unread] == [("too-large-to-compare", "a.py")]
    assert isinstance(change.unread[0], EvidenceWeakening)


def test_a_source_file_that_was_too_large_before_cannot_be_compared_either(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "a.py", "# far too large\n")
    base = commit(root)
    write(root, "a.py", "# also too large\n")
    monkeypatch.setattr(reading, "LARGEST", 10)
    assert read_change(Repository(root), base).unread == ()


def test_a_change_that_is_too_large_is_told_and_its_first_files_are_compared(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 15)
    base = head(root)
    for name in ("a.py", "b.py", "c.py"):
        write(root, name, "x = 3\n")
    git(root, "add", "-A")
    change = read_change(Repository(root), base)
    assert [file.path for file in change.files] == ["a.py"]
    assert [told.path for told in change.unread] == ["b.py", "c.py"]


def test_folders_are_left_out(root: Path) -> None:
    base = head(root)
    write(root, "services/b/x.py", "x = 1\n")
    write(root, "services/by.py", "x = 1\n")
    commit(root)
    change = read_change(Repository(root), base, skipped=["services/b"])
    assert [file.path for file in change.files] == ["services/by.py"]


def test_configuration_beside_a_new_one_is_read_although_it_is_unchanged(root: Path) -> None:
    """A new `.coveragerc` takes the place of what `pyproject.toml` says."""
    write(root, "pyproject.toml", "[tool.coverage.report]\nfail_under = 95\n")
    write(root, "other/pyproject.toml", "[project]\nname = 'other'\n")
    base = commit(root)
    write(root, ".coveragerc", "[run]\nbranch = true\n")
    commit(root)
    change = read_change(Repository(root), base)
    assert [file.path for file in change.files] == [".coveragerc", "pyproject.toml"]
    assert change.files[1].before == change.files[1].after
    assert change.differing == 1
    assert any(found.path in {".coveragerc", "pyproject.toml"} for found in find_weakenings(change.files))


def test_data_uses_up_nothing_of_what_can_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a change could bring data first, and nothing that comes after it would be read."""
    monkeypatch.setattr(reading, "MOST", 30)
    base = head(root)
    write(root, "a.csv", "1\n" * 100)
    write(root, "a.json", "[]\n" * 100)
    write(root, "deploy.yaml", "a: 1  # nosec\n")
    commit(root)
    change = read_change(Repository(root), base)
    assert [file.path for file in change.files] == ["deploy.yaml"]
    assert change.unread == ()


def test_every_file_that_is_not_read_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST", 10)
    base = head(root)
    write(root, "Dockerfile", "FROM scratch  # hadolint ignore=DL3006\n")
    write(root, "package.json", "{}" + " " * 20)
    commit(root)
    assert [told.path for told in read_change(Repository(root), base).unread] == ["Dockerfile", "package.json"]


def test_generated_and_vendored_files_are_read_beside_new_ones_like_them(root: Path) -> None:
    header = "# Generated by the protocol buffer compiler.  DO NOT EDIT!\n# pylint: disable=all\n"
    write(root, "api/a_pb2.py", header)
    write(root, "lib/_vendor/p/a.py", "x()  # noqa\n")
    write(root, "lib/_vendor/q/a.py", "x()  # noqa\n")
    base = commit(root)
    write(root, "web/b_pb2.py", header)
    write(root, "lib/_vendor/p/b.py", "y()  # noqa\n")
    commit(root)
    change = read_change(Repository(root), base)
    assert [file.path for file in change.files if file.before == file.after] == ["api/a_pb2.py", "lib/_vendor/p/a.py"]
    assert change.differing == 2
    assert find_weakenings(change.files) == ()


def test_a_large_file_that_is_only_read_beside_a_new_one_is_not_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "web/a.min.js", "x()\n" * 100)
    base = commit(root)
    write(root, "web/b.min.js", "x()\n")
    commit(root)
    monkeypatch.setattr(reading, "LARGEST", 100)
    change = read_change(Repository(root), base)
    assert [file.path for file in change.files] == ["web/b.min.js"]
    assert change.unread == ()
