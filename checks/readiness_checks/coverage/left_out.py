"""Finds what a coverage report leaves out: files that it does not measure, and lines that do not count."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from readiness.check import Context
from readiness.outcome import CheckError, Finding, Level
from readiness.text import count
from readiness_checks.coverage import source_kinds
from readiness_checks.coverage.measured import File, ranges
from readiness_checks.reading.evidence_files import matching

_SHOWN = 20
_GROUPS = frozenset(("apps", "components", "crates", "libs", "modules", "packages", "projects", "services"))
"""Folders of a repository of many projects: each folder below is one."""
_REMEDY = "let the test run measure all of the source, for instance `coverage run --source`"
_LARGEST = 4 * 2**20


def required(context: Context, report: str, files: Sequence[str], measured: Collection[str]) -> Iterator[Finding]:
    """Files that a report has to be about, but is not. Tests, and files without code, need not be in it.

    Raises:
        CheckError: A glob matches no file.
    """
    wanted = {context.name(path): path for path in matching(context, files)}
    for name in sorted(wanted.keys() - set(measured)):
        if not source_kinds.is_test(name) and source_kinds.has_code(name, context.read(wanted[name])):
            message = f"{report} does not measure it: the tests never loaded it, or leave it out"
            yield Finding(message=message, rule="unmeasured", path=name, remedy=_REMEDY)


def expected(context: Context, measured: Collection[str]) -> list[str]:
    """Tracked source files that nobody named and no report measures: of the same ending, in the same projects.

    Args:
        context: The run.
        measured: All that the reports measure, relative to the root.
    """
    repository = context.repository
    if repository is None:
        return []
    kinds = {(_project(name), PurePosixPath(name).suffix) for name in measured}
    known = set(measured)
    return [
        name
        for name in repository.tracked_files()
        if (_project(name), PurePosixPath(name).suffix) in kinds
        and name not in known
        and not source_kinds.is_test(name)
        and _is_expected(context, name)
    ]


def _is_expected(context: Context, name: str) -> bool:
    try:
        data = context.read(name, limit=_LARGEST)
    except CheckError:
        return False
    return source_kinds.has_code(name, data) and source_kinds.is_measured_as_a_rule(name, data)


def _project(name: str) -> str:
    """The folder of a repository that a file is of: the first, or the first two where that holds many projects."""
    folders = PurePosixPath(name).parts[:-1]
    return "/".join(folders[:2] if folders and folders[0] in _GROUPS else folders[:1])


def warnings(names: Sequence[str]) -> Iterator[Finding]:
    """What is told of files that no report measures, where the item does not say which it has to."""
    for name in names[:_SHOWN]:
        message = "no report measures it, so it does not count: the tests never loaded it, or leave it out"
        remedy = f"{_REMEDY}; and name what has to be measured in `files`"
        yield Finding(message=message, rule="unmeasured", level=Level.WARNING, path=name, remedy=remedy)
    if len(names) > _SHOWN:
        message = f"{count(len(names) - _SHOWN, 'more file')} that no report measures"
        yield Finding(message=message, rule="unmeasured", level=Level.WARNING, path=names[_SHOWN], remedy=_REMEDY)


def excluded(context: Context, files: Sequence[tuple[str, File]]) -> dict[str, tuple[int, ...]]:
    """Lines that were taken out of the count, by file; where the format does not say, lines that ask for it."""
    found = {}
    for place, file in files:
        lines = file.excluded if file.excluded is not None else source_kinds.excluding_lines(context.read(place))
        if lines:
            found[place] = lines
    return found


def notes(excluding: dict[str, tuple[int, ...]], limit: int | None) -> Iterator[Finding]:
    """What is told of excluded lines, the most first: a warning where there are more than the limit."""
    total = sum(map(len, excluding.values()))
    level = Level.WARNING if limit is not None and total > limit else Level.NOTE
    for place, lines in sorted(excluding.items(), key=lambda each: (-len(each[1]), each[0]))[:_SHOWN]:
        verb = "is" if len(lines) == 1 else "are"
        yield Finding(
            message=f"{count(len(lines), 'line')} {verb} excluded from the count: {ranges(lines)}",
            rule="excluded",
            level=level,
            path=place,
            line=lines[0],
            remedy="test it, or delete it; and review whether it may be left out",
        )
