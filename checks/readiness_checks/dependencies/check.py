"""The check `dependencies`: collects exact versions, looks up their vulnerabilities, and judges them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, ClassVar, Literal, Self

from packaging.version import Version
from pydantic import Field, StringConstraints, model_validator

from readiness.check import Check, Context
from readiness.duration import Duration
from readiness.outcome import CheckError, Evidence, Finding, Level, Outcome, Status, Value
from readiness.strictness import stricter
from readiness.text import count
from readiness_checks.dependencies import database, pip_audit, projects, requirements_files
from readiness_checks.dependencies.advisories import Vulnerability, vulnerabilities
from readiness_checks.dependencies.comparison import (
    Comparison,
    database_problems,
    measurements,
    outcome,
    unknown_packages,
)
from readiness_checks.dependencies.database import Database
from readiness_checks.dependencies.packages import Collection, Package, distinct

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Answers = dict[tuple[str, Version], list[Vulnerability]]


class Ignore(Value):
    """A vulnerability that is accepted for a while."""

    id: Annotated[_Text, stricter.unknown]
    """Identifier of the advisory, or any of its aliases: `PYSEC-…`, `GHSA-…`, `CVE-…`."""
    reason: Annotated[_Text, stricter.irrelevant]
    """Why it does no harm here."""
    until: Annotated[date, stricter.lower.measured_as("date")]
    """Last day on which it is accepted, in UTC."""

    def active(self, now: datetime) -> bool:
        """Whether it still counts."""
        return now < datetime.combine(self.until, time.min, UTC) + timedelta(days=1)


@dataclass(frozen=True)
class _Accepted:
    """An ignore with the facts of this run."""

    ignore: Ignore
    active: bool
    path: str
    line: int | None

    def note(self, message: str, level: Level) -> Finding:
        remedy = "take it out of the checklist, or renew it"
        return Finding(message=message, rule="ignore", level=level, path=self.path, line=self.line, remedy=remedy)


class Dependencies(Check):
    """No Python package that the project uses has a known vulnerability.

    Why: Most code of a product was written by others, and its weaknesses are public the day an advisory appears.

    How: Reads exact versions from requirements files (with what they include, and constraints), from a pyproject.toml
    with every lock file beside it (uv, poetry, pdm, PEP 751 with `pylock.NAME.toml`), from a lock file that is named
    (these, Pipfile.lock, conda-lock.yml, pixi.lock, explicit lists of conda) or from an installed environment. A lock
    file that lacks what pyproject.toml or the Pipfile declares, or has it in a version that these do not allow, is
    stale. A folder of the repository (`-e .`) is a note; what of conda is not of Python is named and not judged. Lock
    files of other languages are refused with what judges them. Environment markers are not evaluated: a package that
    only another platform installs is judged too. Compares them offline with a database of
    advisories in the OSV format, or asks PyPI or OSV through pip-audit. A requirement without an exact version, a
    package that the service skipped, and a database with an entry that cannot be read or that is older than `max_age`
    are errors. A package for which the database has no advisory at all may be clean, private or misspelt: such names
    are counted apart and never called clean, and if there are no others, nothing was compared and that is an error.

    Remedy: Upgrade to the version that the finding names; or accept the risk for a while with `ignore`.

    Example:
        - id: dependencies
          title: No package has a known vulnerability
          check: dependencies
          with: {requirements: requirements.txt, service: pypi}
    """

    uses_services: ClassVar[bool] = False

    requirements: Annotated[str | list[str] | None, Field(min_length=1), stricter.more_entries] = None
    """Requirements file or lock file, or several. Give one of `requirements`, `environment` and `pyproject`."""
    environment: Annotated[str | None, Field(min_length=1), stricter.when_given] = None
    """Virtual environment or Python interpreter whose installed packages are judged."""
    pyproject: Annotated[str | None, Field(min_length=1), stricter.when_given] = None
    """A pyproject.toml; every lock file beside it is read, and without one its requirements have to be exact."""
    service: Annotated[Literal["pypi", "osv", "offline"], stricter.unknown] = "pypi"
    """Who is asked: PyPI or OSV over the network, by pip-audit, or the local `database`, which is what is asked where
    one is named."""
    database: Annotated[str | None, Field(min_length=1), stricter.trusted_file] = None
    """For `offline`: an all.zip of osv.dev, a folder of OSV or GHSA records in JSON, or a PYSEC tree in YAML."""
    max_age: Annotated[Duration, stricter.lower.measured_as("length")] = timedelta(days=30)
    """For `offline`: how long ago the newest entry of the database may have been changed."""
    ignore: Annotated[list[Ignore], stricter.fewer_named("id")] = []
    """Vulnerabilities that are accepted, each with a reason and a last day."""
    osv_url: Annotated[str, Field(pattern=r"^https?://"), stricter.unknown] = "https://api.osv.dev/v1/query"
    """For `osv`: address of the query interface, for instance of a mirror."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in ("requirements", "environment", "pyproject") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of `requirements`, `environment` and `pyproject`")
        if self.service == "offline" and self.database is None:
            raise ValueError("`service: offline` needs `database`: the file or folder of advisories to compare with")
        if self.service != "offline" and self.database is not None and "service" in self.model_fields_set:
            raise ValueError(f"`database` is for `service: offline`, not for `{self.service}`: leave one of them out")
        return self

    def run(self, context: Context) -> Outcome:
        """Collect, ask, judge."""
        collection = self._collect(context)
        packages = distinct(collection.packages)
        if not packages and not collection.problems:
            if collection.absent:
                return Outcome(
                    status=Status.NOT_APPLICABLE,
                    summary=f"{self.pyproject} declares no dependencies",
                    evidence=collection.evidence,
                )
            where = ", ".join(evidence.name for evidence in collection.evidence)
            raise CheckError(
                f"{where or 'the environment'} names no package: nothing was judged",
                "name the file that lists the packages",
                evidence=collection.evidence,
            )
        if self.database is not None:
            return outcome(collection, self._offline(context, packages, self.database))
        answers, skipped = pip_audit.audit(context, packages, self.service, self.osv_url)
        findings = _judge(answers, packages, self._accepted(context), "")
        if skipped and not answers:  # the service is at fault, or a mirror without its interface; not the packages
            skipped.insert(0, _silent(self.service, packages))
        return outcome(collection, Comparison(packages, len(answers), findings, skipped))

    def _accepted(self, context: Context) -> list[_Accepted]:
        source = context.item.source
        place = (source.file, source.line) if source else ("", None)
        return [_Accepted(ignore, ignore.active(context.now), *place) for ignore in self.ignore]

    def _collect(self, context: Context) -> Collection:
        if self.requirements is not None:
            paths = [self.requirements] if isinstance(self.requirements, str) else self.requirements
            return requirements_files.read(context, paths)
        if self.pyproject is not None:
            return projects.read_pyproject(context, self.pyproject)
        return projects.read_environment(context, self.environment or "")

    def _offline(self, context: Context, packages: list[Package], path: str) -> Comparison:
        source = database.read(context, path, {package.name for package in packages})
        known = [package for package in packages if package.name in source.known]
        answers = {
            (package.name, package.version): vulnerabilities(
                package.name, package.version, source.advisories[package.name]
            )
            for package in known
        }
        return Comparison(
            packages=packages,
            examined=len(known),
            findings=[*_judge(answers, known, self._accepted(context), source), *unknown_packages(packages, source)],
            problems=database_problems(packages, source, context.now, self.max_age),
            measurements=measurements(packages, source, context.now, self.max_age),
            evidence=(Evidence(name=source.name, sha256=source.sha256, produced_at=source.newest),),
        )


