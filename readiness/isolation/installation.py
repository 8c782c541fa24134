"""The files of the installation: readiness, its dependencies and Python itself, compared before and after a run.

Whatever a run starts has the rights of the user who started it, so it can usually rewrite the program that judges.
That cannot be prevented everywhere, but it is always noticed: a file that was written to has another time of change
(`st_ctime`), which no program can set.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import source_from_cache
from pathlib import Path

import readiness

_DISTRIBUTION = "readiness"
_PACKAGES = ("readiness", "readiness_checks", "readiness_reports")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_HOOKS = ("sitecustomize", "usercustomize")
"""Modules that Python imports whenever it starts."""
_PROGRAMS = ("git", "bash", "sh", "ssh-keygen")
"""Programs by which we and the checks judge."""
_LEFT_OUT = frozenset(
    ("site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3", "turtledemo", "tkinter", "ensurepip")
)
"""Folders of the standard library that nobody imports."""
_OTHERS = re.compile(rf".+\.pyc(?:\.\d+)?(?<!\.{sys.implementation.cache_tag}\.pyc)(?<!\.opt-[12]\.pyc)")
"""Compiled files that this Python never loads: of other versions, of pytest, and what is just being written."""
_COMPARES = """
import marshal, sys
from importlib._bootstrap_external import _classify_pyc
for cached, source in zip(sys.argv[1::2], sys.argv[2::2]):
    data = open(cached, "rb").read()
    _classify_pyc(data, cached, {})
    if marshal.loads(data[16:]) != compile(open(source, "rb").read(), source, "exec", dont_inherit=True):
        print(cached)
"""


_Signature = tuple[int, int, int, int, int, int]
"""What shows that a file was written to: mode, inode, size, time of its content, time of any change, hard links.

