"""What a change does to the files of a repository is read from git and the work tree."""

from pathlib import Path

import pytest

from readiness.evidence import links, reading
from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.reading import find_weakenings, read_change
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


STRICT, LAX = "lint.select = ['ALL']\n", "lint.select = ['E']\n"
BOTH = pytest.mark.parametrize("where", ["commit", "work tree"])


def link(root: Path, path: str, target: str) -> None:
    (root / path).unlink(missing_ok=True)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(target)


def proposed(root: Path, where: str, base: str) -> tuple[list[str], list[str]]:
    """The places of what the change makes looser, and those of what was not compared."""
    git(root, "add", "-A")
    if where == "commit":
        commit(root)
    change = read_change(Repository(root), base)
    return [one.path for one in find_weakenings(change.files)], [one.path for one in change.unread]


@BOTH
@pytest.mark.parametrize("path", ["ruff.toml", "pyproject.toml"])
def test_configuration_that_becomes_a_link_is_compared_with_what_it_leads_to(root: Path, path: str, where: str) -> None:
    """The tool follows the link to a file that is no configuration by its name."""
    write(root, "docs/n.txt", "lint.select = []\n[tool.ruff.lint]\nselect = []\n")
    write(root, "pyproject.toml", "[tool.ruff.lint]\nselect = ['ALL']\n")
    base = commit(root)
    link(root, path, "docs/n.txt")
    assert proposed(root, where, base) == ([path], [])


@BOTH
def test_configuration_that_only_moves_behind_a_link_is_free(root: Path, where: str) -> None:
    write(root, "ruff.toml", STRICT)
    write(root, ".github/workflows/ci.yml", "on: pull_request\njobs: {t: {steps: [{run: pytest}]}}\n")
    base = commit(root)
    git(root, "mv", "ruff.toml", "ruff.txt")
    link(root, "ruff.toml", "ruff.txt")
    git(root, "mv", ".github", "ci")
    link(root, ".github", "ci")
    assert proposed(root, where, base) == ([], [])


@BOTH
@pytest.mark.parametrize("target", ["/etc/ruff.toml", "../ruff.toml", "gone.toml", "ruff.toml", "made/by/the/job"])
def test_configuration_that_becomes_a_link_to_no_file_of_the_tree_is_told(root: Path, target: str, where: str) -> None:
    write(root, "ruff.toml", STRICT)
    write(root, ".gitignore", "made\n")
    write(root, "made/by/the/job", LAX)
    base = commit(root)
    link(root, "ruff.toml", target)
    assert proposed(root, where, base)[1] == ["ruff.toml"]


@BOTH
def test_the_file_that_a_link_of_configuration_leads_to_is_compared_as_the_tool_reads_it(
    root: Path, where: str
) -> None:
    write(root, "cfg/n.txt", STRICT)
    link(root, "cfg/ruff", "n.txt")
    link(root, "ruff.toml", "./cfg/../cfg/ruff")
    base = commit(root)
    write(root, "cfg/n.txt", LAX)
    assert proposed(root, where, base) == (["ruff.toml"], [])


@BOTH
def test_a_file_that_is_configuration_by_its_own_name_is_told_once(root: Path, where: str) -> None:
    write(root, "cfg/ruff.toml", STRICT)
    link(root, "ruff.toml", "cfg/ruff.toml")
    base = commit(root)
    write(root, "cfg/ruff.toml", LAX)
    assert proposed(root, where, base) == (["cfg/ruff.toml"], [])


@BOTH
def test_a_link_of_configuration_that_leads_to_a_looser_file_is_compared(root: Path, where: str) -> None:
    write(root, "strict.txt", STRICT)
    write(root, "lax.txt", LAX)
    link(root, "ruff.toml", "strict.txt")
    base = commit(root)
    link(root, "ruff.toml", "lax.txt")
    assert proposed(root, where, base) == (["ruff.toml"], [])


WORKFLOW = "on: pull_request\njobs:\n  t:\n    steps:\n    - run: pytest\n"


@BOTH
def test_configuration_in_a_linked_folder_is_compared(root: Path, where: str) -> None:
    write(root, "deep/flows/ci.yml", WORKFLOW)
    link(root, "ci/workflows", "../deep/flows")
    link(root, ".github", "ci")
    base = commit(root)
    write(root, "deep/flows/ci.yml", WORKFLOW.replace("pytest", "pytest || true"))
    assert proposed(root, where, base) == ([".github/workflows/ci.yml"], [])


@BOTH
def test_a_folder_of_configuration_that_becomes_a_link_is_compared_with_where_it_leads(root: Path, where: str) -> None:
    write(root, ".github/workflows/ci.yml", WORKFLOW)
    write(root, "docs/workflows/ci.yml", WORKFLOW.replace("pytest", "pytest || true"))
    base = commit(root)
    (root / ".github/workflows/ci.yml").unlink()
    (root / ".github/workflows").rmdir()
    (root / ".github").rmdir()
    link(root, ".github", "docs")
    assert proposed(root, where, base) == ([".github/workflows/ci.yml"], [])


def test_a_folder_of_configuration_that_becomes_a_link_out_of_the_tree_is_told(root: Path) -> None:
    write(root, ".github/workflows/ci.yml", WORKFLOW)
    base = commit(root)
    (root / ".github/workflows/ci.yml").unlink()
    (root / ".github/workflows").rmdir()
    link(root, ".github/workflows", "../../elsewhere")
    assert proposed(root, "commit", base) == ([".github/workflows/ci.yml"], [])


def test_a_folder_that_the_job_replaced_by_a_link_is_not_read_through_it(root: Path, tmp_path: Path) -> None:
    write(root, "cfg/ruff.toml", STRICT)
    base = commit(root)
    (root / "cfg").rename(root / "moved")
    link(root, "cfg", str(tmp_path / "moved"))
    change = read_change(Repository(root), base)
    assert change.files == (ChangedFile("cfg/ruff.toml", STRICT.encode(), None),)


def test_links_in_a_circle_end(root: Path) -> None:
    link(root, "ruff.toml", "other.toml")
    link(root, "other.toml", "ruff.toml")
    link(root, "a/here", "..")
    link(root, "a/there", "here/a/there")
    base = commit(root)
    write(root, "pyproject.toml", "[tool.ruff.lint]\nselect = ['ALL']\n")
    assert proposed(root, "commit", base) == ([], [])


def test_more_names_than_are_looked_at_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST_NAMES", 2)
    for name in ("a", "b", "c"):
        link(root, name, ".")
    base = commit(root)
    write(root, "a.py", "x = 2\n")
    assert proposed(root, "commit", base) == ([], ["a"])


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
