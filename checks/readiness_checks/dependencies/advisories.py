"""Reads advisories in the OSV format and says which versions of a package they affect.

The rules are those of the OSV schema, section "Evaluation" (https://ossf.github.io/osv-schema/#evaluation), with one
difference: where an advisory cannot be compared (a version that PEP 440 cannot read, or no versions at all), the
package counts as affected, for a gate must not open on what it cannot read. For the same reason a record is refused
where its ranges are not as the schema says: a range without a beginning would cover nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

_COMPARABLE = {"ECOSYSTEM", "SEMVER"}
_RANGES = _COMPARABLE | {"GIT"}
_TURNS = ("introduced", "fixed", "last_affected", "limit")


class MalformedError(ValueError):
    """A record is not an advisory in the OSV format; the text says why."""


@dataclass(frozen=True)
class Vulnerability:
    """One vulnerability of one package version, under all its names."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    severity: str
    """Word of the advisory's own database, for instance `HIGH`; empty when it gives none."""
    fixed: tuple[Version, ...]
    """Versions above the present one that the advisory calls fixed, the lowest first."""


@dataclass(frozen=True)
class Event:
    """One point of a range; `version` is None when PEP 440 cannot read it."""

    kind: str
    version: Version | None


@dataclass(frozen=True)
class Affected:
    """The versions of one package that one advisory names."""

    listed: frozenset[Version]
    ranges: tuple[tuple[Event, ...], ...]

    def covers(self, version: Version) -> bool:
        """Whether a version is affected; a local part (`+…`) is left out, advisories know only public versions."""
        public = Version(version.public)
        if public in self.listed:
            return True
        if not self.listed and not self.ranges:
            return True
        return any(_in_range(public, events, fallback=not self.listed) for events in self.ranges)

    def fixes(self) -> Iterator[Version]:
        """Versions in which it is fixed."""
        for events in self.ranges:
            yield from (event.version for event in events if event.kind == "fixed" and event.version is not None)


@dataclass(frozen=True)
class Advisory:
    """What is needed of one advisory."""

    id: str
    aliases: frozenset[str]
    summary: str
    severity: str
    packages: tuple[tuple[str, Affected], ...]
    """Normalised name and versions of each PyPI package; empty when it was withdrawn."""
    modified: datetime | None

    def covers(self, name: str, version: Version) -> bool:
        """Whether it affects this package in this version."""
        return any(affected.covers(version) for package, affected in self.packages if package == name)

    def fixes(self, name: str) -> Iterator[Version]:
        """Versions of a package in which it is fixed."""
        for package, affected in self.packages:
            if package == name:
                yield from affected.fixes()


def parse(record: Any) -> Advisory:
    """Read one record.

    Raises:
        MalformedError: It is not an advisory in the OSV format; the text says why.
    """
    if not isinstance(record, dict) or not isinstance(record.get("id"), str) or not record["id"]:
        raise MalformedError("it has no `id`")
    affected = _list(record, "affected")
    withdrawn = _time(record.get("withdrawn")) is not None  # nothing but a time withdraws: not "null", not "false"
    packages = [] if withdrawn else list(_packages(affected))
    own = record.get("database_specific")
    severity = own.get("severity") if isinstance(own, dict) else None
    summary = record.get("summary") or record.get("details")
    return Advisory(
        id=record["id"],
        aliases=frozenset(alias for alias in _list(record, "aliases") if isinstance(alias, str)),
        summary=" ".join(summary.split())[:160] if isinstance(summary, str) else "",
        severity=severity if isinstance(severity, str) else "",
        packages=tuple(packages),
        modified=_time(record.get("modified")) or _time(record.get("published")),
    )


def _packages(affected: list[Any]) -> Iterator[tuple[str, Affected]]:
    """Each package of PyPI that an advisory names, with the versions."""
    for entry in affected:
        if not isinstance(entry, dict):
            raise MalformedError("an entry of `affected` is not an object")
        package = entry.get("package")
        if package is None and (entry.get("ranges") or entry.get("versions")):
            continue  # the schema allows an entry for a repository instead of a package
        if not isinstance(package, dict):
            raise MalformedError("an entry of `affected` names neither a package nor a repository")
        ecosystem, name = package.get("ecosystem"), package.get("name")
        if not isinstance(ecosystem, str) or not isinstance(name, str) or not ecosystem or not name:
            raise MalformedError("`affected` names a package without an ecosystem or a name")
        if ecosystem.split(":", 1)[0].casefold() == "pypi":
            yield canonicalize_name(name), _affected(entry)


