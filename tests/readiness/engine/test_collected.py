"""Collected outcomes are taken only for exactly what is judged; a folder that says anything else is refused."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness.engine import collected
from readiness.engine.collected import Collected, CollectedError
from readiness.outcome import Outcome, Status
from readiness.plugins import installed
from readiness.report import Report
from support.judge_attacks import attack
from support.report_values import STARTED, passed, plugin, report, result, signed

UNIT = result("unit", "Unit tests", "command", "All", passed("3 passed", 3, "tests"), duration=0.5)
MORE = result("more", "More tests", "command", "All", passed("1 passed", 1, "tests"), duration=0.1)
LATER = STARTED + timedelta(minutes=5)
DAY = timedelta(days=1)


def made(**subject: Any) -> Report:
    """A run of two items, each with the check that answered it."""
    run = report([UNIT, MORE], **subject)
    results = tuple(one.model_copy(update={"plugin": plugin(one.item.check)}) for one in run.results)
    return run.model_copy(update={"results": results})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "evidence"
    assert collected.write(place, made()) == 2
    return place


def forge(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest, as whoever holds the folder can."""
    place = folder / collected.MANIFEST
    said = json.loads(place.read_text(encoding="utf-8"))
    change(said)
    place.write_text(json.dumps(said), encoding="utf-8")


def answered(folder: Path, data: bytes) -> None:
    """Give the first item another file, as the manifest says it."""
    (folder / "0001.json").write_bytes(data)
    forge(folder, lambda said: said["items"][0].update(sha256=hashlib.sha256(data).hexdigest()))


def taken(folder: Path, *, longest: timedelta = DAY, after: timedelta = LATER - STARTED, **subject: Any) -> Outcome:
    """What is taken for the first item."""
    found = Collected(folder, longest)
    outcome, _ = found.outcome(UNIT.item, plugin("command"), made(**subject).subject, STARTED + after)
    assert bool(found.notices()) == (outcome.status is not Status.ERROR)
    return outcome


def test_an_outcome_is_taken_as_it_was_written_with_its_duration_and_marked_as_a_claim(folder: Path) -> None:
    run, found = made(), Collected(folder, DAY)
    assert found.notices() == []
    outcome, duration = found.outcome(UNIT.item, plugin("command"), run.subject, LATER)
    assert (outcome, duration) == (UNIT.outcome, 0.5)
    assert [one.collected for one in found.marked(run.results)] == [True, False]
    (notice,) = found.notices()
    assert notice.startswith("1 outcome of the job that collected, which ran code of the change: unit. ")


def test_what_the_base_excuses_is_written_as_it_is(tmp_path: Path) -> None:
    """Which failures `no_worse_than` excuses is decided where it is judged."""
    failed = Outcome(status=Status.FAILED, summary="2 failed", examined=3, unit="tests", remedy="mend them")
    run = made()
    results = (run.results[0].model_copy(update={"absolute": failed}), run.results[1])
    collected.write(tmp_path / "evidence", run.model_copy(update={"results": results}))
    assert taken(tmp_path / "evidence") == failed


def test_what_was_not_selected_is_not_written(tmp_path: Path) -> None:
    run = made()
    results = (run.results[0], run.results[1].model_copy(update={"selected": False}))
    assert collected.write(tmp_path / "evidence", run.model_copy(update={"results": results})) == 1


