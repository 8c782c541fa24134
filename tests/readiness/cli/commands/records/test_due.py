"""`readiness records due`: what lapses within a time, who has to act, and what has lapsed and is needed now."""

import json
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from support.lives import ITEM, Life, asked, at
from support.made_once import copied
from support.producers import CI, OTHER, producer_line
from support.signing import COUNSEL, PARALEGAL, STRANGER, key, public, roster_line


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    life = copied(asked, tmp_path / "deedpro")
    monkeypatch.chdir(life.root)
    return life


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, ["records", "due", *args])
    assert "Traceback" not in result.output
    return result


def due(day: str, *args: str, code: int = 0) -> list[dict[str, Any]]:
    """What is due on a day, within 30 days of it."""
    result = run("--json", "--env", "production", "--as-of", day, *args)
    assert result.exit_code == code, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["due"]
    return found


def brief(day: str, *args: str) -> list[tuple[str, str, int, bool, bool]]:
    return [(e["what"], e["who"], e["days_left"], e["lapsed"], e["holds"]) for e in due(day, *args)]


def test_a_sign_off_is_due_by_its_own_expiry(life: Life) -> None:
    record = life.signed("2026-10-05", expires_at=at("2026-11-05"))
    assert due("2026-10-05") == []
    (entry,) = due("2026-10-10T10:00:00Z")
    assert entry == {
        "at": "2026-11-05T10:00:00Z",
        "days_left": 26,
        "lapsed": False,
        "what": "signoff",
        "text": f"sign-off of {ITEM} by {COUNSEL}",
        "holds": True,
        "who": COUNSEL,
        "role": "legal",
        "item": ITEM,
        "release": "3.0.0",
        "environment": "production",
        "each": "",
        "scope": "release",
        "record": record,
        "next": f"review it again, then run `readiness sign {ITEM} --env production`",
    }


def test_and_by_the_policy_of_the_item_where_that_is_earlier(life: Life) -> None:
    life.signed("2026-10-05", expires_at=at("2027-10-05"))
    life.params["valid_for"] = "14d"
    life.ask("2026-10-01")
    life.signed("2026-10-06", PARALEGAL)
    (entry,) = due("2026-10-07")
    assert (entry["at"], entry["who"]) == ("2026-10-20T10:00:00Z", PARALEGAL)


@pytest.mark.parametrize(
    ("within", "found"), [("26d", 0), ("27d", 1), ("4w", 1), ("2026-11-04", 0), ("2026-11-05", 1), ("648h", 1)]
)
def test_how_far_to_look_is_a_length_of_time_or_a_day(life: Life, within: str, found: int) -> None:
    life.signed("2026-10-05", expires_at=at("2026-11-05"))
    assert len(due("2026-10-09T10:00:00Z", "--within", within)) == found


@pytest.mark.parametrize("within", ["soon", "30", "-3d", "2026-13-01", "2026-10-01", ""])
def test_anything_else_is_refused(life: Life, within: str) -> None:
    life.signed("2026-10-05", expires_at=at("2026-11-05"))
    result = run("--as-of", "2026-10-09", "--within", within)
    assert result.exit_code == 2
    assert "next: write for instance 30d, or 2026-12-31" in result.stderr


def test_what_lapsed_is_told_as_long_as_it_is_needed(life: Life) -> None:
    life.signed("2026-10-05", expires_at=at("2026-10-20"))
    assert brief("2026-10-25T10:00:00Z") == [("signoff", COUNSEL, -5, True, True)]
    life.signed("2026-10-26", PARALEGAL, expires_at=at("2027-10-20"))
    assert brief("2026-10-27") == []


def test_what_lapses_beside_another_one_holds_nothing_up(life: Life) -> None:
    life.signed("2026-10-05", expires_at=at("2026-10-20"))
    life.signed("2026-10-05", PARALEGAL, expires_at=at("2026-10-22"))
    assert [(who, holds) for _what, who, _left, _lapsed, holds in brief("2026-10-06")] == [
        (COUNSEL, False),
        (PARALEGAL, True),
    ]


def test_a_quorum_is_lost_with_its_first(life: Life) -> None:
    life.params["quorum"] = 2
    life.ask("2026-10-02")
    life.signed("2026-10-05", expires_at=at("2026-10-20"))
    life.signed("2026-10-05", PARALEGAL, expires_at=at("2026-10-22"))
    assert [holds for *_rest, holds in brief("2026-10-06")] == [True, True]


