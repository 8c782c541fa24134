"""Where a tool keeps its settings, and which of them judge."""

from typing import NamedTuple

from readiness.evidence.configuration.rules import Rule


class Source(NamedTuple):
    """One kind of file with settings of a tool."""

    file: str
    """Regular expression for the whole file name; with a `/`, for the whole path."""
    root: str = ""
    """Regular expression for what stands before the name of a setting."""


class Tool(NamedTuple):
    """A tool that judges, and its settings."""

    name: str
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    needs_configuration: bool = False
    """Whether it judges nothing without its configuration: a first one loosens nothing."""
    exclusive: bool = False
    """Whether it reads nothing but a file of its first source where there is one."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Regular expressions for names of settings, and the name by which they are known here."""


PYPROJECT = r"pyproject\.toml"
PACKAGE = r"package\.json"
