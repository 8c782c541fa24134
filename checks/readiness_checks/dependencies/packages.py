"""The packages to look up, where the exact version of each is written, and what could not be read."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from readiness.outcome import Evidence, Finding

UNPINNED = "unpinned"
"""Rule of a requirement whose exact version is not known."""
_SHOWN = 80
_LONGEST = 10_000
"""Characters of a requirement with its markers, without its hashes."""
_LONGEST_VERSION = 1000
"""Characters; Python refuses to read numbers of more than 4,300 digits, with a ValueError of its own."""
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


@dataclass(frozen=True)
class Package:
    """One package in one exact version."""

    name: str
    """Normalised as PEP 503 says."""
    version: Version
    path: str
    """File or environment that says so, as reports show it."""
    line: int | None = None


@dataclass(frozen=True)
class Collection:
    """All that one source says."""

    packages: tuple[Package, ...] = ()
    problems: tuple[Finding, ...] = ()
    """Requirements that cannot be judged; any makes the check an error."""
    notes: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    absent: bool = False
    """Whether the source says, in so many words, that there are no dependencies."""

    def __add__(self, other: "Collection") -> "Collection":
        return Collection(
            self.packages + other.packages,
            self.problems + other.problems,
            self.notes + other.notes,
            self.evidence + other.evidence,
            self.absent and other.absent,
        )


def exact(specifiers: SpecifierSet) -> Version | None:
    """The one version that a specifier allows: `==1.2` or `===1.2`, but neither `==1.*` nor two different ones."""
    versions = set()
    for specifier in specifiers:
        if specifier.operator in {"==", "==="} and not specifier.version.endswith(".*"):
            version = parsed_version(specifier.version)
            if version is None:
                return None
            versions.add(version)
    return versions.pop() if len(versions) == 1 else None


def parsed(text: str) -> Requirement | None:
    """A requirement of PEP 508; None when it is none, or longer than any is."""
    try:
        requirement = Requirement(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):  # InvalidRequirement; markers in thousands of brackets
        return None
    if requirement is None or any(len(specifier.version) > _LONGEST_VERSION for specifier in requirement.specifier):
        return None
    return requirement


def parsed_version(text: str) -> Version | None:
    """A version of PEP 440; None when it is none, or longer than any is."""
    try:
        return Version(text) if len(text) <= _LONGEST_VERSION else None
    except ValueError:  # InvalidVersion
        return None


def read_requirement(text: str, path: str, line: int | None) -> Package | Requirement | Finding:
    """Read one requirement of PEP 508.

    Returns:
        The package when its version is exact, the requirement when it is not, a finding when it cannot be judged.
    """
    requirement = parsed(text)
    if requirement is None:
        return unpinned(text, path, line, "is not a requirement with a name and an exact version")
    if requirement.url:
        return unpinned(text, path, line, "names an address instead of a version")
    version = exact(requirement.specifier)
    if version is None:
        return requirement
    return Package(canonicalize_name(requirement.name), version, path, line)


def unpinned(text: str, path: str, line: int | None, why: str = "has no exact version") -> Finding:
    """Say that a requirement cannot be judged."""
    shown = _CREDENTIALS.sub("", " ".join(text.split()))
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    return Finding(
        message=f"`{shown}` {why}",
        rule=UNPINNED,
        path=path,
        line=line,
        remedy="pin it to an exact version (`name==1.2.3`), or name a lock file",
    )


def digest(name: str, data: bytes) -> Evidence:
    """Evidence for a file that was read."""
    return Evidence(name=name, sha256=hashlib.sha256(data).hexdigest())


def distinct(packages: Iterable[Package]) -> list[Package]:
    """Each package and version once, by its first place, sorted."""
    first: dict[tuple[str, Version], Package] = {}
    for package in packages:
        first.setdefault((package.name, package.version), package)
    return [first[key] for key in sorted(first)]
