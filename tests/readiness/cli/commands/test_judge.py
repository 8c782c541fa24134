"""`readiness collect` and `readiness judge`: one job runs code of the change, another one judges and signs."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.judge_attacks import attack
from support.program import readiness
from support.repositories import commit_all
from support.signing import git
from support.verdict_keys import private, public

ITEMS = """
      - {id: unit, title: Unit, check: command, with: {run: 'echo ran >> ../ran'}, needs: [notes]}
      - {id: more, title: More, check: command, with: {run: 'true'}, needs: [unit]}
      - {id: notes, title: Notes, check: document, with: {paths: [notes.md]}}
"""


class Jobs:
    """A repository, and the folder that goes from one job to the other."""

    def __init__(self, folder: Path) -> None:
        self.root, self.evidence, self.verdict = folder / "project", folder / "evidence", folder / "v.intoto.json"
        self.ran = folder / "ran"
        self.root.mkdir()
        self.commit(ITEMS)

    def commit(self, items: str, *, top: str = "") -> None:
        text = f"version: 1\nproject: p\nrelease: '1'\n{top}sections:\n  - title: All\n    items:{items}"
        (self.root / "readiness.yaml").write_text(text, encoding="utf-8")
        (self.root / "notes.md").write_text("# Notes\n\nWritten.\n", encoding="utf-8")
        commit_all(self.root)

    def collect(self, *args: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        return readiness("collect", "-q", "-o", str(self.evidence), *args, cwd=self.root, code=code)

    def judge(self, *args: str, code: int | None = None) -> dict[str, dict[str, Any]]:
        """Outcomes by id."""
        done = readiness("judge", str(self.evidence), "-q", "--format", "json", *args, cwd=self.root, code=code)
        self.report = json.loads(done.stdout)
        return {result["item"]["id"]: result["outcome"] for result in self.report["results"]}

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.evidence / "manifest.json").read_text(encoding="utf-8"))
        return found

    def forge(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the manifest, as whoever holds the folder can."""
        manifest = self.manifest
        change(manifest)
        (self.evidence / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path)


def test_what_was_collected_is_judged_and_signed_and_no_command_runs_again(jobs: Jobs) -> None:
    assert "collected 2 outcomes" in jobs.collect().stdout
    found = jobs.judge("--attest", str(jobs.verdict), "--key", str(private()), code=0)
    assert {name: outcome["status"] for name, outcome in found.items()} == dict.fromkeys(found, "passed")
    assert jobs.report["confinement"] == "", "no command ran here"
    assert jobs.ran.read_text(encoding="utf-8") == "ran\n"
    (notice,) = [text for text in jobs.report["notices"] if "claims" in text]
    assert "2 outcomes of the job that collected, which ran code of the change: more, unit." in notice
    assert {r["item"]["id"]: r["collected"] for r in jobs.report["results"]} == {
        "unit": True,
        "more": True,
        "notes": False,
    }
    head = git(jobs.root, "rev-parse", "HEAD").strip()
    done = readiness("verify", str(jobs.verdict), "--commit", head, "--key", str(public()), cwd=jobs.root, code=0)
    assert "claims of a job that ran code of the change: unit, more\n" in done.stdout
    readiness("verify", str(jobs.verdict), "--key", str(public()), "--commit", "HEAD", cwd=jobs.root, code=0)


def test_only_what_runs_code_of_the_change_is_collected(jobs: Jobs) -> None:
    jobs.collect()
    assert [item["id"] for item in jobs.manifest["items"]] == ["unit", "more"]


def test_what_failed_there_fails_here(jobs: Jobs) -> None:
    jobs.commit("\n      - {id: unit, title: Unit, check: command, with: {run: 'false'}}\n")
    jobs.collect()
    assert jobs.judge(code=1)["unit"]["status"] == "failed"


def test_what_the_judge_evaluates_itself_is_not_taken_from_the_folder(jobs: Jobs) -> None:
    jobs.collect()
    (jobs.root / "notes.md").unlink()
    commit_all(jobs.root)
    jobs.collect()
    assert jobs.judge(code=1)["notes"]["status"] == "failed"


@attack("Collected outcomes are used for another commit")
def test_outcomes_of_another_commit_are_refused(jobs: Jobs) -> None:
    jobs.collect()
    (jobs.root / "notes.md").write_text("# Notes\n\nChanged.\n", encoding="utf-8")
    commit_all(jobs.root)
    assert "not for this one" in jobs.judge(code=3)["unit"]["summary"]


def test_outcomes_that_are_left_out_or_changed_are_errors(jobs: Jobs) -> None:
    jobs.collect()
    jobs.forge(lambda said: said["items"][0].update(sha256="0"))
    found = jobs.judge(code=3)["unit"]
    assert found["status"] == "error"
    assert "is not the one that was collected" in found["summary"]
    jobs.forge(lambda said: said["items"].clear())
    found = jobs.judge(code=3)["unit"]
    assert "was not collected" in found["summary"]
    assert "collect again" in found["remedy"]