Times are nanoseconds. A program can set the first of them, but not the second.
"""
_CONTENT, _CHANGED, _LINKS = 4, 4, 5
"""How many of these are about the content; where the time of any change stands, and the number of hard links."""


def _signature(facts: os.stat_result) -> _Signature:
    return (facts.st_mode, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_nlink)


def _same(before: _Signature, now: _Signature) -> bool:
    """Whether nothing was written; a further hard link, as installers make them, changes only the time of change."""
    if before[_LINKS] != now[_LINKS]:
        return before[:_CONTENT] == now[:_CONTENT]
    return before == now


class Installation:
    """The files of the installation, as they were when this was made.

    Args:
        packages: Names of further packages that judge: those of the plugins that a checklist uses.
    """

    def __init__(self, packages: Iterable[str] = ()) -> None:
        self._standard = os.path.dirname(os.__file__)
        places = _places({*_PACKAGES, *packages})
        self._places = [p for p in places if not p.startswith(f"{self._standard}/") or "-packages/" in p]
        self._began = time.time_ns()
        self._tops = {top: inode for folder in sys.path for top, inode in _entries(folder)}
        self._files = self._read()

    def _read(self) -> dict[str, _Signature]:
        found: dict[str, _Signature] = {}
        for place in self._places:
            found.update(_walk(place))
        found.update(_walk(self._standard))
        names = {os.path.basename(place).partition(".")[0] for place in self._places}
        for folder in dict.fromkeys(map(os.path.abspath, sys.path)):
            if folder != self._standard:
                found.update(_deciding(folder, names))
        for program in (sys.executable, *filter(None, map(shutil.which, _PROGRAMS))):
            found.update(_signed(program))
        return found

    def vouches(self, path: str) -> bool:
        """Whether a file on the import path is as it was: a file of the installation, or another that is older."""
        place = os.path.abspath(path)
        before = self._files.get(place)
        if before is not None:
            return _signed(place).get(place) == before
        return self._older(place)

    def _older(self, place: str) -> bool:
        """Whether neither a file nor a folder above it, below the import path, came or changed since."""
        try:
            if os.lstat(place).st_ctime_ns >= self._began:
                return False
            while place not in self._tops:
                place, below = os.path.dirname(place), place
                if place == below:
                    return False
                if place not in self._tops and os.lstat(place).st_ctime_ns >= self._began:
                    return False
            return os.lstat(place).st_ino == self._tops[place]
        except OSError:
            return False

    def changes(self) -> list[str]:
        """Paths of all files that were written to, were added or are gone."""
        now = self._read()
        found = {path for path, before in self._files.items() if path not in now or not _same(before, now[path])}
        found |= now.keys() - self._files.keys()
        compiled = {
            path: source for path in found if (source := self._may_be_compiled(path, now)) and source not in found
        }
        return sorted((found - compiled.keys()) | set(_forged(compiled)))

    def _may_be_compiled(self, path: str, now: dict[str, _Signature]) -> str:
        """The source of a compiled file that Python itself may have written: it was missing, or older than the source.

        Empty for every other file.
        """
        source = _source(path)
        if source not in self._files or path not in now:
            return ""
        before = self._files.get(path)
        return source if before is None or before[_CHANGED] <= self._files[source][_CHANGED] else ""


def _entries(folder: str) -> Iterator[tuple[str, int]]:
    """What is in a folder, by absolute path, with its inode."""
    try:
        with os.scandir(os.path.abspath(folder)) as entries:
            yield from ((entry.path, entry.inode()) for entry in entries)
    except OSError:
        return


def _source(path: str) -> str:
    """The source file of a compiled one; empty for every other file."""
    try:
        return source_from_cache(path) if path.endswith(".pyc") else ""
    except ValueError:
        return ""


def _forged(compiled: dict[str, str]) -> list[str]:
    """Those of the compiled files that are not what their source files say.

    Python writes a compiled file when it first imports a module. It trusts such a file later without looking at the
    source, except for its size and date. They are compared in another process, because reading such a file is not safe.
    """
    if not compiled:
        return []
    pairs = [path for pair in compiled.items() for path in pair]
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _COMPARES, *pairs], capture_output=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return list(compiled)
    return os.fsdecode(done.stdout).splitlines()


def _places(packages: Iterable[str]) -> tuple[str, ...]:
    """Folders and files of packages and of all distributions that readiness needs, absolute."""
    found: dict[str, None] = {}
    for name in packages:
        for place in _homes(name):
            found[os.path.abspath(place)] = None
    for needed in _needed():
        base = os.path.abspath(str(needed.locate_file("")))
        for line in (needed.read_text("RECORD") or "").splitlines():
            top = line.partition(",")[0].split("/")[0].strip('"')
            if top and top not in {"..", "__pycache__"} and not os.path.isabs(top):
                found[f"{base}/{top}"] = None
    return tuple(found)


def _homes(name: str) -> Iterator[str]:
    """Folders of a package, or the file of a module; where it is not imported, the folders of its name."""
    module = sys.modules.get(name)
    if module is not None:
        file = getattr(module, "__file__", None)
        yield from getattr(module, "__path__", [file] if file else [])
        return
    for folder in sys.path:
        if os.path.isdir(f"{folder}/{name}"):
            yield f"{folder}/{name}"


def _needed() -> list[Distribution]:
    """The distribution of readiness, and all that it needs, directly or not, as far as they are installed."""
    found: dict[str, Distribution] = {}
    waiting = [_DISTRIBUTION]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name not in found:
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue
            waiting += _requirements(found[name], extras=name == _DISTRIBUTION)
    return list(found.values())


def _requirements(needing: Distribution, *, extras: bool) -> Iterator[str]:
    """Names of the distributions that one needs; read here, because a mail parser takes ten times as long."""
    header = (needing.read_text("METADATA") or "").partition("\n\n")[0]
    for requirement in re.findall(r"^Requires-Dist: (.*)$", header, re.MULTILINE):
        if (match := _NAME.match(requirement)) and (extras or "extra ==" not in requirement):
            yield match.group()


def _walk(place: str) -> Iterator[tuple[str, _Signature]]:
    """Every file at or below a path that can be loaded; links to folders are not followed, and count as files."""
    cache = os.path.basename(place) == "__pycache__"
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if cache and _OTHERS.fullmatch(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _LEFT_OUT:
                        yield from _walk(entry.path)
                else:
                    yield entry.path, _signature(entry.stat(follow_symlinks=False))
    except NotADirectoryError:
        yield from _signed(place).items()
    except OSError:
        return


def _signed(path: str) -> dict[str, _Signature]:
    """A file by its absolute path, and where a link leads to as well."""
    found = {}
    for place in (os.path.abspath(path), os.path.realpath(path)):
        try:
            found[place] = _signature(os.lstat(place))
        except OSError:
            continue
    return found


def _deciding(folder: str, names: set[str]) -> Iterator[tuple[str, _Signature]]:
    """Entries of a folder of the import path that decide which code runs: those of these names, and start-up files."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                stem, _, suffix = entry.name.partition(".")
                if entry.name.endswith(".pth") or stem in _HOOKS or (stem in names and suffix != "dist-info"):
                    facts = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(facts.st_mode):  # what is in it is compared; its own dates change with each import
                        yield entry.path, (facts.st_mode, facts.st_ino, 0, 0, 0, 0)
                    else:
                        yield entry.path, _signature(facts)
    except OSError:
        return


def home() -> Path:
    """Where readiness itself is installed."""
    return Path(readiness.__file__).parent.parent
