"""Signing the verdict of a run: what is made sure of before the run, and again before anything is signed."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.signing import Signer, prepare
from readiness.attestation.statement import EXTENSION
from support.report_values import failed, report, result
from support.repositories import commit_all, git
from support.session import once
from support.verdict_keys import PASSPHRASE, private
from support.verdicts import go, trusted


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    def make(folder: Path) -> None:
        (folder / "readiness.yaml").write_text("version: 1\n")
        (folder / ".gitignore").write_text("dist/\n")
        commit_all(folder)

    shutil.copytree(once(tmp_path_factory, "signing", make), tmp_path / "app")
    git(tmp_path / "app", "status")  # the copies have other times than the index says
    return tmp_path / "app"


def prepared(root: Path, *artifacts: Path) -> Signer:
    return prepare(root / "readiness.yaml", private(), artifacts)


def refused(signer: Signer, commit: str = "") -> str:
    with pytest.raises(AttestationError) as caught:
        signer.sign(go(commit=commit or signer.commit), b"{}")
    assert caught.value.remedy
    return caught.value.summary


def test_what_is_signed_names_the_commit_the_files_and_the_report(root: Path, tmp_path: Path) -> None:
    (tmp_path / "app.whl").write_bytes(b"built")
    signer = prepared(root, tmp_path / "app.whl")
    assert signer.commit == git(root, "rev-parse", "HEAD")
    signed = signer.sign(go(commit=signer.commit), b"the report")
    for form in (signed.verdict, signed.simple):
        assert form.signer(trusted()) == signer.key.trusted
    assert json.loads(signed.simple.payload)["predicateType"] == "https://in-toto.io/attestation/svr/v0.1"
    said = json.loads(signed.verdict.payload)
    assert said["predicate"][EXTENSION]["folder"] == ""
    assert [one["digest"] for one in said["subject"]] == [
        {"gitCommit": signer.commit, "sha1": signer.commit},
        {"sha256": hashlib.sha256(b"built").hexdigest()},
    ]
    assert said["predicate"][EXTENSION]["report_sha256"] == hashlib.sha256(b"the report").hexdigest()


def test_the_folder_of_the_checklist_is_named_from_the_top(root: Path) -> None:
    (root / "services/shop").mkdir(parents=True)
    shutil.copy(root / "readiness.yaml", root / "services/shop/readiness.yaml")
    commit_all(root)
    assert prepare(root / "services/shop/readiness.yaml", private(), ()).folder == "services/shop"
    assert prepared(root).folder == ""


def test_an_encrypted_key_is_unlocked(root: Path) -> None:
    signer = prepare(root / "readiness.yaml", private("encrypted"), (), passphrase=PASSPHRASE)
    assert signer.sign(go(commit=signer.commit), b"{}").verdict.signatures[0].keyid == signer.key.trusted.id
    with pytest.raises(AttestationError, match="is encrypted"):
        prepare(root / "readiness.yaml", private("encrypted"), ())


def test_a_key_that_git_tracks_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(private(), root / "verdict.key")
    commit_all(root)
    for key in (root / "verdict.key", Path("verdict.key")):
        monkeypatch.chdir(root)
        with pytest.raises(AttestationError, match="is tracked by git") as caught:
            prepare(root / "readiness.yaml", key, ())
        assert caught.value.remedy


def test_a_work_tree_that_differs_is_refused_before_the_run(root: Path) -> None:
    (root / "readiness.yaml").write_text("version: 2\n")
    with pytest.raises(AttestationError, match="differs from commit"):
        prepared(root)


def test_an_artefact_that_is_not_built_is_refused_before_the_run(root: Path) -> None:
    with pytest.raises(AttestationError, match="No such file"):
        prepared(root, root / "dist/app.whl")


class TestAfterTheRun:
    def test_a_changed_artefact_is_refused(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "app.whl").write_bytes(b"built")
        signer = prepared(root, tmp_path / "app.whl")
        (tmp_path / "app.whl").write_bytes(b"again")
        assert "an artefact changed" in refused(signer)

    def test_a_changed_file_is_refused(self, root: Path) -> None:
        signer = prepared(root)
        (root / "readiness.yaml").write_text("version: 2\n")
        assert "tracked files were changed" in refused(signer)

    def test_another_commit_is_refused(self, root: Path) -> None:
        signer = prepared(root)
        commit_all(root)
        assert "HEAD moved from" in refused(signer)

    def test_a_report_of_another_commit_is_refused(self, root: Path) -> None:
        assert "HEAD moved while the run began" in refused(prepared(root), "ab" * 20)

    def test_a_verdict_that_is_no_go_is_never_signed(self, root: Path) -> None:
        signer = prepared(root)
        run = report([result("bad", "Bad", "tls", "Net", failed("no", "mend it"))], commit=signer.commit)
        with pytest.raises(AttestationError, match="NO_GO is never attested"):
            signer.sign(run, b"{}")