def _silent(service: str, packages: list[Package]) -> Finding:
    return Finding(
        message=f"{service} answered for 0 of {count(len(packages), 'package')}",
        rule="nothing-compared",
        path=packages[0].path,
        remedy="check that the service itself is reachable, not only a mirror of packages; or use `service: offline` "
        "with a local `database`",
    )


def _judge(
    answers: _Answers, packages: list[Package], ignores: list[_Accepted], source: Database | Literal[""]
) -> list[Finding]:
    """Turn vulnerabilities into findings, the ignored ones into notes, and name ignores that do nothing."""
    findings, used = [], set[str]()
    for package in packages:
        for found in answers.get((package.name, package.version), ()):
            names = {name.casefold() for name in (found.id, *found.aliases)}
            matching = [accepted for accepted in ignores if accepted.ignore.id.casefold() in names]
            used.update(accepted.ignore.id for accepted in matching)
            active = next((accepted.ignore for accepted in matching if accepted.active), None)
            findings.append(_finding(package, found, _upgrade(package, answers, source), active))
    for accepted in ignores:
        ignore = accepted.ignore
        if not accepted.active:
            ended = f"the ignore of {ignore.id} ended on {ignore.until}: {ignore.reason}"
            findings.append(accepted.note(ended, Level.WARNING))
        elif ignore.id not in used:
            findings.append(accepted.note(f"the ignore of {ignore.id} matches nothing", Level.NOTE))
    return findings


def _upgrade(package: Package, answers: _Answers, source: Database | Literal[""]) -> Version | None:
    """Lowest version above the present one that mends all, and that no advisory of the database covers."""
    found = answers[package.name, package.version]
    candidates = sorted({fix for vulnerability in found for fix in vulnerability.fixed})
    if source:
        advisories = source.advisories[package.name]
        return next((c for c in candidates if not any(a.covers(package.name, c) for a in advisories)), None)
    return max((v.fixed[0] for v in found), default=None) if all(v.fixed for v in found) else None


def _finding(package: Package, found: Vulnerability, best: Version | None, ignored: Ignore | None) -> Finding:
    names = f"{found.id} ({', '.join(found.aliases)})" if found.aliases else found.id
    parts = [f"{package.name} {package.version} has {names}"]
    if found.severity:
        parts.append(f"severity {found.severity.lower()}")
    if found.fixed:
        parts.append(f"fixed in {', '.join(map(str, found.fixed))}")
    if ignored:
        parts.append(f"accepted until {ignored.until}: {ignored.reason}")
    message = "; ".join(parts) + (f" — {found.summary}" if found.summary else "")
    return Finding(
        message=message,
        rule=found.id,
        level=Level.NOTE if ignored else Level.ERROR,
        path=package.path,
        line=package.line,
        remedy=f"upgrade {package.name} to {best}"
        if best
        else f"no version of {package.name} is known to mend all: replace it, or accept the risk with `ignore`",
        link=f"https://osv.dev/vulnerability/{found.id}",
        fingerprint=f"{package.name}@{package.version}:{found.id}",
    )
