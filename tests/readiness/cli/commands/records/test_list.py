"""`readiness records list`: what a compliance reviewer asks for, by filter."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from support.lives import ITEM, Life, at
from support.made_once import copied
from support.signing import COUNSEL, PARALEGAL, STRANGER, git


class Shelf(Life):
    """Four records: two items, two people, two releases, two environments, one revocation."""

    def fill(self) -> None:
        self.more["people"] = {COUNSEL: ["counsel@private.example.com"]}
        second = {
            "id": "uat",
            "title": "Accepted",
            "check": "signoff",
            "with": {"role": "qa"},
            "controls": ["PCI:6.5.1"],
        }
        self.items = [second]
        self.ask("2026-10-01")
        self.one = self.signed("2026-10-05")
        self.release = "2.9"
        self.two = self.signed("2026-10-06", PARALEGAL)
        self.three = self.revoked("2026-10-08", self.two, PARALEGAL)
        self.release, self.environment = "3.0.0", "staging"
        self.id, self.title, self.params = "uat", "Accepted", {"role": "qa"}
        self.roles = {**self.roles, "legal": self.roles["legal"]}
        self.four = self.sign(STRANGER, at=at("2026-10-09", "23:59:59"), alter={"role": "qa"})
        self.on("2026-10-10", "Sign")


def filled(root: Path) -> Shelf:
    shelf = Shelf(root)
    shelf.fill()
    return shelf


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = copied(filled, tmp_path / "deedpro")
    monkeypatch.chdir(shelf.root)
    return shelf


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["records", "list", *args])
    assert "Traceback" not in result.output
    return result


def chosen(shelf: Shelf, *args: str) -> str:
    result = run("--json", *args)
    assert result.exit_code == 0, result.output
    names = {shelf.one: "1", shelf.two: "2", shelf.three: "3", shelf.four: "4"}
    return "".join(names[entry["record"]] for entry in json.loads(result.stdout)["records"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "1234"),
        (f"--item {ITEM}", "123"),
        (f"--item uat --item {ITEM}", "1234"),
        ("--control SOC2:CC8.1", "123"),
        ("--control soc2:*", "123"),
        ("--control PCI:* --control SOC2:*", "1234"),
        ("--control *8.1 --person stranger@example.com", ""),
        ("--role qa", "4"),
        ("--role qa --role legal", "1234"),
        ("--person counsel@example.com", "1"),
        ("--person COUNSEL@example.com", "1"),
        ("--person counsel@private.example.com", "1"),
        ("--release 3.0.0", "14"),
        ("--release 2.9 --release 3.0.0", "124"),
        ("--release 4.0", ""),
        ("--env production", "12"),
        ("--env staging", "4"),
        ("--action revoke", "3"),
        ("--action signoff --action revoke", "1234"),
        ("--action waive", ""),
        ("--state revoked", "2"),
        ("--state revoked --state stale", "2"),
        ("--since 2026-10-06", "234"),
        ("--until 2026-10-06", "12"),
        ("--since 2026-10-06 --until 2026-10-08", "23"),
        ("--since 2026-10-09 --until 2026-10-09", "4"),
        ("--since 2026-10-06T10:00:00Z --until 2026-10-06T10:00:00Z", "2"),
        ("--since 2026-10-06T10:00:01Z --until 2026-10-08T11:59:59+02:00", ""),
        ("--release 2.9 --env production --state revoked --role legal --control SOC2:* --action signoff", "2"),
    ],
)
def test_filters(shelf: Shelf, asked: str, found: str) -> None:
    assert chosen(shelf, *asked.split()) == found


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("--item templates-revewed", "did you mean `templates-reviewed`?"),
        ("--item x", "name one of templates-reviewed, uat"),
        ("--role legl", "did you mean `legal`?"),
        ("--person counsl@example.com", "did you mean `counsel@example.com`?"),
        ("--control SOC2:CC8.2", "did you mean `SOC2:CC8.1`?"),
        ("--control SOC2:CC8.?", "did you mean `SOC2:CC8.1`?"),
        ("--env prodction", "did you mean `production`?"),
    ],
)
def test_a_name_that_nothing_has_is_refused_and_never_an_empty_answer(shelf: Shelf, asked: str, hint: str) -> None:
    result = run("--format", "csv", *asked.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"next: {hint}" in result.stderr
    assert shelf.root.exists()


def test_an_item_that_is_gone_still_has_records(shelf: Shelf) -> None:
    text = (shelf.root / "readiness.yaml").read_text()
    shelf.write("readiness.yaml", text.replace(f"id: {ITEM}", "id: another"))
    assert chosen(shelf, "--item", ITEM) == "123"


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("text", ["today", "2026-10-05T10:00:00", "2026-02-30", "5"])
def test_a_period_is_made_of_dates(shelf: Shelf, option: str, text: str) -> None:
    result = run(option, text)
    assert (result.exit_code, f"error: {option}: " in result.stderr) == (2, True)
    assert shelf.root.exists()


def test_json_and_csv_carry_controls_action_and_first_commit(shelf: Shelf) -> None:
    commit = git(shelf.root, "log", "--format=%H", "--diff-filter=A", "--", ".readiness/records").split()[-1]
    (entry,) = json.loads(run("--json", "--person", COUNSEL).stdout)["records"]
    assert (entry["controls"], entry["action"]) == (["SOC2:CC8.1", "ISO27001:A.8.32"], "signoff")
    assert (entry["seen_commit"], entry["seen_at"]) == (commit, "2026-10-05T10:05:00Z")
    (row,) = csv.DictReader(io.StringIO(run("--format", "csv", "--person", COUNSEL).stdout))
    assert (row["controls"], row["seen_commit"], row["seen_at"]) == (
        "SOC2:CC8.1; ISO27001:A.8.32", commit, "2026-10-05T10:05:00Z",
    )  # fmt: skip
    assert f"{commit[:10]} 2026-10-05  SOC2:CC8.1 ISO27001:A.8.32" in run("--person", COUNSEL).stdout


def test_a_revocation_names_the_controls_of_what_it_revokes(shelf: Shelf) -> None:
    (entry,) = json.loads(run("--json", "--action", "revoke").stdout)["records"]
    assert (entry["item"], entry["controls"][0], entry["target"]) == (ITEM, "SOC2:CC8.1", shelf.two)


def test_what_is_not_committed_was_first_seen_nowhere(shelf: Shelf) -> None:
    digest = shelf.sign(STRANGER, at=at("2026-10-11"), alter={"role": "qa"})
    (entry,) = [e for e in json.loads(run("--json").stdout)["records"] if e["record"] == digest]
    assert (entry["seen_commit"], entry["seen_at"]) == ("", None)


def test_filters_work_on_a_checklist_that_cannot_be_read_and_nothing_counts_then(shelf: Shelf) -> None:
    text = (shelf.root / "readiness.yaml").read_text()
    shelf.write("readiness.yaml", text.replace("version: 1", "version: 2"))
    found = json.loads(run("--json", "--item", ITEM, "--action", "signoff").stdout)["records"]
    assert [(entry["state"], entry["controls"]) for entry in found] == [("undetermined", []), ("undetermined", [])]
