"""The check `dependencies`: known answers, and nothing unknown, stale or unread is ever called clean."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.testing import evaluate
from readiness_checks.dependencies import Dependencies
from support.advisories import ADVISORIES, JSON, PINS_WITH_A_KNOWN_ANSWER, archive, known, offline, rules


def test_a_vulnerable_package_is_named_with_place_aliases_severity_and_remedy(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "# pins\nsample_server==2.0\n")
    assert outcome.status == "failed"
    (finding,) = outcome.findings
    assert finding.rule == "PYSEC-2099-2"
    assert finding.place == "requirements.txt:2"
    assert "CVE-2099-0001" in finding.message
    assert "severity high" in finding.message
    assert finding.remedy == "upgrade sample-server to 2.10"
    assert finding.link == "https://osv.dev/vulnerability/PYSEC-2099-2"


def test_versions_that_are_not_affected_pass_and_the_database_is_described(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "sample-server==1.5.2\nsample-client==1.4.1\n")
    assert (outcome.status, outcome.examined, outcome.unit) == ("passed", 2, "packages")
    numbers = {measurement.name: measurement.value for measurement in outcome.measurements}
    assert numbers["entries of the database"] == 5
    assert numbers["date of the database"] == "2026-11-10"
    assert {evidence.name for evidence in outcome.evidence} >= {"requirements.txt"}
    assert all(evidence.sha256 for evidence in outcome.evidence)


def test_a_package_that_the_database_does_not_know_is_named_apart_and_not_counted(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "sample-client==2.0\nreqeusts==2.0\n")
    assert (outcome.status, outcome.examined) == ("passed", 1)
    (note,) = [finding for finding in outcome.findings if finding.rule == "unknown-package"]
    assert "reqeusts" in note.message
    assert "1 more is unknown" in outcome.summary


def test_when_all_packages_are_unknown_nothing_was_compared(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "nobody-knows==1.0\n")
    assert (outcome.status, outcome.examined) == ("error", 0)
    assert "nothing-compared" in rules(outcome)


def test_one_requirement_without_a_version_makes_it_an_error_with_file_and_line(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "sample-client==2.0\nsample-server>=1\n")
    assert outcome.status == "error"
    assert [finding.place for finding in outcome.findings if finding.rule == "unpinned"] == ["requirements.txt:2"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff\n", "--index-url https://example.com\n"])
def test_no_packages_is_an_error(tmp_path: Path, text: str) -> None:
    assert offline(tmp_path, text).status == "error"


def test_a_missing_requirements_file_is_an_error(tmp_path: Path) -> None:
    outcome = evaluate(Dependencies, tmp_path, requirements="gone.txt", service="offline", database=str(JSON))
    assert (outcome.status, "gone.txt does not exist" in outcome.summary) == ("error", True)


def test_an_old_database_is_an_error_that_still_tells_what_it_found(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "sample-server==2.0\n", max_age="5d")
    assert outcome.status == "error"
    assert rules(outcome) == ["stale-database", "PYSEC-2099-2"]
    assert "13 days ago" in outcome.summary


def test_an_entry_from_the_future_does_not_make_a_database_fresh(tmp_path: Path) -> None:
    future = {"id": "X-1", "modified": "2999-01-01T00:00:00Z", "affected": []}
    old = json.loads((JSON / "OSV-4.json").read_text())
    records = {"a.json": json.dumps(future).encode(), "b.json": json.dumps(old).encode()}
    outcome = offline(tmp_path, "sample-client==2.0\n", archive(tmp_path / "all.zip", records))
    assert (outcome.status, rules(outcome)) == ("error", ["stale-database"])


@pytest.mark.parametrize("name", ["broken.json", "broken.yaml"])
@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"{}", b"\xff\xfe\xff", b"[" * 60_000])
def test_one_entry_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, name: str, data: bytes) -> None:
    records = {"good.json": (JSON / "OSV-1.json").read_bytes(), f"sub/{name}": data}
    outcome = offline(tmp_path, "sample-server==1.5.2\n", archive(tmp_path / "all.zip", records))
    assert (outcome.status, f"sub/{name}" in outcome.summary) == ("error", True)


def test_a_damaged_cut_off_or_swollen_archive_is_an_error(tmp_path: Path) -> None:
    whole = archive(tmp_path / "all.zip", {"a.json": (JSON / "OSV-1.json").read_bytes()})
    data = bytearray(whole.read_bytes())
    (tmp_path / "cut.zip").write_bytes(data[: len(data) // 2])
    data[60] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(data)
    archive(tmp_path / "bomb.zip", {"a.json": b" " * (9 * 2**20)})
    archive(tmp_path / "empty.zip", {"README": b""})
    for name in ("cut.zip", "flipped.zip", "bomb.zip", "empty.zip", "missing.zip"):
        outcome = offline(tmp_path, "sample-server==1.5.2\n", tmp_path / name)
        assert (outcome.status, name in outcome.summary) == ("error", True)


@pytest.mark.parametrize(
    ("mark", "distance", "value"),
    [
        (b"PK\x01\x02", 9, 0x08),  # the name claims to be UTF-8
        (b"PK\x01\x02", 6, 0xEB),  # the version of the format
        (b"PK\x01\x02", 10, 0x63),  # the method
        (b"PK\x01\x02", 8, 0x01),  # encrypted
        (b"PK\x05\x06", 16, 0xFF),  # the place of the directory
        (b"PK\x05\x06", 12, 0xFF),  # its size
    ],
)
def test_every_damage_of_an_archive_is_told_in_the_words_of_the_check(
    tmp_path: Path, mark: bytes, distance: int, value: int
) -> None:
    whole = archive(tmp_path / "all.zip", {"\xe4.json": (JSON / "OSV-1.json").read_bytes()}).read_bytes()
    data = bytearray(whole.replace("\xe4".encode(), b"\xe4\xe4"))
    data[data.index(mark) + distance] = value
    (tmp_path / "all.zip").write_bytes(data)
    outcome = offline(tmp_path, "sample-server==2.0\n", tmp_path / "all.zip")
    assert outcome.status == "error"
    assert "all.zip" in outcome.summary
    assert "download the database again" in outcome.remedy


@pytest.mark.parametrize(
    "text",
    [
        "id: X\nmodified: 2026-11-01T00:00:00Z\naffected: []\nid: Y\n",
        "id: X\nmodified: 2026-11-01T00:00:00Z\naffected: []\naliases: &a ["
        + "x," * 2000
        + "]\nb: ["
        + "*a," * 2000
        + "]\n",
        "id: X\nmodified: 2026-11-01T00:00:00Z\n",
        "id: X\nmodified: 2026-11-01T00:00:00Z\naffected: []",
    ],
)
def test_a_record_in_yaml_that_is_ambiguous_swollen_or_cut_off_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "known").mkdir()
    (tmp_path / "known" / "x.yaml").write_text(text)
    outcome = offline(tmp_path, "sample-server==2.0\n", tmp_path / "known")
    assert outcome.status == "error"
    assert outcome.summary.startswith("entry x.yaml of the database known cannot be read: ")


def test_a_folder_an_archive_and_a_yaml_tree_answer_alike(tmp_path: Path) -> None:
    records = {path.name: path.read_bytes() for path in JSON.rglob("*.json")}
    zipped = offline(tmp_path, "sample-server==2.0\n", archive(tmp_path / "all.zip", records))
    assert rules(zipped) == rules(offline(tmp_path, "sample-server==2.0\n")) == ["PYSEC-2099-2"]
    tree = ADVISORIES / "pysec"
    assert rules(offline(tmp_path, "sample-yaml==1.9\n", tree)) == ["PYSEC-2099-10"]
    assert offline(tmp_path, "sample-yaml==1.10\n", tree).status == "passed"
    assert offline(tmp_path, "sample-yaml==1.1\n", tree).status == "passed"


def test_an_ignore_counts_until_the_end_of_its_last_day_by_any_alias(tmp_path: Path) -> None:
    ignore = [{"id": "cve-2099-0001", "reason": "the header is stripped by the proxy", "until": "2026-11-23"}]
    outcome = offline(tmp_path, "sample-server==2.0\n", ignore=ignore)
    assert outcome.status == "passed"
    assert "accepted until 2026-11-23: the header is stripped" in outcome.findings[0].message


def test_an_ignore_that_has_ended_no_longer_counts_and_says_so(tmp_path: Path) -> None:
    ignore = [{"id": "CVE-2099-0001", "reason": "soon mended", "until": "2026-11-22"}]
    outcome = offline(tmp_path, "sample-server==2.0\n", ignore=ignore)
    assert (outcome.status, rules(outcome)) == ("failed", ["PYSEC-2099-2"])
    assert "ended on 2026-11-22" in outcome.findings[1].message


def test_an_ignore_that_matches_nothing_is_noted(tmp_path: Path) -> None:
    ignore = [{"id": "CVE-1", "reason": "x", "until": "2027-01-01"}]
    outcome = offline(tmp_path, "sample-client==2.0\n", ignore=ignore)
    assert [(f.level, f.message) for f in outcome.findings] == [("note", "the ignore of CVE-1 matches nothing")]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"requirements": "a", "pyproject": "b"},
        {"requirements": "a", "service": "offline"},
        {"requirements": "a", "service": "osv", "database": "x"},
        {"requirements": []},
        {"requirements": "a", "ignore": [{"id": "X", "reason": " ", "until": "2027-01-01"}]},
        {"requirements": "a", "ignore": [{"id": "X", "reason": "y"}]},
    ],
)
def test_parameters_that_make_no_sense_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Dependencies, tmp_path, **params)


def test_the_known_answer_of_a_database_of_three_packages(tmp_path: Path) -> None:
    records = {f"{record['id']}.json": json.dumps(record).encode() for record in known()}
    outcome = offline(tmp_path, PINS_WITH_A_KNOWN_ANSWER, archive(tmp_path / "all.zip", records), max_age="5200w")
    packages = [finding.fingerprint.split("@")[0] for finding in outcome.findings]
    assert [packages.count(name) for name in ("django", "requests", "jinja2")] == [25, 2, 2]
    assert (outcome.status, len(packages)) == ("failed", 29)
    assert outcome.findings[0].remedy == "upgrade django to 3.2.25"


def test_a_database_alone_means_that_it_is_asked(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("sample_server==2.0\n")
    outcome = evaluate(Dependencies, tmp_path, requirements="requirements.txt", database=str(JSON))
    assert outcome.status == "failed"
    assert outcome.summary == "1 known vulnerability in 1 of 1 package"


def test_a_file_that_names_no_package_is_named(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "# nothing yet\n")
    assert (outcome.status, outcome.examined) == ("error", 0)
    assert outcome.summary == "requirements.txt names no package: nothing was judged"
