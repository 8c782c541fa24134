"""What was not examined, by name: submodules, cells in other languages, configuration of bandit that is not used."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from readiness.check import Context
from readiness.outcome import CheckError, Finding, Level
from readiness_checks.bandit.notebooks import Notebook
from readiness_checks.reading.python_files import submodules

_CONFIGURATION = {
    ".bandit": "",
    "bandit.yaml": "",
    "bandit.yml": "",
    "pyproject.toml": r"^\s*\[tool\.bandit",
    "setup.cfg": r"^\s*\[bandit\]",
    "tox.ini": r"^\s*\[bandit\]",
}
"""Where bandit reads its configuration, and how it looks there (its documentation, "Configuration")."""


def of_git(context: Context, paths: Sequence[str]) -> Iterator[Finding]:
    """A note for each submodule below the paths that none of them names."""
    for folder in submodules(context):
        asked = any((path.rstrip("/") + "/").startswith(folder + "/") for path in paths)
        below = any(path in {".", "./"} or f"{folder}/".startswith(path.rstrip("/") + "/") for path in paths)
        if below and not asked:
            yield Finding(
                message=f"the submodule {folder} was not examined: it is another repository",
                rule="submodule",
                level=Level.NOTE,
                path=folder,
                remedy=f"examine it in its own repository, or name it here: `paths: [., {folder}]`",
            )


def configured(context: Context) -> Iterator[Finding]:
    """A note for each file of the root that configures bandit."""
    for name, form in _CONFIGURATION.items():
        path = context.root / name
        try:
            written = path.is_file() and re.search(form, path.read_text("utf-8", errors="replace"), re.MULTILINE)
        except OSError:
            continue
        if written:
            yield Finding(
                message="it configures bandit, which is not used here: a change could bring it along",
                rule="configuration",
                level=Level.NOTE,
                path=name,
                remedy="say it in the checklist: `skips`, `tests`, `exclude`",
            )


def of_notebooks(books: Mapping[str, Notebook]) -> Iterator[Finding]:
    """A note for each notebook that holds other languages.

    Raises:
        CheckError: A cell is no Python.
    """
    unread = [(name, number, why) for name, book in books.items() for number, why in book.unread]
    if unread:
        remedy = "correct the cell, or leave the notebook out by name with `exclude`"
        findings = tuple(
            Finding(message=f"cell {number} was not examined: {why}", rule="unread", path=name, remedy=remedy)
            for name, number, why in unread[:100]
        )
        name, number, why = unread[0]
        told = f"{len(unread)} cells of notebooks are no Python, for instance cell {number} of {name}: {why}"
        raise CheckError(told, remedy, findings=findings)
    for name, book in books.items():
        if book.others:
            yield Finding(
                message=f"not examined, since it is no Python: {', '.join(dict.fromkeys(book.others))}",
                rule="other-language",
                level=Level.NOTE,
                path=name,
                remedy="examine it with a tool for it",
            )


def written(books: Mapping[str, Notebook], folder: Path) -> dict[str, Path]:
    """The Python of notebooks, written as files that bandit can read."""
    places = {name: folder / f"{number}.py" for number, name in enumerate(books)}
    for name, path in places.items():
        path.write_text(books[name].source, encoding="utf-8", errors="replace")
    return places
