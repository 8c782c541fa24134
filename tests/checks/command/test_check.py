"""The check `command`, with real commands."""

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness import processes
from readiness.checklist import Item
from readiness.outcome import Level, Outcome, Status
from readiness.plugins import describe
from readiness.testing import context, evaluate
from readiness_checks.command import Command
from support.system import need

ENVIRON = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


def run(root: Path, *, timeout: float = 30.0, environ: dict[str, str] | None = None, **params: Any) -> Outcome:
    item = Item(id="example", title="Example", check="command", timeout=timeout)
    return evaluate(Command, root, using=context(root, environ={**ENVIRON, **(environ or {})}, item=item), **params)


def test_a_command_that_exits_with_zero_passes_and_shows_its_output(tmp_path: Path) -> None:
    outcome = run(tmp_path, run="echo one; echo two >&2")
    assert outcome.status is Status.PASSED
    assert (outcome.examined, outcome.unit) == (1, "commands")
    assert outcome.evidence[0].excerpt == "one\ntwo"
    assert outcome.evidence[0].sha256 == hashlib.sha256(b"one\ntwo\n").hexdigest()
    assert outcome.evidence[0].produced_at is not None
    measured = {measurement.name: measurement for measurement in outcome.measurements}
    assert measured["exit code"].met is True
    assert isinstance(measured["duration"].value, float)
    assert measured["duration"].unit == "s"


def test_another_exit_code_fails_with_a_finding_and_a_remedy(tmp_path: Path) -> None:
    outcome = run(tmp_path, run="echo broken; exit 3")
    assert outcome.status is Status.FAILED
    assert "exited with 3" in outcome.summary
    assert "0 was expected" in outcome.summary
    assert outcome.findings[0].place
    assert outcome.findings[0].remedy
    assert outcome.evidence[0].excerpt == "broken"


@pytest.mark.parametrize("line", ["false | tee log", "false; true", "(exit 4) | cat | cat", "true\nfalse\ntrue"])
def test_a_failure_anywhere_in_a_command_line_fails_the_whole(tmp_path: Path, line: str) -> None:
    assert run(tmp_path, run=line).status is Status.FAILED


@pytest.mark.parametrize(
    ("recipe", "status"),
    [
        ("no-such-linter run", Status.ERROR),
        ("@no-such-linter; exit $$?", Status.ERROR),
        ("exit 3", Status.FAILED),
        ("@echo 'make: *** [x: y] Error 127'; exit 0", Status.PASSED),
        ("true", Status.PASSED),
    ],
)
def test_a_program_that_a_recipe_of_make_does_not_find_is_an_error(tmp_path: Path, recipe: str, status: Status) -> None:
    need("make")
    (tmp_path / "Makefile").write_text(f"lint:\n\t{recipe}\nall:\n\t$(MAKE) lint\n")
    assert run(tmp_path, run="make lint").status is status
    outcome = run(tmp_path, run="make all")
    assert outcome.status is status, outcome.summary
    assert ("was not found" in outcome.summary) == (status is Status.ERROR)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("echo found 0 vulnerabilities", Status.PASSED),
        ("echo >&2 '1 high severity vulnerability'; exit 1", Status.FAILED),
        ("printf '1 high severity \\033[1mvulner\\033[0mability'; exit 1", Status.FAILED),
        ("echo >&2 npm error audit endpoint returned an error; exit 1", Status.ERROR),
        ("echo up to date", Status.ERROR),
        ("true", Status.ERROR),
    ],
)
def test_a_tool_that_did_not_do_its_work_is_an_error_whatever_its_exit_code(
    tmp_path: Path, line: str, status: Status
) -> None:
    outcome = run(tmp_path, run=line, must_print="vulnerabilit(y|ies)")
    assert outcome.status is status
    assert (outcome.status is Status.ERROR) == ("printed nothing that `must_print` finds" in outcome.summary)
    assert outcome.evidence[0].excerpt or line == "true"


@pytest.mark.parametrize("pattern", ["", "x*", "found 0|", "^"])
def test_what_must_be_printed_is_nothing_that_no_output_has(pattern: str) -> None:
    with pytest.raises(ValidationError, match="found in any output, also in none"):
        Command.model_validate({"run": "true", "must_print": pattern})


