"""What the program that judges withstands: each row of the table in docs/threats.md is a test here."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import readiness
from readiness.isolation import confinement
from readiness.isolation.process import PASSPHRASE
from support.attacked import Attacked
from support.judge_attacks import attack, attacks_with_a_test, rows
from support.policy_branch import ago
from support.program import PROGRAM, checklist, readiness_process, variables
from support.program import readiness as program_in_process
from support.repositories import commit_all
from support.signing import COUNSEL, git, key, roster_line
from support.verdict_keys import PASSPHRASE as WORD
from support.verdict_keys import private

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the processes of others are seen in /proc")


def test_each_row_of_the_table_is_a_test_and_each_test_a_row() -> None:
    assert sorted(rows()) == sorted(attacks_with_a_test())


class Judged:
    """A repository with a checklist of commands, and a folder of the import path beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root, self.site = folder, folder / "project", folder / "site"
        self.root.mkdir()
        self.site.mkdir()
        self.verdict = folder / "verdict.intoto.json"

    def commit(self, program: str, *more: str) -> None:
        """Commit a checklist whose first item runs a program in Python."""
        (self.root / "attack.py").write_text(program, encoding="utf-8")
        (self.root / ".gitignore").write_text("__pycache__\n", encoding="utf-8")
        run = f"['{sys.executable}', attack.py, '{self.folder}']"
        checklist(self.root, f"id: attack, title: A, severity: warning, with: {{run: {run}}}", *more)
        commit_all(self.root)

    def attest(self, *args: str, key: Path | None = None, **env: str) -> "subprocess.CompletedProcess[str]":
        """Run the program in a process of its own."""
        asked = ("check", "-j", "1", "--attest", str(self.verdict), "--key", str(key or private()), *args)
        return readiness_process(*asked, cwd=self.root, env={"PYTHONPATH": str(self.site), **env})

    def refused(self, done: "subprocess.CompletedProcess[str]") -> None:
        """Insist that the run ended without an answer, says why, and signed nothing."""
        assert done.returncode == 3, done.stdout + done.stderr
        assert "installation-unchanged" in done.stdout
        assert not self.verdict.exists()


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    return Judged(tmp_path)


GOOD = "id: good, title: Good, with: $ok"
_REWRITES = """
import pathlib, sys
for path in pathlib.Path(sys.argv[1], "site").rglob("*.py"):
    path.write_text("print('rewritten'); import os; os._exit(0)\\n")
"""


def test_an_honest_run_is_signed(judged: Judged) -> None:
    judged.commit(
        "import json, pathlib; pathlib.Path('written.txt').touch(); pathlib.Path('written.txt').unlink()", GOOD
    )
    assert judged.attest().returncode == 0
    assert judged.verdict.exists()


