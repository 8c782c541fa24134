"""Attacks on the choice of what judges: which ref, which checklist, which scripts."""

import shutil
from typing import Any

import pytest

from support.attacked import WEAKENING, Attacked, Seen
from support.signing import git


def command(run: str, **params: Any) -> dict[str, Any]:
    """An item that runs a command."""
    return {"id": "gate", "title": "The gate", "check": "command", "with": {"run": run, **params}}


@pytest.fixture
def gated(project: Attacked) -> Attacked:
    """A policy with owners, signed templates and a script that judges; a branch `work` of it is checked out."""
    project.policy = {"owners": "qa"}
    project.more = [command("bash scripts/gate.sh")]
    project.agree()
    project.write("scripts/gate.sh", "! grep -rn forbidden src\n")
    project.write("src/code.py", "allowed\n")
    project.save(20)
    project.signed(15)
    project.branch("work")
    return project


def test_a_revision(gated: Attacked, row: Seen) -> None:
    """The ref of the policy is spelt as a revision, which hides a tag that git prefers to the branch."""
    git(gated.root, "tag", "-f", "main", "work")
    assert gated.seen(ref="main~0") == gated.seen(ref="main") == row


def test_an_older_script(gated: Attacked, row: Seen) -> None:
    """A branch that is behind would be judged by its own, older script."""
    gated.switch("main")
    gated.write("scripts/gate.sh", "! grep -rnE 'forbidden|secret' src\n")
    gated.save(9)
    gated.switch("work")
    gated.write("src/code.py", "secret\n")
    gated.save(3)
    assert gated.seen(ref="main", item=WEAKENING) == row


def test_an_added_command(gated: Attacked, row: Seen) -> None:
    """A pull request adds an item that runs a command, of which nothing depends."""
    gated.more.append({**command("cp verdict.key /tmp"), "id": "copy", "severity": "info"})
    gated.agree()
    gated.save(3)
    assert gated.seen(ref="main", item=WEAKENING) == row


def test_a_nearer_checklist(gated: Attacked, row: Seen) -> None:
    """A pull request adds a checklist to a folder in which gates run."""
    gated.write("src/readiness.yaml", "version: 1\n")
    gated.save(3)
    assert gated.seen(ref="main", item=WEAKENING) == row


def test_a_second_checklist(gated: Attacked, row: Seen) -> None:
    """A pull request adds a checklist of the other usual name."""
    gated.write("readiness.yml", "version: 1\n")
    gated.save(3)
    assert gated.seen(ref="main", item=WEAKENING) == row


def test_a_folder_that_becomes_a_link(gated: Attacked, row: Seen) -> None:
    """The folder in which a gate runs becomes a link to another checklist."""
    gated.switch("main")
    shutil.copytree(gated.root / "src", gated.root / "other")
    gated.write("other/readiness.yaml", "version: 1\n")
    gated.save(9)
    git(gated.root, "checkout", "-q", "-B", "work")
    shutil.rmtree(gated.root / "src")
    (gated.root / "src").symlink_to("other")
    gated.save(3)
    assert gated.seen(ref="main", root=gated.root / "src") == row
    assert gated.seen(ref="main", item=WEAKENING).code == "folder-became-link", "and the gate at the top tells it"


def test_a_script_behind_options(gated: Attacked, row: Seen) -> None:
    """A pull request empties a script that a command runs behind options, in another folder or through make."""
    gated.switch("main")
    runs = ("bash -o pipefail scripts/gate.sh", "cd scripts && bash gate.sh", "make gate")
    gated.more = [{**command(run), "id": f"gate-{number}"} for number, run in enumerate(runs)]
    gated.write("Makefile", "gate:\n\t@bash scripts/gate.sh\n")
    gated.agree()
    gated.save(9)
    git(gated.root, "checkout", "-q", "-B", "work")
    gated.write("scripts/gate.sh", "exit 0\n")
    gated.save(3)
    assert gated.seen(ref="main", item=WEAKENING) == row


def test_a_file_that_a_script_reads(gated: Attacked, row: Seen) -> None:
    """A pull request changes what such a script sources or imports, or puts a module before an installed one."""
    gated.switch("main")
    gated.more = [command("bash scripts/gate.sh && python3 -m pytest --version")]
    gated.write("scripts/gate.sh", '. "$(dirname "$0")/rules.sh"; check\n')
    gated.write("scripts/rules.sh", "check() { false; }\n")
    gated.agree()
    gated.save(9)
    for path, text in {"scripts/rules.sh": "check() { true; }\n", "pytest.py": "pass\n"}.items():
        git(gated.root, "checkout", "-q", "-B", "work", "main")
        gated.write(path, text)
        gated.save(3)
        assert gated.seen(ref="main", item=WEAKENING) == row
