"""The check `dependencies`: what a project, its lock file and an environment say that they need."""

import venv
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Outcome
from readiness.testing import evaluate
from readiness_checks.dependencies import Dependencies
from support.advisories import JSON, rules


def project(root: Path, text: str, **files: str) -> Outcome:
    (root / "pyproject.toml").write_text(text)
    for name, content in files.items():
        (root / name.replace("_", ".")).write_text(content)
    return evaluate(Dependencies, root, pyproject="pyproject.toml", service="offline", database=str(JSON))


PINNED = """
[project]
name = "x"
dependencies = ["sample-server==2.0"]
[project.optional-dependencies]
more = ["sample-client==1.2"]
[dependency-groups]
dev = ["sample-odd==1.0", {include-group = "other"}]
other = []
"""
UV = """
[[package]]
name = "sample-server"
version = "2.0"
source = { registry = "https://example.com/simple" }

[[package]]
name = "x"
source = { editable = "." }
"""


def test_a_project_with_exact_pins_is_judged_with_all_its_groups(tmp_path: Path) -> None:
    outcome = project(tmp_path, PINNED)
    assert (outcome.status, outcome.examined) == ("failed", 3)
    assert {finding.place for finding in outcome.findings} == {
        "pyproject.toml:4", "pyproject.toml:6", "pyproject.toml:8",
    }  # fmt: skip


def test_a_lock_file_is_read_in_place_of_open_requirements(tmp_path: Path) -> None:
    outcome = project(tmp_path, '[project]\nname = "x"\ndependencies = ["sample-server>=1"]\n', uv_lock=UV)
    assert (outcome.status, rules(outcome)) == ("failed", ["PYSEC-2099-2"])
    assert outcome.findings[0].place == "uv.lock:3"


def test_a_lock_file_that_lacks_a_declared_package_is_an_error(tmp_path: Path) -> None:
    outcome = project(tmp_path, '[project]\nname = "x"\ndependencies = ["sample-client>=1"]\n', uv_lock=UV)
    assert (outcome.status, rules(outcome)[0]) == ("error", "stale-lock")


def test_other_lock_files_are_read_too(tmp_path: Path) -> None:
    lock = '[[packages]]\nname = "sample-server"\nversion = "2.0"\nwheels = []\n'
    assert project(tmp_path, '[project]\nname = "x"\n', pylock_toml=lock).status == "failed"


def test_the_lock_file_of_a_workspace_above_the_project_is_found(tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    (tmp_path / "uv.lock").write_text(UV)
    (tmp_path / "backend" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    params: dict[str, Any] = {"pyproject": "backend/pyproject.toml", "service": "offline", "database": str(JSON)}
    assert evaluate(Dependencies, tmp_path, **params).status == "failed"


def test_a_project_that_declares_no_dependencies_is_not_applicable(tmp_path: Path) -> None:
    assert project(tmp_path, '[project]\nname = "x"\n').status == "not_applicable"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml",
        "[tool.x]\n",
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n',
        '[project]\nname = "x"\ndependencies = ["sample-server"]\n',
        '[project]\nname = "x"\ndependencies = "sample-server"\n',
        '[project]\nname = "x"\ndependencies = [5]\n',
        "project = 5\n",
    ],
)
def test_a_project_that_cannot_be_judged_is_an_error(tmp_path: Path, text: str) -> None:
    assert project(tmp_path, text).status == "error"


def environment_of(root: Path, name: str) -> Outcome:
    params: dict[str, Any] = {"environment": name, "service": "offline", "database": str(JSON)}
    return evaluate(Dependencies, root, **params)


def test_the_packages_of_a_real_environment_are_listed_by_its_own_interpreter(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    folder = next((tmp_path / "venv").glob("lib/python*/site-packages")) / "sample_server-2.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: sample_server\nVersion: 2.0\n")
    outcome = environment_of(tmp_path, "venv")
    assert (outcome.status, outcome.examined, rules(outcome)) == ("failed", 1, ["PYSEC-2099-2"])


def test_an_environment_that_is_empty_missing_or_no_python_is_an_error(tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=False, symlinks=True)
    (tmp_path / "tool").write_text("#!/bin/sh\necho hello\n")
    (tmp_path / "tool").chmod(0o755)
    for name in ("empty", "missing", "tool", "."):
        assert environment_of(tmp_path, name).status == "error"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dynamic = 1", "pyproject.toml: `dynamic` has to be a list"),
        ('dynamic = "dependencies"', "pyproject.toml: `dynamic` has to be a list"),
        ("dynamic = {dependencies = 1}", "pyproject.toml: `dynamic` has to be a list"),
        ("number = " + "1" * 5000, "pyproject.toml is not TOML: a number has thousands of digits"),
        ("a" + ".a" * 1000 + " = 1", "pyproject.toml:4: a key of more than 100 parts"),
        ("[a" + " . 'a b'" * 1000 + "]", "pyproject.toml:4: a key of more than 100 parts"),
        ("a = " + "[" * 5000, "pyproject.toml is not TOML: it is nested too deeply"),
        ("a = '\udcff'", "pyproject.toml is not TOML: it is not UTF-8 at byte 40"),
    ],
)
def test_what_no_project_file_holds_is_an_error_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f"[project]\nname = 'x'\nversion = '1'\n{text}\n", errors="surrogateescape"
    )
    outcome = evaluate(Dependencies, tmp_path, pyproject="pyproject.toml", database=str(JSON))
    assert (outcome.status, outcome.summary) == ("error", said)


def test_a_long_line_of_many_pinned_requirements_is_read(tmp_path: Path) -> None:
    pins = ", ".join(["'sample-client==1.2.3.4.5'"] * 200)
    assert project(tmp_path, f"[project]\nname = 'x'\ndependencies = [{pins}]\n").examined == 1


def test_a_version_of_thousands_of_digits_in_a_lock_file_is_not_exact(tmp_path: Path) -> None:
    lock = f'[[packages]]\nname = "sample-server"\nversion = "{"1" * 5000}"\nwheels = []\n'
    outcome = project(tmp_path, '[project]\nname = "x"\n', pylock_toml=lock)
    assert (outcome.status, rules(outcome)) == ("error", ["unpinned"])


@pytest.mark.parametrize(
    ("lock", "why"),
    [
        ('[manifest]\nmembers = ["x", "y"]\n' + UV, "`y` is a part of the project, and has no entry"),
        (UV.replace('"x"', '"w"'), "`x` is a part of the project, and has no entry"),
        (UV.partition("\n\n")[0] + "\n", "its last entry, `sample-server`, does not say where the package comes from"),
        (UV + 'dependencies = [{ name = "sample-odd" }]\n', "`x` needs `sample-odd`, which has no entry"),
        (
            UV + '[package.optional-dependencies]\nmore = [{ name = "sample-odd" }]\n',
            "`x` needs `sample-odd`, which has no entry",
        ),
    ],
)
def test_a_lock_file_that_lacks_its_end_is_an_error(tmp_path: Path, lock: str, why: str) -> None:
    outcome = project(tmp_path, '[project]\nname = "x"\n', uv_lock=lock)
    assert outcome.status == "error"
    assert [finding.message for finding in outcome.findings if finding.rule == "cut-off"] == [
        f"uv.lock is cut off: {why}"
    ]
