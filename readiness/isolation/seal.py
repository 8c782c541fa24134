"""Guards the imports of the process that judges: once a run has begun, no changed file becomes a part of it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from readiness.isolation.installation import Installation


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
