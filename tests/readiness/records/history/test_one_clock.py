"""Every command dates a record alike, also where the clock of one commit was wrong."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from readiness.cli import main
from support.policy_branch import PolicyBranch, ago
from support.repositories import commit_literally
from support.signing import PARALEGAL

ITEM = "templates-reviewed"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PolicyBranch:
    project = PolicyBranch(tmp_path / "deedpro")
    monkeypatch.chdir(project.root)
    return project


def run(*args: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, [*args])
    assert result.exit_code in {0, 1, 3}, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def states(*args: str) -> dict[str, str]:
    """State by record, as `records list` has it."""
    return {entry["record"]: entry["code"] for entry in run("records", "list", "--json", *args)["records"]}


def in_check() -> dict[str, str]:
    """State by record, as `check` has it."""
    report = run("check", "--env", "production", "--format", "json")
    result, append_only = (
        next(one for one in report["results"] if one["item"]["id"] == name) for name in (ITEM, "records-append-only")
    )
    assert append_only["outcome"]["status"] == "passed"
    assert [finding["rule"] for finding in append_only["outcome"]["findings"]] == ["misdated-commit"]
    return {card["record"]: card["code"] for card in result["outcome"]["signoffs"] if card["record"]}


def in_history() -> dict[str, tuple[str, str]]:
    """Last state by record and since when, as `records history` has it."""
    events = run("records", "history", ITEM, "--json")["events"]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    return {event["record"]: (event["code"], event["at"]) for event in events if event["code"]}


def agreed(at: str) -> dict[str, str]:
    """What all four commands say about the records; each has to say the same."""
    found = in_check()
    assert states() == found
    assert states("--as-of", at) == found
    assert {record: code for record, (code, _) in in_history().items()} == found
    return found


def now() -> str:
    return datetime.now(UTC).isoformat()


def test_a_commit_of_the_future_takes_nothing_from_a_record_that_comes_after_it(project: PolicyBranch) -> None:
    project.save(-100, "By a wrong clock")
    digest = project.signed(2)
    assert agreed(now()) == {digest: "valid"}
    came = ago(2).isoformat().replace("+00:00", "Z")
    assert in_history()[digest] == ("valid", came)
    assert [entry["seen_at"] for entry in run("records", "list", "--json")["records"]] == [came]


def test_what_a_commit_of_the_future_brings_counts_from_the_commit_after_it(project: PolicyBranch) -> None:
    digest = project.sign(at=ago(2))
    project.save(-100, "Sign, by a wrong clock")
    project.save(1)
    assert agreed(now()) == {digest: "valid"}
    assert in_history()[digest] == ("valid", ago(1).isoformat().replace("+00:00", "Z"))
    assert states("--as-of", (ago(1) - timedelta(seconds=1)).isoformat()) == {}


def test_what_the_newest_commit_brings_by_a_wrong_clock_counts_from_the_run(project: PolicyBranch) -> None:
    digest = project.sign(at=ago(2))
    project.save(-100, "Sign, by a wrong clock")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert agreed(tomorrow) == {digest: "valid"}
    assert states("--as-of", ago(1).isoformat()) == {}


def test_a_wrong_clock_does_not_help_to_backdate(project: PolicyBranch) -> None:
    late = project.sign(at=ago(50))  # nobody was on a roster then
    project.save(-100, "Bring it late")
    project.save(0)
    assert agreed(now()) == {late: "late"}


def test_a_wrong_clock_keeps_no_revocation_out(project: PolicyBranch) -> None:
    digest = project.signed(5)
    by = project.revoke(digest, PARALEGAL, at=ago(2))
    project.save(-100, "Revoke, by a wrong clock")
    assert in_check() == {digest: "revoked"}
    assert states() == {digest: "revoked", by: "valid"}
    assert in_history()[digest][0] == "revoked"


def test_a_date_that_cannot_be_read_is_called_so(project: PolicyBranch) -> None:
    digest = project.sign(at=ago(2))
    who = "x <x@example.com> 99999999999999999999 +0000"
    commit = commit_literally(project.root, f"author {who}\ncommitter {who}\n\nSign, by no clock\n")
    project.save(1)
    assert agreed(now()) == {digest: "valid"}
    report = run("check", "--env", "production", "--format", "json")
    (append_only,) = (one for one in report["results"] if one["item"]["id"] == "records-append-only")
    (finding,) = append_only["outcome"]["findings"]
    (note,) = run("records", "list", "--json", "--as-of", now())["as_of"]["notes"]
    rest = "has a date that cannot be read: it counts as made with the commit after it, or else now"
    assert finding["message"] == f"commit {commit[:10]} by x@example.com {rest}"
    assert note == f"commit {commit[:10]} {rest}"
