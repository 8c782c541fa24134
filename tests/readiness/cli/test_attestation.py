"""`readiness check --attest`: what is signed, what never is, and what is refused before anything runs."""

import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.attestation.envelope import read_file
from readiness.attestation.keys import read_trusted_keys
from readiness.attestation.statement import EXTENSION
from support.program import FOREGROUND, checklist, readiness, variables
from support.repositories import commit_all, git
from support.verdict_keys import PASSPHRASE, private, public
from support.verdicts import statement

PASS = "id: good, title: Good, with: $ok"
FAIL = "id: bad, title: Bad, with: $no"
ODD = "id: odd, title: Odd, with: $odd"
TOUCH = "id: touched, title: T, with: {run: 'touch ../ran'}"
"""An item whose run can be seen from outside of the repository."""


class Place:
    """A repository with a checklist, and a folder beside it for what is written."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "project"
        self.root.mkdir()
        self.verdict, self.bundle = folder / "verdict.intoto.json", folder / "verdict.sigstore.json"
        self.simple = folder / "verdict.svr.json"

    def commit(self, *items: str) -> str:
        checklist(self.root, *items)
        return commit_all(self.root)

    def attest(self, *args: str, code: int, key: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        asked = ("check", "--attest", str(self.verdict), "--key", str(key or private()), *args)
        return readiness(*asked, cwd=self.root, code=code, env=env)

    def written(self) -> bool:
        assert self.verdict.exists() == self.bundle.exists() == self.simple.exists()
        return self.verdict.exists()

    @property
    def ran(self) -> bool:
        return (self.folder / "ran").exists()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_go_is_written_as_a_statement_as_a_bundle_and_as_a_short_form(place: Place) -> None:
    commit = place.commit(PASS)
    done = place.attest(code=0)
    assert f"GO for commit {commit[:10]}" in done.stdout
    assert statement(place.verdict) == statement(place.bundle)
    assert statement(place.verdict)["subject"][0]["digest"]["gitCommit"] == commit
    for path in (place.verdict, place.bundle):
        readiness("verify", str(path), "--commit", commit, "--key", str(public()), cwd=place.folder, code=0)
    simple = statement(place.simple)
    assert simple["predicateType"] == "https://in-toto.io/attestation/svr/v0.1"
    assert simple["subject"] == statement(place.verdict)["subject"]
    (key,) = read_trusted_keys(public().read_bytes(), "key")
    assert read_file(place.simple).signer([key]) == key
    short = readiness("verify", str(place.simple), "--commit", commit, "--key", str(public()), cwd=place.folder, code=1)
    assert "REFUTED  predicate-type" in short.stdout


def test_verdicts_of_two_checklists_of_one_commit_are_told_apart(tmp_path: Path) -> None:
    """The same project, release, key and commit."""
    place = Place(tmp_path)
    for folder, item in (("", FAIL), ("shop", PASS)):
        (place.root / folder).mkdir(exist_ok=True)
        checklist(place.root / folder, item)
    commit = commit_all(place.root)
    run = place.folder / "run.json"
    asked = ("check", "--attest", str(place.verdict), "--key", str(private()), "-o", str(run))
    readiness(*asked, cwd=place.root / "shop", code=0)
    ask = ("verify", str(place.verdict), "--commit", commit, "--key", str(public()))
    readiness(*ask, "--checklist", "shop/readiness.yaml", "--report", str(run), cwd=place.folder, code=0)
    refuted = readiness(*ask, "--checklist", "readiness.yaml", cwd=place.folder, code=1).stdout
    assert "the checklist `shop/readiness.yaml` judged, not `readiness.yaml`" in refuted


@pytest.mark.parametrize(("item", "code"), [(FAIL, 1), (ODD, 3)], ids=["no-go", "incomplete"])
def test_no_go_and_incomplete_are_never_written_and_no_earlier_verdict_stays(
    place: Place, item: str, code: int
) -> None:
    place.commit(PASS)
    place.attest(code=0)
    assert place.written()
    place.commit(PASS, item)
    done = place.attest(code=code)
    assert not place.written()
    assert "not attested" in done.stderr


def test_an_interrupted_run_leaves_nothing(place: Place) -> None:
    place.commit(PASS)
    place.attest(code=0)
    place.commit("id: slow, title: Slow, with: {run: 'touch ../ran; sleep 60'}")
    asked = ("check", "--attest", str(place.verdict), "--key", str(private()))
    with subprocess.Popen([*FOREGROUND, *asked], cwd=place.root, env=variables(), stderr=subprocess.DEVNULL) as process:
        for _ in range(600):
            if place.ran:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    assert place.ran
    assert not place.written()


def test_what_could_not_be_reported_is_not_attested(place: Place) -> None:
    (place.root / "out").mkdir()
    (place.root / ".gitignore").write_text("out\n")
    place.commit("id: a, title: A, with: {run: 'rmdir out; touch out'}")
    place.attest("-o", "out/report.html", code=4)
    assert not place.written()


def test_the_digest_is_that_of_the_report_in_json(place: Place) -> None:
    place.commit(PASS)
    run = place.folder / "run.json"
    place.attest("-o", str(run), code=0)
    said = statement(place.verdict)["predicate"][EXTENSION]["report_sha256"]
    assert said == hashlib.sha256(run.read_bytes()).hexdigest()


def test_standard_output_holds_the_printed_report_alone(place: Place) -> None:
    place.commit(PASS)
    done = place.attest("--format", "json", code=0)
    assert json.loads(done.stdout)["verdict"]["word"] == "GO"
    assert "attested" in done.stderr


def test_artefacts_are_attested_beside_the_commit(place: Place) -> None:
    commit = place.commit(PASS)
    wheel, other = place.folder / "a.whl", place.folder / "b.whl"
    wheel.write_bytes(b"wheel")
    other.write_bytes(b"other")
    place.attest("--artifact", str(wheel), code=0)
    assert statement(place.verdict)["subject"][1:] == [
        {"name": "a.whl", "digest": {"sha256": hashlib.sha256(b"wheel").hexdigest()}}
    ]
    asked = ("verify", str(place.verdict), "--commit", commit, "--key", str(public()), "--artifact")
    readiness(*asked, str(wheel), cwd=place.folder, code=0)
    readiness(*asked, str(other), cwd=place.folder, code=1)


def test_an_artefact_that_changes_during_the_run_is_not_attested(place: Place) -> None:
    place.commit("id: a, title: A, with: {run: 'echo more >> ../a.whl'}")
    (place.folder / "a.whl").write_bytes(b"wheel")
    assert "changed during the run" in place.attest("--artifact", "../a.whl", code=2).stderr
    assert not place.written()


@pytest.mark.parametrize("path", ["missing.whl", "."])
def test_an_artefact_that_is_no_file_is_refused_before_anything_runs(place: Place, path: str) -> None:
    place.commit(TOUCH)
    place.attest("--artifact", path, code=2)
    assert not place.ran


def test_an_encrypted_key_takes_its_passphrase_from_a_file(place: Place) -> None:
    place.commit(PASS)
    secret = place.folder / "secret"
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    place.attest("--passphrase-file", str(secret), code=0, key=private("encrypted"))
    secret.write_text("another one\n", encoding="utf-8")
    place.attest("--passphrase-file", str(secret), code=2, key=private("encrypted"))


def test_an_encrypted_key_takes_its_passphrase_from_a_pipe(place: Place) -> None:
    place.commit(PASS)
    read, write = os.pipe()
    os.write(write, PASSPHRASE.encode())
    os.close(write)
    try:
        place.attest("--passphrase-file", f"/dev/fd/{read}", code=0, key=private("encrypted"))
    finally:
        os.close(read)


def test_a_passphrase_that_cannot_be_read_is_refused(place: Place) -> None:
    place.commit(PASS)
    (place.folder / "empty").touch()
    for name, why in (("empty", "is empty"), ("absent", "cannot be read: No such file"), (".", "cannot be read")):
        done = place.attest("--passphrase-file", str(place.folder / name), code=2, key=private("encrypted"))
        assert why in done.stderr
    alone = readiness("check", "--passphrase-file", "x", cwd=place.root, code=2)
    assert "say where to: `--attest FILE`" in alone.stderr


def test_an_encrypted_key_takes_its_passphrase_from_the_environment_and_no_check_sees_it(place: Place) -> None:
    place.commit("id: env, title: Env, with: {run: 'env > ../seen'}")
    place.attest(code=0, key=private("encrypted"), READINESS_KEY_PASSPHRASE=PASSPHRASE)
    seen = (place.folder / "seen").read_text()
    assert "PATH=" in seen
    assert PASSPHRASE not in seen
    assert "READINESS_KEY_PASSPHRASE" not in seen


@pytest.mark.parametrize(
    ("kind", "env"),
    [
        ("encrypted", {}),
        ("encrypted", {"READINESS_KEY_PASSPHRASE": "wrong passphrase"}),
        ("p384", {}),
        ("rsa", {}),
        ("ed25519", {}),
    ],
)
def test_a_key_that_will_not_do_is_refused_before_anything_runs(place: Place, kind: str, env: dict[str, str]) -> None:
    place.commit(TOUCH)
    done = place.attest(code=2, key=private(kind), **env)
    assert "next:" in done.stderr
    assert "wrong passphrase" not in done.stderr
    assert not any(line in done.stderr for line in private(kind).read_text().splitlines()[1:-1])
    assert not place.ran


def dirty(place: Place) -> None:
    path = place.root / "readiness.yaml"
    path.write_text(path.read_text() + "# more\n")


def untracked(place: Place) -> None:
    (place.root / "new.txt").write_text("new")


def staged(place: Place) -> None:
    untracked(place)
    git(place.root, "add", "new.txt")


def assumed(place: Place) -> None:
    git(place.root, "update-index", "--assume-unchanged", "readiness.yaml")
    dirty(place)


def skipped(place: Place) -> None:
    git(place.root, "update-index", "--skip-worktree", "readiness.yaml")
    dirty(place)


def replaced(place: Place) -> None:
    """HEAD is shown as another commit, that holds the changed file."""
    git(place.root, "checkout", "-q", "-b", "other")
    dirty(place)
    other = commit_all(place.root)
    git(place.root, "checkout", "-q", "main")
    git(place.root, "replace", git(place.root, "rev-parse", "HEAD"), other)
    git(place.root, "checkout", "-q", other, "--", ".")


def ignored(place: Place) -> None:
    (place.root / ".gitignore").write_text("readiness.yaml\n")
    git(place.root, "rm", "-q", "--cached", "readiness.yaml")
    commit_all(place.root)


@pytest.mark.parametrize("change", [dirty, untracked, staged, assumed, skipped, replaced, ignored])
def test_what_the_commit_does_not_hold_is_refused_before_anything_runs(
    place: Place, change: Callable[[Place], None]
) -> None:
    place.commit(TOUCH)
    place.attest(code=0)
    (place.folder / "ran").unlink()
    change(place)
    done = place.attest(code=2)
    assert "next:" in done.stderr
    assert not place.ran
    assert not place.written()


def test_a_submodule_that_hides_its_changes_is_looked_into(place: Place) -> None:
    inner = place.folder / "inner"
    inner.mkdir()
    (inner / "file").write_text("1")
    commit_all(inner)
    place.commit(TOUCH)
    git(place.root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "inner")
    git(place.root, "config", "-f", ".gitmodules", "submodule.inner.ignore", "all")
    commit_all(place.root)
    place.attest(code=0)
    (place.root / "inner" / "file").write_text("2")
    assert "inner" in place.attest(code=2).stderr


def test_the_rest_of_a_repository_counts_too(tmp_path: Path) -> None:
    (tmp_path / "project" / "app").mkdir(parents=True)
    place = Place.__new__(Place)
    place.folder, place.root = tmp_path, tmp_path / "project" / "app"
    place.verdict, place.bundle = tmp_path / "verdict.intoto.json", tmp_path / "verdict.sigstore.json"
    checklist(place.root, PASS)
    (tmp_path / "project" / "shared.txt").write_text("1")
    commit_all(tmp_path / "project")
    place.attest(code=0)
    (tmp_path / "project" / "shared.txt").write_text("2")
    assert "shared.txt" in place.attest(code=2).stderr


def test_no_commit_and_no_repository_are_refused(place: Place) -> None:
    checklist(place.root, TOUCH)
    assert "git" in place.attest(code=2).stderr
    git(place.root, "init", "--quiet")
    assert "no commit yet" in place.attest(code=2).stderr
    assert not place.ran


@pytest.mark.parametrize("part", [["touched"], ["--section", "All"]])
def test_a_part_is_refused_before_anything_runs(place: Place, part: list[str]) -> None:
    place.commit(TOUCH)
    assert "a part of the checklist" in place.attest(*part, code=2).stderr
    assert not place.ran


def test_a_phase_is_attested_as_that_phase(place: Place) -> None:
    commit = place.commit(PASS, FAIL + ", phase: post-deploy")
    place.attest("--phase", "pre-deploy", code=0)
    asked = ("verify", str(place.verdict), "--commit", commit, "--key", str(public()))
    assert "other-phase" in readiness(*asked, cwd=place.folder, code=1).stdout
    assert "phase pre-deploy" in readiness(*asked, "--phase", "pre-deploy", cwd=place.folder, code=0).stdout


@pytest.mark.parametrize(
    "command",
    ["echo more >> readiness.yaml", "git -c user.name=T -c user.email=t@example.com commit -q --allow-empty -m x"],
    ids=["changes a file", "commits"],
)
def test_a_run_that_changes_what_it_judges_is_not_attested(place: Place, command: str) -> None:
    place.commit(f"id: a, title: A, with: {{run: '{command}'}}")
    assert "during the run" in place.attest(code=2).stderr
    assert not place.written()


def test_files_that_a_run_makes_are_no_part_of_the_commit(place: Place) -> None:
    place.commit("id: a, title: A, with: {run: 'touch made'}")
    place.attest(code=0)
    assert "made" in place.attest(code=2).stderr


def test_usage_is_refused_with_what_to_say(place: Place) -> None:
    place.commit(TOUCH)
    key = str(private())
    for asked, words in (
        (["--attest", "../v.json"], "openssl genpkey"),
        (["--key", key], "--attest FILE"),
        (["--artifact", "readiness.yaml"], "--attest FILE"),
        (["--attest", "../v.sigstore.json", "--key", key], "name the statement"),
        (["--attest", "../v.svr.json", "--key", key], "is how the Simple Verification Result is called"),
        (["--attest", "..", "--key", key], "folder"),
        (["--attest", ".", "--key", key], "folder"),
        (["--attest", "../v.json", "--key", key, "-o", "../v.json"], "twice"),
        (["--attest", "../v.json", "--key", key, "-o", "../v.sigstore.json"], "twice"),
        (["--attest", "../v.json", "--key", key, "-o", "../v.svr.json"], "twice"),
        (
            ["--attest", "../v.json", "--key", key, "--previous", "../v.svr.json"],
            "both the earlier verdict and the new",
        ),
        (["--attest", "../v.json", "--key", "missing.pem"], "cannot be read"),
    ):
        assert words in readiness("check", *asked, cwd=place.root, code=2).stderr
    assert not place.ran


def test_a_file_that_is_no_attestation_is_not_overwritten(place: Place) -> None:
    place.commit(TOUCH)
    for path in (place.verdict, place.bundle, place.simple):
        path.write_text('{"mine": true}')
        assert "is no attestation" in place.attest(code=2).stderr
        assert path.read_text() == '{"mine": true}'
        path.unlink()
    assert not place.ran


def test_a_key_or_an_attestation_in_git_is_refused(place: Place) -> None:
    (place.root / "verdict.key").write_bytes(private().read_bytes())
    (place.root / "verdict.json").write_text("{}")
    place.commit(TOUCH)
    assert "tracked by git" in place.attest(code=2, key=place.root / "verdict.key").stderr
    asked = ("check", "--attest", "verdict.json", "--key", str(private()))
    assert "tracked by git" in readiness(*asked, cwd=place.root, code=2).stderr
    assert (place.root / "verdict.json").read_text() == "{}"
    assert not place.ran