@attack("Collected outcomes are changed, or some are left out")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda m: m["items"].clear(), "was not collected"),
        (lambda m: m["items"].pop(0), "was not collected"),
        (lambda m: m["items"][0].update(id="Unit"), "was not collected"),
        (lambda m: m["items"][0].update(digest="sha256:0"), "another title, check or parameters"),
        (lambda m: m["items"][0].update(digest=m["items"][1]["digest"]), "another title, check or parameters"),
        (lambda m: m["items"][0]["plugin"].update(version="0"), "another version of the check"),
        (lambda m: m["items"][0]["plugin"].update(distribution="acme"), "another version of the check"),
        (lambda m: m["items"][0].update(plugin=None), "another version of the check `command`, or by no check"),
        (lambda m: m["items"][0].update(sha256="0"), "is not the one that was collected"),
        (lambda m: m["items"][0].update(file="0002.json"), "is not the one that was collected"),
        (lambda m: m["items"][0].update(file="0009.json"), "cannot be read"),
        (lambda m: m["subject"].update(commit="0" * 40), "for commit 0000000000, not for this one"),
        (lambda m: m["subject"].update(commit=""), "for commit (none), not for this one"),
        (lambda m: m["subject"].update(dirty=True), "were not committed"),
        (lambda m: m["subject"].update(dirty=None), "were not committed"),
        (lambda m: m["subject"].update(checklist_sha256="0"), "another checklist"),
        (lambda m: m["subject"].update(checklist="sub/readiness.yaml"), "another checklist"),
        (lambda m: m["subject"].update(environment="x"), "another environment"),
        (lambda m: m["subject"].update(release="2"), "another release"),
        (lambda m: m["subject"].update(project="p"), "another project"),
        (lambda m: m.update(collected_at="2999-01-01T00:00:00Z"), "in the future"),
        (lambda m: m.update(collected_at="2026-11-22T10:19:59Z"), "at 2026-11-22T10:19:59Z, more than 1d ago"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_outcomes_that_are_not_for_what_is_judged_are_errors(
    folder: Path, change: Callable[[dict[str, Any]], object], why: str
) -> None:
    forge(folder, change)
    found = taken(folder)
    assert found.status is Status.ERROR
    assert why in found.summary
    assert "collect again" in found.remedy


def test_an_outcome_is_good_to_the_last_moment_of_its_time(folder: Path) -> None:
    assert taken(folder, after=DAY).status is Status.PASSED
    assert taken(folder, after=DAY + timedelta(microseconds=1)).status is Status.ERROR
    assert taken(folder, after=timedelta()).status is Status.PASSED


def test_without_a_commit_nothing_is_taken(folder: Path) -> None:
    forge(folder, lambda said: said["subject"].update(commit=""))
    assert taken(folder, commit="").status is Status.ERROR


def said(**outcome: Any) -> dict[str, Any]:
    return {"status": "passed", "summary": "s", **outcome}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"outcome": said(status="skipped"), "duration": 1.0}, "was skipped where it was collected"),
        ({"outcome": {"status": "passed"}, "duration": 1.0}, "holds no outcome"),
        ({"outcome": said(status="fine"), "duration": 1.0}, "holds no outcome"),
        ({"outcome": said(examined=-1), "duration": 1.0}, "holds no outcome"),
        ({"outcome": said(), "duration": -1.0}, "holds no outcome"),
        ({"outcome": said()}, "holds no outcome"),
        ({"duration": 1.0}, "holds no outcome"),
        ({"outcome": said(), "duration": 1.0, "waiver": "w"}, "holds no outcome"),
        ([], "holds no outcome"),
        ({"outcome": signed("legal").model_dump(mode="json"), "duration": 1.0}, "claims sign-offs"),
    ],
    ids=str,
)
def test_an_outcome_that_no_check_gives_is_an_error(folder: Path, answer: Any, why: str) -> None:
    answered(folder, json.dumps(answer).encode())
    found = taken(folder)
    assert found.status is Status.ERROR
    assert why in found.summary


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"null", b"[" * 100_000], ids=len)
def test_a_file_that_is_no_json_is_an_error(folder: Path, data: bytes) -> None:
    answered(folder, data)
    assert "holds no outcome" in taken(folder).summary


def test_a_file_that_is_a_link_a_folder_or_too_large_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder / "0001.json"
    place.rename(folder / "elsewhere.json")
    place.symlink_to("elsewhere.json")
    assert "0001.json cannot be read: there is no such file" in taken(folder).summary
    place.unlink()
    place.mkdir()
    assert "0001.json cannot be read: there is no such file" in taken(folder).summary
    place.rmdir()
    (folder / "elsewhere.json").rename(place)
    assert taken(folder).status is Status.PASSED
    reader = Collected(folder, DAY)
    monkeypatch.setattr(collected, "_LARGEST", 10)
    outcome, _ = reader.outcome(UNIT.item, plugin("command"), made().subject, LATER)
    assert "cannot be read: it is too large" in outcome.summary


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda m: m["items"].append(m["items"][0]), "names an item twice"),
        (lambda m: m["items"][0].update(file="../0001.json"), "is no manifest that this version can read"),
        (lambda m: m["items"][0].update(file="0001.json\n"), "is no manifest that this version can read"),
        (lambda m: m.update(version=2), "is no manifest that this version can read"),
        (lambda m: m.update(collected_at="2026-11-23T10:15:00"), "is no manifest that this version can read"),
        (lambda m: m.update(verdict="GO"), "is no manifest that this version can read"),
    ],
    ids=["twice", "elsewhere", "line break", "newer", "no time zone", "more"],
)
def test_a_manifest_that_says_more_or_less_is_refused(
    folder: Path, change: Callable[[dict[str, Any]], object], why: str
) -> None:
    forge(folder, change)
    with pytest.raises(CollectedError, match=why):
        Collected(folder, DAY)


def test_a_place_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "evidence").touch()
    with pytest.raises(CollectedError, match="cannot be written: "):
        collected.write(tmp_path / "evidence", made())


def test_ten_names_are_told_and_the_others_counted(tmp_path: Path) -> None:
    run = report([result(f"item-{n:02}", "T", "command", "All", UNIT.outcome) for n in range(12)])
    results = tuple(one.model_copy(update={"plugin": plugin("command")}) for one in run.results)
    collected.write(tmp_path / "evidence", run.model_copy(update={"results": results}))
    found = Collected(tmp_path / "evidence", DAY)
    for one in results:
        found.outcome(one.item, plugin("command"), run.subject, LATER)
    assert "item-08, item-09 and 2 more" in found.notices()[0]


def test_another_name_of_the_same_check_asks_for_the_same_outcome(tmp_path: Path) -> None:
    """Names of one entry point of one distribution stand for one check."""
    installed_here = installed("readiness.checks")
    unit = result("unit", "Unit tests", "junit", "All", passed("3 passed", 3, "tests"))
    run = report([unit.model_copy(update={"plugin": installed_here["junit"]})])
    collected.write(tmp_path / "evidence", run)
    for name, status in (("test-results", Status.PASSED), ("coverage", Status.ERROR)):
        asked = unit.item.model_copy(update={"check": name})
        found = Collected(tmp_path / "evidence", DAY)
        assert found.outcome(asked, installed_here[name], run.subject, LATER)[0].status is status
