"""Finds the checklist file of a folder."""

from pathlib import Path

from readiness.loading.diagnostics import ChecklistError, Diagnostic, NoChecklistError
from readiness.loading.file import shown

NAMES = ("readiness.yaml", "readiness.yml")
"""File names that are looked for."""


def find(start: Path) -> Path:
    """Find the checklist for a folder: in it, or above it up to the root of its git repository.

    Outside a repository only the folder itself is looked at, so that nobody can plant a file in a shared folder above.

    Raises:
        NoChecklistError: There is none.
        ChecklistError: One folder has two.
    """
    for folder in _folders(start.absolute()):
        found = [folder / name for name in NAMES if (folder / name).exists()]
        if len(found) > 1:
            both = f"both `{NAMES[0]}` and `{NAMES[1]}` exist"
            raise ChecklistError([_mistake(found[0], both, "remove one, or choose with `-f`")])
        if found:
            return found[0]
    none = f"no `{NAMES[0]}` here or above, up to the root of the repository"
    raise NoChecklistError([_mistake(start, none, "`readiness init` writes a first one; `-f FILE` names another")])


def _folders(start: Path) -> list[Path]:
    folders = [start, *start.parents]
    for index, folder in enumerate(folders):
        if (folder / ".git").exists():
            return folders[: index + 1]
    return [start]


def _mistake(path: Path, message: str, help_: str) -> Diagnostic:
    return Diagnostic(message=message, file=shown(path), help=help_)
