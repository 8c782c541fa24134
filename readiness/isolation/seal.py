"""Keeps the code of others out of the process that judges: none when a run begins, and no changed file during it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from readiness import judged_tree
from readiness.isolation.installation import Installation
from readiness.text import count, safe


class _SourceAlone(SourceFileLoader):
    """Compiles the source, and does not look at a compiled file, which anybody may have written meanwhile."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the source."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


class _Seal:
    """Finds modules in files of the installation that are as they were, and refuses all others.

    Args:
        installation: How the files were.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module.

        Raises:
            ImportError: The file was changed, or does not belong to the installation.
        """
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not spec.has_location or spec.origin is None:
            return spec
        if not self._installation.vouches(spec.origin):
            raise ImportError(f"{spec.origin} was changed or added during the run; it is not imported", name=name)
        if isinstance(spec.loader, SourceFileLoader):
            spec.loader = _SourceAlone(name, spec.origin)
        return spec


@contextmanager
def sealed(installation: Installation) -> Iterator[None]:
    """Import only what is as it was, in this block."""
    seal = _Seal(installation)
    place = next((n for n, finder in enumerate(sys.meta_path) if finder is PathFinder), len(sys.meta_path))
    sys.meta_path.insert(place, seal)  # built-in and frozen modules come before it
    try:
        yield
    finally:
        sys.meta_path.remove(seal)


class IntruderError(Exception):
    """The process has code of the change in it; the text says which, and what to do."""


def refuse_intruders(checklist: Path | None) -> None:
    """Insist that no module of this process comes from the tree that is judged.

    Args:
        checklist: The checklist file that was asked for; that of the current folder when not given.

    Raises:
        IntruderError: One does.
    """
    if not judged_tree.is_program():
        return
    root = judged_tree.tree(str(checklist.parent) if checklist is not None else "")
    judged_tree.leave_import_path(root)
    found = judged_tree.intruders(root)
    if found:
        raise IntruderError(
            f"Python has imported {count(len(found), 'file')} of what is judged: {safe(found[0])}\n"
            "next: unset PYTHONPATH, and start the installed `readiness`, or `python -I -m readiness`"
        )
