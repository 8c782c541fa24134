"""What tests see of the command line in their own process is what a process of its own shows."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.long import LONG
from support.program import checklist, readiness, readiness_process
from support.repositories import commit_all
from support.signing import key, roster_line

PERSON = "jo@example.com"
LINES = [
    "--help",
    "chekc",
    "check --env production -j 1",
    "check -q --color always --env production",
    "verify absent.json",
    "report absent.json",
    "init",
    "validate -f broken.yaml",
    "schema --report",
    "list items",
    "explain tls",
    "doctor",
    "sign seen --env production --key absent --yes",
    "sign seen --env production --key KEY",
    "waive good --env production --key KEY --yes",
    "revoke 0123456789 --key KEY --yes",
    "records verify",
    "records due --within 30d",
]
_CLOCK = re.compile(r"\d+(\.\d+)? s\b|\d{4}-\d\d-\d\dT[\d:.]+Z|readiness-\w+\.log")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = checklist(
        tmp_path,
        "id: good, title: Good, with: $ok",
        "id: bad, title: Bad, with: $no",
        "id: odd, title: Odd, with: $odd",
        top=f"roles: {{qa: [{PERSON}]}}\nenvironments: {{production: {{}}}}",
    )
    with place.open("a", encoding="utf-8") as file:
        file.write("      - {check: signoff, id: seen, title: Seen, with: {role: qa, covers: none}}\n")
    (tmp_path / ".readiness").mkdir()
    (tmp_path / ".readiness/allowed_signers").write_text(roster_line(PERSON, key(PERSON)))
    (tmp_path / "broken.yaml").write_text("version: 1\nproject: example\nsectoins: []\n")
    commit_all(tmp_path)
    return tmp_path


def seen(done: "subprocess.CompletedProcess[str]") -> tuple[int, str, str]:
    """Exit code and both streams, but for what differs from one second to the next."""
    return done.returncode, _CLOCK.sub("", done.stdout), _CLOCK.sub("", done.stderr)


@pytest.mark.long
@pytest.mark.parametrize("line", LINES if LONG else LINES[2::4])
def test_exit_code_and_both_streams_are_the_same(project: Path, line: str) -> None:
    args = [str(key(PERSON)) if word == "KEY" else word for word in line.split()]
    here, there = readiness(*args, cwd=project), readiness_process(*args, cwd=project)
    assert seen(here) == seen(there)


@pytest.mark.parametrize("name", ["GITHUB_ACTIONS", "FORCE_COLOR"])
def test_it_obeys_the_environment_as_a_process_of_its_own_does(project: Path, name: str) -> None:
    args = ("check", "good", "bad", "-j", "1")
    here, there = (run(*args, cwd=project, env={name: "true"}) for run in (readiness, readiness_process))
    assert seen(here) == seen(there)
    assert here.returncode == 1


def test_what_another_program_says_is_caught_in_its_place(project: Path) -> None:
    """`ssh-keygen` inherits standard error."""
    unusable = project / "unusable"
    unusable.write_bytes(key(PERSON).read_bytes()[:-80])
    Path(f"{unusable}.pub").write_bytes(Path(f"{key(PERSON)}.pub").read_bytes())
    args = ("sign", "seen", "--env", "production", "--key", str(unusable), "--yes")
    here, there = readiness(*args, cwd=project), readiness_process(*args, cwd=project)
    assert seen(here) == seen(there)
    assert f'"{unusable}"\nerror: ssh-keygen did not sign' in here.stderr


def test_nothing_of_it_stays(project: Path) -> None:
    def state() -> tuple[object, ...]:
        handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
        descriptors = [os.fstat(number) for number in (0, 1, 2)]
        streams = (sys.stdin, sys.stdout, sys.stderr)
        return (
            dict(os.environ),
            Path.cwd(),
            list(sys.path),
            handlers,
            streams,
            [(d.st_dev, d.st_ino) for d in descriptors],
        )

    before = state()
    readiness("check", "good", cwd=project, env={"SOME_PASSWORD": "correct horse"}, code=0)
    assert state() == before


def test_what_the_interpreter_reads_at_its_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="readiness_process"):
        readiness("--version", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"})


def test_a_secret_of_one_run_is_none_of_the_next(tmp_path: Path) -> None:
    checklist(tmp_path, "id: says, title: It says so, with: {run: 'echo correct-horse; false'}")
    secret = readiness("check", "--format", "json", cwd=tmp_path, env={"SOME_PASSWORD": "correct-horse"}, code=1)
    assert "correct-horse" not in secret.stdout
    assert "correct-horse" in readiness("check", "--format", "json", cwd=tmp_path, code=1).stdout


def test_a_check_sees_the_environment_of_its_own_run(tmp_path: Path) -> None:
    checklist(tmp_path, "id: says, title: It says so, with: {run: 'test \"$WHO\" = jo'}")
    readiness("check", cwd=tmp_path, env={"WHO": "jo"}, code=0)
    readiness("check", cwd=tmp_path, env={"WHO": "al"}, code=1)
    readiness("check", cwd=tmp_path, code=1)
    readiness("check", cwd=tmp_path, env={"WHO": "jo"}, code=0)
