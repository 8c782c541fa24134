"""What a comparison of packages with advisories gave, and the answer that this makes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from readiness.outcome import Evidence, Finding, Level, Measurement, Outcome, Status
from readiness.text import count
from readiness_checks.dependencies.database import Database
from readiness_checks.dependencies.packages import Collection, Package

_NAMED = 50
"""Names of packages in one finding."""


@dataclass(frozen=True)
class Comparison:
    """What a source of advisories said about packages."""

    packages: Sequence[Package]
    examined: int
    """For how many of the packages it has an answer."""
    findings: Sequence[Finding]
    problems: Sequence[Finding]
    """Why the answer is not whole: each makes the item an error."""
    measurements: tuple[Measurement, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def outcome(collection: Collection, found: Comparison) -> Outcome:
    """Put the answer together: what could not be judged makes it an error, whatever else was found."""
    obstacles = (*collection.problems, *found.problems)
    serious = [finding for finding in found.findings if finding.level is Level.ERROR]
    affected = len({finding.fingerprint.split(":")[0] for finding in serious})
    if serious:
        many = count(len(serious), "known vulnerability", "known vulnerabilities")
        counts = f"{many} in {affected} of {count(found.examined, 'package')}"
    else:
        counts = f"no known vulnerability in {count(found.examined, 'package')}"
    if obstacles:
        more = f", and {count(len(obstacles) - 1, 'more obstacle')}" if len(obstacles) > 1 else ""
        status = Status.ERROR
        summary = obstacles[0].message + more + (f"; {counts}" if serious else "")
    else:
        status = Status.FAILED if serious else Status.PASSED
        unknown = len(found.packages) - found.examined
        summary = counts + (
            f"; {unknown} more {'is' if unknown == 1 else 'are'} unknown to the database" if unknown else ""
        )
    return Outcome(
        status=status,
        summary=summary,
        examined=found.examined,
        unit="packages",
        measurements=found.measurements,
        findings=(*obstacles, *found.findings, *collection.notes),
        evidence=(*collection.evidence, *found.evidence),
        remedy=(obstacles[0] if obstacles else serious[0]).remedy if obstacles or serious else "",
        comparable=True,
    )


def _age(source: Database, now: datetime) -> timedelta:
    return max(now - source.newest, timedelta())


def database_problems(
    packages: Sequence[Package], source: Database, now: datetime, max_age: timedelta
) -> list[Finding]:
    """Why a local database cannot answer: it is too old, or has nothing about any of the packages."""
    age, found = _age(source, now), []
    if age > max_age:
        found.append(
            Finding(
                message=f"the newest entry of the database is of {source.newest:%Y-%m-%d}, {age.days} days ago; "
                f"at most {max_age.days} days are accepted",
                rule="stale-database",
                path=source.name,
                remedy="download the database again, or raise `max_age`",
            )
        )
    if packages and not any(package.name in source.known for package in packages):
        found.append(
            Finding(
                message=f"nothing was compared: {source.name} has no advisory for any of these packages",
                rule="nothing-compared",
                path=source.name,
                remedy="name a complete database, or check the spelling of the packages",
            )
        )
    return found


def measurements(
    packages: Sequence[Package], source: Database, now: datetime, max_age: timedelta
) -> tuple[Measurement, ...]:
    """What a reader wants to know about a local database."""
    unknown = _unknown_names(packages, source)
    day = timedelta(days=1)
    return (
        Measurement(
            name="age of the database",
            value=round(_age(source, now) / day, 1),
            unit="d",
            operator="<=",
            threshold=round(max_age / day, 1),
        ),
        Measurement(name="date of the database", value=f"{source.newest:%Y-%m-%d}"),
        Measurement(name="entries of the database", value=source.entries, unit="advisories"),
        Measurement(name="packages unknown to the database", value=len(unknown), unit="packages"),
    )


def _unknown_names(packages: Sequence[Package], source: Database) -> list[str]:
    return sorted({package.name for package in packages} - source.known)


def unknown_packages(packages: Sequence[Package], source: Database) -> Iterator[Finding]:
    """Name the packages about which a local database says nothing at all."""
    names = _unknown_names(packages, source)
    if not names:
        return
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    shown = ", ".join(names[:_NAMED]) + more
    yield Finding(
        message=f"{count(len(names), 'package')} unknown to the database: clean, private or misspelt: {shown}",
        rule="unknown-package",
        level=Level.NOTE,
        path=source.name,
        remedy="check the spelling of these names",
    )