def test_a_matrix_names_what_to_sign_again(life: Life) -> None:
    life.params["each"] = ["escrow officer", "title agent"]
    life.ask("2026-10-02")
    life.signed("2026-10-05", each="title agent", expires_at=at("2026-10-20"))
    (entry,) = due("2026-10-06")
    assert (entry["each"], entry["holds"]) == ("title agent", True)
    assert f"`readiness sign {ITEM} --env production --each 'title agent'`" in entry["next"]


@pytest.mark.parametrize("ends", ["revoked", "stale"])
def test_what_does_not_count_anyway_cannot_lapse(life: Life, ends: str) -> None:
    record = life.signed("2026-10-05", expires_at=at("2026-10-20"))
    if ends == "revoked":
        life.revoked("2026-10-06", record)
    else:
        life.changed("2026-10-06")
    assert due("2026-10-07") == []


def test_a_rejection_never_lapses(life: Life) -> None:
    life.signed("2026-10-05", decision="reject", reason="Section 4", expires_at=at("2026-10-20"))
    assert due("2026-10-06") == []
    assert due("2026-11-06") == []


def test_other_releases_are_history_unless_asked_for(life: Life) -> None:
    life.release = "2.9"
    life.signed("2026-10-05", expires_at=at("2026-10-20"))
    assert due("2026-10-06") == []
    (entry,) = due("2026-10-06", "--release", "2.9")
    words = shlex.split(entry["next"].split("`")[1])
    assert words == ["readiness", "sign", ITEM, "--env", "production", "--release", "2.9"]


def test_every_environment_counts_unless_one_is_chosen(life: Life) -> None:
    life.environment = "staging"
    life.signed("2026-10-05", expires_at=at("2026-10-20"))
    assert due("2026-10-06") == []
    every = json.loads(run("--json", "--as-of", "2026-10-06").stdout)["due"]
    assert [entry["environment"] for entry in every] == ["staging"]


def test_an_unknown_environment_is_refused(life: Life) -> None:
    life.signed("2026-10-05")
    result = run("--env", "prodction")
    assert (result.exit_code, "did you mean `production`?" in result.stderr) == (2, True)


def test_a_persons_last_key(life: Life) -> None:
    second = key("second")
    lines = [
        roster_line(COUNSEL, key(COUNSEL), before="20261101Z"),
        roster_line(COUNSEL, second, before="20261110Z"),
        roster_line(PARALEGAL, key(PARALEGAL), before="20261201Z"),
        roster_line(STRANGER, key(STRANGER), before="20261020Z"),
    ]
    life.enroll("".join(lines))
    life.on("2026-10-02", "Renew the roster")
    (entry,) = due("2026-10-15T00:00:00Z")
    assert (entry["what"], entry["at"], entry["who"], entry["days_left"]) == (
        "key",
        "2026-11-10T00:00:00Z",
        COUNSEL,
        26,
    )
    assert (entry["holds"], entry["text"]) == (False, f"last key of {COUNSEL}, who holds legal")
    assert ".readiness/allowed_signers, or move valid-before in line 2" in entry["next"]
    assert brief("2026-11-15T00:00:00Z") == [("key", COUNSEL, -5, True, False), ("key", PARALEGAL, 16, False, True)]


def test_a_quorum_that_an_environment_names_counts_for_keys(life: Life) -> None:
    life.params["quorum"] = "${people}"
    life.more = {"environments": {"production": {"people": 2}, "staging": {"people": 1}}}
    life.ask("2026-10-01")
    keys = [roster_line(COUNSEL, key(COUNSEL), before="20261020Z"), roster_line(PARALEGAL, key(PARALEGAL))]
    life.enroll("".join(keys))
    life.on("2026-10-02", "Renew the roster")
    assert brief("2026-10-15T00:00:00Z") == [("key", COUNSEL, 5, False, True)]


def test_a_key_of_a_role_that_no_item_needs_is_nobodys_business(life: Life) -> None:
    life.enroll("".join(roster_line(p, key(p), before="20261020Z") for p in (STRANGER,)))
    life.on("2026-10-02", "Renew the roster")
    assert due("2026-10-15") == []


def test_a_revoked_key_does_not_keep_a_person_able_to_sign(life: Life) -> None:
    second = key("second")
    lines = [roster_line(COUNSEL, key(COUNSEL), before="20261020Z"), roster_line(COUNSEL, second, before="20351020Z")]
    life.enroll("".join(lines))
    life.write(".readiness/revoked_keys", public(second).line + "\n")
    life.on("2026-10-02", "Renew the roster")
    assert brief("2026-10-15T00:00:00Z") == [("key", COUNSEL, 5, False, True)]


