"""Lists every line that a commit ever added, with the commit, evil merges included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from readiness import Repository

_BATCH = 200
_COMMIT = "\x01commit "
_HUNK = re.compile(r"^@@+ (?:-\d+(?:,\d+)? )+\+(\d+)(?:,(\d+))? @@+")
_OLD = re.compile(r"-\d+(?:,(\d+))?")
_ESCAPE = re.compile(rb"\\([0-7]{3}|[^0-9])")
_NAMED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


@dataclass
class Added:
    """Lines that one commit added to one file."""

    commit: str
    path: str
    lines: list[tuple[int, str]]


def commits(repository: Repository, base: str = "") -> list[str]:
    """Every commit that can be reached from HEAD, but not those of a base."""
    return repository.read("rev-list", "HEAD", *([f"^{base}"] if base else [])).split()


def added(repository: Repository, ids: list[str]) -> Iterator[Added]:
    """Read what these commits added.

    Attributes of the repository cannot hide a file: `--text` reads what they call binary, and no external program or
    text conversion runs. A merge shows the lines that none of its parents has.
    """
    for start in range(0, len(ids), _BATCH):
        data = repository.read_bytes(
            "log", "--no-walk=unsorted", "--patch", "--cc", "--text", "--unified=0", "--no-renames", "--no-color",
            "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", f"--format={_COMMIT}%H", "--root",
            "--submodule=short", "--ignore-submodules=none", *ids[start : start + _BATCH], "--",
        )  # fmt: skip
        yield from _parse(data.decode("utf-8", "replace").split("\n"))


def _parse(lines: list[str]) -> Iterator[Added]:
    """Follow the patch by its hunk sizes, so that no content can pose as a header."""
    commit, current = "", None
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        hunk = _HUNK.match(line)
        if line.startswith(_COMMIT):
            if current is not None:
                yield current
            commit, current = line.removeprefix(_COMMIT), None
        elif line.startswith("+++ "):
            if current is not None:
                yield current
            current = Added(commit, _path(line.removeprefix("+++ ")), [])
        elif hunk and current is not None:
            index = _hunk(lines, index, hunk, current)
    if current is not None:
        yield current


def _hunk(lines: list[str], index: int, hunk: re.Match[str], current: Added) -> int:
    """Read one hunk; returns the index of the line after it."""
    header = hunk[0]
    number, rest = int(hunk[1]), int(hunk[2] or 1)
    olds = [int(count or 1) for count in _OLD.findall(header.split("+", 1)[0])]
    parents = len(olds)
    while index < len(lines) and (rest > 0 or any(old > 0 for old in olds)):
        line = lines[index]
        marks, content = line[:parents], line[parents:]
        if line.startswith("\\"):
            index += 1
            continue
        for parent, mark in enumerate(marks):
            olds[parent] -= mark != "+" if "-" not in marks else mark == "-"
        if "-" not in marks:
            if "+" in marks:
                current.lines.append((number, content))
            number, rest = number + 1, rest - 1
        index += 1
    return index


def _path(text: str) -> str:
    """Name of a file, without prefix and quotes."""
    text = text.rstrip("\t")
    if text.startswith('"') and text.endswith('"'):
        raw = _ESCAPE.sub(lambda match: _unescape(match[1]), text[1:-1].encode())
        text = raw.decode("utf-8", "replace")
    return text.removeprefix("b/")


def _unescape(code: bytes) -> bytes:
    """Read one escape of C: three octal digits are a byte."""
    return bytes([int(code, 8) & 0xFF]) if code.isdigit() else _NAMED.get(code, code)
