"""Finds where in the repository a test case is written."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from readiness.check import Context
from readiness_checks.junit.cases import Case

_NET = (".cs", ".fs", ".vb")
"""Endings of sources of .NET, whose results name no file but in stack traces."""


@dataclass(frozen=True)
class Located:
    """A case and the file of results that it is in."""

    case: Case
    report: Path


def place(context: Context, entry: Located) -> tuple[str, int | None]:
    """Where a case is written, if its file is in the repository; else the file of results."""
    case = entry.case
    bases = [folder for folder in entry.report.parents if folder.is_relative_to(context.root)]
    guesses = [case.file]
    parts = case.class_name.split(".")
    guesses += ["/".join(parts[:count]) + ".py" for count in range(min(len(parts), 20), 0, -1)]
    guesses += [name for name, _ in case.traces if name.endswith(_NET)]  # the test first, then what it calls
    for guess in filter(None, guesses):
        for base in bases:
            if _is_inside(context, base, guess):
                path = context.name(Path(base / guess))
                traced = [line for name, line in case.traces if PurePosixPath(name).name == PurePosixPath(guess).name]
                return path, (traced[-1] if traced else case.line) or None
    return context.name(entry.report), None


def _is_inside(context: Context, base: Path, guess: str) -> bool:
    """Whether a name from outside is a file of the repository."""
    try:
        path = (base / guess).resolve()
        return ".." not in PurePosixPath(guess).parts and path.is_file() and path.is_relative_to(context.root.resolve())
    except (OSError, ValueError):
        return False
