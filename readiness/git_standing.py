"""Keeps a `git cat-file` running, and asks it one question after another instead of starting git each time."""

import subprocess
import threading
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeVar

from readiness.git_program import GitError, GitProgram
from readiness.git_stream import Running

Told = TypeVar("Told")

_AT_ONCE = 256
"""Names of objects that are asked for together: with their line ends they fit into a pipe that nobody reads yet."""
MOST = 4 * _AT_ONCE
"""Names of objects that are asked of it; more are read faster by a process of their own, which writes when it likes."""


class StandingGit:
    """Processes that stay, one for each repository and kind of question.

    They are slower to deceive the shorter they live: `end` them before anything runs that the author of a change wrote.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._processes: dict[tuple[str, str], Running] = {}
        self._open = True

    def ask(
        self, program: GitProgram, how: str, names: Iterable[str], read: Callable[[Running, str], Told]
    ) -> dict[str, Told] | None:
        """What git tells about objects, by name.

        Args:
            program: Git, run in a repository.
            how: `--batch` or `--batch-check`.
            names: What `cat-file` understands, without line ends; each once.
            read: Reads all that git tells about one, and nothing more.

        Returns:
            None where git has no answer to one of them, or stays no longer: then it is asked by a process of its own,
            which says why.
        """
        with self._lock:
            if not self._open:
                return None
            key = (program.folder, how)
            try:
                process = self._processes.get(key) or program.staying(["cat-file", how])
                self._processes[key] = process
                found: dict[str, Told] = {}
                rest = iter(names)
                while some := list(islice(rest, _AT_ONCE)):
                    process.ask("".join(f"{name}\n" for name in some).encode())
                    found.update((name, read(process, name)) for name in some)
            except (GitError, OSError, subprocess.SubprocessError):
                self._drop(key)
                return None
            except BaseException:
                self._drop(key)  # it is in the middle of an answer
                raise
            return found

    def end(self) -> None:
        """End all processes, and start none any more."""
        with self._lock:
            self._open = False
            for key in list(self._processes):
                self._drop(key)

    def _drop(self, key: tuple[str, str]) -> None:
        process = self._processes.pop(key, None)
        if process is not None:
            process.end()
