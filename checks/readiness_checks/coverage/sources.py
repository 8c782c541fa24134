"""Finds the files of the repository that a coverage report measures, also when it was written on another machine."""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import takewhile
from pathlib import Path, PurePosixPath

from readiness.check import Context
from readiness.outcome import CheckError, Finding

_SKIPPED = frozenset((".git", "node_modules", ".venv", "venv", ".tox", "__pycache__"))
_SHOWN = 5
_REMEDY = "run the tests of this very source again, and let them write their coverage"


class Sources:
    """The files of one repository.

    Args:
        context: The run.
        report: The report, by which relative names are first looked for.
    """

    def __init__(self, context: Context, report: Path) -> None:
        self._context = context
        self._report = report
        self._root = context.root.resolve()

    def locate(self, names: Sequence[str], folders: Sequence[str] = ()) -> dict[str, str]:
        """Path in the repository of each name in a report.

        All names are moved in the same way: a report of another project does not fit by chance.

        Args:
            names: As the report gives them.
            folders: Folders that the report says they are relative to.

        Raises:
            CheckError: Some are not in the repository, or two names mean one file.
        """
        found = {name: path for name in names if (path := self._absolute(name))}
        rest = [name for name in names if name not in found]
        best: dict[str, str] = {}
        for placed in self._placings(rest, folders) if rest else ():
            if len(placed) == len(rest):
                best = placed
                break
            best = max(best, placed, key=len)
        else:
            if rest:
                best = self._transplant(rest, folders) or best
        found |= best
        self._require_all(names, found)
        return found

    def _absolute(self, name: str) -> str:
        """A name that is already a path into the repository."""
        return self._inside(Path(name)) if PurePosixPath(name).is_absolute() else ""

    def _inside(self, path: Path) -> str:
        """Path relative to the root of a file in the repository; empty when it is none."""
        try:
            resolved = path.resolve()
            if resolved.is_relative_to(self._root) and resolved.is_file():
                return resolved.relative_to(self._root).as_posix()
        except (OSError, ValueError):
            pass
        return ""

    def _placings(self, names: Sequence[str], folders: Sequence[str]) -> Iterator[dict[str, str]]:
        """The names as seen from the folders that the report gives, and from those that it lies in."""
        given = [self._context.root / folder for folder in folders]
        if given:
            placed = {}
            for name in names:
                path = next(filter(None, (self._inside(folder / name) for folder in given)), "")
                if path:
                    placed[name] = path
            yield placed
        for folder in self._report.resolve().parents:
            if folder.is_relative_to(self._root):
                yield {name: path for name in names if (path := self._inside(folder / name))}

    def _transplant(self, names: Sequence[str], folders: Sequence[str]) -> dict[str, str]:
        """Replace the beginning of all names, as long as the one way to do so is the only one."""
        whole = [PurePosixPath(folders[0]) / name if len(folders) == 1 else PurePosixPath(name) for name in names]
        parts = [_parts(path) for path in whole]
        levels = zip(*(part[:-1] for part in parts), strict=False)
        common = len(list(takewhile(lambda level: len(set(level)) == 1, levels)))
        for dropped in range(common + 1):
            tails = ["/".join(part[dropped:]) for part in parts]
            bases = self._bases(tails[0])
            fitting = [base for base in bases if all(base + tail in self._files for tail in tails)]
            if len(fitting) > 1:
                shown = ", ".join(f"`{base or '.'}`" for base in sorted(fitting)[:_SHOWN])
                raise CheckError(
                    f"{self._context.name(self._report)} fits several folders: {shown}",
                    "write the report with paths relative to the root of the repository",
                )
            if fitting:
                return {name: fitting[0] + tail for name, tail in zip(names, tails, strict=True)}
        return {}

    def _bases(self, tail: str) -> list[str]:
        return [file[: -len(tail)] for file in self._files if file == tail or file.endswith("/" + tail)]

    @cached_property
    def _files(self) -> frozenset[str]:
        repository = self._context.repository
        if repository is not None:
            return frozenset(name for name in repository.tracked_files() if (self._root / name).is_file())
        return frozenset(_walk(self._root))

    def _require_all(self, names: Iterable[str], found: dict[str, str]) -> None:
        report = self._context.name(self._report)
        missing = [name for name in names if name not in found]
        if missing:
            shown = ", ".join(f"`{name[:150]}`" for name in missing[:_SHOWN])
            raise CheckError(
                f"{report} is not about this source: {len(missing)} of the files that it measures are not in the "
                f"repository ({shown})",
                _REMEDY,
                findings=tuple(
                    Finding(message=f"it measures `{name[:200]}`", rule="foreign", path=report, remedy=_REMEDY)
                    for name in missing[:_SHOWN]
                ),
            )
        if len(set(found.values())) < len(found):
            twice = next(path for path in found.values() if list(found.values()).count(path) > 1)
            raise CheckError(f"{report} measures {twice} twice, under different names", _REMEDY)


def _parts(path: PurePosixPath) -> list[str]:
    return [part for part in path.parts if part not in {"/", "."}]


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        base = Path(folder).relative_to(root)
        yield from ((base / name).as_posix() for name in files)