@pytest.mark.parametrize("text", [None, "", "{}", '{"version": 2}'], ids=["missing", "empty", "no manifest", "newer"])
def test_a_folder_without_a_manifest_is_refused(jobs: Jobs, text: str | None) -> None:
    jobs.evidence.mkdir()
    if text is not None:
        (jobs.evidence / "manifest.json").write_text(text, encoding="utf-8")
    done = readiness("judge", str(jobs.evidence), "-q", cwd=jobs.root, code=2)
    assert "next: collect again" in done.stderr


def test_an_earlier_collection_is_replaced_and_nothing_else_is(jobs: Jobs) -> None:
    jobs.collect()
    jobs.commit("\n      - {id: unit, title: Unit, check: command, with: {run: 'true'}}\n")
    jobs.collect()
    assert sorted(path.name for path in jobs.evidence.iterdir()) == ["0001.json", "manifest.json"]
    (jobs.evidence / "manifest.json").unlink()
    assert "is not empty" in jobs.collect(code=2).stderr


def test_a_checklist_without_commands_has_nothing_to_collect(jobs: Jobs) -> None:
    jobs.commit("\n      - {id: notes, title: Notes, check: document, with: {paths: [notes.md]}}\n")
    assert "collected 0 outcomes" in jobs.collect().stdout
    jobs.judge(code=0)


def test_services_start_where_outcomes_are_collected_and_not_where_they_are_judged(jobs: Jobs) -> None:
    top = "services: {app: {run: 'echo up >> ../up; exec sleep 30'}}\n"
    jobs.commit("\n      - {id: unit, title: Unit, check: command, with: {run: 'true'}}\n", top=top)
    jobs.collect()
    jobs.judge(code=0)
    assert (jobs.root / "../up").read_text(encoding="utf-8") == "up\n"


def test_a_phase_that_no_item_has_is_refused(jobs: Jobs) -> None:
    assert jobs.collect("--phase", "nowhere", code=2).stderr


@attack("Outcomes that were collected long ago are used for the same commit")
def test_outcomes_of_long_ago_are_stale(jobs: Jobs) -> None:
    jobs.collect()
    jobs.forge(lambda manifest: manifest.update(collected_at="2026-01-01T00:00:00Z"))
    found = jobs.judge(code=3)["unit"]
    assert (found["status"], "more than" in found["summary"]) == ("error", True)
    assert jobs.judge("--max-age", "4000d", code=0)["unit"]["status"] == "passed"


@attack("A change makes the folder of the outcomes a link, so that unpacking them overwrites what it chooses")
def test_the_folder_of_outcomes_is_no_link_of_the_repository(jobs: Jobs) -> None:
    jobs.collect()
    (jobs.root / "evidence").symlink_to(jobs.evidence)
    (jobs.root / "real").mkdir()
    for folder in ("evidence", "./evidence/", str(jobs.root / "evidence"), "real/../evidence", ".git"):
        done = readiness("judge", folder, "-q", cwd=jobs.root, code=2)
        assert "is a link, or git's own" in done.stderr


@pytest.mark.parametrize("name", ["sub", "deep/sub", "0001.json"])
def test_nothing_in_the_folder_of_outcomes_is_a_link_of_the_repository(jobs: Jobs, name: str) -> None:
    place = jobs.root / "evidence" / name
    place.parent.mkdir(parents=True)
    place.symlink_to(jobs.root / ".git" / ("config" if name.endswith("json") else ""))
    done = readiness("judge", "evidence", "-q", cwd=jobs.root, code=2)
    assert f"`{place}` is a link, or git's own" in done.stderr


@attack("A collected artefact puts a repository with a filter into a folder that the change made a submodule")
def test_no_program_of_a_repository_that_was_unpacked_runs(jobs: Jobs) -> None:
    inner = jobs.root / "reports"
    inner.mkdir()
    (inner / ".gitattributes").write_text("* filter=x\n", encoding="utf-8")
    commit_all(inner)
    commit = git(inner, "rev-parse", "HEAD").strip()
    git(jobs.root, "update-index", "--add", "--cacheinfo", f"160000,{commit},reports")
    git(jobs.root, "commit", "-qm", "Add")
    jobs.collect()
    git(inner, "config", "filter.x.clean", f"touch {jobs.ran}.filter; cat")
    os.utime(inner / ".gitattributes", (1, 1))
    jobs.judge("--attest", str(jobs.verdict), "--key", str(private()), code=0)
    assert not Path(f"{jobs.ran}.filter").exists()
