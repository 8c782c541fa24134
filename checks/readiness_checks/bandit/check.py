"""Searches Python code for insecure patterns with bandit; every file must be read, and what was not is named."""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from readiness.check import Check, Context
from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.bandit import left_out, notebooks
from readiness_checks.bandit.notebooks import Notebook
from readiness_checks.bandit.scan import SHOWN, Issue, Options, Scan, identity, require_examined, scan
from readiness_checks.parameters import ONE_OR_MANY
from readiness_checks.reading.python_files import python_files

_Path = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00]*$")]
_Rank = Annotated[
    Literal["low", "medium", "high"],
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),  # bandit itself says HIGH
    stricter.in_order("high", "medium", "low").in_any_case(),
]
_ID = r"^B[0-9]{3}$"


def _known_form(value: str) -> str:
    if not re.fullmatch(_ID, value):
        raise ValueError("this is no id of a test of bandit: it is `B` with three digits, such as `B602`")
    return value


_Test = Annotated[str, AfterValidator(_known_form), WithJsonSchema({"type": "string", "pattern": _ID})]
_TESTS = (
    *(f"B{number}" for number in (*range(101, 109), 110, 112, 113, 201, 202, *range(301, 309), *range(310, 320))),
    *(f"B{number}" for number in (321, 323, 324, *range(401, 410), 411, 412, 413, 415, *range(501, 510))),
    *(f"B{number}" for number in (*range(601, 616), 701, 702, 703, 704)),
)
"""Tests of bandit 1.9.4: what is made where `tests` names none."""
_RANKS = {"LOW": 0, "MEDIUM": 1, "HIGH": 2, "UNDEFINED": 2}
"""What bandit cannot rank counts as the highest."""


