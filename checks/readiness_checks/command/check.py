"""Runs a command and judges it by its exit code, and says which failures in it nobody would see."""

import hashlib
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from readiness import looks_secret, processes
from readiness.check import Check, Context, Doubt
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.processes import Completed
from readiness.strictness import stricter
from readiness.text import without_terminal_sequences
from readiness_checks.command.unseen import Unseen, unseen

_ExitCode = Annotated[int, Field(ge=0, le=255)]
_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
_Argument = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]

_CANNOT_EXECUTE = 126
_LINE = 200
"""Characters of the last line of output that a summary quotes."""
_NOT_FOUND = 127
_MAKE_FAILED = 2
_RECIPE = re.compile(rb"(?m)^g?make(?:\[\d+\])?: \*\*\* \[[^\n]*\] Error (126|127)\s*$")
"""What GNU make prints last of a recipe whose program is not there (GNU make manual, 9.6)."""
_SHOWN = 20
"""Failures that the shell would not see, of which a result warns."""
_SIGNALLED = 128
_EXCERPT = 4096
"""Characters of output that a report shows."""
_LOOKED_AT = 16 * _EXCERPT
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Command(Check):
    """A command ends with the exit code that is expected.

    Why: What a team already verifies with a script, a linter or a build stays the judge; the checklist holds the
    release to it, and keeps what it said.

    How: Runs the command below the root of the repository, without input, and compares its exit code. A string is run
    by `bash -eo pipefail` (`sh -e` where there is no bash) without start-up files: it ends at the first command that
    fails, and `false | tee log` does not pass. A list is run without a shell. A command that is not found, cannot be
    executed or does not end in time is an error, not a failure, also where make says so of a recipe: then nothing was
    answered.

    Many tools end with 1 both when they find something and when they could not look: `npm audit` without network or
    lock file is one. `must_print` tells the two apart: it is what the tool prints whenever it did its work, such as
    `vulnerabilit`. Where the output does not have it, the item is an error, whatever the exit code.

    Some failures bash does not see (Bash Reference Manual, 4.3.1 and 3.7.4): all but the last command of `a && b`
    where another line follows; `$(…)` in an argument (`echo $(cmd)`, `export X=$(cmd)`, `test -z "$(cmd)"`) or in any
    but the last assignment of a line; all but the last command in `X=$(a; b)`; `<(…)` and `>(…)`; a job in the
    background (`a & wait`); `! a` before another line; what is inside of a function or group whose status is asked
    for (`if f`, `f || x`); `bash -c 'a; b'`. They are found by the grammar of bash, without running anything: both
    `readiness validate` and the result warn of each, with its place and what to write instead. What a
    script does that the line starts is not looked at: begin it with `set -euo pipefail`. `a || true` and `set +e`
    with a look at `$?` are meant. Without bash, a failure before a `|` is not seen either; `readiness doctor` says so.

    A program that still writes when the reader of its pipe has ended (`git log | head -1`) ends with 141 (SIGPIPE), and
    `pipefail` makes that a failure. Let the reader read on (`git log | sed -n 1p`), or allow it where it happens:
    `(git log || [ $? = 141 ]) | head -1`.

    Remedy: Run the same command by hand in the same folder, and fix what it reports.

    Example:
        - id: lint
          title: The linter finds nothing
          check: command
          timeout: 300
          with: {run: make lint}
        - id: audit
          title: No package has a known vulnerability
          check: command
          with: {run: npm audit --omit=dev, must_print: "vulnerabilit(y|ies)"}
    """

    model_config = ConfigDict(populate_by_name=False)  # the parameter is `run`; `run_` is only Python's name for it

    run_: Annotated[
        Annotated[_Argument, StringConstraints(min_length=1)] | Annotated[list[_Argument], Field(min_length=1)],
        Field(alias="run"),
        stricter.command_line(folder="cwd"),
    ]
    """A command line for the shell, or a list of program and arguments that no shell sees."""
    cwd: Annotated[_Argument, StringConstraints(min_length=1), stricter.command] = "."
    """Folder to run in, relative to the root of the repository, and inside it."""
    expect_exit: Annotated[_ExitCode | Annotated[list[_ExitCode], Field(min_length=1)], stricter.fewer_entries] = 0
    """The exit code that is right, or several of them."""
    env: Annotated[dict[_Name, _Argument | int], stricter.command] = {}
    """Environment variables to add."""
    must_print: Annotated[re.Pattern[str] | None, stricter.unknown] = None
    """Regular expression that is found in the output (standard output and error) whenever the command did its work."""

    @model_validator(mode="after")
    def _something_to_run(self) -> Self:
        if isinstance(self.run_, list):
            empty = not self.run_[0].strip()
        else:
            lines = [line.strip() for line in self.run_.splitlines()]
            empty = all(not line or line.startswith("#") for line in lines)
        if empty:
            raise ValueError("`run` is empty: there is nothing to run")
        if self.must_print is not None and self.must_print.search(""):
            raise ValueError("`must_print` is found in any output, also in none: write what the tool prints")
        if processes.MARK in self.env:
            raise ValueError(f"`env` must not set {processes.MARK}: left-over processes are found by it")
        return self

    def _unseen(self) -> list[Unseen]:
        return unseen(self.run_) if isinstance(self.run_, str) else []

    def doubts(self) -> Iterator[Doubt]:
        """Failures that the shell would not see."""
        for one in self._unseen():
            yield Doubt(parameter="run", text=one.text, at=one.at, message=one.message, remedy=one.remedy)

    def run(self, context: Context) -> Outcome:
        """Run it, and compare."""
        for name, value in self.env.items():
            if looks_secret(name):
                context.redactor.register(str(value))
        arguments = self.run_ if isinstance(self.run_, list) else processes.shell_command(self.run_)
        done = context.run(
            arguments,
            cwd=_folder(context, self.cwd),
            env={name: str(value) for name, value in self.env.items()},
            merge=True,
        )
        evidence = Evidence(
            name=self._name(200),
            sha256="" if done.truncated else hashlib.sha256(done.stdout).hexdigest(),
            produced_at=context.now,
            excerpt=_excerpt(context, done),
        )
        if done.timed_out:
            raise CheckError(
                f"`{self._name()}` did not end within {done.duration:.1f} s and was stopped",
                "raise the item's `timeout`, or make the command faster",
                evidence=(evidence,),
            )
        return self._judge(context, done, evidence)

    def _judge(self, context: Context, done: Completed, evidence: Evidence) -> Outcome:
        expected = self.expect_exit if isinstance(self.expect_exit, list) else [self.expect_exit]
        wanted = " or ".join(str(code) for code in expected)
        met = done.exit_code in expected
        told = _of_recipe(done)
        if not met and told in {_CANNOT_EXECUTE, _NOT_FOUND}:
            why = "was not found" if told == _NOT_FOUND else "cannot be executed"
            said = evidence.excerpt.rstrip().rpartition("\n")[2][:_LINE]
            raise CheckError(
                f"`{self._name()}` exited with {done.exit_code}: a program that it needs {why}"
                + (f" (it said: {said})" if said else ""),
                "install the program where readiness runs, or correct the command",
                evidence=(evidence,),
            )
        if self.must_print is not None and not self.must_print.search(_plain(done)):
            raise CheckError(
                f"`{self._name()}` exited with {_exit(done.exit_code)} and printed nothing that `must_print` finds: "
                "it did not do its work",
                "see in its output what kept it (the network, a file that is missing), or correct `must_print`",
                evidence=(evidence,),
            )
        said = f"`{self._name()}` exited with {_exit(done.exit_code)} after {done.duration:.1f} s"
        exit_code = Measurement(name="exit code", value=done.exit_code)
        if len(expected) == 1:
            exit_code = exit_code.model_copy(update={"operator": "==", "threshold": expected[0]})
        where = "the root of the repository" if Path(self.cwd) == Path() else f"`{self.cwd}`"
        source, remedy = context.item.source, f"run it by hand in {where}, and fix what it reports"
        if not met and self._broke_a_pipe(done):
            remedy = (
                "a program was still writing when the reader of its pipe (such as `head`) had ended (SIGPIPE), which "
                "`pipefail` makes a failure: let the reader read on (`| sed -n 1p`), or allow it: "
                "`(… || [ $? = 141 ]) | head`"
            )
        defect = Finding(
            message=f"{said}; {wanted} was expected",
            rule="exit-code",
            path=source.file if source else self.cwd,
            line=source.line if source else None,
            remedy=remedy,
        )
        return Outcome(
            status=Status.PASSED if met else Status.FAILED,
            summary=said if met else defect.message,
            examined=1,
            unit="commands",
            measurements=(exit_code, Measurement(name="duration", value=round(done.duration, 3), unit="s")),
            findings=(*(() if met else (defect,)), *self._warnings(context)),
            evidence=(evidence,),
            remedy="" if met else remedy,
        )

    def _broke_a_pipe(self, done: Completed) -> bool:
        """Whether it failed because the reader of a pipe had ended: SIGPIPE, or a program that says so itself."""
        piped = isinstance(self.run_, str) and "|" in self.run_
        return piped and (done.exit_code == _SIGNALLED + signal.SIGPIPE or b"roken pipe" in done.stdout[-_EXCERPT:])

    def _warnings(self, context: Context) -> Iterator[Finding]:
        source = context.item.source
        for one in self._unseen()[:_SHOWN]:
            yield Finding(
                message=f"`{one.text[:_LINE]}`: {one.message}",
                rule="unseen-failure",
                level=Level.WARNING,
                path=source.file if source else "",
                line=source.line if source else None,
                remedy=one.remedy,
            )

    def _name(self, limit: int = 80) -> str:
        text = " ".join((" ".join(self.run_) if isinstance(self.run_, list) else self.run_).split())
        return text if len(text) <= limit else text[: limit - 1] + "…"


