"""The check `bandit`: searches Python code for insecure patterns with bandit; every file must be read."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from readiness.check import Check, Context
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.bandit.scan import SHOWN, Issue, Scan, identity, require_examined, scan
from readiness_checks.parameters import ONE_OR_MANY
from readiness_checks.reading.python_files import python_files

_Path = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00]*$")]
_Rank = Annotated[
    Literal["low", "medium", "high"],
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),  # bandit itself says HIGH
    stricter.in_order("high", "medium", "low").in_any_case(),
]
_RANKS = {"LOW": 0, "MEDIUM": 1, "HIGH": 2, "UNDEFINED": 2}
"""What bandit cannot rank counts as the highest."""


class Bandit(Check):
    """The Python code has none of the insecure patterns that bandit knows.

    Why: A shell fed with a string, a disabled certificate check or a weak hash is cheap to find here, and is found by
    others if it is not.

    How: Runs bandit on every Python file that git has or would take (without git: on the disk, virtual environments
    left out), also on scripts that only their first line gives away. bandit's own selection is not used: it leaves out
    every path with `.git` in it, `.github/` among them, and configuration in the repository could switch rules off.
    Files that bandit could not read are an error, and so is an examination of no line at all. `# nosec` comments are
    honoured unless `nosec: false`, but each finding that they suppress is counted and named.

    A repository without any Python file is not applicable when all of it is asked about; a path without Python is an
    error.

    Remedy: Change the code as the linked page says. Where bandit is wrong, say so in the line: `# nosec B602  # why`.
    """

    uses_services: ClassVar[bool] = False
    runs_foreign_code: ClassVar[bool] = False

    paths: Annotated[list[_Path], Field(min_length=1), ONE_OR_MANY, stricter.more_entries] = ["."]
    """Files, folders or globs, relative to the root of the repository."""
    exclude: Annotated[list[_Path], ONE_OR_MANY, stricter.fewer_entries] = []
    """Globs or folders to leave out, for instance `tests`."""
    min_severity: _Rank = "low"
    """Findings below this severity do not count."""
    min_confidence: _Rank = "low"
    """Findings that bandit is less sure of do not count."""
    nosec: Annotated[bool, stricter.false] = True
    """Whether `# nosec` comments may suppress findings."""

    def run(self, context: Context) -> Outcome:
        """Find the files, scan them, and look at what was suppressed."""
        files = python_files(context, self.paths, self.exclude)
        if not files:
            return Outcome(status=Status.NOT_APPLICABLE, summary="the repository has no Python file", unit="files")
        if find_spec("bandit") is None:
            raise CheckError("bandit is not installed", 'pip install "readiness[bandit]" where readiness runs')
        contents = {name: context.read(name) for name in files}
        found = scan(context, files, ignore_nosec=not self.nosec)
        require_examined(found, files)
        suppressed: list[Issue] = []
        if self.nosec:
            commented = [name for name, data in contents.items() if b"nosec" in data.lower()]
            visible = {identity(issue) for issue in found.issues}
            everything = scan(context, commented, ignore_nosec=True).issues
            suppressed = [issue for issue in self._counting(everything) if identity(issue) not in visible]
        return self._outcome(found, suppressed, contents)

    def _counting(self, issues: Iterable[Issue]) -> list[Issue]:
        """Those that reach the thresholds, the worst first."""
        severity, confidence = _RANKS[self.min_severity.upper()], _RANKS[self.min_confidence.upper()]
        kept = [
            issue
            for issue in issues
            if _RANKS[issue.issue_severity] >= severity and _RANKS[issue.issue_confidence] >= confidence
        ]
        return sorted(kept, key=lambda issue: (-_RANKS[issue.issue_severity], issue.filename, issue.line_number))

    def _outcome(self, found: Scan, suppressed: Sequence[Issue], contents: dict[str, bytes]) -> Outcome:
        counting = self._counting(found.issues)
        files = len(contents)
        severities = [issue.issue_severity.lower() for issue in counting]
        ranks = [f"{severities.count(rank)} {rank}" for rank in dict.fromkeys(severities)]
        said = f"bandit found {count(len(counting), 'problem')}" + (f" ({', '.join(ranks)})" if counting else "")
        hidden = f"; `# nosec` suppresses {len(suppressed)}" if suppressed else ""
        return Outcome(
            status=Status.FAILED if counting else Status.PASSED,
            summary=f"{said} in {count(files, 'file')}, {count(found.lines, 'line')} of code{hidden}",
            examined=files,
            unit="files",
            measurements=(
                Measurement(name="findings", value=len(counting), operator="==", threshold=0),
                Measurement(name="below the thresholds", value=len(found.issues) - len(counting)),
                Measurement(name="suppressed by nosec", value=len(suppressed)),
                Measurement(name="lines of code", value=found.lines, unit="lines"),
            ),
            findings=(*_findings(counting), *_notes(suppressed)),
            evidence=(_evidence(contents),),
            comparable=True,
            remedy="change the code as the linked pages say" if counting else "",
        )


def _findings(issues: Sequence[Issue]) -> Iterator[Finding]:
    for issue in issues[:SHOWN]:
        cwe = f"CWE-{issue.issue_cwe.id}, " if issue.issue_cwe.id else ""
        ranks = f"{issue.issue_severity.lower()} severity, {issue.issue_confidence.lower()} confidence"
        yield Finding(
            message=f"{' '.join(issue.issue_text.split())[:300]} ({cwe}{ranks})",
            rule=issue.test_id,
            path=issue.filename,
            line=max(issue.line_number, 1),
            column=max(issue.col_offset + 1, 1),
            remedy="change it as the linked page says",
            link=issue.more_info,
        )
    if len(issues) > SHOWN:
        rest = issues[SHOWN]
        yield Finding(
            message=f"{len(issues) - SHOWN} more findings",
            rule=rest.test_id,
            path=rest.filename,
            line=max(rest.line_number, 1),
            remedy="fix these first, or name fewer `paths`",
        )


def _notes(suppressed: Sequence[Issue]) -> Iterator[Finding]:
    for finding in _findings(suppressed):
        changed = {
            "level": Level.NOTE,
            "message": f"suppressed by `# nosec`: {finding.message}",
            "remedy": "review whether it is harmless",
        }
        yield finding.model_copy(update=changed)


def _evidence(contents: dict[str, bytes]) -> Evidence:
    """One digest over the names and bytes of all files."""
    from importlib.metadata import version

    digest = hashlib.sha256()
    for name, data in contents.items():
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(data).digest())
    return Evidence(
        name=f"{len(contents)} Python files, by bandit {version('bandit')}",
        sha256=digest.hexdigest(),
    )