def test_nothing_is_imported_after_the_first_command(judged: Judged) -> None:
    judged.commit("", GOOD)
    program = f"""
import contextlib, sys
from readiness.cli import main
import readiness.isolation.guard as guard
begin = guard.guarded
@contextlib.contextmanager
def guarded():
    before = set(sys.modules)
    with begin() as found:
        yield found
    print("late", sorted(set(sys.modules) - before), file=sys.stderr)
guard.guarded = guarded
main(["check", *sys.argv[1:], "--policy-ref", "main", "--attest", {str(judged.verdict)!r}, "--key", {str(private())!r}])
"""
    outputs = [
        word for end in ("html", "md", "json", "signoffs.html") for word in ("-o", str(judged.folder / f"r.{end}"))
    ]
    env = variables(GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(judged.folder / "summary.md"))
    command = [sys.executable, "-P", "-c", program, *outputs]
    done = subprocess.run(command, cwd=judged.root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert judged.verdict.exists()
    assert "late []" in done.stderr


@attack("A test rewrites the installed program while it runs")
def test_a_program_that_is_rewritten_says_what_it_would_have_said(judged: Judged) -> None:
    home = Path(readiness.__file__).parent.parent
    for package in (home / "readiness", home / "checks/readiness_checks", home / "reports/readiness_reports"):
        shutil.copytree(package, judged.site / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    judged.commit(_REWRITES)
    done = judged.attest("-o", str(judged.folder / "report.html"))
    judged.refused(done)
    assert "rewritten" not in done.stdout + done.stderr
    assert "INCOMPLETE" in (judged.folder / "report.html").read_text(encoding="utf-8")


@attack("A test plants a module that Python imports at every start")
def test_a_planted_start_up_file_is_noticed(judged: Judged) -> None:
    judged.commit("import pathlib, sys; pathlib.Path(sys.argv[1], 'site/sitecustomize.py').touch()", GOOD)
    judged.refused(judged.attest())


@attack("A test plants a package in the place of a dependency")
def test_a_planted_dependency_is_noticed(judged: Judged) -> None:
    judged.commit("import pathlib, sys; pathlib.Path(sys.argv[1], 'site/jinja2').mkdir()", GOOD)
    judged.refused(judged.attest())


@attack("A test puts another `git` in front of the path")
def test_another_git_is_noticed(judged: Judged) -> None:
    programs = judged.folder / "programs"
    programs.mkdir()
    judged.commit(
        "import os, sys\nos.symlink('/bin/true', sys.argv[1] + '/programs/git')",
        GOOD,
    )
    judged.refused(judged.attest(PATH=f"{programs}{os.pathsep}{os.environ['PATH']}"))


@LINUX
@attack("A test reads the passphrase of the key in the processes above it")
def test_the_passphrase_is_in_no_process_above(judged: Judged) -> None:
    program = """
import os, sys
process = os.getppid()
for _ in range(2):  # the worker, and the process that judges
    try:
        seen = open(f"/proc/{process}/environ", "rb").read()
    except PermissionError:
        seen = b"refused"
    open(sys.argv[1] + "/seen", "ab").write(seen)
    process = int(open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[1])
"""
    judged.commit(program, GOOD)
    assert judged.attest(key=private("encrypted"), **{PASSPHRASE: WORD}).returncode == 0
    seen = (judged.folder / "seen").read_bytes()
    assert b"PYTHONPATH=" in seen or b"refused" in seen
    assert WORD.encode() not in seen


@LINUX
@attack("A test changes the memory of the process that evaluates another item, so that it passes")
def test_the_memory_of_workers_is_closed(judged: Judged) -> None:
    program = """
import os, sys
process = os.getppid()
for _ in range(2):  # the worker, and the process that judges
    try:
        open(f"/proc/{process}/mem", "r+b").close()
        seen = "open "
    except PermissionError:
        seen = "refused "
    open(sys.argv[1] + "/seen", "a").write(seen)
    process = int(open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[1])
"""
    judged.commit(program, GOOD)
    may_not_trace = ["setpriv", "--bounding-set", "-sys_ptrace"] if os.geteuid() == 0 else []
    subprocess.run([*may_not_trace, *PROGRAM, "check"], cwd=judged.root, env=variables(), check=True)
    assert (judged.folder / "seen").read_text(encoding="utf-8") == "refused refused "


@LINUX
@attack("A test leaves a process behind that rewrites the report later")
def test_what_is_left_behind_ends_before_the_verdict(judged: Judged) -> None:
    program = """
import os, signal, subprocess, sys
left = subprocess.Popen(["sleep", "60"], env={}, start_new_session=True)
open(sys.argv[1] + "/pid", "w").write(str(left.pid))
os.kill(os.getppid(), signal.SIGKILL)  # the worker, which would have ended it
"""
    judged.commit(program, GOOD)
    assert judged.attest().returncode == 0
    left = int((judged.folder / "pid").read_text(encoding="utf-8"))
    assert not _alive(left)


def _alive(process: int) -> bool:
    for _ in range(50):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.01)
    return True


CONFINED = pytest.mark.skipif(not confinement.available(), reason="this system has no Landlock")


@CONFINED
@attack("A test writes to the installation, and `--confine` was asked for")
def test_a_confined_command_writes_only_where_it_may(judged: Judged) -> None:
    program = """
import pathlib, sys, tempfile
pathlib.Path("inside").touch()
pathlib.Path("inside").unlink()
tempfile.NamedTemporaryFile().close()
pathlib.Path("/dev/null").write_text("x")
pathlib.Path(sys.argv[1], "allowed/seen").touch()
pathlib.Path(sys.argv[1], "site/sitecustomize.py").touch()
"""
    (judged.folder / "allowed").mkdir()
    judged.commit(program, GOOD)
    report = judged.folder / "report.json"
    done = judged.attest("--confine", "--writable", str(judged.folder / "allowed"), "-o", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["confinement"] == "repository"
    attack, good = (result["outcome"] for result in told["results"][:2])
    assert (attack["status"], good["status"]) == ("failed", "passed")
    assert "PermissionError" in attack["evidence"][0]["excerpt"]
    assert "site/sitecustomize.py" in attack["evidence"][0]["excerpt"]
    assert (judged.folder / "allowed/seen").exists()
    assert not (judged.site / "sitecustomize.py").exists()


@CONFINED
def test_a_confined_service_writes_only_where_it_may(judged: Judged) -> None:
    run = f"touch {judged.folder}/outside || touch inside; exec sleep 30"
    checklist(judged.root, GOOD, top=f"services: {{app: {{run: '{run}'}}}}")
    (judged.root / ".gitignore").write_text("inside\n", encoding="utf-8")
    commit_all(judged.root)
    readiness_process("check", "-q", "--confine", cwd=judged.root, code=0)
    assert (judged.root / "inside").exists()
    assert not (judged.folder / "outside").exists()


def test_what_may_be_written_to_is_said_with_confine_alone(judged: Judged) -> None:
    done = program_in_process("check", "--writable", ".", cwd=judged.root, code=2)
    assert "add `--confine`" in done.stderr


def test_a_system_that_cannot_confine_is_told(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    judged.commit("", GOOD)
    monkeypatch.setattr(confinement, "_version", lambda: 0)
    assert "needs Landlock" in program_in_process("check", "--confine", cwd=judged.root, code=2).stderr
    with pytest.raises(confinement.ConfinementError, match="no Landlock"):
        confinement.confine([])


def test_the_temporary_folder_of_commands_is_their_own_and_gone_afterwards(judged: Judged) -> None:
    judged.commit("import pathlib, sys, tempfile; pathlib.Path(sys.argv[1], 'seen').write_text(tempfile.gettempdir())")
    judged.attest()
    seen = Path((judged.folder / "seen").read_text(encoding="utf-8"))
    assert seen.name.startswith("readiness-")
    assert not seen.exists()


@attack("A test replaces the report by a link to another file")
def test_a_link_in_the_place_of_the_report_is_replaced(judged: Judged) -> None:
    report, precious = judged.folder / "report.json", judged.folder / "precious"
    precious.write_text("precious", encoding="utf-8")
    judged.commit("import os, sys; os.symlink(sys.argv[1] + '/precious', sys.argv[1] + '/report.json')", GOOD)
    assert judged.attest("-o", str(report)).returncode == 0
    assert precious.read_text(encoding="utf-8") == "precious"
    assert not report.is_symlink()


REWRITE = """\
import pathlib, subprocess, zlib
blob = subprocess.check_output(["git", "rev-parse", "main:.readiness/allowed_signers"], text=True).strip()
data = pathlib.Path("../forged").read_bytes()
place = pathlib.Path(".git/objects", blob[:2], blob[2:])
place.chmod(0o644)
place.write_bytes(zlib.compress(b"blob %d\\0" % len(data) + data))
"""


@attack("A test rewrites objects in the folder of git, so that the key of a forged sign-off seems to be listed")
def test_a_sign_off_is_judged_before_a_command_can_rewrite_what_it_rests_on(tmp_path: Path) -> None:
    project, mallory = Attacked(tmp_path / "project"), key("mallory@example.com")
    forged = roster_line(COUNSEL, mallory)
    (tmp_path / "forged").write_text(forged, encoding="utf-8")
    project.write("rewrite.py", REWRITE)
    project.more = [{"id": "rewrites", "title": "Test", "check": "command", "with": {"run": "python3 rewrite.py"}}]
    project.agree()
    project.save(20)
    project.branch("work")
    project.sign(COUNSEL, using=mallory, at=ago(2))
    project.save(2)
    seen = project.outcomes("--policy-ref", "main", "-j", "1")
    assert (seen["rewrites"]["status"], seen[project.id]["status"]) == ("passed", "failed")
    assert "unknown-key" in [card["code"] for card in seen[project.id]["signoffs"]]
    assert git(project.root, "cat-file", "blob", "main:.readiness/allowed_signers") == forged, "it was rewritten"
