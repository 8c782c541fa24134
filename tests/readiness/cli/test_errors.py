"""Which exit code an error earns, and what is said about it."""

import base64
import resource
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from readiness.attestation import AttestationError
from readiness.cli import main
from readiness.cli.errors import INTERNAL, USAGE, guarded
from readiness.loading import ChecklistError
from readiness.loading.diagnostics import Diagnostic
from readiness.outcome import Finding
from readiness.records.model.errors import RecordsError


def outcome(error: Exception, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    def fail() -> None:
        raise error

    code = guarded(fail)
    printed = capsys.readouterr()
    assert printed.out == ""
    return code, printed.err.splitlines()


@pytest.mark.parametrize("kind", [RecordsError, AttestationError])
def test_an_error_with_a_remedy_is_told_with_what_to_do(
    kind: type[RecordsError | AttestationError], capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(kind("it is gone", "bring it back"), capsys) == (USAGE, ["error: it is gone", "next: bring it back"])


def test_several_defects_of_records_are_each_named_with_their_place(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = Finding(message="no key", path="roster", line=3), Finding(message="no name", path="roster", line=7)
    code, lines = outcome(RecordsError("2 lines are wrong", findings=(one, two)), capsys)
    assert (code, lines) == (USAGE, ["error: 2 lines are wrong", "  roster:3: no key", "  roster:7: no name"])
    assert outcome(RecordsError("a line is wrong", findings=(one,)), capsys)[1] == ["error: a line is wrong"]


def test_mistakes_in_a_checklist_show_its_lines_without_secrets_and_with_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "kJ8s&Lq2/vX9" + "zR4t"
    monkeypatch.setenv("API_TOKEN", secret)
    monkeypatch.setenv("DB_PASSWORD", "observatory")
    line = f'project: observatory # "{secret}"'
    mistake = Diagnostic(message=f"unknown check `{secret}`", file="readiness.yaml", line=2, text=line)
    assert outcome(ChecklistError([mistake]), capsys)[1] == [
        "error: unknown check `[redacted]`",
        " --> readiness.yaml:2",
        '2 | project: observatory # "[redacted]"',
        "  | ^",
    ]


@pytest.mark.parametrize("words", [(), ("records",)])
def test_a_group_without_a_command_prints_its_help_once(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == USAGE
    assert "error:" not in shown.output
    assert [shown.output.count(text) for text in ("Usage:", "Commands:", "--help")] == [1, 1, 1]


def test_any_other_error_is_internal_and_never_a_pass(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READINESS_DEBUG", "1")
    code, lines = outcome(ValueError("nobody expected this"), capsys)
    assert (code, "ValueError: nobody expected this" in lines) == (INTERNAL, True)


SECRET = "kJ8s&Lq2/vX9" + "zR4t"


def test_neither_the_log_of_an_internal_error_nor_its_traceback_tells_a_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("API_TOKEN", SECRET)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    error = ValueError(f"no such host: {SECRET}, {base64.b64encode(SECRET.encode()).decode()}")
    code, lines = outcome(error, capsys)
    (log,) = tmp_path.glob("*.log")
    monkeypatch.setenv("READINESS_DEBUG", "1")
    _, traceback = outcome(error, capsys)
    for told in ("\n".join(lines), log.read_text(encoding="utf-8"), "\n".join(traceback)):
        assert "ValueError: no such host: [redacted], [redacted]" in told
    assert code == INTERNAL


def test_a_secret_that_is_broken_into_lines_by_its_encoding_is_masked_in_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", SECRET)
    coded = base64.b64encode(SECRET.encode()).decode()
    assert outcome(RecordsError(f"it says {coded[:7]}\n{coded[7:]}"), capsys)[1] == ["error: it says [redacted]"]


def test_too_little_memory_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = outcome(MemoryError(), capsys)
    assert (code, lines[0]) == (INTERNAL, "error: this machine gives readiness too little memory")
    assert lines[2].startswith("next: raise the limit")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not keep to the limit")
@pytest.mark.parametrize(("letter", "limit"), [("d", "RLIMIT_DATA"), ("v", "RLIMIT_AS")])
def test_a_limit_that_is_too_low_to_start_is_named(
    letter: str, limit: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    low = {getattr(resource, limit): 20 * 10**6}
    monkeypatch.setattr(resource, "getrlimit", lambda which: (low.get(which, resource.RLIM_INFINITY), -1))
    with pytest.raises(SystemExit) as left:
        main(["check"])
    assert left.value.code == INTERNAL
    assert f"20 MB of memory here (`ulimit -{letter}`), and readiness needs 64 MB" in capsys.readouterr().err
