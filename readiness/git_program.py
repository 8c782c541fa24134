"""Runs read-only git commands, safe from settings in the environment and the repository that alter their answers."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from readiness import judged_tree
from readiness.text import one_line

_ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}
_OPTIONS = (
    "--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.quotepath=off",
    "-c", "log.showSignature=false", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=",
    "-c", "core.commitGraph=false", "-c", "advice.graftFileDeprecated=false",
    "-c", "core.checkStat=default", "-c", "core.trustctime=true",  # size and date alone can be those of before
    "-c", "safe.bareRepository=explicit",  # the files of a bare repository can be committed to a folder
)  # fmt: skip
_EXECUTABLE = "GIT_PYTHON_GIT_EXECUTABLE"
_CHUNK = 2**20
_LONGEST = 300
"""Characters of what git said that an error tells."""
_HEAD_WORDS = 3
"""Of what `cat-file --batch` says about an object: id, kind, size."""


class GitError(Exception):
    """Git could not answer; the text says what was asked and what it said."""


class GitProgram:
    """The program, run in a folder.

    Args:
        folder: Where.

    Raises:
        GitError: It is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self._name = _find()
        try:
            with _named(self._name):
                from git import Git
        except ImportError as error:  # GitPython raises it when there is no git executable
            raise GitError(f"git is not installed or not on PATH: {error}") from error
        self._git = Git(str(folder))

    def run(self, args: Sequence[str], *, istream: BinaryIO | None = None) -> bytes:
        """Run a command to its end.

        Args:
            args: Without the name of the program.
            istream: A file that it reads.

        Raises:
            GitError: It failed.
        """
        return bytes(self._execute(args, istream, stdout_as_string=False, strip_newline_in_stdout=False))

    def blobs(self, object_ids: Iterable[str], *, limit: int) -> dict[str, bytes]:
        """Bytes of many blobs, by object id, read by one process.

        Args:
            object_ids: Full ids.
            limit: Bytes; larger blobs are left out.

        Raises:
            GitError: There is no such blob.
        """
        wanted = [name for name, size in self.sizes(object_ids).items() if size <= limit]
        out = self._about("--batch", wanted)
        found: dict[str, bytes] = {}
        start = 0
        for object_id in wanted:
            end = out.find(b"\n", start)
            size = _size(object_id, out[start:end])
            found[object_id] = out[end + 1 : end + 1 + size]
            start = end + size + 2
        return found

    def sizes(self, object_ids: Iterable[str]) -> dict[str, int]:
        """Bytes of many blobs, by object id, told by one process.

        Raises:
            GitError: There is no such blob.
        """
        wanted = list(dict.fromkeys(object_ids))
        told = self._about("--batch-check", wanted).splitlines() if wanted else []
        return {object_id: _size(object_id, head) for object_id, head in zip(wanted, told, strict=True)}

    def digests(self, object_ids: Iterable[str]) -> dict[str, str]:
        """SHA-256 of the bytes of many blobs, by object id, read by one process, however large they are.

        Raises:
            GitError: There is no such blob.
        """
        wanted = list(dict.fromkeys(object_ids))
        found: dict[str, str] = {}
        with self._batch(wanted) as process:
            for object_id in wanted:
                found[object_id] = _digest(process.stdout, _size(object_id, process.stdout.readline().rstrip(b"\n")))
            process.wait()
        return found

    def blob(self, object_id: str, *, limit: int) -> bytes | None:
        """Bytes of a blob, read by one process; None when there are more than the limit.

        Raises:
            GitError: There is no such blob.
        """
        with self._batch([object_id]) as process:
            size = _size(object_id, process.stdout.readline().rstrip(b"\n"))
            if size > limit:
                return None
            found = bytes(process.stdout.read(size))
            if len(found) < size:
                raise GitError("git cat-file: it ended too early")
            process.stdout.read(1)  # the line end that follows
            process.wait()
        return found

    @contextmanager
    def _batch(self, object_ids: Sequence[str]) -> Iterator[Any]:
        """The process that tells about these objects; whoever has read all of it waits for its end."""
        from git.exc import GitCommandError

        with _asking(object_ids) as asked:
            process = self._execute(["cat-file", "--batch", "--buffer"], asked, as_process=True)
        try:
            yield process
        except (GitCommandError, OSError) as error:
            raise GitError(f"git cat-file: {_said(str(error))}") from error
        finally:
            process.stdout.close()

    def _about(self, how: str, object_ids: Iterable[str]) -> bytes:
        with _asking(object_ids) as asked:
            return self.run(["cat-file", how, "--buffer"], istream=asked)

    def _execute(self, args: Sequence[str], istream: BinaryIO | None, **how: bool) -> Any:
        from git.exc import GitCommandError, GitCommandNotFound

        try:
            with self._git.custom_environment(**_ENVIRONMENT):
                return self._git.execute([self._name, *_OPTIONS, *args], istream=istream, **how)  # type: ignore[call-overload]  # its overloads take no mapping
        except (GitCommandError, GitCommandNotFound, OSError) as error:
            said = getattr(error, "stderr", "") or str(error)
            text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
            raise GitError(f"git {' '.join(args[:3])}: {_said(text)}") from error


def _find() -> str:
    """The program of the machine, and none of the tree that is judged, wherever PATH leads.

    Raises:
        GitError: There is none.
    """
    found = shutil.which("git", path=judged_tree.outside(os.environ.get("PATH", os.defpath), judged_tree.tree()))
    if found is None:
        raise GitError("git is not installed or not on PATH")
    return found


@contextmanager
def _named(program: str) -> Iterator[None]:
    """Tell GitPython which program to ask for its version, which it does when it is imported."""
    before = os.environ.get(_EXECUTABLE)
    os.environ[_EXECUTABLE] = program
    try:
        yield
    finally:
        os.environ.pop(_EXECUTABLE)
        if before is not None:
            os.environ[_EXECUTABLE] = before


def _said(text: str) -> str:
    """What git said, short, safe and on one line."""
    return one_line(text.replace("stderr:", "").strip(" '\n"), limit=_LONGEST)


@contextmanager
def _asking(object_ids: Iterable[str]) -> Iterator[BinaryIO]:
    """Object ids, each once, as `cat-file --batch` reads them."""
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{object_id}\n" for object_id in dict.fromkeys(object_ids)).encode())
        asked.seek(0)
        yield asked


def _size(object_id: str, head: bytes) -> int:
    """Bytes of a blob, from what `cat-file --batch` says before it.

    Raises:
        GitError: There is no such blob.
    """
    words = head.split(b" ")
    if len(words) != _HEAD_WORDS or words[:2] != [object_id.encode(), b"blob"]:
        raise GitError(f"git cat-file: object {object_id} is missing or is no blob")
    return int(words[2])


def _digest(stream: BinaryIO, size: int) -> str:
    """SHA-256 of so many bytes of a stream, and past the line end that follows them.

    Raises:
        GitError: The stream ends before.
    """
    digest = hashlib.sha256()
    while size:
        piece = stream.read(min(size, _CHUNK))
        if not piece:
            raise GitError("git cat-file: it ended too early")
        digest.update(piece)
        size -= len(piece)
    stream.read(1)
    return digest.hexdigest()
