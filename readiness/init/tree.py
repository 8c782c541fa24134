"""The files of a repository that `init` looks at: bounded, regular ones only."""

import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from readiness.untrusted import LongKeyError, from_json, from_toml

_SKIPPED = frozenset(
    {
        *(".git", ".hg", ".svn", ".idea", ".vscode", ".readiness", "vendor", "third_party"),
        *(".tox", ".nox", ".venv", "venv", "env", "__pycache__", "site-packages", "dist", "build"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", "node_modules", ".next", ".vercel"),
    }
)
_RESULTS = "test-results"
"""The one folder that is looked at in `build`: Gradle writes there what tests gave."""
MOST_FILES = 100_000
_MOST_BYTES = 2**20
_HEAD_BYTES = 4096
_AT = re.compile(r"(?<!\s)\s*+\(at line (\d+), column (\d+)\)")
"""How Python's reader of TOML tells the place."""


class Tree:
    """Names of the files below a folder, relative to it, sorted; and their texts."""

    def __init__(self, root: Path, most: int = MOST_FILES) -> None:
        """Walk the folder; links to folders are not followed."""
        self.root = root
        names: list[str] = []
        self.cut = False
        """Whether there are more files than were looked at."""
        self.unreadable: dict[str, str] = {}
        """By name: what is wrong with documents that were asked for and cannot be read, with the place."""
        for name in _walk(root):
            if len(names) >= most:
                self.cut = True
                break
            names.append(name)
        self.names = sorted(names)

    def named(self, pattern: str) -> tuple[str, ...]:
        """Files whose path matches; no pipes, devices, or links that lead out of the folder."""
        search = re.compile(pattern).search
        return tuple(name for name in self.names if search(name) and self._ordinary(name))

    def containing(self, pattern: str, text: str) -> tuple[str, ...]:
        """Files whose path matches, and whose beginning has a text that matches."""
        search = re.compile(text).search
        return tuple(name for name in self.named(pattern) if search(self.text(name, _HEAD_BYTES, whole=False)))

    def text(self, name: str, most: int = _MOST_BYTES, *, whole: bool = True) -> str:
        """Text of a file; empty where it cannot be read, or is longer and asked for as a whole."""
        try:
            with (self.root / name).open("rb") as stream:
                data = stream.read(most + 1)
        except OSError:
            return ""
        return "" if whole and len(data) > most else data[:most].decode("utf-8-sig", "replace")

    def executable(self, name: str) -> bool:
        """Whether a file may be run as it is."""
        return os.access(self.root / name, os.X_OK)

    def toml(self, name: str) -> dict[str, Any]:
        """A TOML document; empty where there is none, or where it cannot be read, which `unreadable` tells then."""
        return self._document(name, from_toml)

    def json(self, name: str) -> dict[str, Any]:
        """A JSON object; empty where there is none, or where it cannot be read, which `unreadable` tells then."""
        return self._document(name, from_json)

    def _document(self, name: str, read: Callable[[str], Any]) -> dict[str, Any]:
        if name in self.unreadable or not self._there(name):
            return {}
        try:
            with (self.root / name).open("rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
            document = read(data.decode("utf-8-sig", "replace")) if len(data) <= _MOST_BYTES else None
        except OSError as error:
            self.unreadable[name] = f"{name}: {error.strerror}"
        except json.JSONDecodeError as error:
            self.unreadable[name] = f"{name}:{error.lineno}:{error.colno}: {error.msg}"
        except LongKeyError as error:
            self.unreadable[name] = f"{name}:{error.line}: {error}"
        except ValueError as error:
            at = _AT.search(str(error))
            place = f":{at[1]}:{at[2]}" if at else ""
            self.unreadable[name] = f"{name}{place}: {_AT.sub('', str(error))}"
        else:
            if isinstance(document, dict):
                return document
            large = f"it has more than {_MOST_BYTES >> 20} MiB"
            self.unreadable[name] = f"{name}: {large if len(data) > _MOST_BYTES else 'it holds no object'}"
        return {}

    def _there(self, name: str) -> bool:
        return (self.root / name).exists() and self._ordinary(name)

    def _ordinary(self, name: str) -> bool:
        path = self.root / name
        try:
            kind = path.lstat().st_mode
            if stat.S_ISLNK(kind):
                return path.is_file() and path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):  # a loop of links
            return False
        return stat.S_ISREG(kind)


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        base = Path(folder).relative_to(root)
        in_build = base.name == "build"
        if in_build:
            folders[:] = [name for name in folders if name == _RESULTS]
        results = ["build"] if (Path(folder) / "build" / _RESULTS).is_dir() else []
        folders[:] = sorted({*(name for name in folders if name not in _SKIPPED and printable(name)), *results})
        yield from ((base / name).as_posix() for name in sorted(files) if printable(name) and not in_build)


def printable(name: str) -> bool:
    """Whether a checklist could hold the name of a file or folder: no control characters, no bytes outside UTF-8."""
    return name.isprintable()