class Bandit(Check):
    """The Python code has none of the insecure patterns that bandit knows.

    Why: A shell fed with a string, a disabled certificate check or a weak hash is cheap to find here, and is found by
    others if it is not.

    How: Runs bandit on every Python file that git has or would take (without git: on the disk, virtual environments
    left out), on the Python cells of notebooks, and on scripts that only their first line gives away
    (`#!/usr/bin/env python3`, `uv run --script`, PEP 723). bandit's own selection is not used: it leaves out every path
    with `.git` in it, `.github/` among them. Configuration of bandit in the repository is not used either, for a change
    could bring it along: a note names it, and `skips`, `tests` and `exclude` say it in the checklist.

    Files and cells that bandit could not read are an error, and so is an examination of no line at all. Cells in other
    languages (`%%bash`), notebooks of other kernels and git submodules are named as not examined; `paths` may name the
    folder of a submodule. A repository without any Python file is not applicable when all of it is asked about; a
    path without Python is an error.

    `# nosec` comments are honoured unless `nosec: false`, but each finding that they suppress is counted and named,
    those of high severity as warnings: the author of a change writes the comment, too. `max_suppressed_high` says how
    many of these the team accepts, `max_suppressed` how many of all. With `--policy-ref`, a comment that the policy
    branch does not have needs the consent of its owners.

    Remedy: Change the code as the linked page says. Where bandit is wrong, say so in the line: `# nosec B602  # why`.

    Example:
        - id: static-analysis
          title: The code has no insecure pattern
          check: bandit
          with: {paths: [src], exclude: [src/vendored], min_severity: medium, max_suppressed_high: 0}
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
    max_suppressed: Annotated[int | None, Field(ge=0), stricter.lower] = None
    """Findings that `# nosec` may suppress, of any severity; any number when not given."""
    max_suppressed_high: Annotated[int | None, Field(ge=0), stricter.lower] = None
    """Findings of high severity that `# nosec` may suppress; any number when not given."""
    tests: Annotated[_Test | list[_Test] | None, Field(min_length=1), stricter.more_entries.when_absent(*_TESTS)] = None
    """Tests of bandit that are made, by their ids (`B602`); all of them when it is not given."""
    skips: Annotated[list[_Test], ONE_OR_MANY, stricter.fewer_entries] = []
    """Tests of bandit that are not made, by their ids."""

    def run(self, context: Context) -> Outcome:
        """Find the files, scan them, and look at what was suppressed."""
        files = python_files(context, self.paths, self.exclude)
        beside = [*left_out.of_git(context, self.paths), *left_out.configured(context)]
        if not files:
            said = "the repository has no Python file"
            if others := sum(finding.rule == "submodule" for finding in beside):
                said += f"; {count(others, 'submodule')} not examined"
            return Outcome(status=Status.NOT_APPLICABLE, summary=said, unit="files", findings=tuple(beside))
        if find_spec("bandit") is None:
            raise CheckError("bandit is not installed", 'pip install "readiness[bandit]" where readiness runs')
        contents = {name: context.read(name) for name in files}
        books = {name: notebooks.read(name, contents[name]) for name in files if name.endswith(notebooks.SUFFIX)}
        with tempfile.TemporaryDirectory(prefix="readiness-") as scratch:
            places = {name: context.root / name for name in files if name not in books} | left_out.written(
                books, Path(scratch)
            )
            found, suppressed = self._scanned(context, places, contents)
        beside += left_out.of_notebooks(books)
        return self._outcome(found, suppressed, contents, (books, beside))

    def _scanned(
        self, context: Context, places: Mapping[str, Path], contents: Mapping[str, bytes]
    ) -> tuple[Scan, list[Issue]]:
        """What bandit found, and what comments suppress."""
        named = [self.tests] if isinstance(self.tests, str) else self.tests or []
        options = Options(tuple(named), tuple(self.skips))
        found = scan(context, places, options, ignore_nosec=not self.nosec)
        require_examined(found, places)
        if not self.nosec:
            return found, []
        commented = {name: path for name, path in places.items() if b"nosec" in contents[name].lower()}
        visible = {identity(issue) for issue in found.issues}
        everything = scan(context, commented, options, ignore_nosec=True).issues
        return found, [issue for issue in self._counting(everything) if identity(issue) not in visible]

    def _counting(self, issues: Iterable[Issue]) -> list[Issue]:
        """Those that reach the thresholds, the worst first."""
        severity, confidence = _RANKS[self.min_severity.upper()], _RANKS[self.min_confidence.upper()]
        kept = [
            issue
            for issue in issues
            if _RANKS[issue.issue_severity] >= severity and _RANKS[issue.issue_confidence] >= confidence
        ]
        return sorted(kept, key=lambda issue: (-_RANKS[issue.issue_severity], issue.filename, issue.line_number))

    def _level_of_high(self, *, too_many: bool) -> Level:
        """Of a severe finding behind a comment: a warning, unless the team has said how many it accepts."""
        if too_many:
            return Level.ERROR
        return Level.WARNING if self.max_suppressed_high is None else Level.NOTE

    def _outcome(
        self,
        found: Scan,
        suppressed: Sequence[Issue],
        contents: dict[str, bytes],
        besides: tuple[Mapping[str, Notebook], Sequence[Finding]],
    ) -> Outcome:
        books, unseen = besides
        counting = self._counting(found.issues)
        high = [issue for issue in suppressed if _RANKS[issue.issue_severity] == _RANKS["HIGH"]]
        too_high = self.max_suppressed_high is not None and len(high) > self.max_suppressed_high
        too_many = self.max_suppressed is not None and len(suppressed) > self.max_suppressed
        failed = bool(counting) or too_high or too_many
        remedy = "change the code as the linked pages say" if counting else ""
        if failed and not counting:
            limit = "max_suppressed_high" if too_high else "max_suppressed"
            remedy = f"change the code, or let the owners of the checklist accept the comments: `{limit}`"
        return Outcome(
            status=Status.FAILED if failed else Status.PASSED,
            summary=self._summary(counting, found, contents)
            + _suppressed_words(suppressed, high)
            + _left_out_words(unseen),
            examined=len(contents),
            unit="files",
            measurements=(
                Measurement(name="findings", value=len(counting), operator="==", threshold=0),
                Measurement(name="below the thresholds", value=len(found.issues) - len(counting)),
                _limited("suppressed by nosec", len(suppressed), self.max_suppressed),
                _limited("of high severity suppressed by nosec", len(high), self.max_suppressed_high),
                Measurement(name="lines of code", value=found.lines, unit="lines"),
            ),
            findings=(
                *_findings(counting, books),
                *_notes(high, books, Level.ERROR if too_high else self._level_of_high(too_many=too_many)),
                *_notes(
                    [issue for issue in suppressed if issue not in high],
                    books,
                    Level.ERROR if too_many else Level.NOTE,
                ),
                *unseen,
            ),
            evidence=(_evidence(contents),),
            comparable=True,
            remedy=remedy,
        )

    @staticmethod
    def _summary(counting: Sequence[Issue], found: Scan, contents: dict[str, bytes]) -> str:
        severities = [issue.issue_severity.lower() for issue in counting]
        ranks = [f"{severities.count(rank)} {rank}" for rank in dict.fromkeys(severities)]
        said = f"bandit found {count(len(counting), 'problem')}" + (f" ({', '.join(ranks)})" if counting else "")
        return f"{said} in {count(len(contents), 'file')}, {count(found.lines, 'line')} of code"


def _findings(issues: Sequence[Issue], books: Mapping[str, Notebook]) -> Iterator[Finding]:
    for issue in issues[:SHOWN]:
        book = books.get(issue.filename)
        where = f"{book.place(issue.line_number)}: " if book else ""
        cwe = f"CWE-{issue.issue_cwe.id}, " if issue.issue_cwe.id else ""
        ranks = f"{issue.issue_severity.lower()} severity, {issue.issue_confidence.lower()} confidence"
        yield Finding(
            message=f"{where}{' '.join(issue.issue_text.split())[:300]} ({cwe}{ranks})",
            rule=issue.test_id,
            path=issue.filename,
            line=None if book else max(issue.line_number, 1),
            column=None if book else max(issue.col_offset + 1, 1),
            remedy="change it as the linked page says",
            link=issue.more_info,
        )
    if len(issues) > SHOWN:
        rest = issues[SHOWN]
        yield Finding(
            message=f"{len(issues) - SHOWN} more findings",
            rule=rest.test_id,
            path=rest.filename,
            remedy="fix these first, or name fewer `paths`",
        )


def _notes(suppressed: Sequence[Issue], books: Mapping[str, Notebook], level: Level) -> Iterator[Finding]:
    for finding in _findings(suppressed, books):
        changed = {
            "level": level,
            "message": f"suppressed by `# nosec`: {finding.message}",
            "remedy": "review whether it is harmless",
        }
        yield finding.model_copy(update=changed)


def _limited(name: str, value: int, most: int | None) -> Measurement:
    """A number, with its limit where there is one."""
    if most is None:
        return Measurement(name=name, value=value)
    return Measurement(name=name, value=value, operator="<=", threshold=most)


def _suppressed_words(suppressed: Sequence[Issue], high: Sequence[Issue]) -> str:
    severe = f", {len(high)} of high severity" if high else ""
    return f"; `# nosec` suppresses {len(suppressed)}{severe}" if suppressed else ""


def _left_out_words(unseen: Sequence[Finding]) -> str:
    names = {"submodule": "submodule", "other-language": "notebook part"}
    rules = [finding.rule for finding in unseen]
    told = [count(rules.count(rule), name) for rule, name in names.items() if rule in rules]
    return f"; not examined: {', '.join(told)}" if told else ""


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
