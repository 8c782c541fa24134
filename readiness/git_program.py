"""Runs read-only git commands, safe from settings in the environment and the repository that alter their answers."""

import os
import re
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from readiness import judged_tree
from readiness.git_stream import Running
from readiness.text import one_line

_ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ALLOW_PROTOCOL": "http:https:ssh",  # a partial clone fetches, but by no program that its configuration names
    "LC_ALL": "C",
}
_OPTIONS = (
    "--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.quotepath=off",
    "-c", "log.showSignature=false", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=",
    "-c", "core.commitGraph=false", "-c", "advice.graftFileDeprecated=false",
    "-c", "core.checkStat=default", "-c", "core.trustctime=true",  # size and date alone can be those of before
    "-c", "core.sshCommand=ssh", "-c", "credential.helper=", "-c", "core.askPass=",
    "-c", "alias.lfs=",  # what a filter `git lfs clean` would run where Git LFS is not installed
    "-c", "safe.bareRepository=explicit",  # the files of a bare repository can be committed to a folder
)  # fmt: skip
_EXECUTABLE = "GIT_PYTHON_GIT_EXECUTABLE"
LARGEST = 512 * 2**20
"""Bytes that a command may tell: those of five million names of files."""
LONGEST_RUN = 900.0
"""Seconds that a command may take."""
_CHUNK = 2**16
_LONGEST = 300
"""Characters of what git said that an error tells."""


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
        self.folder = str(folder)
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
        try:
            options = without_filters(args, self._asked)
        except ValueError as error:
            raise GitError(f"git {_shown(args)}: {_said(str(error))}") from error
        return self._read([*options, *args], istream)

    def _read(self, args: Sequence[str], istream: BinaryIO | None) -> bytes:
        """What a command prints, up to a size and within a time: a few objects can name a file a billion times."""
        from git.exc import GitCommandError

        process = self._execute(args, istream, as_process=True)
        out, err, deadline = bytearray(), bytearray(), time.monotonic() + LONGEST_RUN
        try:
            with selectors.DefaultSelector() as waiting:
                waiting.register(process.stdout, selectors.EVENT_READ, out)
                waiting.register(process.stderr, selectors.EVENT_READ, err)
                while waiting.get_map():
                    ready = waiting.select(deadline - time.monotonic())
                    if not ready:
                        raise GitError(f"git {_shown(args)}: it did not end within {LONGEST_RUN:g} s")
                    for key, _ in ready:
                        piece = os.read(key.fd, _CHUNK)
                        key.data.extend(piece)
                        if not piece:
                            waiting.unregister(key.fileobj)
                    if len(out) > LARGEST:
                        raise GitError(f"git {_shown(args)}: it tells more than {LARGEST >> 20} MiB")
                    del err[:-_CHUNK]
            code = process.proc.wait()
        finally:
            process.proc.kill()
            process.stdout.close()
            process.stderr.close()
        if code:
            told = _said(err.decode(errors="replace")) or f"exit code {code}"
            raise GitError(f"git {_shown(args)}: {told}") from GitCommandError(list(args), code)
        return bytes(out)

    def _asked(self, args: Sequence[str]) -> str:
        """What a command prints; nothing when it fails."""
        with suppress(GitError):
            return self._read(args, None).decode("utf-8", "surrogateescape")
        return ""

    @contextmanager
    def started(self, args: Sequence[str], istream: BinaryIO) -> Iterator[Running]:
        """Start a command, and read its output while it runs; whoever has read all of it waits for its end.

        Args:
            args: Without the name of the program.
            istream: A file that it reads.

        Raises:
            GitError: It failed, or did not end in time.
        """
        process = self._execute(args, istream, as_process=True)
        try:
            with Running(process.proc, LONGEST_RUN) as running:
                yield running
        except TimeoutError as error:
            raise GitError(f"git {_shown(args)}: it did not end within {LONGEST_RUN:g} s") from error
        except OSError as error:
            raise GitError(f"git {_shown(args)}: {_said(str(error))}") from error

    def staying(self, args: Sequence[str]) -> Running:
        """Start a command that answers what it is asked, until it is ended.

        Args:
            args: Without the name of the program.

        Raises:
            GitError: It cannot be started.
        """
        process = self._execute(args, subprocess.PIPE, as_process=True)
        return Running(process.proc, LONGEST_RUN, owner=process)

    def _execute(self, args: Sequence[str], istream: BinaryIO | int | None, **how: bool) -> Any:
        from git.exc import GitCommandError, GitCommandNotFound

        try:
            with self._git.custom_environment(**_ENVIRONMENT, PATH=judged_tree.programs()):
                return self._git.execute([self._name, *_OPTIONS, *args], istream=istream, **how)  # type: ignore[call-overload]  # its overloads take no mapping
        except (GitCommandError, GitCommandNotFound, OSError) as error:
            said = getattr(error, "stderr", "") or str(error)
            text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
            raise GitError(f"git {_shown(args)}: {_said(text)}") from error


