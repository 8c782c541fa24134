"""The check `dependencies`: known answers, and nothing unknown, stale or unread is ever called clean."""

import json
import sys
import venv
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from pydantic import ValidationError

from readiness.outcome import Outcome
from readiness.testing import context, evaluate
from readiness_checks.dependencies import Dependencies, pip_audit
from support.osv_server import serve_osv

ADVISORIES = Path(__file__).parents[1] / "fixtures" / "advisories"
JSON = ADVISORIES / "json"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "osv" / "PyPI" / "all.zip"
KNOWN = "django==3.2.0\nrequests==2.19.0\njinja2==2.10\n"


def offline(root: Path, requirements: str, database: Path | str = JSON, **params: Any) -> Outcome:
    (root / "requirements.txt").write_text(requirements)
    given = {"requirements": "requirements.txt", "service": "offline", "database": str(database), **params}
    return evaluate(Dependencies, root, **given)


def rules(outcome: Outcome, level: str = "error") -> list[str]:
    return [finding.rule for finding in outcome.findings if finding.level == level]


def archive(path: Path, records: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in records.items():
            target.writestr(name, data)
    return path


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


def project(root: Path, text: str, **files: str) -> Outcome:
    (root / "pyproject.toml").write_text(text)
    for name, content in files.items():
        (root / name.replace("_", ".")).write_text(content)
    return evaluate(Dependencies, root, pyproject="pyproject.toml", service="offline", database=str(JSON))


PINNED = """
[project]
name = "x"
dependencies = ["sample-server==2.0"]
[project.optional-dependencies]
more = ["sample-client==1.2"]
[dependency-groups]
dev = ["sample-odd==1.0", {include-group = "other"}]
other = []
"""
UV = """
[[package]]
name = "sample-server"
version = "2.0"
source = { registry = "https://example.com/simple" }

[[package]]
name = "x"
source = { editable = "." }
"""


def test_a_project_with_exact_pins_is_judged_with_all_its_groups(tmp_path: Path) -> None:
    outcome = project(tmp_path, PINNED)
    assert (outcome.status, outcome.examined) == ("failed", 3)
    assert {finding.place for finding in outcome.findings} == {
        "pyproject.toml:4", "pyproject.toml:6", "pyproject.toml:8",
    }  # fmt: skip


def test_a_lock_file_is_read_in_place_of_open_requirements(tmp_path: Path) -> None:
    outcome = project(tmp_path, '[project]\nname = "x"\ndependencies = ["sample-server>=1"]\n', uv_lock=UV)
    assert (outcome.status, rules(outcome)) == ("failed", ["PYSEC-2099-2"])
    assert outcome.findings[0].place == "uv.lock:3"


def test_a_lock_file_that_lacks_a_declared_package_is_an_error(tmp_path: Path) -> None:
    outcome = project(tmp_path, '[project]\nname = "x"\ndependencies = ["sample-client>=1"]\n', uv_lock=UV)
    assert (outcome.status, rules(outcome)[0]) == ("error", "stale-lock")


def test_other_lock_files_are_read_too(tmp_path: Path) -> None:
    lock = '[[packages]]\nname = "sample-server"\nversion = "2.0"\n'
    assert project(tmp_path, '[project]\nname = "x"\n', pylock_toml=lock).status == "failed"


def test_the_lock_file_of_a_workspace_above_the_project_is_found(tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    (tmp_path / "uv.lock").write_text(UV)
    (tmp_path / "backend" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    params: dict[str, Any] = {"pyproject": "backend/pyproject.toml", "service": "offline", "database": str(JSON)}
    assert evaluate(Dependencies, tmp_path, **params).status == "failed"


def test_a_project_that_declares_no_dependencies_is_not_applicable(tmp_path: Path) -> None:
    assert project(tmp_path, '[project]\nname = "x"\n').status == "not_applicable"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml",
        "[tool.x]\n",
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n',
        '[project]\nname = "x"\ndependencies = ["sample-server"]\n',
        '[project]\nname = "x"\ndependencies = "sample-server"\n',
        '[project]\nname = "x"\ndependencies = [5]\n',
        "project = 5\n",
    ],
)
def test_a_project_that_cannot_be_judged_is_an_error(tmp_path: Path, text: str) -> None:
    assert project(tmp_path, text).status == "error"


def environment_of(root: Path, name: str) -> Outcome:
    params: dict[str, Any] = {"environment": name, "service": "offline", "database": str(JSON)}
    return evaluate(Dependencies, root, **params)


def test_the_packages_of_a_real_environment_are_listed_by_its_own_interpreter(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    folder = next((tmp_path / "venv").glob("lib/python*/site-packages")) / "sample_server-2.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: sample_server\nVersion: 2.0\n")
    outcome = environment_of(tmp_path, "venv")
    assert (outcome.status, outcome.examined, rules(outcome)) == ("failed", 1, ["PYSEC-2099-2"])


def test_an_environment_that_is_empty_missing_or_no_python_is_an_error(tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=False, symlinks=True)
    (tmp_path / "tool").write_text("#!/bin/sh\necho hello\n")
    (tmp_path / "tool").chmod(0o755)
    for name in ("empty", "missing", "tool", "."):
        assert environment_of(tmp_path, name).status == "error"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared advisory database is not beside the repository")
def test_the_known_answer_of_the_shared_database(tmp_path: Path) -> None:
    outcome = offline(tmp_path, KNOWN, SHARED, max_age="5200w")
    packages = [finding.fingerprint.split("@")[0] for finding in outcome.findings]
    assert [packages.count(name) for name in ("django", "requests", "jinja2")] == [25, 2, 2]
    assert (outcome.status, len(packages)) == ("failed", 29)
    assert outcome.findings[0].remedy == "upgrade django to 3.2.25"


def online(root: Path, requirements: str, url: str) -> Outcome:
    (root / "requirements.txt").write_text(requirements)
    return evaluate(Dependencies, root, requirements="requirements.txt", service="osv", osv_url=url)


def records_of(path: Path) -> list[dict[str, Any]]:
    if path.is_dir():
        return [json.loads(file.read_bytes()) for file in sorted(path.rglob("*.json")) if file.name != "OSV-5.json"]
    with zipfile.ZipFile(path) as source:
        return [json.loads(source.read(name)) for name in source.namelist()]


def test_a_real_pip_audit_against_a_loopback_server_agrees_with_the_offline_answer(tmp_path: Path) -> None:
    pins = "sample-server==2.0\nsample-client==1.4\nsample-client==1.5\n"
    records = records_of(JSON)
    for record in records:  # osv.dev serves normalised names
        for affected in record["affected"]:
            affected["package"]["name"] = canonicalize_name(affected["package"]["name"])
    with serve_osv(records) as url:
        outcome = online(tmp_path, pins, url)
    assert (outcome.status, outcome.examined) == ("failed", 3)
    local = offline(tmp_path, pins)
    assert len(local.findings) == 2
    assert {f.fingerprint for f in outcome.findings} == {f.fingerprint for f in local.findings}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared advisory database is not beside the repository")
def test_a_real_pip_audit_agrees_on_the_known_answer(tmp_path: Path) -> None:
    names = {"django", "requests", "jinja2"}
    records = [r for r in records_of(SHARED) if {a["package"]["name"] for a in r["affected"]} & names]
    for record in records:  # osv.dev serves times that end in Z, which pip-audit insists on
        record["published"] = record["published"].replace("+00:00", "Z")
    with serve_osv(records) as url:
        outcome = online(tmp_path, KNOWN, url)
    local = offline(tmp_path, KNOWN, SHARED, max_age="5200w")
    assert outcome.status == "failed", outcome.summary
    assert sorted(f.fingerprint for f in outcome.findings) == sorted(f.fingerprint for f in local.findings)


def test_a_service_that_cannot_be_reached_or_fails_is_an_error_that_names_it(tmp_path: Path) -> None:
    with serve_osv([]) as url:
        closed = url
    outcome = online(tmp_path, "sample-server==2.0\n", closed)
    assert outcome.status == "error"
    assert "could not reach 127.0.0.1:" in outcome.summary
    assert "service: offline" in outcome.remedy
    with serve_osv([], status=500) as url:
        assert online(tmp_path, "sample-server==2.0\n", url).status == "error"


def test_variables_of_the_environment_do_not_bend_pip_audit(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("sample-client==1.4\n")
    bent = {"PIP_AUDIT_FORMAT": "columns", "PIP_AUDIT_OUTPUT": "gone", "PIP_AUDIT_VULNERABILITY_SERVICE": "pypi"}
    with serve_osv(records_of(JSON)) as url:
        outcome = evaluate(
            Dependencies,
            tmp_path,
            using=context(tmp_path, environ=bent, now=datetime(2026, 11, 23, tzinfo=UTC)),
            requirements="requirements.txt",
            service="osv",
            osv_url=url,
        )
    assert rules(outcome) == ["PYSEC-2099-4"]


def test_a_package_folder_beside_the_requirements_cannot_pose_as_pip_audit(tmp_path: Path) -> None:
    (tmp_path / "pip_audit").mkdir()
    (tmp_path / "pip_audit" / "__main__.py").write_text("raise SystemExit(0)")
    with serve_osv(records_of(JSON)) as url:
        assert online(tmp_path, "sample-client==1.4\n", url).status == "failed"
    assert "pip_audit" not in sys.modules


def test_a_service_that_knows_no_package_is_blamed_before_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("a==1\nb==2\n")
    entries = [{"name": name, "skip_reason": "Dependency not found on PyPI"} for name in ("a", "b")]
    monkeypatch.setattr(pip_audit, "_run", lambda *_: entries)  # no index without PyPI's interface can run here
    outcome = evaluate(Dependencies, tmp_path, requirements="requirements.txt")
    assert (outcome.status, outcome.examined) == ("error", 0)
    assert outcome.summary.startswith("pypi answered for 0 of 2 packages")
    assert rules(outcome) == ["nothing-compared", "skipped", "skipped"]
    assert all(finding.place and finding.remedy for finding in outcome.findings)


def test_a_database_alone_means_that_it_is_asked(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("sample_server==2.0\n")
    outcome = evaluate(Dependencies, tmp_path, requirements="requirements.txt", database=str(JSON))
    assert outcome.status == "failed"
    assert outcome.summary == "1 known vulnerability in 1 of 1 package"


def test_a_file_that_names_no_package_is_named(tmp_path: Path) -> None:
    outcome = offline(tmp_path, "# nothing yet\n")
    assert (outcome.status, outcome.examined) == ("error", 0)
    assert outcome.summary == "requirements.txt names no package: nothing was judged"