def test_a_list_is_seen_by_no_shell(tmp_path: Path) -> None:
    outcome = run(tmp_path, run=[sys.executable, "-c", "import sys; print(sys.argv[1:])", "$HOME; *", "|"])
    assert outcome.evidence[0].excerpt == "['$HOME; *', '|']"


def test_start_up_files_of_a_person_do_not_count(tmp_path: Path) -> None:
    for name in (".bashrc", ".bash_profile", ".profile"):
        (tmp_path / name).write_text("false() { true; }\n")
    assert run(tmp_path, run="false", environ={"HOME": str(tmp_path)}).status is Status.FAILED


@pytest.mark.parametrize(("expected", "status"), [(5, Status.PASSED), ([0, 5], Status.PASSED), ([0, 4], Status.FAILED)])
def test_other_exit_codes_can_be_right(tmp_path: Path, expected: int | list[int], status: Status) -> None:
    assert run(tmp_path, run="exit 5", expect_exit=expected).status is status


def test_success_is_wrong_where_a_failure_is_expected(tmp_path: Path) -> None:
    assert run(tmp_path, run="true", expect_exit=1).status is Status.FAILED


def test_a_signal_is_named(tmp_path: Path) -> None:
    assert "137 (SIGKILL)" in run(tmp_path, run="kill -9 $$").summary
    assert "143 (SIGTERM)" in run(tmp_path, run=["sh", "-c", "kill -15 $$"]).summary


def test_an_exit_code_above_128_that_is_no_signal_is_just_a_number(tmp_path: Path) -> None:
    assert "exited with 255 after" in run(tmp_path, run="exit 255").summary


@pytest.mark.parametrize("command", ["no-such-program", ["no-such-program", "--version"], "./plain", ["./plain"]])
def test_a_program_that_cannot_be_started_is_an_error(tmp_path: Path, command: str | list[str]) -> None:
    (tmp_path / "plain").write_text("not executable")
    outcome = run(tmp_path, run=command)
    assert outcome.status is Status.ERROR
    assert outcome.remedy


def test_what_was_said_about_a_missing_program_is_in_the_summary(tmp_path: Path) -> None:
    outcome = run(tmp_path, run="echo building; no-such-program --version")
    assert outcome.status is Status.ERROR
    assert "no-such-program: command not found" in outcome.summary
    assert outcome.summary.count("building") == 1  # in the command, not in what is quoted


def test_not_found_can_be_what_is_expected(tmp_path: Path) -> None:
    assert run(tmp_path, run="no-such-program", expect_exit=127).status is Status.PASSED


def test_a_command_that_does_not_end_is_an_error_with_what_it_said(tmp_path: Path) -> None:
    outcome = run(tmp_path, run="echo begun; sleep 60", timeout=5)
    assert outcome.status is Status.ERROR
    assert "did not end" in outcome.summary
    assert outcome.evidence[0].excerpt == "begun"


def test_it_runs_in_the_folder_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "büro").mkdir()
    outcome = run(tmp_path, run="pwd -P", cwd="büro")
    assert outcome.evidence[0].excerpt == str((tmp_path / "büro").resolve())


