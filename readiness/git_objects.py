"""Reads what git objects hold: many of them by one process, and each of them once while a command runs."""

import hashlib
import tempfile
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from readiness.git_program import GitError, GitProgram
from readiness.git_standing import MOST, StandingGit
from readiness.git_stream import Running
from readiness.text import one_line

Told = TypeVar("Told")

_MOST = 64 * 2**20
"""Bytes that are kept in all. What comes after that is asked again."""


class GitAnswers:
    """Answers by question, and what gives them.

    Args:
        standing: Whether processes of git stay to be asked; only where no program of the judged repository runs beside.
    """

    def __init__(self, *, standing: bool = False) -> None:
        self._answers: dict[Hashable, bytes] = {}
        self._left = _MOST
        self.standing = StandingGit()
        if not standing:
            self.standing.end()

    def get(self, question: Hashable) -> bytes | None:
        """The answer; None when it is not kept."""
        return self._answers.get(question)

    def keep(self, question: Hashable, answer: bytes) -> bytes:
        """Keep an answer if there is room, and return it."""
        if len(answer) <= self._left and question not in self._answers:
            self._left -= len(answer)
            self._answers[question] = answer
        return answer


_of_the_run: GitAnswers | None = None


def kept_answers() -> GitAnswers | None:
    """Those of the command that runs; None outside of one."""
    return _of_the_run


@contextmanager
def keeping_answers(*, standing: bool = False) -> Iterator[None]:
    """Keep answers for all repositories while the block runs; a block within a block uses those of the outer one.

    Args:
        standing: As for `GitAnswers`.
    """
    global _of_the_run  # noqa: PLW0603  a process runs one command at a time, in several threads
    outer = _of_the_run
    _of_the_run = outer or GitAnswers(standing=standing)
    try:
        yield
    finally:
        if outer is None:
            _of_the_run.standing.end()
        _of_the_run = outer


def let_no_git_stay() -> None:
    """End the processes of git that stay, before anything runs that the author of a change may have written."""
    if _of_the_run is not None:
        _of_the_run.standing.end()


_CHUNK = 2**20
_SHORT = 300
_HEAD_WORDS = 3
"""Of what `cat-file --batch` says about an object: id, kind, size."""


class GitObjects:
    """The objects of a repository.

    Args:
        folder: Where git runs.
        program: Git, run there.
    """

    def __init__(self, folder: Path, program: GitProgram) -> None:
        self._folder = str(folder)
        self._program = program
        self._own = GitAnswers()

    @property
    def _kept(self) -> GitAnswers:
        return kept_answers() or self._own

    def known(self, args: Sequence[str]) -> bytes | None:
        """What git said to a command before; None when it is not kept."""
        return self._kept.get((self._folder, *args))

    def ask(self, args: Sequence[str]) -> bytes:
        """Run a command whose answer depends on objects alone; run once, however often it is asked.

        Args:
            args: Without the name of the program; commits by their full ids.

        Raises:
            GitError: It failed.
        """
        known = self.known(args)
        return self._kept.keep((self._folder, *args), self._program.run(args)) if known is None else known

    def blobs(self, object_ids: Iterable[str], *, limit: int) -> dict[str, bytes]:
        """Bytes of many blobs, by object id, read by one process.

        Args:
            object_ids: Full ids.
            limit: Bytes; larger blobs are left out.

        Raises:
            GitError: There is no such blob.
        """
        asked = list(dict.fromkeys(object_ids))
        found = {name: data for name in asked if (data := self._kept.get((self._folder, name))) is not None}
        found |= self._read([name for name in asked if name not in found], limit)
        return {name: found[name] for name in asked if name in found and len(found[name]) <= limit}

    def _read(self, object_ids: Sequence[str], limit: int) -> dict[str, bytes]:
        wanted = [name for name, size in self.sizes(object_ids).items() if size <= limit]
        told = self._ask_standing("--batch", wanted, _content)
        if told is not None:
            return {name: self._kept.keep((self._folder, name), data) for name, data in told.items()}
        out = self._about("--batch", wanted) if wanted else b""
        found: dict[str, bytes] = {}
        start = 0
        for object_id in wanted:
            end = out.find(b"\n", start)
            size = _size(object_id, out[start:end])
            found[object_id] = self._kept.keep((self._folder, object_id), out[end + 1 : end + 1 + size])
            start = end + size + 2
        return found

    def sizes(self, object_ids: Iterable[str]) -> dict[str, int]:
        """Bytes of many blobs, by object id, told by one process.

        Raises:
            GitError: There is no such blob.
        """
        wanted = list(dict.fromkeys(object_ids))
        known = self._ask_standing("--batch-check", wanted, _next_size)
        if known is not None:
            return known
        told = self._about("--batch-check", wanted).splitlines() if wanted else []
        return {object_id: _size(object_id, head) for object_id, head in zip(wanted, told, strict=True)}

    def digests(self, object_ids: Iterable[str]) -> dict[str, str]:
        """SHA-256 of the bytes of many blobs, by object id, read by one process, however large they are.

        Raises:
            GitError: There is no such blob.
        """
        wanted = list(dict.fromkeys(object_ids))
        known = self._ask_standing("--batch", wanted, _next_digest)
        if known is not None:
            return known
        with self._batch(wanted) as process:
            found = {object_id: _next_digest(process, object_id) for object_id in wanted}
            _require_end(process)
        return found

    def blob(self, object_id: str, *, limit: int) -> bytes | None:
        """Bytes of a blob, read by one process; None when there are more than the limit.

        Raises:
            GitError: There is no such blob.
        """
        known = self._kept.get((self._folder, object_id))
        if known is not None:
            return known if len(known) <= limit else None
        sizes = self._ask_standing("--batch-check", [object_id], _next_size)
        if sizes is not None and sizes[object_id] > limit:
            return None
        told = self._ask_standing("--batch", [object_id], _content) if sizes else None
        if told is not None:
            return self._kept.keep((self._folder, object_id), told[object_id])
        with self._batch([object_id]) as process:
            size = _next_size(process, object_id)
            if size > limit:
                return None
            found = _read_content(process, size)
            _require_end(process)
        return self._kept.keep((self._folder, object_id), found)

    def commit(self, name: str) -> str | None:
        """Object id of the commit that a name means at this moment; None where it means none, or no process stays.

        Args:
            name: `HEAD` or a full object id.
        """
        told = self._ask_standing("--batch-check", [f"{name}^{{commit}}"], _commit)
        return next(iter(told.values())) if told else None

    def _ask_standing(
        self, how: str, names: Sequence[str], read: Callable[[Running, str], Told]
    ) -> dict[str, Told] | None:
        """What a process that stays tells; None where there is none, or it cannot tell."""
        if len(names) > MOST:
            return None
        return self._kept.standing.ask(self._program, how, names, read)

    @contextmanager
    def _batch(self, object_ids: Sequence[str]) -> Iterator[Running]:
        """The process that tells about these objects; whoever has read all of it waits for its end."""
        with _asking(object_ids) as asked, self._program.started(["cat-file", "--batch", "--buffer"], asked) as process:
            yield process

    def _about(self, how: str, object_ids: Iterable[str]) -> bytes:
        with _asking(object_ids) as asked:
            return self._program.run(["cat-file", how, "--buffer"], istream=asked)


