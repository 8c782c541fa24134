"""What was valid on a day: nothing that came later counts, and nothing that was there then is left out."""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.cli.commands.records import records
from readiness.moment import show
from readiness.records.review.as_of import read_moment
from support.lives import ITEM, Life, asked, at
from support.made_once import copied
from support.signing import COUNSEL, PARALEGAL, STRANGER, git, key, public, roster_line


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """Asked on 1 October, signed on 5 October."""
    life = copied(asked, tmp_path / "deedpro")
    monkeypatch.chdir(life.root)
    return life


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["records", *args])
    assert "Traceback" not in result.output
    return result


def answer(*args: str) -> dict[str, Any]:
    result = run("list", "--json", *args)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def states(day: str, *args: str) -> dict[str, str]:
    return {entry["record"]: entry["code"] for entry in answer("--as-of", day, *args)["records"]}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-05", "2026-10-05T23:59:59Z"),
        ("2026-10-05T12:00:00Z", "2026-10-05T12:00:00Z"),
        ("2026-10-05T01:00:00+02:00", "2026-10-04T23:00:00Z"),
    ],
)
def test_a_day_means_its_end_in_utc_and_a_moment_is_what_it_says(text: str, moment: str) -> None:
    assert show(read_moment(text)) == moment


@pytest.mark.parametrize(
    "text",
    ["2026-10-05T12:00:00", "2026-13-01", "05.10.2026", "yesterday", "20261005", "2026-10-05 12:00", "1999-01-01"],
)
def test_anything_else_is_refused(life: Life, text: str) -> None:
    life.signed("2026-10-05")
    result = run("list", "--as-of", text)
    assert result.exit_code == 2
    assert f"error: --as-of: `{text}` is no date" in result.stderr
    assert "next: write a date" in result.stderr


def change_a_covered_file(life: Life, _record: str) -> None:
    life.changed("2026-10-08")


def revoke(life: Life, record: str) -> None:
    life.revoked("2026-10-08", record)


def revoke_the_key(life: Life, _record: str) -> None:
    life.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    life.on("2026-10-08", "Revoke the key")


def remove_the_key(life: Life, _record: str) -> None:
    life.enroll(roster_line(PARALEGAL, key(PARALEGAL)))
    life.on("2026-10-08", "Remove the key")


def leave_the_role(life: Life, _record: str) -> None:
    life.roles["legal"] = (PARALEGAL,)
    life.ask("2026-10-08")


def reword_the_item(life: Life, _record: str) -> None:
    life.title = "Document templates approved by legal counsel"
    life.ask("2026-10-08")


def drop_the_item(life: Life, _record: str) -> None:
    life.id = "something-else"
    life.ask("2026-10-08")


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (change_a_covered_file, "subject-changed"),
        (revoke, "revoked"),
        (revoke_the_key, "key-revoked"),
        (remove_the_key, "unknown-key"),
        (leave_the_role, "not-in-role"),
        (reword_the_item, "item-changed"),
        (drop_the_item, "item-gone"),
    ],
)
def test_what_happens_later_does_not_count(life: Life, happens: Callable[[Life, str], None], code: str) -> None:
    record = life.signed("2026-10-05")
    happens(life, record)
    assert states("2026-10-07")[record] == "valid"
    assert states("2026-10-08")[record] == code
    assert states("2026-10-04") == {}


def test_neither_does_what_happens_later_on_the_same_day(life: Life) -> None:
    record = life.signed("2026-10-05")
    life.changed("2026-10-08")
    assert states("2026-10-08T10:04:59Z") == {record: "valid"}
    assert states("2026-10-08T12:05:00+02:00") == {record: "subject-changed"}


def test_a_sign_off_expires_on_its_day(life: Life) -> None:
    record = life.signed("2026-10-05", expires_at=at("2026-10-20", "23:59:59"))
    assert states("2026-10-20") == {record: "valid"}
    assert states("2026-10-21T00:00:00Z") == {record: "expired"}


