"""Reads the text of every file to search: those that git tracks or, without git, all files."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from readiness import GitError, Repository
from readiness.check import Context
from readiness.outcome import CheckError
from readiness_checks.reading.globs import glob_pattern
from readiness_checks.secrets.contents import lines_of

LIMIT = 16 * 2**20
"""Bytes; a larger text file is not searched, which is an error; of a larger binary file only so many are."""
_ENCODING = "working-tree-encoding"
_AT_ONCE = 500
"""Names that one process is asked about."""


@dataclass
class Tally:
    """What happened to the files."""

    files: int = 0
    binary: int = 0
    links: int = 0
    parts: list[str] = field(default_factory=list)
    """Binary files of which only the first `LIMIT` bytes were searched."""
    unread: dict[str, str] = field(default_factory=dict)
    """Files that could not be searched, with the reason."""


@dataclass(frozen=True)
class Text:
    """The text of one file."""

    path: str
    lines: list[str]
    data: bytes
    binary: bool


def select(context: Context, globs: list[str]) -> list[str]:
    """List the files to search.

    Raises:
        CheckError: A path matches no file, or git does not answer.
    """
    repository = context.repository
    try:
        names = _walk(context.root) if repository is None else repository.tracked_files()
    except GitError as error:
        raise CheckError(f"git does not list its files: {error}", "repair the repository") from error
    chosen: set[str] = set()
    for glob in globs:
        pattern = glob_pattern(glob)
        matching = {name for name in names if pattern.fullmatch(name)}
        if not matching:
            kind = "file" if repository is None else "tracked file"
            raise CheckError(f"`{glob}` matches no {kind}", "correct `paths`, or add the file to git")
        chosen |= matching
    return sorted(chosen)


def _walk(root: Path) -> list[str]:
    found: list[str] = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        found.extend((Path(folder) / name).relative_to(root).as_posix() for name in files)
    return found


def texts(context: Context, names: list[str], tally: Tally) -> Iterator[Text]:
    """Read files one after the other; what cannot be read is written into the tally."""
    for name, data in _contents(context, names, tally):
        lines, binary = lines_of(data)
        if len(data) > LIMIT and not binary:
            tally.unread[name] = f"it is larger than {LIMIT // 2**20} MiB"
            continue
        if len(data) > LIMIT:
            tally.parts.append(name)
        tally.files += 1
        tally.binary += binary
        yield Text(name, lines, data, binary)


def _contents(context: Context, names: list[str], tally: Tally) -> Iterator[tuple[str, bytes]]:
    """Bytes of each file in the work tree; and those that git has, where it writes others to the work tree."""
    rewritten = _rewritten(context, names)
    for name in names:
        data = _read(context, name, tally)
        if data is not None:
            yield name, data
        if name in rewritten and context.repository is not None:
            try:
                yield name, context.repository.read_bytes("cat-file", "blob", f":./{name}")
            except GitError as error:
                tally.unread[name] = str(error)


def _rewritten(context: Context, names: list[str]) -> set[str]:
    """Files that the work tree has in another encoding than git: `working-tree-encoding`, see gitattributes(5)."""
    repository = context.repository
    if repository is None or not _mentioned(repository):
        return set()
    found: set[str] = set()
    for start in range(0, len(names), _AT_ONCE):
        out = repository.read("check-attr", "-z", _ENCODING, "--", *names[start : start + _AT_ONCE]).split("\0")
        found |= {name for name, value in zip(out[::3], out[2::3], strict=False) if value != "unspecified"}
    return found


def _mentioned(repository: Repository) -> bool:
    """Whether any file of attributes speaks of encodings at all."""
    tracked = repository.read("-C", str(repository.top), "ls-files", "-z", "--cached").split("\0")
    places = (repository.top / name for name in tracked if name.rpartition("/")[2] == ".gitattributes")
    return any(place.is_file() and _ENCODING.encode() in _beginning(place) for place in places)


def _beginning(place: Path) -> bytes:
    with place.open("rb") as stream:
        return stream.read(LIMIT)


def _read(context: Context, name: str, tally: Tally) -> bytes | None:
    """Bytes of a file in the work tree, or in the index where the work tree lacks it; links are not followed."""
    path = context.root / name
    try:
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            with path.open("rb") as stream:
                return stream.read(LIMIT + 1)
        tally.links += 1  # a link, or the folder of a submodule: what it leads to is tracked elsewhere
    except FileNotFoundError:
        if context.repository is None:
            tally.unread[name] = "it vanished"
            return None
        try:
            return context.repository.read_bytes("cat-file", "blob", f":./{name}")
        except GitError as error:
            tally.unread[name] = str(error)
    except OSError as error:
        tally.unread[name] = error.strerror or str(error)
    return None