@contextmanager
def _asking(object_ids: Iterable[str]) -> Iterator[BinaryIO]:
    """Object ids, each once, as `cat-file --batch` reads them."""
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{object_id}\n" for object_id in dict.fromkeys(object_ids)).encode())
        asked.seek(0)
        yield asked


def _next_size(process: Running, object_id: str) -> int:
    """Bytes of the next blob that a process tells about."""
    return _size(object_id, process.readline().rstrip(b"\n"))


def _next_digest(process: Running, object_id: str) -> str:
    """SHA-256 of the next blob that a process prints."""
    return _digest(process, _next_size(process, object_id))


def _content(process: Running, object_id: str) -> bytes:
    """The next blob that a process prints."""
    return _read_content(process, _next_size(process, object_id))


def _read_content(process: Running, size: int) -> bytes:
    """So many bytes, past the line end that follows them.

    Raises:
        GitError: The output ends before.
    """
    found = process.read(size)
    if len(found) < size:
        raise GitError("git cat-file: it ended too early")
    process.read(1)
    return found


def _commit(process: Running, _name: str) -> str | None:
    """Object id of the next commit that a process tells about; None when there is none.

    Raises:
        GitError: The output ends before, or is none of these answers.
    """
    line = process.readline()
    words = line.split()
    if len(words) == _HEAD_WORDS and words[1] == b"commit":
        return words[0].decode()
    if line.endswith(b" missing\n"):
        return None
    raise GitError("git cat-file: an answer of another kind")


def _size(object_id: str, head: bytes) -> int:
    """Bytes of a blob, from what `cat-file --batch` says before it.

    Raises:
        GitError: There is no such blob.
    """
    words = head.split(b" ")
    if len(words) != _HEAD_WORDS or words[:2] != [object_id.encode(), b"blob"]:
        raise GitError(f"git cat-file: object {object_id} is missing or is no blob")
    return int(words[2])


def _require_end(process: Running) -> None:
    """Insist that git ends, and that it had no complaint.

    Raises:
        GitError: It failed.
    """
    code, said = process.wait()
    if code:
        told = one_line(said.decode(errors="replace"), limit=_SHORT)
        raise GitError(f"git cat-file: {told or f'exit code {code}'}")


def _digest(stream: Running, size: int) -> str:
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
