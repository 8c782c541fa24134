"""Finds the checklist file of a folder."""

from pathlib import Path

from readiness.loading.diagnostics import ChecklistError, Diagnostic
from readiness.loading.file import shown

NAMES = ("readiness.yaml", "readiness.yml")
"""File names that are looked for."""


def find(start: Path) -> Path:
    """Find the checklist for a folder: in it, or above it up to the root of its git repository.

    Outside a repository only the folder itself is looked at, so that nobody can plant a file in a shared folder above.

    Raises:
        ChecklistError: There is none, or one folder has two.
    """
    for folder in _folders(start.absolute()):
        found = [folder / name for name in NAMES if (folder / name).exists()]
        if len(found) > 1:
            raise _error(found[0], f"both `{NAMES[0]}` and `{NAMES[1]}` exist", "remove one, or choose with `-f`")
        if found:
            return found[0]
    raise _error(start, f"no `{NAMES[0]}` here or above, up to the root of the repository",
                 "`readiness init` writes a first one; `-f FILE` names another")  # fmt: skip


def _folders(start: Path) -> list[Path]:
    folders = [start, *start.parents]
    for index, folder in enumerate(folders):
        if (folder / ".git").exists():
            return folders[: index + 1]
    return [start]


def _error(path: Path, message: str, help_: str) -> ChecklistError:
    return ChecklistError([Diagnostic(message=message, file=shown(path), help=help_)])
