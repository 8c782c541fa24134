"""The contract of a check: a class with a field for each parameter, whose `run` answers an item with an outcome."""

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from readiness import memory_limit, processes
from readiness.checklist import Item, Person, Policy
from readiness.outcome import CheckError, Outcome, Value
from readiness.redaction import Redactor, looks_secret
from readiness.report import Subject

if TYPE_CHECKING:
    from readiness.git import Repository

ENVELOPE_SUFFIX = ".intoto.json"
"""Of the file beside a file of evidence that says who signed it."""


class Doubt(Value):
    """What in the parameters of an item is allowed, but hardly meant."""

    parameter: str
    """Name of the parameter."""
    text: str
    """The part of its value that is meant."""
    at: int = Field(default=0, ge=0)
    """Characters of the value before it."""
    message: str
    """What it leads to."""
    remedy: str
    """What to write instead."""


class Facts(Value):
    """All that an evaluation may know: plain data, so that it can cross to a worker process."""

    root: Path
    """Root of what is judged: the folder of the checklist file."""
    now: AwareDatetime
    """The time of the run, by the injected clock; a check never asks another clock for the date."""
    subject: Subject
    item: Item
    roles: dict[str, tuple[str, ...]] = Field(default={})
    """Who holds a role, from the checklist."""
    people: dict[str, tuple[str, ...] | Person] = Field(default={})
    """What is printed of a person, and other names of the person, from the checklist."""
    policy: Policy = Policy()
    """What the checklist says about its own rules."""
    policy_commit: str = ""
    """Object id of the commit that the policy was read from; empty when that is the work tree."""


