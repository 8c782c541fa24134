"""The check `bandit`, with the real bandit."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.checklist import Item
from readiness.outcome import Level, Outcome, Status
from readiness.testing import context, evaluate
from readiness_checks.bandit import Bandit
from readiness_checks.bandit.check import _TESTS
from support.repositories import commit_all, git

CLEAN = '"""A module."""\n\n\ndef add(a, b):\n    return a + b\n'
SHELL = 'import subprocess\n\n\ndef run(text):\n    subprocess.call("ls " + text, shell=True)\n'
SUPPRESSED = SHELL.replace("shell=True)", "shell=True)  # nosec")


def write(root: Path, **files: str | bytes) -> None:
    for name, text in files.items():
        place(root, name.replace("__", "/") + ".py", text)


def place(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def bandit(root: Path, *, timeout: float = 120.0, **params: Any) -> Outcome:
    item = Item(id="example", title="Example", check="bandit", timeout=timeout)
    return evaluate(Bandit, root, using=context(root, environ=os.environ, item=item), **params)


def measured(outcome: Outcome) -> dict[str, object]:
    return {measurement.name: measurement.value for measurement in outcome.measurements}


@pytest.mark.own_process
def test_clean_code_passes_and_says_how_much_was_examined(tmp_path: Path) -> None:
    write(tmp_path, app__a=CLEAN, app__b=CLEAN)
    place(tmp_path, "app/__init__.py", "")
    outcome = bandit(tmp_path, paths=["app"])
    assert outcome.status is Status.PASSED
    assert (outcome.examined, outcome.unit) == (3, "files")
    assert measured(outcome)["lines of code"] == 6
    assert len(outcome.evidence[0].sha256) == 64


@pytest.mark.own_process
def test_findings_have_a_place_a_weakness_and_a_link(tmp_path: Path) -> None:
    write(tmp_path, app=SHELL)
    outcome = bandit(tmp_path, min_severity="high")
    assert outcome.status is Status.FAILED
    (finding,) = outcome.findings
    assert finding.place == "app.py:5:5"
    assert finding.rule == "B602"
    assert "CWE-78" in finding.message
    assert "high severity, high confidence" in finding.message
    assert finding.link.startswith("https://bandit.readthedocs.io/")
    assert measured(outcome) == {
        "findings": 1,
        "below the thresholds": 1,
        "suppressed by nosec": 0,
        "of high severity suppressed by nosec": 0,
        "lines of code": 3,
    }


@pytest.mark.parametrize(
    ("thresholds", "status"),
    [
        ({}, Status.FAILED),
        ({"min_severity": "low"}, Status.FAILED),
        ({"min_severity": "medium"}, Status.PASSED),
        ({"min_confidence": "high"}, Status.FAILED),
    ],
)
def test_thresholds_decide_what_counts(tmp_path: Path, thresholds: dict[str, Any], status: Status) -> None:
    write(tmp_path, app="import subprocess\n")
    assert bandit(tmp_path, **thresholds).status is status


def test_a_suppressed_finding_is_counted_and_named(tmp_path: Path) -> None:
    write(tmp_path, app=SUPPRESSED)
    outcome = bandit(tmp_path, min_severity="high", max_suppressed_high=1)
    assert outcome.status is Status.PASSED
    assert measured(outcome)["suppressed by nosec"] == 1
    (note,) = outcome.findings
    assert note.level is Level.NOTE
    assert note.place == "app.py:5:5"
    assert "nosec" in outcome.summary


@pytest.mark.parametrize("comment", ["# nosec", "#nosec", "# NOSEC", "# nosec B602", "# nosec: B602"])
def test_suppression_can_be_forbidden_in_every_spelling(tmp_path: Path, comment: str) -> None:
    write(tmp_path, app=SUPPRESSED.replace("# nosec", comment))
    assert bandit(tmp_path, min_severity="high", nosec=False).status is Status.FAILED
    outcome = bandit(tmp_path, min_severity="high", max_suppressed_high=1)
    assert (outcome.status is Status.PASSED) is (measured(outcome)["suppressed by nosec"] == 1)


@pytest.mark.parametrize(
    ("accepted", "status", "level"),
    [(None, Status.PASSED, Level.WARNING), (1, Status.PASSED, Level.NOTE), (0, Status.FAILED, Level.ERROR)],
)
def test_a_finding_of_high_severity_behind_a_comment_is_loud_until_the_team_says_how_many_it_accepts(
    tmp_path: Path, accepted: int | None, status: Status, level: Level
) -> None:
    write(tmp_path, app=SUPPRESSED)
    outcome = bandit(tmp_path, min_severity="high", max_suppressed_high=accepted)
    assert outcome.status is status
    assert "1 of high severity" in outcome.summary
    assert [(finding.rule, finding.level) for finding in outcome.findings] == [("B602", level)]
    assert ("max_suppressed_high" in outcome.remedy) is (status is Status.FAILED)


@pytest.mark.parametrize(
    ("allowed", "status"), [(None, Status.PASSED), (2, Status.PASSED), (1, Status.FAILED), (0, Status.FAILED)]
)
def test_how_much_may_be_suppressed_is_said_in_the_checklist(
    tmp_path: Path, allowed: int | None, status: Status
) -> None:
    write(tmp_path, app="import subprocess  # nosec B404\nimport pickle  # nosec\n")
    outcome = bandit(tmp_path, max_suppressed=allowed)
    assert outcome.status is status
    assert {finding.level for finding in outcome.findings} == {Level.NOTE if status is Status.PASSED else Level.ERROR}


def test_tests_are_chosen_in_the_checklist(tmp_path: Path) -> None:
    write(tmp_path, app=SHELL)
    assert bandit(tmp_path, skips=["B602", "B404"]).status is Status.PASSED
    assert bandit(tmp_path, skips="B404").status is Status.FAILED
    assert bandit(tmp_path, tests=["B101"]).status is Status.PASSED
    assert [finding.rule for finding in bandit(tmp_path, tests=["B101", "B602"]).findings] == ["B602"]
    assert bandit(tmp_path, tests=["B999"]).status is Status.ERROR
    for asked in ({"skips": ["B60"]}, {"tests": "b602"}):
        with pytest.raises(ValueError, match="with three digits, such as `B602`"):
            bandit(tmp_path, **asked)


@pytest.mark.filterwarnings("ignore:The verify_requirements argument")
def test_the_tests_that_are_made_without_a_choice_are_those_of_bandit() -> None:
    from bandit.core import extension_loader  # type: ignore[import-untyped]  # bandit has no types

    known = {*extension_loader.MANAGER.plugins_by_id}
    known |= {entry["id"] for entries in extension_loader.MANAGER.blacklist.values() for entry in entries}
    assert set(_TESTS) == known


def test_configuration_in_the_repository_switches_nothing_off(tmp_path: Path) -> None:
    write(tmp_path, app__a=SHELL)
    options = "[bandit]\nskips = B602,B404\nexclude = app\ntests = B101\n"
    for name in (".bandit", "app/.bandit", "bandit.yaml", "setup.cfg", "tox.ini"):
        place(tmp_path, name, options)
    place(tmp_path, "pyproject.toml", '[tool.bandit]\nskips = ["B602"]\nexclude_dirs = ["app"]\n')
    outcome = bandit(tmp_path, paths=["app"], min_severity="high")
    assert outcome.status is Status.FAILED
    notes = [finding.path for finding in outcome.findings if finding.rule == "configuration"]
    assert notes == [".bandit", "bandit.yaml", "pyproject.toml", "setup.cfg", "tox.ini"]


@pytest.mark.own_process
def test_a_bandit_of_the_repository_is_not_the_one_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    write(tmp_path, app=SHELL)
    place(tmp_path, "bandit/__init__.py", "")
    place(tmp_path, "bandit/__main__.py", "raise SystemExit(0)\n")
    assert bandit(tmp_path, min_severity="high").status is Status.FAILED


@pytest.mark.parametrize(
    "name", [".github/scripts/x.py", "venv/x.py", "node_modules/x.py", ".tox/x.py", "CVSX/x.py", "a b/ü.py", "-x.py"]
)
def test_no_committed_file_is_left_out_for_its_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, clean=CLEAN)
    place(tmp_path, name, SHELL)
    commit_all(tmp_path)
    outcome = bandit(tmp_path, min_severity="high")
    assert outcome.status is Status.FAILED
    assert outcome.findings[0].path == name


def test_a_script_that_only_its_first_line_gives_away_is_examined(tmp_path: Path) -> None:
    place(tmp_path, "deploy", "#!/usr/bin/env python3\n" + SHELL)
    place(tmp_path, "other", "#!/bin/sh\nls\n")
    outcome = bandit(tmp_path, min_severity="high")
    assert outcome.findings[0].place == "deploy:6:5"
    assert outcome.examined == 1


def test_what_git_ignores_is_left_out_but_not_what_it_has(tmp_path: Path) -> None:
    write(tmp_path, app=CLEAN, build__generated=SHELL)
    place(tmp_path, ".gitignore", "build/\n")
    commit_all(tmp_path)
    assert bandit(tmp_path).examined == 1
    git(tmp_path, "add", "--force", "build/generated.py")
    assert bandit(tmp_path, min_severity="high").status is Status.FAILED


def test_a_new_file_that_is_not_committed_is_examined(tmp_path: Path) -> None:
    write(tmp_path, app=CLEAN)
    commit_all(tmp_path)
    write(tmp_path, new=SHELL)
    assert bandit(tmp_path, min_severity="high").status is Status.FAILED


@pytest.mark.parametrize(
    "text",
    ["print 'python 2'\n", "def (:\n", b"x = '\xff'\n", b"# -*- coding: no-such -*-\n", b"x = 1\0\n", "x = (\n"],
)
def test_a_file_that_bandit_cannot_read_is_an_error(tmp_path: Path, text: str | bytes) -> None:
    write(tmp_path, good=CLEAN, broken=text)
    outcome = bandit(tmp_path)
    assert outcome.status is Status.ERROR
    assert [finding.path for finding in outcome.findings] == ["broken.py"]
    assert outcome.remedy


def test_other_encodings_and_line_ends_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        latin=b"# -*- coding: latin-1 -*-\nx = '\xff'\n",
        bom=b"\xef\xbb\xbf" + SHELL.encode(),
        crlf=SHELL.replace("\n", "\r\n"),
    )
    outcome = bandit(tmp_path, min_severity="high")
    assert [finding.place for finding in outcome.findings] == ["bom.py:5:5", "crlf.py:5:5"]


def test_a_repository_without_python_is_not_applicable(tmp_path: Path) -> None:
    place(tmp_path, "index.js", "eval(x)\n")
    for outcome in (bandit(tmp_path), bandit(tmp_path, paths=["."])):
        assert outcome.status is Status.NOT_APPLICABLE
        assert outcome.examined == 0


@pytest.mark.parametrize("path", ["missing", "web", "web/index.js.py", "**/*.pyx", "..", "/etc", "**x", "link"])
def test_a_path_without_python_is_an_error(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    write(root, app=CLEAN)
    place(root, "web/index.js", "")
    (root / "link").symlink_to("/etc", target_is_directory=True)
    outcome = bandit(root, paths=["app.py", path])
    assert outcome.status is Status.ERROR
    assert outcome.remedy


def test_empty_files_and_total_exclusion_are_errors(tmp_path: Path) -> None:
    write(tmp_path, app__empty="# nothing\n\n")
    place(tmp_path, "app/__init__.py", "")
    assert "nothing was examined" in bandit(tmp_path).summary
    assert bandit(tmp_path).status is Status.ERROR
    outcome = bandit(tmp_path, paths=["app"], exclude=["app"])
    assert outcome.status is Status.ERROR
    assert "excluded" in outcome.summary


def test_exclusions_are_by_glob_or_folder(tmp_path: Path) -> None:
    write(tmp_path, app=CLEAN, tests__a=SHELL, old__b=SHELL)
    assert bandit(tmp_path, exclude=["tests/", "old/*.py"]).examined == 1
    assert bandit(tmp_path, exclude=["est"]).status is Status.FAILED


def test_many_files_are_all_examined(tmp_path: Path) -> None:
    for number in range(501):
        place(tmp_path, f"m{number}.py", "x = 1\n")
    place(tmp_path, "z.py", SHELL)
    outcome = bandit(tmp_path, min_severity="high")
    assert outcome.status is Status.FAILED
    assert outcome.examined == 502


@pytest.mark.own_process
def test_no_time_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, app=CLEAN)
    outcome = bandit(tmp_path, timeout=0.05)
    assert outcome.status is Status.ERROR
    assert "did not finish" in outcome.summary


@pytest.mark.parametrize(
    "params",
    [
        {"paths": []},
        {"paths": [""]},
        {"min_severity": "critical"},
        {"nosec": "yes"},
        {"paths": ["a\0"]},
        {"skips": ["602"]},
        {"max_suppressed": -1},
    ],
)
def test_nonsense_parameters_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        bandit(tmp_path, **params)


def test_a_single_path_and_ranks_as_bandit_writes_them_are_understood(tmp_path: Path) -> None:
    write(tmp_path, app="import subprocess\n")
    assert bandit(tmp_path, paths="app.py", min_severity="HIGH", min_confidence="Low").status is Status.PASSED
    assert bandit(tmp_path, paths="app.py", min_severity="LOW").status is Status.FAILED
