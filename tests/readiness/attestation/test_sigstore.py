"""An implementation that shares nothing with ours, npm's `@sigstore/verify`, on the bundles that are written."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.attestation.envelope import sign
from readiness.attestation.keys import load_signing_key
from readiness.attestation.signed_evidence import evidence_statement
from readiness.testing import NOW
from support.system import absent, need
from support.verdict_keys import private, public
from support.verdicts import conditional, envelope, go, write

HERE = Path(__file__).parent / "sigstore"
Ask = Callable[[Path, Path], subprocess.CompletedProcess[str]]


@pytest.fixture
def ask() -> Ask:
    node = need("node")
    if not (HERE / "node_modules" / "@sigstore" / "verify").is_dir():
        absent("`@sigstore/verify` is not installed: `make verifiers`")

    def run(bundle: Path, key: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [node, HERE / "verify.mjs", bundle, key], capture_output=True, text=True, timeout=60, check=False
        )

    return run


def test_it_verifies_the_bundle_and_reads_the_same_statement(ask: Ask, tmp_path: Path) -> None:
    for run in (go(), conditional()):
        signed = envelope(run)
        done = ask(write(tmp_path / "verdict.sigstore.json", signed, bundle=True), public())
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["payloadType"] == "application/vnd.in-toto+json"
        assert said["statement"] == json.loads(signed.payload)


def test_it_verifies_a_statement_about_evidence(ask: Ask, tmp_path: Path) -> None:
    said = evidence_statement("unit.xml", "b" * 64, "a" * 40, NOW)
    signed = sign(said.encode(), load_signing_key(private()))
    done = ask(write(tmp_path / "unit.sigstore.json", signed, bundle=True), public())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["statement"] == json.loads(said.encode())


def test_it_refuses_another_key(ask: Ask, tmp_path: Path) -> None:
    done = ask(write(tmp_path / "verdict.sigstore.json", envelope(), bundle=True), public(name="second"))
    assert done.returncode == 1
    assert "unknown key" in done.stderr


def alter_payload(said: dict[str, Any]) -> None:
    said["dsseEnvelope"]["payload"] = envelope(conditional()).encode()["payload"]


def alter_type(said: dict[str, Any]) -> None:
    said["dsseEnvelope"]["payloadType"] = "application/json"


def alter_signature(said: dict[str, Any]) -> None:
    said["dsseEnvelope"]["signatures"] = envelope(by="second").encode()["signatures"]


@pytest.mark.parametrize("alter", [alter_payload, alter_type, alter_signature])
def test_it_refuses_what_was_altered(ask: Ask, tmp_path: Path, alter: Callable[[dict[str, Any]], None]) -> None:
    path = write(tmp_path / "verdict.sigstore.json", envelope(), bundle=True)
    said = json.loads(path.read_text())
    alter(said)
    path.write_text(json.dumps(said))
    done = ask(path, public())
    assert done.returncode == 1
    assert "signature verification failed" in done.stderr


def test_the_lock_of_its_packages_names_no_host() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert packages
    for facts in packages.values():
        assert facts["integrity"].startswith("sha512-")
        assert "resolved" not in facts
        assert not facts.get("hasInstallScript")
