"""Runs bandit on files that are named one by one, and reads its answer strictly."""

import json
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from readiness.check import Context
from readiness.outcome import CheckError, Finding

SHOWN = 200
"""Findings, and files that could not be read, that are shown; all of them are counted."""
_BATCH = 500
"""Files for one run of bandit: a command line is limited."""
_BY_HAND = "run `python -m bandit` by hand"


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Cwe(_Model):
    id: int | None = None


class Issue(_Model):
    """One finding of bandit."""

    filename: str
    line_number: int
    col_offset: int = 0
    test_id: str
    issue_text: str
    issue_severity: Literal["LOW", "MEDIUM", "HIGH", "UNDEFINED"]
    issue_confidence: Literal["LOW", "MEDIUM", "HIGH", "UNDEFINED"]
    issue_cwe: _Cwe = _Cwe()
    more_info: str = ""


class Unread(_Model):
    """A file that bandit could not read."""

    filename: str
    reason: str


class _Metrics(_Model):
    loc: int


class _Answer(_Model):
    errors: list[Unread]
    results: list[Issue]
    metrics: dict[str, _Metrics]


@dataclass(frozen=True)
class Scan:
    """What bandit said about some files."""

    issues: tuple[Issue, ...]
    unread: tuple[Unread, ...]
    lines: int
    """Lines of code, without empty ones and comments."""


@dataclass(frozen=True)
class Options:
    """How bandit is run."""

    tests: tuple[str, ...] = ()
    """Its tests that are made; all of them when there are none."""
    skips: tuple[str, ...] = ()
    """Its tests that are not made."""

    def arguments(self, *, ignore_nosec: bool) -> list[str]:
        """As its command line has them."""
        chosen = [part for option, ids in (("--tests", self.tests), ("--skip", self.skips)) if ids
                  for part in (option, ",".join(ids))]  # fmt: skip
        return [*chosen, *(["--ignore-nosec"] if ignore_nosec else [])]


def scan(context: Context, files: Mapping[str, Path], options: Options, *, ignore_nosec: bool) -> Scan:
    """Run bandit on files, named one by one.

    Args:
        context: The run.
        files: Where each of them lies, by the name that a report shows.
        options: How bandit is run.
        ignore_nosec: Whether comments do not suppress anything.

    Raises:
        CheckError: It crashed, did not finish, or did not answer for every file.
    """
    issues: list[Issue] = []
    unread: list[Unread] = []
    lines = 0
    places = {str(path): name for name, path in files.items()}
    for batch in batched(places, _BATCH):
        names = {place: places[place] for place in batch}
        answer = _run(context, list(names), options.arguments(ignore_nosec=ignore_nosec))
        silent = names.keys() - answer.metrics.keys() - {error.filename for error in answer.errors}
        if silent:
            raise CheckError(
                f"bandit said nothing about {len(silent)} files, for instance {names[min(silent)]}", "report this"
            )
        issues += [issue.model_copy(update={"filename": names[issue.filename]}) for issue in answer.results]
        unread += [error.model_copy(update={"filename": names[error.filename]}) for error in answer.errors]
        lines += sum(answer.metrics[path].loc for path in names if path in answer.metrics)
    return Scan(tuple(issues), tuple(unread), lines)


def _run(context: Context, paths: Sequence[str], options: Sequence[str]) -> _Answer:
    with tempfile.TemporaryDirectory(prefix="readiness-") as scratch:
        output = Path(scratch) / "answer.json"
        # An empty --exclude: the default one leaves out every path that has `.git` anywhere in it.
        done = context.run(
            [
                sys.executable, "-E", "-P", "-m", "bandit", "--quiet", "--format", "json", "--output", str(output),
                "--exclude", "", *options, "--", *paths,
            ],
            cwd=Path(scratch),
            reads=True,
        )  # fmt: skip
        if done.timed_out:
            raise CheckError(
                f"bandit did not finish within {done.duration:.0f} s",
                "raise the item's `timeout`, or name fewer `paths`",
            )
        try:
            answer = _Answer.model_validate(json.loads(output.read_bytes()))
        except (OSError, ValueError, ValidationError) as error:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            last = " ".join(said[-1].split())[:200] if said else type(error).__name__
            raise CheckError(f"bandit gave no answer (exit code {done.exit_code}): {last}", _BY_HAND) from error
    if done.exit_code != (1 if answer.results else 0):
        raise CheckError(
            f"bandit exited with {done.exit_code} after {len(answer.results)} findings",
            _BY_HAND,
        )
    return answer


def require_examined(found: Scan, files: Collection[str]) -> None:
    """Refuse an examination that left files out, or of nothing.

    Raises:
        CheckError: It is one of them.
    """
    remedy = "correct the file, or leave it out by name with `exclude`"
    if any("syntax error" in error.reason for error in found.unread):  # what is new in 3.14 is no syntax for 3.11
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        remedy += f"; where it is written for a newer Python than {running}, run readiness with that one"
    if found.unread:
        first = found.unread[0]
        raise CheckError(
            f"bandit could not read {len(found.unread)} of {len(files)} files, for instance {first.filename}: "
            f"{first.reason[:150]}",
            remedy,
            findings=tuple(
                Finding(message=f"not examined: {error.reason[:99]}", rule="unread", path=error.filename, remedy=remedy)
                for error in found.unread[:SHOWN]
            ),
        )
    if not found.lines:
        raise CheckError(f"{len(files)} Python files have no line of code: nothing was examined", "name other `paths`")


def batched(places: Mapping[str, str], size: int) -> Iterator[list[str]]:
    """Parts of a list of files."""
    names = [*places]
    return (names[start : start + size] for start in range(0, len(names), size))


def identity(issue: Issue) -> tuple[str, int, int, str]:
    """What tells one finding from another."""
    return (issue.filename, issue.line_number, issue.col_offset, issue.test_id)
