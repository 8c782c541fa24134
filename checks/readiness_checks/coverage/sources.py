"""Finds the files of the repository that a coverage report measures, also when it was written on another machine."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from pathlib import Path, PurePosixPath

from readiness.check import Context
from readiness.outcome import CheckError, Finding

_SKIPPED = frozenset((".git", "node_modules", ".venv", "venv", ".tox", "__pycache__"))
_SHOWN = 5
_REMEDY = "run the tests of this very source again, and let them write their coverage"
_FOREIGN = (
    f"{_REMEDY}; where they measure what is not the product, leave it out: `lcov --no-external`, `gcovr --filter`, "
    "`coverage run --source`, or name it in `exclude` of the source (`/usr/**`)"
)
_MODULE = re.compile(rb"^module\s+\"?([^\s\"]+)", re.MULTILINE)


class Sources:
    """The files of one repository.

    Args:
        context: The run.
        report: The report, by which relative names are first looked for.
        by_package: Whether its names are those of packages: then each is looked for by itself, for the sources of a
            build may lie in several folders.
    """

    def __init__(self, context: Context, report: Path, *, by_package: bool = False) -> None:
        self._context = context
        self._report = report
        self._root = context.root.resolve()
        self._by_package = by_package

    def locate(self, names: Sequence[tuple[str, str]], folders: Sequence[str] = ()) -> dict[str, str]:
        """Path in the repository of each name in a report.

        All names are moved in the same way: a report of another project does not fit by chance.

        Args:
            names: As the report gives them, each with the part of it that is a path where that is not all of it.
            folders: Folders that the report says they are relative to.

        Raises:
            CheckError: Some are not in the repository, or two names mean one file.
        """
        ends = dict(names)
        found = {name: path for name in ends if (path := self._absolute(name))}
        rest = [name for name in ends if name not in found]
        best: dict[str, str] = {}
        for placed in self._placings(rest, folders) if rest else ():
            if len(placed) == len(rest):
                best = placed
                break
            best = max(best, placed, key=len)
        else:
            if rest:
                best = self._moved({name: ends[name] for name in rest}, folders) or best
        found |= best
        self._require_all(ends, found)
        return found

    def inside(self, name: str, folders: Sequence[str] = ()) -> str:
        """Path in the repository of a name that need not be there; empty where it is not."""
        return self._absolute(name) or next(
            (path for each in self._placings([name], folders) for path in each.values()), ""
        )

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
        """The names as seen from the folders that the report gives, from those above it, and as Go imports them."""
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
        if names and all(name.endswith(".go") for name in names):
            yield {name: path for name in names if (path := self._imported(name))}

    def _imported(self, name: str) -> str:
        """Where a file lies whose name begins with the path of a Go module of the repository."""
        fitting = [module for module in self._modules if name.startswith(module + "/")]
        if not fitting:
            return ""
        module = max(fitting, key=len)
        return self._inside(self._root / self._modules[module] / name.removeprefix(module + "/"))

    @cached_property
    def _modules(self) -> Mapping[str, str]:
        """The folder of each Go module of the repository, by its path."""
        found = {}
        for file in self._files:
            if PurePosixPath(file).name == "go.mod":
                match = _MODULE.search(self._context.read(file))
                if match is not None:
                    found[match[1].decode(errors="replace")] = str(PurePosixPath(file).parent)
        return found

    def _moved(self, ends: Mapping[str, str], folders: Sequence[str]) -> dict[str, str]:
        """The names as they would be here; if none fits, without regard to capitals (Windows, macOS)."""
        for spelt in (str, str.casefold):
            found = self._transplant(list(ends), folders, spelt)
            if not found and (self._by_package or len(folders) > 1):
                found = self._each(ends, spelt)
            if found:
                return found
        return {}

    def _transplant(self, names: Sequence[str], folders: Sequence[str], spelt: Callable[[str], str]) -> dict[str, str]:
        """Replace the beginning of all names, as long as the one way to do so is the only one."""
        whole = [PurePosixPath(folders[0]) / name if len(folders) == 1 else PurePosixPath(name) for name in names]
        parts, files = [_parts(path) for path in whole], self._spelt(spelt)
        for dropped in range(_common(parts) + 1):
            tails = [spelt("/".join(part[dropped:])) for part in parts]
            bases = [file[: -len(tails[0])] for file in files if _ends(file, tails[0])]
            fitting = [base for base in bases if all(base + tail in files for tail in tails)]
            if len(fitting) > 1:
                shown = ", ".join(f"`{base or '.'}`" for base in sorted(fitting)[:_SHOWN])
                raise CheckError(
                    f"{self._context.name(self._report)} fits several folders: {shown}",
                    "write the report with paths relative to the root of the repository",
                )
            if fitting:
                return {name: files[fitting[0] + tail] for name, tail in zip(names, tails, strict=True)}
        return {}

    def _each(self, ends: Mapping[str, str], spelt: Callable[[str], str]) -> dict[str, str]:
        """Each name by itself, where one file alone ends like it; without what all begin with (as in Kotlin)."""
        parts = {name: _parts(PurePosixPath(end or name)) for name, end in ends.items()}
        by_file = defaultdict(list)
        for file in self._spelt(spelt):
            by_file[PurePosixPath(file).name].append(file)
        for dropped in range(_common(list(parts.values())) + 1):
            found: dict[str, str] = {}
            for name, part in parts.items():
                tail = spelt("/".join(part[dropped:]))
                fitting = [file for file in by_file[spelt(part[-1])] if _ends(file, tail)]
                if len(fitting) > 1:
                    fitting = self._of_module(name, ends[name], fitting, spelt)
                if len(fitting) != 1 or (dropped and "/" not in tail):
                    break
                found[name] = self._spelt(spelt)[fitting[0]]
            else:
                return found
        return {}

    def _of_module(self, name: str, end: str, fitting: list[str], spelt: Callable[[str], str]) -> list[str]:
        """Those of several files that lie in a folder that is called like the module which the report names."""
        module = spelt(name.removesuffix(end).rstrip("/"))
        return [file for file in fitting if end and module and f"/{module}/" in f"/{file}"]

    def _spelt(self, spelt: Callable[[str], str]) -> Mapping[str, str]:
        """Every file by its spelling; those that would be two of one spelling are none."""
        found: dict[str, str] = {}
        twice = set()
        for file in self._files:
            key = spelt(file)
            if key in found:
                twice.add(key)
            found[key] = file
        return {key: file for key, file in found.items() if key not in twice}

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
                _FOREIGN,
                findings=tuple(
                    Finding(message=f"it measures `{name[:200]}`", rule="foreign", path=report, remedy=_FOREIGN)
                    for name in missing[:_SHOWN]
                ),
            )
        if len(set(found.values())) < len(found):
            twice = next(path for path in found.values() if list(found.values()).count(path) > 1)
            raise CheckError(f"{report} measures {twice} twice, under different names", _REMEDY)


def _parts(path: PurePosixPath) -> list[str]:
    return [part for part in path.parts if part not in {"/", "."}]


def _common(parts: Sequence[Sequence[str]]) -> int:
    """How many folders all paths begin with."""
    levels = zip(*(part[:-1] for part in parts), strict=False)
    return len(list(takewhile(lambda level: len(set(level)) == 1, levels)))


def _ends(file: str, tail: str) -> bool:
    return file == tail or file.endswith("/" + tail)


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        base = Path(folder).relative_to(root)
        yield from ((base / name).as_posix() for name in files)