def test_a_waiver_is_due_and_stays_told_when_it_has_lapsed(life: Life) -> None:
    life.items = [{"id": "tests", "title": "Tests pass", "check": "command", "with": {"run": "true"}}]
    life.more["policy"] = {"waivers": {"longest": {"blocker": "14d"}, "by": {"legal": ["*"]}}}
    life.ask("2026-10-03")
    record = life.waived("2026-10-05", "tests", "2026-10-15")
    (entry,) = due("2026-10-06T10:00:00Z")
    assert (entry["what"], entry["record"], entry["days_left"], entry["holds"]) == ("waiver", record, 9, True)
    assert entry["next"] == "fix the item; where it is still waived, run `readiness waive tests --env production`"
    assert brief("2026-10-16T10:00:00Z") == [("waiver", COUNSEL, -1, True, True)]
    life.waived("2026-10-17", "tests", "2026-10-30", PARALEGAL)
    assert brief("2026-10-18T10:00:00Z") == [("waiver", PARALEGAL, 12, False, True)]
    life.items = []
    life.more.pop("policy")
    life.ask("2026-10-19")
    assert brief("2026-10-20") == []


def test_what_cannot_be_told_is_never_nothing(life: Life) -> None:
    life.signed("2026-10-05", expires_at=at("2027-10-20"))
    life.params["covers"] = ["gone/**"]
    life.ask("2026-10-06")
    assert due("2026-10-07", code=3) == []
    result = run("--env", "production", "--as-of", "2026-10-07")
    assert result.exit_code == 3
    assert f"cannot be told: {ITEM} for 3.0.0 production: `covers` matches no file" in result.stdout
    assert result.stdout.endswith("1 thing cannot be told\n")


def test_a_checklist_that_cannot_be_read_is_an_error(life: Life) -> None:
    life.write("readiness.yaml", "version: 2\n")
    life.on("2026-10-06", "Break")
    assert run("--as-of", "2026-10-07").exit_code == 2
    assert run().exit_code == 2


def test_the_exit_code_speaks_only_when_asked(life: Life) -> None:
    life.signed("2026-10-05", expires_at=at("2026-10-20"))
    assert run("--as-of", "2026-10-06").exit_code == 0
    assert run("--as-of", "2026-10-06", "--exit-code").exit_code == 1
    assert run("--as-of", "2026-10-06", "--exit-code", "--within", "3d").exit_code == 0


def test_the_text_says_who_what_and_when(life: Life) -> None:
    life.signed("2026-10-05", expires_at=at("2026-10-20"))
    life.signed("2026-10-05", PARALEGAL, expires_at=at("2026-10-12"))
    lines = run("--env", "production", "--as-of", "2026-10-11T09:00:00Z").stdout.splitlines()[1:]
    again = f"{'':40}next: review it again, then run `readiness sign {ITEM} --env production`"
    assert lines == [
        f"2026-10-12 10:00Z  in 25 hours          sign-off of {ITEM} by {PARALEGAL} for 3.0.0 production",
        again,
        f"2026-10-20 10:00Z  in 9 days            sign-off of {ITEM} by {COUNSEL} for 3.0.0 production;",
        f"{'':40}the item is held up from then on",
        again,
        "2 lapse until 2026-11-10T09:00:00Z",
    ]


def test_now_is_now(life: Life) -> None:
    life.signed("2026-10-05", expires_at=datetime.now(UTC) + timedelta(days=3))
    found = json.loads(run("--json", "--env", "production").stdout)
    assert found["as_of"] is None
    assert [entry["days_left"] for entry in found["due"] if entry["what"] == "signoff"] == [2]


def test_the_last_key_of_a_producer(life: Life) -> None:
    life.roles["ci"] = (CI, OTHER)
    people = "".join(roster_line(person, key(person)) for person in (COUNSEL, PARALEGAL))
    life.enroll(people + producer_line(CI, before="20261020Z") + producer_line(OTHER))
    life.ask("2026-10-02")
    assert due("2026-10-15T00:00:00Z") == [], "no item needs it"
    junit = {"id": "unit", "title": "Unit", "check": "junit", "producer": "ci", "with": {"paths": ["unit.xml"]}}
    life.items.append(junit)
    life.ask("2026-10-03")
    (entry,) = due("2026-10-15T00:00:00Z")
    assert (entry["who"], entry["text"]) == (CI, f"last key for evidence of {CI}, who holds ci")
    assert (entry["holds"], entry["lapsed"]) == (False, False), "another producer is left"
