"""The check `dependencies` asks a real pip-audit, and agrees with it offline."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from readiness.outcome import Outcome
from readiness.testing import context, evaluate
from readiness_checks.dependencies import Dependencies, pip_audit
from support.advisories import JSON, PINS_WITH_A_KNOWN_ANSWER, archive, known, offline, rules
from support.osv_server import serve_osv


def online(root: Path, requirements: str, url: str) -> Outcome:
    (root / "requirements.txt").write_text(requirements)
    return evaluate(Dependencies, root, requirements="requirements.txt", service="osv", osv_url=url)


def sample() -> list[dict[str, Any]]:
    return [json.loads(file.read_bytes()) for file in sorted(JSON.rglob("*.json")) if file.name != "OSV-5.json"]


def test_a_real_pip_audit_against_a_loopback_server_agrees_with_the_offline_answer(tmp_path: Path) -> None:
    pins = "sample-server==2.0\nsample-client==1.4\nsample-client==1.5\n"
    records = sample()
    for record in records:  # osv.dev serves normalised names
        for affected in record["affected"]:
            affected["package"]["name"] = canonicalize_name(affected["package"]["name"])
    with serve_osv(records) as url:
        outcome = online(tmp_path, pins, url)
    assert (outcome.status, outcome.examined) == ("failed", 3)
    local = offline(tmp_path, pins)
    assert len(local.findings) == 2
    assert {f.fingerprint for f in outcome.findings} == {f.fingerprint for f in local.findings}


def test_a_real_pip_audit_agrees_on_the_known_answer(tmp_path: Path) -> None:
    with serve_osv(known()) as url:
        outcome = online(tmp_path, PINS_WITH_A_KNOWN_ANSWER, url)
    records = {f"{record['id']}.json": json.dumps(record).encode() for record in known()}
    local = offline(tmp_path, PINS_WITH_A_KNOWN_ANSWER, archive(tmp_path / "all.zip", records), max_age="5200w")
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
    with serve_osv(sample()) as url:
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
    with serve_osv(sample()) as url:
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