def _list(record: dict[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedError(f"`{key}` is not a list")
    return value


def _affected(entry: dict[str, Any]) -> Affected:
    versions = _list(entry, "versions")
    if not all(isinstance(version, str) and version for version in versions):
        raise MalformedError("an entry of `versions` is not a text")  # a number has lost its zeros: 1.10 is 1.1
    listed = {_version(version) for version in versions}
    ranges = []
    for found in _list(entry, "ranges"):
        if not isinstance(found, dict) or str(found.get("type")) not in _RANGES:
            raise MalformedError(f"a range has no type that the schema knows: {', '.join(sorted(_RANGES))}")
        events = list(_events(found))
        if not any(event.kind == "introduced" for event in events):
            raise MalformedError("a range has no event that says where it begins (`introduced`)")
        if found["type"] in _COMPARABLE:
            ranges.append(tuple(sorted(events, key=_order)))
    return Affected(listed=frozenset(version for version in listed if version is not None), ranges=tuple(ranges))


def _events(found: dict[str, Any]) -> Iterator[Event]:
    for event in _list(found, "events"):
        if not isinstance(event, dict) or not event.keys() & set(_TURNS):
            raise MalformedError("an event of a range names no version")
        for kind in _TURNS:
            text = event.get(kind, "")
            if not isinstance(text, str) or (kind in event and not text):
                raise MalformedError(f"`{kind}` of a range is not a text")
            if text and not (kind == "limit" and text == "*"):
                yield Event(kind, Version("0.dev0") if kind == "introduced" and text == "0" else _version(text))


def _order(event: Event) -> tuple[bool, Version, bool]:
    """By version, whatever order the record has; at the same version a fix comes before a new introduction."""
    return (event.version is not None, event.version or Version("0.dev0"), event.kind == "introduced")


def _in_range(version: Version, events: tuple[Event, ...], *, fallback: bool) -> bool:
    """Walk the events up to a version.

    `fallback` is the answer where an event cannot be read: then the list of versions alone decides, and without such
    a list an unreadable end is no end.
    """
    if any(event.version is None for event in events) and not fallback:
        return False
    affected = False
    for event in events:
        if event.version is None:
            affected = affected or event.kind == "introduced"
        elif event.kind == "introduced" and version >= event.version:
            affected = True
        elif (event.kind == "fixed" and version >= event.version) or (
            event.kind == "last_affected" and version > event.version
        ):
            affected = False
    limits = [event.version for event in events if event.kind == "limit"]
    return affected and (not limits or any(limit is None or version < limit for limit in limits))


@lru_cache(maxsize=65_536)
def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # InvalidVersion, and what Python says of thousands of digits
        return None


def _time(value: Any) -> datetime | None:
    """Read a time of RFC 3339."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def vulnerabilities(name: str, version: Version, advisories: list[Advisory]) -> list[Vulnerability]:
    """Vulnerabilities of a package version: advisories that are aliases of each other are one."""
    groups: list[tuple[set[str], list[Advisory]]] = []
    for advisory in advisories:
        if not advisory.covers(name, version):
            continue
        names, members = {advisory.id, *advisory.aliases}, [advisory]
        rest = []
        for group in groups:
            if group[0] & names:
                names, members = names | group[0], [*group[1], *members]
            else:
                rest.append(group)
        groups = [*rest, (names, members)]
    return sorted((_merge(name, version, names, members) for names, members in groups), key=lambda found: found.id)


def _merge(name: str, version: Version, names: set[str], members: list[Advisory]) -> Vulnerability:
    main = min(members, key=lambda advisory: (not advisory.id.startswith("PYSEC-"), advisory.id))
    fixed = {fix for advisory in members for fix in advisory.fixes(name) if fix > version}
    return Vulnerability(
        id=main.id,
        aliases=tuple(sorted(names - {main.id})),
        summary=main.summary,
        severity=next((advisory.severity for advisory in members if advisory.severity), ""),
        fixed=tuple(sorted(fixed)),
    )
