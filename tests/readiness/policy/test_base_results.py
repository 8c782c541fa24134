"""An item with `no_worse_than: base` is held to the numbers of a run on the policy branch."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.program import readiness
from support.proposals import Proposed
from support.signing import git

CHECKLIST = """\
version: 1
project: deedpro
roles: {owners: [owner@example.com]}
policy: {owners: owners}
sections:
  - title: Release
    items:
      - {id: lint, title: No insecure pattern, check: bandit, no_worse_than: base, with: {paths: [src]}}
"""
SHELL = "import subprocess\n\n\ndef run(line):\n    subprocess.run(line, shell=True)\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Proposed, Path]:
    """A repository with one finding on `main`, and the report of its run there."""
    made = Proposed(tmp_path_factory.mktemp("ratchet") / "repository", CHECKLIST)
    made.on_main()
    made.write("src/app.py", SHELL)
    made.commit("Run it")
    base = made.root.parent / "base.json"
    assert check(made, "-o", str(base)) == 3  # of itself it does not know whether it is worse than before
    made.merge_main()
    return made, base


def check(project: Proposed, *args: str) -> int:
    return readiness("check", "-q", *args, cwd=project.folder).returncode


def outcome(project: Proposed, base: Path, *args: str) -> dict[str, Any]:
    done = readiness(
        "check", "-q", "--format", "json", "--policy-ref", "main", "--base-report", str(base), *args, cwd=project.folder
    )
    assert done.stdout, done.stderr
    results = json.loads(done.stdout)["results"]
    found: dict[str, Any] = next(one["outcome"] for one in results if one["item"]["id"] == "lint")
    return found


def test_what_was_there_may_stay_and_what_is_new_may_not(begun: tuple[Proposed, Path]) -> None:
    project, base = begun
    project.write("src/app.py", f"# moved down\n{SHELL}")
    judged = outcome(project, base)
    assert judged["status"] == "passed"
    assert judged["summary"].startswith("no worse than main (")
    assert "already there" in judged["summary"]
    project.write("src/app.py", f"{SHELL}    subprocess.run(line + line, shell=True)\n")
    judged = outcome(project, base)
    assert judged["status"] == "failed"
    assert "1 new finding" in judged["summary"]


def test_without_a_report_of_the_base_it_is_an_error(begun: tuple[Proposed, Path]) -> None:
    project, _ = begun
    done = readiness("check", "-q", "--format", "json", "--policy-ref", "main", cwd=project.folder)
    (lint,) = (one["outcome"] for one in json.loads(done.stdout)["results"] if one["item"]["id"] == "lint")
    assert lint["status"] == "error"
    assert "--base-report" in lint["remedy"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("commit", "0" * 40, "is about commit 0000000000, not about"),
        ("commit", "", "is about commit nothing, not about"),
        ("dirty", True, "with changes"),
        ("project", "other", "is about other"),
        ("environment", "staging", "is about deedpro staging"),
    ],
)
def test_a_report_of_something_else_is_refused(
    begun: tuple[Proposed, Path], tmp_path: Path, field: str, value: object, said: str
) -> None:
    project, base = begun
    report = json.loads(base.read_text())
    report["subject"][field] = value
    other = tmp_path / "other.json"
    other.write_text(json.dumps(report))
    done = readiness("check", "-q", "--policy-ref", "main", "--base-report", str(other), cwd=project.folder)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("name", ["base.json", "downloaded.json"])
def test_a_report_that_the_change_brings_is_refused(begun: tuple[Proposed, Path], name: str) -> None:
    """Where the download of the real one fails, the author's own would be read."""
    project, base = begun
    project.write("base.json", base.read_text())
    git(project.root, "add", "base.json")
    if name != "base.json":
        (project.folder / name).symlink_to("base.json")
    done = readiness("check", "-q", "--policy-ref", "main", "--base-report", name, cwd=project.folder)
    git(project.root, "rm", "-q", "-f", "base.json")
    (project.folder / name).unlink(missing_ok=True)
    assert done.returncode == 2
    assert "is in git: its author can write it" in done.stderr


def test_a_report_of_the_base_needs_the_base(begun: tuple[Proposed, Path]) -> None:
    project, base = begun
    done = readiness("check", "-q", "--base-report", str(base), cwd=project.folder)
    assert done.returncode == 2
    assert "--policy-ref origin/main" in done.stderr


def test_on_the_policy_branch_the_commit_before_is_the_base(begun: tuple[Proposed, Path]) -> None:
    """The tip cannot be its own base: its numbers would always be equal."""
    project, base = begun
    git(project.root, "stash", "-q")
    project.on_main()
    project.write("src/more.py", SHELL)
    project.commit("More")
    assert outcome(project, base)["status"] == "failed"
    own = base.with_name("own.json")
    check(project, "-o", str(own))
    done = readiness("check", "-q", "--policy-ref", "main", "--base-report", str(own), cwd=project.folder)
    assert done.returncode == 2
