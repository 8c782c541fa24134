"""Reads lock files of conda: conda-lock.yml, pixi.lock and explicit lists of addresses.

What conda packages of Python is looked up by the same name and version as what PyPI has; the name of the build tells it
(`pyhd8ed1ab_0`, `py311h38be061_1`). Everything else, such as openssl or the interpreter, has no advisories there and is
named in a note.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

from readiness.outcome import CheckError, Finding, Level
from readiness_checks.dependencies.packages import Collection, Package, digest, parsed_version, unpinned
from readiness_checks.reading import yaml_input

_FILE = re.compile(r"(?P<name>[a-z0-9_][a-z0-9_.-]*)-(?P<version>[^-]+)-(?P<build>[^-]+)\.(?:conda|tar\.bz2)")
_PYTHON = re.compile(r"(^|_)(py(th|hd|h|\d)|pypy|cp\d)")
_LISTS = ("package", "packages")
_SHOWN = 30
_AGAIN = "lock the environment again"


def read_explicit(path: str, data: bytes) -> Collection:
    """Read an explicit list (`conda list --explicit`, `conda-lock --kind explicit`).

    Raises:
        CheckError: It is none.
    """
    lines = data.decode("utf-8", errors="replace").splitlines()
    if "@EXPLICIT" not in (line.strip() for line in lines):
        raise CheckError(f"{path} is no explicit list of conda: it has no line `@EXPLICIT`", _AGAIN)
    found = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    entries = [(line, number) for number, line in found if line and not line.startswith(("#", "@"))]
    if data and not data.endswith(b"\n"):
        raise CheckError(f"{path} is cut off: its last line has no end", _AGAIN)
    return _collection(path, data, [_of_address(address, line) for address, line in entries])


def read_yaml(path: str, data: bytes) -> Collection:
    """Read conda-lock.yml or pixi.lock.

    Raises:
        CheckError: It is neither.
    """
    document = _load(path, data)
    packages = next(filter(None, map(document.get, _LISTS)), None) if isinstance(document, dict) else None
    if not isinstance(packages, list):
        if isinstance(document, dict) and "dependencies" in document:
            raise CheckError(
                f"{path} is an environment of conda: it names what is wanted, not the exact versions",
                "lock it with `conda-lock` (conda-lock.yml) or `conda list --explicit`, and name that file",
            )
        raise CheckError(f"{path} is no lock file of conda: it has no list of packages", _AGAIN)
    if isinstance(document, dict) and "metadata" not in document and "environments" not in document:
        raise CheckError(f"{path} is no lock file of conda: it has neither `metadata` nor `environments`", _AGAIN)
    if isinstance(document, dict):
        _require_whole(path, document.get("environments"), packages)
    return _collection(path, data, [_of_entry(path, entry) for entry in packages])


def _require_whole(path: str, environments: Any, packages: Sequence[Any]) -> None:
    """Insist that pixi.lock lists each package that its environments name: versions 4 to 7 name them by an address.

    Raises:
        CheckError: One is missing: the list at the end of the file is cut off.
    """
    listed = {value for entry in packages if isinstance(entry, dict) for value in entry.values() if type(value) is str}
    for address in _named(environments):
        if address not in listed:
            raise CheckError(
                f"{path} is cut off: an environment names {address[:200]}, which its packages lack", _AGAIN
            )


def _named(environments: Any) -> Iterator[str]:
    """The addresses of the packages that environments name: `default: {packages: {linux-64: [{conda: ADDRESS}]}}`."""
    for environment in environments.values() if isinstance(environments, dict) else ():
        platforms = environment.get("packages") if isinstance(environment, dict) else None
        for packages in platforms.values() if isinstance(platforms, dict) else ():
            for package in packages if isinstance(packages, list) else ():
                if isinstance(package, dict):
                    yield from [value for value in package.values() if type(value) is str][:1]


class _Entry:
    """One package: what it is called, in which version, whether Python made it, and where it is written."""

    def __init__(self, name: str, version: str, *, python: bool, line: int | None = None) -> None:
        self.name, self.version, self.python, self.line = name, version, python, line


def _of_address(address: str, line: int | None = None) -> _Entry:
    name = unquote(PurePosixPath(urlsplit(address.split("#", maxsplit=1)[0]).path).name)
    match = _FILE.fullmatch(name)
    if match is None:
        return _Entry(name or address, "", python=True, line=line)
    return _Entry(match["name"], match["version"], python=_PYTHON.search(match["build"]) is not None, line=line)


def _of_entry(path: str, entry: Any) -> _Entry:
    if isinstance(entry, dict):
        address = next((entry[key] for key in ("conda", "url") if isinstance(entry.get(key), str)), "")
        kind = entry.get("manager") or entry.get("kind") or ("pypi" if "pypi" in entry else "conda")
        name, version = entry.get("name"), entry.get("version")
        if "conda_source" in entry:  # a package that pixi builds from a folder
            return _Entry(str(entry["conda_source"]).partition("[")[0], "", python=False)
        if str(entry.get("pypi") or entry.get("conda") or "").startswith("."):
            return _Entry(str(name or "this project"), "", python=False)
        if kind in {"pip", "pypi"} and isinstance(name, str):
            return _Entry(name, str(version or ""), python=True)
        if address:
            found = _of_address(address)
            return _Entry(name, str(version), python=found.python) if isinstance(name, str) and version else found
    raise CheckError(f"{path} has a package without a name or an address: {str(entry)[:60]}", _AGAIN)


def _collection(path: str, data: bytes, entries: Sequence[_Entry]) -> Collection:
    packages, problems, others = [], [], set()
    for entry in entries:
        version = parsed_version(entry.version)
        if not entry.python:
            others.add(entry.name)
        elif version is None:
            problems.append(unpinned(entry.name, path, entry.line))
        else:
            packages.append(Package(canonicalize_name(entry.name), version, path, entry.line))
    notes = tuple(_not_judged(path, sorted(others)))
    return Collection(tuple(dict.fromkeys(packages)), tuple(problems), notes, (digest(path, data),))


def _not_judged(path: str, names: Sequence[str]) -> Iterator[Finding]:
    if names:
        shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        yield Finding(
            message=f"{len(names)} packages of the lock file are not of Python and were not judged: {shown}",
            rule="not-python",
            level=Level.NOTE,
            path=path,
            remedy="let a scanner of the image or of the system judge these",
        )


def _load(path: str, data: bytes) -> Any:
    import yaml

    try:
        return yaml_input.read(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CheckError(f"{path} cannot be read as YAML: {' '.join(str(error).split())[:150]}", _AGAIN) from error