def test_a_folder_outside_the_repository_is_an_error(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to("/", target_is_directory=True)
    for cwd in ("..", "/", "link", "link/tmp"):
        outcome = run(root, run="touch reached", cwd=cwd)
        assert outcome.status is Status.ERROR
        assert "leads out of the repository" in outcome.summary
    assert not (tmp_path / "reached").exists()


def test_a_folder_that_is_missing_or_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "does not exist" in run(tmp_path, run="true", cwd="missing").summary
    outcome = run(tmp_path, run="true", cwd="file")
    assert "is not a folder" in outcome.summary
    assert outcome.status is Status.ERROR


def test_variables_are_added_to_the_environment(tmp_path: Path) -> None:
    outcome = run(tmp_path, run='echo "$ADDED $KEPT $PORT"', env={"ADDED": "a b", "PORT": 80}, environ={"KEPT": "k"})
    assert outcome.evidence[0].excerpt == "a b k 80"


def test_secrets_are_masked_even_when_coloured_or_cut(tmp_path: Path) -> None:
    secret = "hunter2-hunter2-hunter2"
    (tmp_path / "say.sh").write_text(
        f"printf '{secret[:9]}\\033[31m{secret[9:]}\\n'\n"  # a colour in the middle of it
        f"printf '%s' \"$API_TOKEN\" '{'x' * (4096 - 10)}'\n"  # the end of what is shown cuts it
    )
    outcome = run(tmp_path, run="sh say.sh", env={"API_TOKEN": secret})
    assert "hunter2" not in outcome.model_dump_json()
    assert outcome.evidence[0].excerpt.endswith("x")


def test_output_is_shown_as_plain_text_and_only_its_end(tmp_path: Path) -> None:
    script = (
        "import sys; o = sys.stdout.buffer;"
        "o.write(b'first\\n' + b'middle\\n' * 5000);"
        "o.write(b'\\x1b[1;31mred\\x1b[0m ');"
        "o.write(b'\\x1b]8;;http://x\\x1b\\\\link\\x1b]8;;\\x07 \\x00nul \\xff\\xfe 10%\\r20%\\r\\n')"
    )
    outcome = run(tmp_path, run=[sys.executable, "-c", script])
    excerpt = outcome.evidence[0].excerpt
    assert outcome.status is Status.PASSED
    assert excerpt.startswith("…\nmiddle\n")
    assert excerpt.endswith("red link nul �� 10%\n20%")
    assert len(excerpt) <= 4097
    assert "\x1b" not in excerpt
    assert "\x00" not in excerpt


def test_a_command_gets_no_input(tmp_path: Path) -> None:
    assert run(tmp_path, run="read -r line", timeout=20).status is Status.FAILED


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"run": ""},
        {"run": " \n\t"},
        {"run": "# only a comment\n"},
        {"run": []},
        {"run": [""]},
        {"run": "a\0b"},
        {"run": 5},
        {"run_": "true"},
        {"run": "true", "expect_exit": []},
        {"run": "true", "expect_exit": 256},
        {"run": "true", "expect_exit": -9},
        {"run": "true", "expect_exit": "0"},
        {"run": "true", "env": {"A B": "c"}},
        {"run": "true", "env": {processes.MARK: "stray"}},
        {"run": "true", "cwd": ""},
        {"run": "true", "shell": True},
    ],
)
def test_parameters_that_ask_for_nothing_or_nonsense_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        run(tmp_path, **params)


def test_without_bash_sh_stops_at_the_first_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "sh").symlink_to(str(shutil.which("sh")))
    monkeypatch.setenv("PATH", str(programs))
    assert run(tmp_path, run="echo one; false; echo two", environ={"PATH": str(programs)}).status is Status.FAILED


def test_the_documentation_is_complete() -> None:
    description = describe(Command)
    assert description.why
    assert description.how
    assert description.remedy
    assert set(description.parameters["properties"]) == {"run", "cwd", "expect_exit", "env", "must_print"}


def test_a_failure_that_the_shell_does_not_see_is_warned_of(tmp_path: Path) -> None:
    outcome = run(tmp_path, run="false && true\necho done")
    assert outcome.status is Status.PASSED
    assert [(finding.rule, finding.level) for finding in outcome.findings] == [("unseen-failure", Level.WARNING)]
    assert "`false`" in outcome.findings[0].message
    assert run(tmp_path, run=["echo", "false && true\n"]).findings == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("yes | head -1", True),
        ("(echo write error: Broken pipe; exit 1) | cat", True),
        ("true | head -1", None),
        ("exit 3 | cat", False),
        ("exit 141", False),
    ],
)
def test_a_reader_that_ends_before_the_writer_is_named_as_the_cause(
    tmp_path: Path,
    line: str,
    names: bool | None,  # noqa: FBT001  # a parameter of the test
) -> None:
    outcome = run(tmp_path, run=line)
    assert outcome.status is (Status.PASSED if names is None else Status.FAILED)
    assert ("SIGPIPE" in outcome.remedy) is bool(names)