def test_the_answer_says_of_which_moment_and_commit_it_is(life: Life) -> None:
    life.signed("2026-10-05")
    commit = git(life.root, "rev-parse", "HEAD").strip()
    life.changed("2026-10-08")
    assert answer("--as-of", "2026-10-06")["as_of"] == {
        "moment": "2026-10-06T23:59:59Z",
        "commit": commit,
        "committed_at": "2026-10-05T10:05:00Z",
        "notes": [],
    }
    line = f"as of 2026-10-06T23:59:59Z, when the branch was at {commit[:10]} of 2026-10-05T10:05:00Z"
    assert run("list", "--as-of", "2026-10-06").stdout.splitlines()[0] == line
    csv = run("list", "--as-of", "2026-10-06", "--format", "csv")
    assert (csv.stdout.splitlines()[0][:7], csv.stderr) == ("record,", f"{line}\n")
    assert answer()["as_of"] is None


def test_every_reading_verb_looks_back(life: Life) -> None:
    record = life.signed("2026-10-05")
    life.revoked("2026-10-08", record)
    assert "state         valid" in run("show", record[:8], "--as-of", "2026-10-07").stdout
    assert "state         revoked" in run("show", record[:8], "--as-of", "2026-10-08").stdout
    assert "1 record verified: 1 good" in run("verify", "--as-of", "2026-10-07").stdout
    assert "2 records verified" in run("verify", "--as-of", "2026-10-08").stdout
    assert "revoked" not in run("history", ITEM, "--as-of", "2026-10-07").stdout
    assert "nothing lapses until 2026-11-06T23:59:59Z" in run("due", "--as-of", "2026-10-07").stdout


def test_before_the_first_commit_nothing_is_known(life: Life) -> None:
    first = git(life.root, "rev-list", "--max-parents=0", "HEAD").strip()
    result = run("list", "--as-of", "2026-08-31")
    assert result.exit_code == 2
    assert f"the branch begins with commit {first[:10]} of 2026-09-01T10:00:00Z" in result.stderr


def test_before_the_checklist_nothing_was_asked(life: Life) -> None:
    life.signed("2026-10-05")
    result = run("list", "--as-of", "2026-09-15")
    assert result.exit_code == 2
    assert "has no readiness.yaml: nothing was asked for then" in result.stderr


def test_in_a_repository_without_a_commit_nothing_was_ever_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, life: Life
) -> None:
    new = tmp_path / "new"
    new.mkdir()
    git(new, "init", "-q")
    shutil.copy(life.root / "readiness.yaml", new)
    monkeypatch.chdir(new)
    result = run("list", "--as-of", "2026-10-05")
    assert (result.exit_code, "the repository has no commit yet" in result.stderr) == (2, True)


def test_a_day_in_the_future_shows_what_will_be_valid_then(life: Life) -> None:
    year = datetime.now(UTC).year + 2
    short = life.signed("2026-10-05", expires_at=at(f"{year}-01-01"))
    long = life.signed("2026-10-05", PARALEGAL, expires_at=at(f"{year + 1}-01-01"))
    found = answer("--as-of", f"{year}-06-01")
    assert {entry["record"]: entry["state"] for entry in found["records"]} == {short: "expired", long: "valid"}
    assert "this lies in the future" in found["as_of"]["notes"][0]


def test_records_that_are_not_committed_do_not_count_and_that_is_said(life: Life) -> None:
    kept = life.signed("2026-10-05")
    life.sign(PARALEGAL, at=at("2026-10-06"))
    found = answer("--as-of", "2026-10-07")
    assert [entry["record"] for entry in found["records"]] == [kept]
    assert found["as_of"]["notes"] == ["1 record of the work tree is not committed to the branch and left out"]


def test_what_lies_in_the_work_tree_decides_nothing(life: Life) -> None:
    record = life.signed("2026-10-05")
    life.write("templates/grant_deed.html", "not committed")
    life.enroll(roster_line(STRANGER, key(STRANGER)))
    life.write("readiness.yaml", (life.root / "readiness.yaml").read_text().replace("role: legal", "role: qa"))
    assert states("2026-10-07") == {record: "valid"}