def _folder(context: Context, cwd: str) -> Path:
    """Folder to run in, links followed.

    Raises:
        CheckError: It does not exist, or leads out of the repository.
    """
    folder = context.path(cwd).resolve()
    if not folder.is_relative_to(context.root.resolve()):
        raise CheckError(f"`cwd: {cwd}` leads out of the repository", "name a folder inside the repository")
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise CheckError(f"`cwd: {cwd}` {what}", "name a folder of the repository")
    return folder


def _exit(code: int) -> str:
    """An exit code with the name of the signal that it stands for."""
    try:
        return f"{code} ({signal.Signals(code - _SIGNALLED).name})" if code > _SIGNALLED else str(code)
    except ValueError:
        return str(code)


def _of_recipe(done: Completed) -> int:
    """The exit code; that of the recipe where make says it: make itself ends with 2, whatever is missing."""
    told = _RECIPE.search(done.stdout[-_EXCERPT:])
    return int(told[1]) if told and done.exit_code == _MAKE_FAILED else done.exit_code


def _plain(done: Completed) -> str:
    """All output as plain text."""
    return without_terminal_sequences(done.stdout.decode(errors="replace").replace("\r\n", "\n"))


def _excerpt(context: Context, done: Completed) -> str:
    """The end of the output as plain text.

    Secrets are masked before it is cut, for nobody recognises half a secret afterwards.
    """
    kept = done.stdout[-_LOOKED_AT:]
    text = without_terminal_sequences(kept.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n"))
    text = context.redactor.text(_CONTROLS.sub("", text)).strip("\n")
    if len(kept) == len(done.stdout) and not done.truncated and len(text) <= _EXCERPT:
        return text
    tail = text[-_EXCERPT:]
    return "…" + tail[tail.find("\n") :] if "\n" in tail else "…" + tail
