"""`readiness records history`: every turn in the life of an item is told with the commit that brought it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.storage.work_tree import record_path
from support.lives import ITEM, Life, asked, at
from support.made_once import copied
from support.signing import COUNSEL, PARALEGAL, STRANGER, git, key, public, roster_line


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    life = copied(asked, tmp_path / "deedpro")
    monkeypatch.chdir(life.root)
    return life


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["records", "history", *args])
    assert "Traceback" not in result.output
    return result


def told(*args: str) -> dict[str, Any]:
    result = run(ITEM, "--env", "production", "--json", *args)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def turns(*args: str, record: str = "") -> list[tuple[str, str]]:
    """Day and name of each event, of one record or of all."""
    return [(e["at"][:10], e["what"]) for e in told(*args)["events"] if record in {"", e["record"]}]


def test_a_whole_life(life: Life) -> None:
    first = life.signed("2026-10-05")
    changed = life.changed("2026-10-08", author="designer@example.com")
    life.changed("2026-10-09", "README.md")
    again = life.signed("2026-10-12", expires_at=at("2026-11-02"))
    by = life.revoked("2026-10-20", again, PARALEGAL)
    last = life.signed("2026-10-26", expires_at=at("2026-11-10"))
    found = told("--as-of", "2026-11-12")
    names = {first: "first", again: "again", by: "by", last: "last", "": ""}
    assert [(e["at"], e["what"], names[e["record"]]) for e in found["events"]] == [
        ("2026-10-01T10:05:00Z", "asked", ""),
        ("2026-10-05T10:00:00Z", "signed", "first"),
        ("2026-10-05T10:05:00Z", "valid", "first"),
        ("2026-10-08T10:05:00Z", "stale", "first"),
        ("2026-10-12T10:00:00Z", "signed again", "again"),
        ("2026-10-12T10:05:00Z", "valid", "again"),
        ("2026-10-20T10:00:00Z", "revocation", "by"),
        ("2026-10-20T10:05:00Z", "revoked", "again"),
        ("2026-10-26T10:00:00Z", "signed again", "last"),
        ("2026-10-26T10:05:00Z", "valid", "last"),
        ("2026-11-10T10:00:00Z", "expired", "last"),
    ]
    stale = found["events"][3]
    assert (stale["commit"], stale["author"], stale["code"]) == (changed, "designer@example.com", "subject-changed")
    assert stale["text"] == (
        f"`templates/grant_deed.html` changed in {changed[:10]} by designer@example.com on 2026-10-08, "
        f"after {COUNSEL} signed"
    )
    (standing,) = found["standing"]
    assert (standing["status"], standing["environment"]) == ("pending", "production")
    assert "expired at 2026-11-10T10:00:00Z" in standing["text"]


def test_the_text_names_who_signed_what_and_says_where_it_stands(life: Life) -> None:
    record = life.signed("2026-10-05", meaning="I approve their use in California.")
    text = run(ITEM, "--env", "production", "--as-of", "2026-10-06").stdout
    assert (
        f"2026-10-05 10:00Z  signed        {record[:12]} by {COUNSEL} as legal for 3.0.0 production: I approve" in text
    )
    assert "then, 3.0.0 production: passed: counsel@example.com approved it on 2026-10-05" in text


def test_content_that_comes_back_counts_again(life: Life) -> None:
    record = life.signed("2026-10-05")
    before = (life.root / "templates" / "grant_deed.html").read_bytes()
    life.changed("2026-10-08")
    life.write("templates/grant_deed.html", before)
    life.on("2026-10-10", "Back")
    assert turns(record=record)[1:] == [("2026-10-05", "valid"), ("2026-10-08", "stale"), ("2026-10-10", "valid")]


@pytest.mark.parametrize("path", ["templates/new.html", "templates/deep/er.html"])
def test_a_file_that_is_added_makes_it_stale(life: Life, path: str) -> None:
    record = life.signed("2026-10-05")
    life.changed("2026-10-08", path)
    (event,) = [e for e in told()["events"] if e["what"] == "stale"]
    assert (event["record"], f"`{path}` was added in" in event["text"]) == (record, True)


def test_what_is_not_covered_makes_no_event(life: Life) -> None:
    life.signed("2026-10-05")
    life.changed("2026-10-08", "docs/templates/grant_deed.html")
    assert [what for _day, what in turns()] == ["asked", "signed", "valid"]


def test_the_question_itself_changes(life: Life) -> None:
    record = life.signed("2026-10-05")
    life.title = "Document templates approved by legal counsel"
    life.ask("2026-10-07", author="lead@example.com")
    life.params["quorum"] = 2
    life.ask("2026-10-09")
    life.roles["legal"] = (COUNSEL, PARALEGAL, STRANGER)
    life.ask("2026-10-11")
    found = [e for e in told()["events"] if e["what"] == "changed"]
    assert [(e["at"][:10], e["text"]) for e in found] == [
        (
            "2026-10-07",
            f"its words, from `{life.title.replace('approved', 'reviewed')}` to `{life.title}`",
        ),
        ("2026-10-09", "`quorum`, from nothing to 2"),
        ("2026-10-11", "who holds the role legal: + stranger@example.com"),
    ]
    assert found[0]["author"] == "lead@example.com"
    assert turns(record=record)[1:] == [("2026-10-05", "valid"), ("2026-10-07", "stale")]


def test_an_item_that_is_dropped_and_asked_again(life: Life) -> None:
    record = life.signed("2026-10-05")
    name, life.id = life.id, "other"
    life.ask("2026-10-07")
    life.id = name
    life.ask("2026-10-09")
    assert [turn for turn in turns() if turn[1] in {"asked", "dropped"}] == [
        ("2026-10-01", "asked"), ("2026-10-07", "dropped"), ("2026-10-09", "asked"),
    ]  # fmt: skip
    assert turns(record=record)[2:] == [("2026-10-07", "stale"), ("2026-10-09", "valid")]


def test_an_item_that_is_gone_still_has_its_life(life: Life) -> None:
    life.signed("2026-10-05")
    life.id = "other"
    life.ask("2026-10-07")
    found = told()
    assert found["events"][-2]["what"] == "dropped"
    assert found["standing"] == []


def test_a_checklist_that_cannot_be_read_leaves_the_state_open(life: Life) -> None:
    record = life.signed("2026-10-05")
    life.write("readiness.yaml", "version: 1\nproject: [\n")
    life.on("2026-10-07", "Break")
    life.ask("2026-10-08")
    assert turns(record=record)[2:] == [("2026-10-07", "undetermined"), ("2026-10-08", "valid")]
    assert ("2026-10-07", "unreadable") in turns()


def test_a_person_who_leaves_the_role_and_a_key_that_is_revoked(life: Life) -> None:
    one, two = life.signed("2026-10-05"), life.signed("2026-10-05", PARALEGAL)
    life.roles["legal"] = (PARALEGAL,)
    life.ask("2026-10-08")
    life.write(".readiness/revoked_keys", public(key(PARALEGAL)).line + "\n")
    life.on("2026-10-10", "Revoke the key")
    assert turns(record=one)[2:] == [("2026-10-08", "unauthorised")]
    assert turns(record=two)[2:] == [("2026-10-10", "revoked")]


def test_a_roster_that_cannot_be_used_trusts_nobody(life: Life) -> None:
    record = life.signed("2026-10-05")
    life.write(".readiness/allowed_signers", "* ssh-ed25519 AAAA\n")
    life.on("2026-10-07", "Break")
    life.enroll()
    life.on("2026-10-08", "Mend")
    assert turns(record=record)[2:] == [("2026-10-07", "unauthorised"), ("2026-10-08", "valid")]


def test_a_rejection_is_told_with_its_reason(life: Life) -> None:
    record = life.signed("2026-10-05", decision="reject", reason="Section 4 is void.")
    assert turns(record=record) == [("2026-10-05", "rejected"), ("2026-10-05", "rejected")]
    assert told()["events"][1]["text"] == "Section 4 is void."


def test_a_revocation_without_effect_is_told_as_such(life: Life) -> None:
    record = life.signed("2026-10-05")
    by = life.revoked("2026-10-07", record, STRANGER)
    assert turns(record=record)[1:] == [("2026-10-05", "valid")]
    (event,) = [e for e in told()["events"] if e["record"] == by and e["what"] != "revocation"]
    assert (event["what"], event["code"]) == ("unauthorised", "may-not-revoke")
    assert event["text"].startswith("it has no effect: ")


def test_a_record_that_is_not_committed_is_told_as_such(life: Life) -> None:
    life.params.pop("covers")
    life.ask("2026-10-02")
    record = life.sign(at=at("2026-10-05"))
    assert [what for _day, what in turns(record=record)] == ["signed", "uncommitted"]


def test_a_record_that_was_deleted_is_told_with_the_commit_that_did_it(life: Life) -> None:
    record = life.signed("2026-10-05")
    by = life.revoked("2026-10-07", record)
    for place in life.files(by):
        place.unlink()
    commit = life.on("2026-10-09", "Delete the revocation", author=STRANGER)
    events = [e for e in told()["events"] if e["what"] == "violation"]
    assert {(e["record"], e["commit"], e["author"], e["code"]) for e in events} == {
        (by, commit, STRANGER, "record-deleted")
    }
    assert turns(record=record)[-1] == ("2026-10-07", "revoked")


def test_a_merge_brings_the_record_and_names_who_merged(life: Life) -> None:
    git(life.root, "switch", "-q", "-c", "review")
    record = life.signed("2026-10-05")
    git(life.root, "switch", "-q", "main")
    git(life.root, "merge", "-q", "--no-ff", "review", author="lead@example.com", date="2026-10-07T10:00:00Z")
    merge = git(life.root, "rev-parse", "HEAD").strip()
    (event,) = [e for e in told()["events"] if e["what"] == "valid"]
    assert (event["record"], event["at"], event["commit"], event["author"]) == (
        record, "2026-10-07T10:00:00Z", merge, "lead@example.com",
    )  # fmt: skip


def test_other_releases_and_environments_can_be_left_out(life: Life) -> None:
    here = life.signed("2026-10-05")
    life.environment = "staging"
    there = life.signed("2026-10-06")
    life.release = "2.9"
    earlier = life.signed("2026-10-07")
    assert {e["record"] for e in told()["events"]} == {"", here}
    assert {e["record"] for e in told("--env", "staging")["events"]} == {"", there, earlier}
    assert {e["record"] for e in told("--env", "staging", "--release", "2.9")["events"]} == {"", earlier}
    every = json.loads(run(ITEM, "--json").stdout)
    assert {e["record"] for e in every["events"]} == {"", here, there, earlier}
    assert {(s["release"], s["environment"]) for s in every["standing"]} == {
        ("3.0.0", "production"), ("3.0.0", "staging"), ("2.9", "staging"),
    }  # fmt: skip


def test_a_matrix_is_told_by_name(life: Life) -> None:
    life.params["each"] = ["escrow officer", "title agent"]
    life.ask("2026-10-02")
    life.signed("2026-10-05", each="title agent")
    found = told()
    assert {e["each"] for e in found["events"] if e["record"]} == {"title agent"}
    assert found["standing"][0]["status"] == "pending"
    assert "[title agent]" in run(ITEM, "--env", "production").stdout


def test_an_item_of_another_check_has_a_life_without_signatures(life: Life) -> None:
    life.items = [{"id": "tests", "title": "Tests pass", "check": "command", "with": {"run": "true"}}]
    life.ask("2026-10-03")
    result = run("tests", "--json")
    assert [(e["at"][:10], e["what"], e["text"]) for e in json.loads(result.stdout)["events"]] == [
        ("2026-10-03", "asked", "`Tests pass`, answered by command")
    ]


def test_an_unknown_item_is_refused_with_a_guess(life: Life) -> None:
    life.signed("2026-10-05")
    result = run("templates-revewed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean `templates-reviewed`?" in result.stderr


def test_outside_git_only_the_records_speak(life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    life.params.pop("covers")
    life.ask("2026-10-02")
    record = life.signed("2026-10-05", expires_at=at("2026-10-20"))
    shutil.copytree(life.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    monkeypatch.chdir(tmp_path / "copy")
    found = told()
    assert [(e["what"], e["record"]) for e in found["events"]] == [("signed", record), ("expired", record)]
    assert found["notes"] == ["there is no git history: only the records themselves can be shown"]


@pytest.mark.parametrize("deed", ["edits", "deletes"])
def test_a_sign_off_that_is_taken_away_is_told_up_to_then(life: Life, deed: str) -> None:
    record = life.signed("2026-10-05")
    place = life.root / record_path(record)
    if deed == "edits":
        place.write_bytes(place.read_bytes().replace(b"approve", b"approvE"))
    else:
        place.unlink()
    commit = life.on("2026-10-07", "Take it away", author=STRANGER)
    life.changed("2026-10-08")
    found = told()
    assert turns(record=record) == [("2026-10-05", "signed"), ("2026-10-05", "valid"), ("2026-10-07", "violation")]
    assert (found["events"][-1]["commit"], found["events"][-1]["author"]) == (commit, STRANGER)
    assert found["standing"][0]["status"] != "passed"


def test_text_from_a_record_cannot_speak_to_the_terminal(life: Life) -> None:
    life.signed("2026-10-05", meaning="::error::boo")
    git(life.root, "switch", "-q", "-c", "x")
    life.changed("2026-10-08", author="dev\x1b[31m@example.com")
    text = run(ITEM).stdout
    assert "\x1b" not in text
    assert "\\x1b[31m" in text


def test_someone_who_was_enrolled_later_does_not_count_before(life: Life) -> None:
    life.enroll(roster_line(PARALEGAL, key(PARALEGAL)))
    life.on("2026-10-03", "Without counsel")
    record = life.signed("2026-10-05")
    life.enroll()
    life.on("2026-10-08", "With counsel")
    assert turns(record=record)[1:] == [("2026-10-05", "unauthorised"), ("2026-10-08", "valid")]


def test_the_life_of_a_waiver(life: Life) -> None:
    life.items = [{"id": "tests", "title": "Tests pass", "check": "command", "with": {"run": "true"}}]
    life.more["policy"] = {"waivers": {"longest": {"blocker": "14d"}, "by": {"legal": ["*"]}}}
    life.ask("2026-10-03")
    one = life.waived("2026-10-05", "tests", "2026-10-15")
    two = life.waived("2026-10-06", "tests", "2026-10-18", PARALEGAL)
    life.revoked("2026-10-09", two, PARALEGAL)
    result = run("tests", "--json")
    events = [(e["at"][:10], e["what"], e["record"]) for e in json.loads(result.stdout)["events"][1:]]
    assert events == [
        ("2026-10-05", "waived", one),
        ("2026-10-05", "valid", one),
        ("2026-10-06", "waived", two),
        ("2026-10-06", "valid", two),
        ("2026-10-09", "revocation", events[4][2]),
        ("2026-10-09", "revoked", two),
        ("2026-10-15", "expired", one),
    ]
    assert "until 2026-10-15T10:00:00Z, asked for by dev@example.com: The vendor mends it." in " ".join(
        run("tests").stdout.split()
    )


def test_a_key_that_was_once_revoked_stays_void(life: Life) -> None:
    record = life.signed("2026-10-05")
    life.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    life.on("2026-10-07", "Revoke the key")
    life.write(".readiness/revoked_keys", "")
    life.on("2026-10-09", "Take it out")
    assert turns(record=record)[1:] == [("2026-10-05", "valid"), ("2026-10-07", "revoked")]


def test_each_day_is_judged_by_its_own_rules(life: Life) -> None:
    life.params["valid_for"] = "7d"
    life.ask("2026-10-04")
    record = life.signed("2026-10-05")
    life.params["valid_for"] = "60d"
    life.ask("2026-10-20")
    assert turns(record=record)[1:] == [("2026-10-05", "valid"), ("2026-10-12", "expired"), ("2026-10-20", "stale")]


def test_what_comes_late_counts_from_the_day_that_it_comes(life: Life) -> None:
    record = life.sign(at=at("2026-10-05"))
    life.on("2026-10-15", "Bring it late")
    assert turns(record=record)[1:] == [("2026-10-15", "valid")]