def test_a_record_counts_from_when_its_branch_was_merged(life: Life) -> None:
    git(life.root, "switch", "-q", "-c", "review")
    record = life.signed("2026-10-05")
    git(life.root, "switch", "-q", "main")
    life.changed("2026-10-06", "README.md")
    git(life.root, "merge", "-q", "--no-ff", "review", date="2026-10-07T10:00:00Z")
    assert states("2026-10-06") == {}
    assert states("2026-10-07") == {record: "valid"}


def test_another_branch_can_be_asked(life: Life) -> None:
    git(life.root, "branch", "policy")
    record = life.signed("2026-10-05")
    assert states("2026-10-06") == {record: "valid"}
    assert states("2026-10-06", "--policy-ref", "policy") == {}
    result = run("list", "--as-of", "2026-10-06", "--policy-ref", "polcy")
    assert (result.exit_code, "polcy" in result.stderr) == (2, True)


def test_no_commit_counts_as_older_than_the_one_it_builds_on(life: Life) -> None:
    """Whoever sets back the clock of a commit cannot slip a sign-off into the past."""
    life.changed("2026-10-08")
    record = life.signed("2026-10-05")
    assert states("2026-10-07") == {}
    assert states("2026-10-08") == {record: "valid"}


def test_a_commit_of_the_future_is_named(life: Life) -> None:
    record = life.signed("2026-10-05")
    commit = life.changed("2090-01-01")
    found = answer("--as-of", "2026-10-10")
    assert [entry["record"] for entry in found["records"]] == [record]
    assert f"commit {commit[:10]} is dated in the future" in found["as_of"]["notes"][0]


def test_a_checklist_in_a_folder_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tmp_path / "whole"
    life = Life(whole)
    life.root = whole / "app"
    life.root.mkdir()
    for name in ("templates", ".readiness"):
        shutil.copytree(whole / name, life.root / name)
    life.ask("2026-10-01")
    record = life.signed("2026-10-05")
    (whole / "templates" / "grant_deed.html").write_text("another file")
    life.on("2026-10-06", "Change the other")
    life.changed("2026-10-08")
    monkeypatch.chdir(life.root)
    assert states("2026-10-07") == {record: "valid"}
    assert states("2026-10-08") == {record: "subject-changed"}


def test_a_shallow_clone_is_refused_with_its_remedy(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.signed("2026-10-05")
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{life.root}", tmp_path / "shallow"],
        check=True,
        capture_output=True,
    )
    monkeypatch.chdir(tmp_path / "shallow")
    result = run("list", "--as-of", "2026-10-05")
    assert (result.exit_code, "fetch-depth: 0" in result.stderr) == (2, True)


def test_outside_git_records_count_by_their_own_date(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.params.pop("covers")
    life.ask("2026-10-02")
    early, late = life.signed("2026-10-05"), life.signed("2026-10-09", PARALEGAL)
    shutil.copytree(life.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    monkeypatch.chdir(tmp_path / "copy")
    assert set(states("2026-10-07")) == {early}
    assert set(states("2026-10-09")) == {early, late}
    assert "there is no git repository" in answer("--as-of", "2026-10-07")["as_of"]["notes"][0]


def test_an_archive_as_of_a_day_holds_what_was_there_then(life: Life, tmp_path: Path) -> None:
    record = life.signed("2026-10-05")
    by = life.revoked("2026-10-08", record)
    result = run("export", "-o", str(tmp_path / "then.zip"), "--as-of", "2026-10-07")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0].startswith("as of 2026-10-07T23:59:59Z, when the branch was at ")
    with zipfile.ZipFile(tmp_path / "then.zip") as archive:
        names = archive.namelist()
        (row,) = csv.DictReader(io.StringIO(archive.read("records.csv").decode()))
    assert (row["record"], row["state"]) == (record, "valid")
    assert not [name for name in names if by in name or name.startswith("report.")]


def test_no_reading_verb_lacks_the_option() -> None:
    assert isinstance(records, click.Group)
    context = click.Context(records)
    names = records.list_commands(context)
    assert {"list", "show", "history", "due", "verify", "export"} <= set(names)
    for name in names:
        command = records.get_command(context, name)
        assert command is not None
        assert "--as-of" in {option for parameter in command.params for option in parameter.opts}, name