class Context:
    """What a check is given when it runs.

    Args:
        facts: The run and the item.
        redactor: Where values of secrets are registered as they are read.
        environ: Environment variables; those of the process when not given.
    """

    def __init__(
        self, facts: Facts, *, redactor: Redactor | None = None, environ: Mapping[str, str] | None = None
    ) -> None:
        self.facts = facts
        self.environ: Mapping[str, str] = os.environ if environ is None else environ
        self.redactor = Redactor(self.environ) if redactor is None else redactor
        self._started = time.monotonic()

    @property
    def root(self) -> Path:
        """Root of what is judged."""
        return self.facts.root

    @property
    def now(self) -> datetime:
        """The time of the run in UTC."""
        return self.facts.now.astimezone(UTC)

    @property
    def item(self) -> Item:
        """The item that is evaluated."""
        return self.facts.item

    @property
    def subject(self) -> Subject:
        """What is judged: project, release, environment, commit."""
        return self.facts.subject

    @property
    def remaining(self) -> float:
        """Seconds until the engine stops this item; answer a little earlier to keep what you know."""
        return max(self.item.timeout - (time.monotonic() - self._started), 0.0)

    @cached_property
    def repository(self) -> "Repository | None":
        """The git repository of the root; None where there is none."""
        from readiness.git import Repository

        return Repository.find(self.root)

    def path(self, relative: str | Path) -> Path:
        """Turn a path of the checklist into one that can be opened."""
        return self.root / relative

    def name(self, path: Path) -> str:
        """Turn a path into the one that a report shows: relative to the root, with `/`."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return Path(os.path.relpath(path, self.root)).as_posix()

    def glob(self, patterns: Sequence[str]) -> list[Path]:
        """Files that match any of these paths or globs (`**` crosses folders), sorted; `.git` is left out.

        A pattern that names a folder means every file below it. Where the item names a `producer`, the signed statement
        beside a file is not taken for evidence itself.
        """
        found: set[Path] = set()
        for pattern in patterns:
            direct = self.root / pattern
            matches: Iterable[Path]
            if direct.is_dir():
                matches = direct.rglob("*")
            elif direct.is_file() or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
                matches = [direct]
            else:
                matches = self.root.glob(pattern)
            found.update(m for m in matches if m.is_file() and ".git" not in m.relative_to(m.anchor).parts)
        if self.item.producer:
            found -= {Path(f"{path}{ENVELOPE_SUFFIX}") for path in found}
        return sorted(found)

    def read(self, relative: str | Path, *, limit: int = 256 * 2**20) -> bytes:
        """Read a file.

        Args:
            relative: Path as the checklist gives it.
            limit: Bytes; a larger file is refused.

        Raises:
            CheckError: It is missing, not a file, unreadable or too large.
        """
        path = self.path(relative)
        try:
            if not path.is_file():
                what = "is a folder, not a file" if path.is_dir() else "does not exist"
                raise CheckError(f"{self.name(path)} {what}", "produce it before the check, or correct the path")
            if path.stat().st_size > limit:
                raise CheckError(f"{self.name(path)} is larger than {limit} bytes", "name the right file")
            return path.read_bytes()
        except OSError as error:
            raise CheckError(f"{self.name(path)} cannot be read: {error.strerror}", "make it readable") from error

    def secret(self, name: str) -> str:
        """Value of an environment variable that holds a secret; from now on it is masked everywhere.

        Raises:
            CheckError: It is not set, or is empty.
        """
        value = self.environ.get(name, "")
        if not value:
            raise CheckError(f"environment variable {name} is not set", f"set {name} where readiness runs")
        self.redactor.register(value)
        return value

    def variable(self, name: str) -> str | None:
        """Value of an environment variable, None when it is not set; masked when its name looks secret."""
        value = self.environ.get(name)
        if value and looks_secret(name):
            self.redactor.register(value)
        return value

    def run(
        self,
        args: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float | None = None,
        merge: bool = False,
        reads: bool = False,
    ) -> processes.Completed:
        """Run a command to its end, without a shell, within the time of the item.

        Args:
            args: Program and arguments.
            cwd: Folder; the root when not given.
            env: Variables to add to the environment.
            timeout: Seconds; what is left of the item's time, less a second to answer in, when not given.
            merge: Whether to send standard error to standard output.
            reads: Whether it reads evidence for the check, and may take no more memory than the item. A command of the
                team takes what it needs.

        Raises:
            MemoryError: It needed more.
            CheckError: The program or the folder does not exist, or the program may not be executed.
        """
        try:
            done = processes.run(
                args,
                cwd=cwd or self.root,
                env={**self.environ, **(env or {})},
                timeout=max(self.remaining - 1.0, self.remaining / 2) if timeout is None else timeout,
                merge=merge,
                limit_memory=reads,
            )
        except OSError as error:
            raise CheckError(
                f"cannot run `{args[0]}`: {error.strerror or error}", f"install `{args[0]}`, or correct the command"
            ) from error
        if reads and done.exit_code and memory_limit.was_exceeded(done.stdout if merge else done.stderr):
            raise MemoryError
        return done


class Check(BaseModel, ABC):
    """Base of every check: its fields are its parameters, its docstring is its documentation.

    The docstring's first line says what has to be true. Paragraphs that begin with `Why:`, `How:`, `Remedy:` and
    `Example:` (items of a checklist, indented by four) are shown by `readiness explain` and on the documentation page;
    docstrings of fields become the descriptions in the JSON Schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)

    uses_services: ClassVar[bool] = True
    """Whether the checklist's services must be up; a check that only reads files sets it to False."""
    runs_foreign_code: ClassVar[bool] = True
    """Whether it runs code of what is judged: a command, a build, a plugin of a tool. A check that only reads, asks
    hosts or verifies signatures sets it to False; then `readiness judge`, which has the key, evaluates it itself."""

    def doubts(self) -> Iterable[Doubt]:
        """What is allowed in these parameters, but hardly meant: `readiness validate` warns of it."""
        return ()

    @abstractmethod
    def run(self, context: Context) -> Outcome:
        """Answer the item.

        Raises:
            CheckError: It cannot tell; the item becomes `error`. Any other exception does the same, as a crash.
        """