def _find() -> str:
    """The program of the machine, and none of the tree that is judged, wherever PATH leads.

    Raises:
        GitError: There is none.
    """
    found = judged_tree.program("git")
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


def _shown(args: Sequence[str]) -> str:
    """The beginning of a command, without the options that all have."""
    return " ".join(args[:3])


def _said(text: str) -> str:
    """What git said, short, safe and on one line."""
    return one_line(text.replace("stderr:", "").strip(" '\n"), limit=_LONGEST)


_RUN_FILTERS = frozenset(("status", "hash-object"))
_PREFIX = 3
"""Before the name of a command there may be `-C FOLDER`."""
_KNOWN = re.compile(
    r"git[ -]lfs (clean|filter-process)( --skip)?( -- %f)?"
    r"|\"?git-crypt\"? clean( --key-name=[A-Za-z0-9_-]+)?"
)
"""How these two configure themselves."""
_EXTENSION = "lfs.extension."
"""Of a program that Git LFS runs in its filter."""
_PROGRAMS = ("config", "--includes", "-z", "--get-regexp", r"^(filter\..*\.(clean|process)$|lfs\.extension\.)")
_SUBMODULE = "160000"

Run = Callable[[Sequence[str]], str]
"""Runs a git command that runs no filter, and gives what it printed; empty when git has nothing to say."""


def without_filters(args: Sequence[str], run: Run) -> list[str]:
    """Options that keep a git command from running filters; none where it runs none.

    Args:
        args: The command.
        run: Runs another one in the same folder.

    Raises:
        ValueError: A filter has a name that no option can say.
    """
    if _RUN_FILTERS.isdisjoint(args[:_PREFIX]):
        return []
    options = []
    for name in dict.fromkeys(_foreign(run, "")):
        if "=" in name or "\n" in name:
            raise ValueError(f"the configuration of git names a filter {name!r}, which cannot be switched off")
        for key, value in (("clean", ""), ("process", ""), ("required", "false")):
            options += ["-c", f"filter.{name}.{key}={value}"]
    return options


def _foreign(run: Run, folder: str) -> Iterator[str]:
    """Names of the filters of a repository and of its submodules, as far as they are there."""
    here = ("-C", folder) if folder else ()
    entries = [entry.partition("\n") for entry in run([*here, *_PROGRAMS]).split("\0")]
    extended = any(key.startswith(_EXTENSION) for key, _, _ in entries)
    for key, _, value in entries:
        if value and not key.startswith(_EXTENSION) and (extended or not _KNOWN.fullmatch(value)):
            yield key.partition(".")[2].rpartition(".")[0]
    top = run([*here, "rev-parse", "--show-toplevel"]).removesuffix("\n")
    for entry in run(["-C", top, "ls-files", "-z", "--stage"]).split("\0") if top else ():
        meta, _, path = entry.partition("\t")
        if meta.startswith(_SUBMODULE) and (Path(top) / path / ".git").exists():
            yield from _foreign(run, f"{top}/{path}")
