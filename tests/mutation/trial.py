"""Tries mutants of one target: a plugin of pytest that collects the tests once, and forks for each mutant.

A fork has everything imported. It puts the mutant in, runs the tests that reach the changed lines, the fastest first,
and ends with the first that fails. What only counts while a module is imported takes a process of its own.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from pathlib import Path
from typing import Literal

import pytest
from coverage import Coverage

from mutation.fresh import VARIABLE
from mutation.mutants import Mutant
from mutation.swapping import changed_functions, functions_of, put_in

Fate = Literal["killed", "timeout", "survived", "unreached"]
_LEAST_LIMIT = 20.0
"""Seconds that any mutant has; one that takes five times as long as its tests do otherwise hangs."""
_FRESH_START = 60.0
"""Seconds more for a process of its own."""
_EXAMPLES = 30
"""How many examples hypothesis tries; the same in each run."""


@dataclass(frozen=True)
class Tried:
    """What became of a mutant."""

    fate: Fate
    killer: str = ""
    """The test that noticed it; empty when none did, or a process of its own did."""


@dataclass(frozen=True)
class Reached:
    """What a run without any fault showed."""

    seconds: Mapping[str, float]
    """By test."""
    tests: Mapping[str, Mapping[int, Sequence[str]]]
    """By absolute path and line, the tests that reach it."""
    failed: str = ""
    """A test that fails without any fault."""


@dataclass
class Trial:
    """The plugin.

    Args:
        root: Top of the repository.
        mutants: What to try.
        suspects: By identity, the test that killed a mutant before: it is run first.
        keep: Told of each mutant as soon as it was tried.
        until: Moment of `time.monotonic` after which no further mutant is tried.
        arguments: What pytest was called with, for a process of its own.
    """

    root: Path
    mutants: Sequence[Mutant]
    suspects: Mapping[str, str]
    keep: Callable[[Mutant, Tried], None]
    until: float
    arguments: Sequence[str] = ()
    error: str = ""
    """Why nothing could be tried."""
    _originals: dict[str, str] = field(default_factory=dict)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants instead of running the tests."""
        from hypothesis import HealthCheck, settings  # pytest has to see it first

        settings.register_profile(
            "mutation", settings.default, derandomize=True, database=None, max_examples=_EXAMPLES,
            deadline=None, suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settings.load_profile("mutation")
        reporter = session.config.pluginmanager.getplugin("terminalreporter")
        session.config.pluginmanager.unregister(reporter)
        if session.testsfailed:
            self.error = "the tests cannot be collected"
            return True
        paths = {mutant.path for mutant in self.mutants}
        reached = _forked(lambda: _reach(session, [str(self.root / path) for path in paths]), limit=3600)
        if not isinstance(reached, Reached) or reached.failed:
            self.error = f"{reached.failed if isinstance(reached, Reached) else 'a test'} fails without any fault"
            return True
        self._originals = {path: (self.root / path).read_text() for path in paths}
        for mutant in self.mutants:
            if time.monotonic() > self.until:
                break
            self.keep(mutant, self._tried(session, mutant, reached))
        return True

    def _tried(self, session: pytest.Session, mutant: Mutant, reached: Reached) -> Tried:
        changed = changed_functions(self._originals[mutant.path], mutant.source)
        living = functions_of(self.root / mutant.path)
        if changed is None or not all(place in living for place in changed):
            return self._tried_fresh(mutant, sum(reached.seconds.values()))
        by_line = reached.tests[str(self.root / mutant.path)]
        names = {name for line in range(mutant.lines[0], mutant.lines[1] + 1) for name in by_line.get(line, ())}
        suspect = self.suspects.get(mutant.identity, "")
        items = sorted(
            (item for item in session.items if item.nodeid in names),
            key=lambda item: (item.nodeid != suspect, reached.seconds[item.nodeid]),
        )
        if not items:
            return Tried("unreached")
        limit = _LEAST_LIMIT + 5 * sum(reached.seconds[item.nodeid] for item in items)

        def run() -> str | None:
            return _first_failure(session, items) if put_in(changed, living) else None

        answer = _forked(run, limit)
        if answer is None:
            return self._tried_fresh(mutant, sum(reached.seconds.values()))
        if isinstance(answer, _Hung):
            return Tried("timeout")
        return Tried("killed", str(answer)) if answer else Tried("survived")

    def _tried_fresh(self, mutant: Mutant, seconds: float) -> Tried:
        """Run all tests in a new process that imports the mutant."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "mutant.py"
            source.write_text(mutant.source)
            named = (_module_name(mutant.path), str(self.root / mutant.path), str(source))
            environ = {**os.environ, VARIABLE: os.pathsep.join(named), "PYTHONPATH": str(self.root / "tests")}
            command = [sys.executable, "-m", "pytest", "-x", "-p", "mutation.fresh", *self.arguments]
            command += [f"--basetemp={folder}/tests"]
            process = subprocess.Popen(
                command, cwd=self.root, env=environ, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                code = process.wait(_FRESH_START + 5 * seconds)
            except subprocess.TimeoutExpired:
                return Tried("timeout")
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return Tried("survived" if code == 0 else "killed")


class _Hung:
    """Stands for the answer of a fork that took too long or gave none."""


def _forked(work: Callable[[], object], limit: float) -> object:
    """What a function answers in a fork of this process.

    A fork that is killed, or ends without an answer, counts as hung: a mutant may end its own process.
    """
    receiver, sender = Pipe(duplex=False)
    process = os.fork()
    if process == 0:
        try:
            os.setsid()
            with Path(os.devnull).open("r+b") as null:
                for stream in range(3):
                    os.dup2(null.fileno(), stream)
            sender.send(work())
        finally:
            os._exit(0)
    sender.close()
    try:
        return receiver.recv() if receiver.poll(limit) else _Hung()
    except EOFError:
        return _Hung()
    finally:
        receiver.close()
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _reach(session: pytest.Session, paths: Sequence[str]) -> Reached:
    measured = Coverage(data_file=None, config_file=False, include=list(paths))
    measured.set_option("run:disable_warnings", ["no-data-collected"])
    seconds: dict[str, float] = {}
    failed = ""
    measured.start()
    for item, following in _pairs(session.items):
        measured.switch_context(item.nodeid)
        begun = time.monotonic()
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        seconds[item.nodeid] = time.monotonic() - begun
        if session.testsfailed:
            failed = item.nodeid
            break
    measured.stop()
    data = measured.get_data()
    return Reached(seconds, {path: data.contexts_by_lineno(path) for path in paths}, failed)


def _first_failure(session: pytest.Session, items: Sequence[pytest.Item]) -> str:
    """Name of the first test that fails; empty when none does."""
    for item, following in _pairs(items):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return ""


def _pairs(items: Sequence[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def _module_name(path: str) -> str:
    steps = Path(path).with_suffix("").parts
    steps = steps[1:] if steps[0] in {"checks", "reports"} else steps
    return ".".join(steps[:-1] if steps[-1] == "__init__" else steps)
