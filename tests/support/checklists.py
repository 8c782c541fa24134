"""Writes, loads and validates checklists for tests."""

from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent

from readiness.checklist import Checklist
from readiness.loading import ChecklistError, Diagnostic, load, validate
from support.sample_checks import LocalHost


def with_items(items: str, *, head: str = "") -> str:
    """A checklist of one section: `items` are its items, `head` what stands above."""
    top = f"version: 1\nproject: demo\n{dedent(head)}sections:\n  - title: All\n    items:\n"
    return top + indent(dedent(items).lstrip("\n"), "      ")


@dataclass
class Loader:
    """A folder with a checklist."""

    folder: Path
    host: LocalHost = field(default_factory=LocalHost)

    @property
    def path(self) -> Path:
        return self.folder / "readiness.yaml"

    def load(self, content: str | bytes, *, environment: str = "", release: str = "") -> Checklist:
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load(self.path, environment=environment, release=release, host=self.host)

    def validate(self, content: str) -> list[Diagnostic]:
        self.path.write_bytes(content.encode())
        return validate(self.path, host=self.host)

    def refused(self, content: str | bytes, *, environment: str = "") -> ChecklistError:
        """The error that a content gives."""
        try:
            loaded = self.load(content, environment=environment)
        except ChecklistError as error:
            return error
        raise AssertionError(f"it was loaded: {loaded}")

    def mistakes(self, content: str | bytes, *, environment: str = "") -> list[tuple[int | None, int | None, str]]:
        """Line, column and message of every mistake."""
        error = self.refused(content, environment=environment)
        return [(one.line, one.column, one.message) for one in error.diagnostics]

    def mistake(self, content: str | bytes, *, environment: str = "") -> Diagnostic:
        """The only mistake."""
        (only,) = self.refused(content, environment=environment).diagnostics
        return only
