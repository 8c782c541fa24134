"""A check and a reporter of one's own, in one module."""

import hashlib
import re
from pathlib import Path
from typing import ClassVar

from readiness import Check, Context, Evidence, Finding, Outcome, Report, Status


class FileContains(Check):
    """A file has a line that matches a pattern.

    Why: some promises live in one line of one file, for instance the version that a changelog begins with.

    How: every line of the file is searched; an empty file is an error, because nothing was looked at.

    Remedy: add the line, or correct the pattern.
    """

    uses_services: ClassVar[bool] = False

    path: Path
    """File, relative to the root of the repository."""
    pattern: re.Pattern[str]
    """Regular expression, searched line by line."""

    def run(self, context: Context) -> Outcome:
        """Search the file."""
        data = context.read(self.path)
        lines = data.decode("utf-8", "replace").splitlines()
        evidence = Evidence(name=self.path.as_posix(), sha256=hashlib.sha256(data).hexdigest())
        hits = [number for number, line in enumerate(lines, 1) if self.pattern.search(line)]
        if hits or not lines:
            return Outcome(
                status=Status.PASSED if hits else Status.ERROR,
                summary=f"line {hits[0]} of {self.path} matches" if hits else f"{self.path} is empty",
                examined=len(lines),
                unit="lines",
                evidence=(evidence,),
            )
        missing = Finding(message=f"no line matches /{self.pattern.pattern}/", path=self.path.as_posix(), line=1)
        return Outcome(
            status=Status.FAILED,
            summary=f"none of {len(lines)} lines of {self.path} matches",
            examined=len(lines),
            unit="lines",
            findings=(missing,),
            evidence=(evidence,),
            remedy=f"add a line that matches /{self.pattern.pattern}/ to {self.path}",
        )


def render(report: Report) -> str:
    """One line for each item: what `-o report.txt` writes."""
    lines = [f"{report.verdict.word}: {report.verdict.reason}"]
    lines += [f"{result.status:<14} {result.item.id}  {result.outcome.summary}" for result in report.results]
    return "\n".join(lines) + "\n"
