"""Turns the names of result files into globs, where a runner numbers them or names one for each class or shard."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}[-_.]?\d{2}[-_.]?\d{2}([T_.-]?\d{2}[-_.:]?\d{2}([-_.:]?\d{2})?([.,]\d+)?Z?)?")
_HASH = re.compile(r"(?<![0-9A-Za-z])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,64}(?![0-9A-Za-z])")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\d+(\.\d+)*(?![A-Za-z])|(?<=[A-Za-z])\d+(\.\d+)*(?![A-Za-z0-9])")
_WORD = (
    r"(?:junit|xunit|tests?|results?|test[-_.]?results?|test[-_.]?reports?|reports?|rspec|jest|vitest|mocha|cypress)"
)
_BEFORE = re.compile(rf"({_WORD}(?:[-_.]{_WORD}){{0,6}}[-_.]).+(\.xml)", re.IGNORECASE)
_AFTER = re.compile(rf".+([-_.]{_WORD}(?:[-_.]{_WORD}){{0,6}}\.xml)", re.IGNORECASE)
_GENERIC = re.compile(rf"{_WORD}(?:[-_.]{_WORD}){{0,6}}\.xml|TESTS-TestSuites\.xml", re.IGNORECASE)
_CLASS = re.compile(r"(\w+\.)*[A-Z]\w*\.xml")
_TOOLS = (
    ("target/surefire-reports", ".xml", False, "target/surefire-reports/TEST-*.xml"),
    ("target/failsafe-reports", ".xml", False, "target/failsafe-reports/TEST-*.xml"),
    ("build/test-results", ".xml", True, "build/test-results/**/TEST-*.xml"),
    ("TestResults", ".trx", True, "TestResults/**/*.trx"),
)
"""Where Maven, Gradle and dotnet write: a folder, an ending, whether files may lie deeper, and their glob."""


def result_globs(names: Sequence[str]) -> tuple[str, ...]:
    """Paths or globs that find these files of results, and those that the same runner will write tomorrow.

    Args:
        names: Relative to the root.
    """
    tools = {name: glob for name in names if (glob := _of_tool(name, names))}
    rest = [name for name in names if name not in tools]
    crowded = {folder for folder in map(_folder, rest) if sum(_folder(name) == folder for name in rest) > 1}
    found = [tools.get(name) or _glob(name, alone=_folder(name) not in crowded) for name in names]
    return tuple(dict.fromkeys(_without_covered(found)))


def glob_of_folders(name: str) -> str:
    """The path of a report whose folders a tool numbers or names by digests, as a glob; its own name stays."""
    *folders, last = PurePosixPath(name).parts
    return "/".join([*map(_without_numbers, folders), last])


def _of_tool(name: str, names: Iterable[str]) -> str:
    """The glob of Maven, Gradle or dotnet; in all modules, where any lies below the root."""
    if not (PurePosixPath(name).name.startswith("TEST-") or name.endswith(".trx")):
        return ""
    for folder, ending, deep, glob in _TOOLS:
        if _module(name, folder, ending, deep=deep) is not None:
            modules = any(_module(each, folder, ending, deep=deep) for each in names)
            return f"**/{glob}" if modules else glob
    return ""


def _module(name: str, folder: str, ending: str, *, deep: bool) -> str | None:
    """The folder of the module whose tool wrote a file, empty for the root; None when the tool did not write it."""
    before, found, rest = f"/{name}".rpartition(f"/{folder}/")
    last = PurePosixPath(rest).name
    written = found and last.endswith(ending) and last != ending and (deep or last == rest)
    return before if written else None


def _glob(name: str, *, alone: bool) -> str:
    path = PurePosixPath(name)
    folders = [_without_numbers(part) for part in path.parts[:-1]]
    return "/".join([*folders, _file(path.name, alone=alone)])


def _file(name: str, *, alone: bool) -> str:
    """The name of a file, with `*` for what names a class, a suite or a shard."""
    if _GENERIC.fullmatch(name):
        return name
    if name.startswith("TEST-"):
        return "TEST-*.xml"
    before, after = _BEFORE.fullmatch(name), _AFTER.fullmatch(name)
    if before is not None:
        return f"{before[1]}*{before[2]}"
    if after is not None:
        return f"*{after[1]}"
    numberless = _without_numbers(name)
    if numberless == name and (_CLASS.fullmatch(name) or not alone):
        return "*.xml"
    return numberless


def _without_numbers(part: str) -> str:
    """A part of a path with `*` for what changes from run to run: numbers, dates, digests."""
    for pattern in (_UUID, _DATE, _HASH, _NUMBER):
        part = pattern.sub("*", part)
    return re.sub(r"\*([-_.]?\*)+", "*", part)


def _without_covered(globs: Sequence[str]) -> list[str]:
    """Leave out what `*.xml` of the same folder finds as well."""
    whole = {_folder(glob) for glob in globs if glob.endswith("/*.xml")}
    return [glob for glob in globs if _folder(glob) not in whole or glob.endswith("/*.xml")]


def _folder(name: str) -> str:
    return PurePosixPath(name).parent.as_posix()
