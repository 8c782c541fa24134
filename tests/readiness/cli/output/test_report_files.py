"""What a terminal, a pipe and a CI runner get to see."""

import io
import json
import os
import pty
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from readiness.cli.output.report_files import Output, reporter, write
from readiness.cli.output.terminal import tame
from readiness.text import cells
from support.program import PROGRAM, checklist, readiness, readiness_process, variables
from support.reports import go

FAIL = "id: bad, title: Bad, with: $no"
HOSTILE = "id: bad, title: 'a ::error::b ##[error]c', owner: '::error::o', with: {run: sh hostile.sh}"


def in_terminal(*args: str, cwd: Path, columns: int = 80, env: Mapping[str, str] | None = None) -> str:
    """Run on a pseudo-terminal and return all that it drew."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, True)
    process = subprocess.Popen(
        [*PROGRAM, *args],
        cwd=cwd,
        env=variables(**{"TERM": "xterm", "COLUMNS": str(columns), "LINES": "24", **(env or {})}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    drawn = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        drawn += part
    os.close(ours)
    process.wait(timeout=60)
    return drawn.decode("utf-8", "replace")


def test_a_pipe_gets_no_colour_and_a_line_for_each_item(tmp_path: Path) -> None:
    checklist(tmp_path, FAIL, "id: good, title: Good, with: $ok")
    done = readiness("check", cwd=tmp_path)
    assert "\x1b" not in done.stdout + done.stderr
    assert len(re.findall(r"^. (passed|failed) ", done.stderr, re.MULTILINE)) == 2


@pytest.mark.parametrize(
    ("args", "env", "colored"),
    [
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"CLICOLOR_FORCE": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_follows_option_and_environment(
    tmp_path: Path, args: list[str], env: dict[str, str], colored: object
) -> None:
    checklist(tmp_path, FAIL)
    assert ("\x1b[" in readiness("check", *args, cwd=tmp_path, env=env).stdout) is colored


def test_a_terminal_that_knows_only_ascii_gets_shapes_in_ascii(tmp_path: Path) -> None:
    checklist(tmp_path, FAIL + ", owner: Zoë")
    done = readiness_process("check", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}, code=1)
    assert done.stdout.startswith("x NO_GO")
    assert "Zo\\xeb" in done.stdout


def test_a_terminal_is_drawn_live_and_left_clean(tmp_path: Path) -> None:
    checklist(tmp_path, "id: slow, title: Slow, with: {run: sleep 1}", FAIL)
    drawn = in_terminal("check", cwd=tmp_path)
    assert "0/2" in drawn
    assert "slow" in drawn
    assert "\x1b[?25h" in drawn
    assert "NO_GO" in drawn


def test_a_dumb_terminal_gets_plain_lines(tmp_path: Path) -> None:
    checklist(tmp_path, FAIL)
    drawn = in_terminal("check", cwd=tmp_path, env={"TERM": "dumb"})
    assert "\x1b" not in drawn
    assert "NO_GO" in drawn


def test_a_narrow_window_is_kept(tmp_path: Path) -> None:
    checklist(tmp_path, "id: bad, title: Bad, with: {run: 'echo long; exit 1'}")
    drawn = in_terminal("check", "-q", cwd=tmp_path, columns=40)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
    assert max(len(line) for line in plain.splitlines()) <= 60


def test_hostile_text_does_not_reach_a_terminal(tmp_path: Path) -> None:
    checklist(tmp_path, HOSTILE)
    says = r"printf '\033[2J\n::error::pwned\n##[error]pwned\n\342\200\256'; exit 1"
    (tmp_path / "hostile.sh").write_text(says, encoding="utf-8")
    done = readiness("check", cwd=tmp_path, code=1)
    for stream in (done.stdout, done.stderr):
        assert "\x1b" not in stream
        assert "\u202e" not in stream


def test_github_gets_groups_annotations_and_a_summary(tmp_path: Path) -> None:
    checklist(tmp_path, "id: good, title: Good, with: $ok", FAIL)
    summary = tmp_path / "summary.md"
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    done = readiness("check", cwd=tmp_path, env=env, code=1)
    assert done.stderr.count("::group::") == done.stderr.count("::endgroup::") == 2
    assert re.search(r"^::error file=readiness\.yaml,line=7,title=bad%3A failed::", done.stderr, re.MULTILINE)
    assert "bad" in summary.read_text(encoding="utf-8")


def test_hostile_text_cannot_speak_to_the_runner(tmp_path: Path) -> None:
    checklist(tmp_path, HOSTILE)
    says = r"printf '\033[2J\n::error::pwned\n##[error]pwned\n\342\200\256'; exit 1"
    (tmp_path / "hostile.sh").write_text(says, encoding="utf-8")
    done = readiness("check", cwd=tmp_path, env={"GITHUB_ACTIONS": "true"}, code=1)
    for line in (done.stdout + done.stderr).splitlines():
        assert "##[" not in line
        if line.lstrip().startswith("::"):
            assert re.match(r"::(group|endgroup|error|warning)\b", line)
            assert "pwned" not in line.split("::", 2)[1]
            assert not line.startswith("::error::")


@pytest.mark.parametrize("form", ["json", "md", "html"])
def test_a_page_on_standard_output_cannot_speak_to_the_runner(tmp_path: Path, form: str) -> None:
    checklist(tmp_path, HOSTILE)
    (tmp_path / "hostile.sh").write_text(r"printf '::error::a\n  ::add-mask::b\n##[error]c\n'; exit 1", "utf-8")
    done = readiness("check", "--format", form, "-o", "run.json", cwd=tmp_path, env={"GITHUB_ACTIONS": "true"}, code=1)
    assert "##[" not in done.stdout
    assert not re.search(r"^\s*::[^\r\n]*::", done.stdout, re.MULTILINE)
    assert "error::a" in done.stdout
    run = (tmp_path / "run.json").read_text("utf-8")
    assert "##[error]c" in run  # a file reaches no runner
    if form == "json":
        assert json.loads(done.stdout) == json.loads(run)
    again = readiness("report", "run.json", "--format", form, cwd=tmp_path, env={"GITHUB_ACTIONS": "true"}, code=0)
    assert again.stdout == done.stdout


def test_a_page_that_goes_to_a_file_is_the_same_under_a_runner(tmp_path: Path) -> None:
    checklist(tmp_path, HOSTILE)
    (tmp_path / "hostile.sh").write_text(r"printf '::error::a\n##[error]c\n'; exit 1", "utf-8")
    with (tmp_path / "b.md").open("wb") as stream:
        subprocess.run(
            [*PROGRAM, "check", "-q", "--format", "md", "-o", "a.md"],
            cwd=tmp_path,
            env=variables(GITHUB_ACTIONS="true"),
            stdout=stream,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    assert (tmp_path / "a.md").read_bytes() == (tmp_path / "b.md").read_bytes()
    assert "##[error]c" in (tmp_path / "a.md").read_text("utf-8")


@pytest.mark.parametrize(
    "args",
    [
        ["check", "x\n::error::y"],
        ["x\n::error::y"],
        ["check", "-o", "x.a\n::error::y"],
        ["validate"],
        ["explain", "##[error]y"],
    ],
)
def test_errors_cannot_speak_to_the_runner(tmp_path: Path, args: list[str]) -> None:
    path = checklist(tmp_path, FAIL)
    path.write_text(path.read_text("utf-8") + '"##[error]z": 1\n::error::z: 2\n', encoding="utf-8")
    done = readiness(*args, cwd=tmp_path, env={"GITHUB_ACTIONS": "true"}, code=2)
    assert "##[" not in done.stderr
    assert not [line for line in done.stderr.splitlines() if line.lstrip().startswith("::")]


@pytest.mark.parametrize(
    ("form", "text", "tamed"),
    [
        ("text", "a: b ::error::c", "a: b : :error::c"),
        ("text", "reason:\r::error::c\u2028::x", "reason:\r: :error::c\u2028: :x"),
        ("csv", 'a,"b\n::error::c"\n', 'a,"b\n: :error::c"\n'),
        ("html", "::placeholder{color:red}", "::placeholder{color:red}"),
        ("html", "<p>##[error]", "<p>## [error]"),
        ("json", '{"a": "##[error] ::b::"}', '{"a": "##\\u005berror] ::b::"}'),
    ],
)
def test_everything_printed_is_tamed_by_its_kind(
    monkeypatch: pytest.MonkeyPatch, form: str, text: str, tamed: str
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert tame(text, form, io.StringIO()) == text
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert tame(text, form, io.StringIO()) == tamed
    assert tame(tamed, form, io.StringIO()) == tamed


def test_long_text_is_not_wrapped_into_a_command(tmp_path: Path) -> None:
    checklist(
        tmp_path, f"id: bad, title: Bad, owner: {'o' * 60} ::error::p, with: {{run: 'false # {'y ' * 40}::error::q'}}"
    )
    drawn = in_terminal("check", cwd=tmp_path, columns=30, env={"GITHUB_ACTIONS": "true"})
    obeyed = [line for line in drawn.splitlines() if re.match(r"\s*::", line)]
    assert obeyed
    assert all(re.match(r"::(group|endgroup|error)\b", line) and not line.startswith("::error::") for line in obeyed)


def test_annotations_are_few_and_blockers_come_first(tmp_path: Path) -> None:
    warnings = [f"id: w{n}, title: W, severity: warning, with: $no" for n in range(15)]
    checklist(tmp_path, *warnings, *[f"id: b{n}, title: B, with: $no" for n in range(15)])
    done = readiness("check", cwd=tmp_path, env={"GITHUB_ACTIONS": "true"}, code=1)
    commands = [line for line in done.stderr.splitlines() if re.match(r"::(error|warning) ", line)]
    assert [line.split(" ")[0] for line in commands] == ["::error"] * 10 + ["::warning"] * 10


def test_annotations_name_files_from_the_top_of_the_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "services/api").mkdir(parents=True)
    checklist(tmp_path / "services/api", FAIL)
    done = readiness("check", cwd=tmp_path / "services/api", env={"GITHUB_ACTIONS": "true"}, code=1)
    assert "::error file=services/api/readiness.yaml,line=6," in done.stderr


def test_a_summary_that_is_full_or_cannot_be_written_is_said_and_changes_nothing(tmp_path: Path) -> None:
    checklist(tmp_path, "id: good, title: Good, with: $ok")
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (1024 * 1024 - 100))
    for place in (summary, tmp_path / "absent/summary.md"):
        env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(place)}
        done = readiness("check", cwd=tmp_path, env=env, code=0)
        assert "::warning title=readiness::the run was not added to the job's summary" in done.stderr
    assert summary.stat().st_size == 1024 * 1024 - 100


@pytest.mark.parametrize(
    ("args", "name", "value"),
    [(["--color", "never"], "X", ""), ([], "NO_COLOR", "1"), ([], "TERM", "dumb")],
)
def test_errors_obey_the_choice_of_colour(tmp_path: Path, args: list[str], name: str, value: str) -> None:
    assert "\x1b[" in in_terminal("check", "-f", "nope.yaml", cwd=tmp_path)
    assert "\x1b[" not in in_terminal("check", "-f", "nope.yaml", *args, cwd=tmp_path, env={name: value})


def test_lines_of_a_narrow_window_are_cut_and_keep_id_and_shape(tmp_path: Path) -> None:
    checklist(tmp_path, f"id: {'long-' * 12}id, title: T, owner: {'漢字' * 30}, with: $no")
    drawn = in_terminal("check", cwd=tmp_path, columns=30)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
    assert "✘ failed long-long-long-lo ..." in plain
    assert max(cells(line) for line in re.split(r"[\r\n]+", plain)) <= 30


def test_quiet_prints_no_progress(tmp_path: Path) -> None:
    checklist(tmp_path, FAIL)
    assert readiness("check", "-q", cwd=tmp_path, code=1).stderr == ""


def test_a_file_that_cannot_be_written_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    path = tmp_path / "folder.md"
    assert write(go(), [Output(path, reporter("md"))]) == ([], [f"{path} was not written: Is a directory"])
