"""Joins what several reports say of one file: shards of a test run, or unit and integration tests."""

from collections.abc import Hashable, Sequence

from readiness.outcome import CheckError
from readiness.text import count
from readiness_checks.coverage.measured import Count, File, Metric, Parts, detailed

_REMEDY = (
    "let the tool that wrote them join them, or name reports that list lines and branches (lcov, coverage-final.json)"
)


def join(place: str, files: Sequence[tuple[str, File]], metric: Metric) -> tuple[File, list[str]]:
    """One file as all reports together measure it: what one of them saw run was run.

    Lines are joined in any format, branches, functions and statements where one format names them. Where a format only
    says how many branches of a line were taken, the higher number counts: no more is certain.

    Args:
        place: The file in the repository.
        files: The name of each format, and what it says.
        metric: The metric that is asked for.

    Returns:
        The file, and what is to be told of how it was joined.

    Raises:
        CheckError: One gives sums alone, or the formats name the parts in different ways.
    """
    first = files[0][1]
    if len(files) == 1:
        return first, []
    hits = [file.hits for _, file in files if file.hits is not None]
    if len(hits) < len(files):
        raise CheckError(
            f"several reports measure {place}, and one of them gives sums alone: they cannot be joined", _REMEDY
        )
    every = set().union(*hits)
    notes = []
    differing = len(every - set(hits[0]).intersection(*hits[1:]))
    if differing:
        notes.append(
            f"the reports do not agree whether {count(differing, 'line')} can be covered: each that one counts does"
        )
    asked: Metric = "branches" if metric == "combined" else metric
    parts = (
        _parts(place, files, asked, notes)
        if asked != "lines" and any(asked in file.counts for _, file in files)
        else None
    )
    excluded = [set(file.excluded) for _, file in files if file.excluded is not None]
    left_out = tuple(sorted(set().union(*excluded) - every)) if excluded else None
    whole = {line: max(each.get(line, 0) for each in hits) for line in every}
    if asked == "branches":
        return detailed(first.name, whole, branches=parts, excluded=left_out), notes
    if asked == "functions":
        return detailed(first.name, whole, functions=parts, excluded=left_out), notes
    return detailed(first.name, whole, statements=parts, excluded=left_out), notes


def _parts(place: str, files: Sequence[tuple[str, File]], metric: Metric, notes: list[str]) -> Parts:
    formats = {name for name, file in files if metric in file.counts}
    if len(formats) > 1:
        named = " and ".join(sorted(formats))
        raise CheckError(
            f"{place} is in reports of several formats ({named}), which name {metric} in different ways", _REMEDY
        )
    if any(metric in file.counts and metric not in file.parts for _, file in files):
        raise CheckError(f"several reports measure {place}, and one of them gives the sum of {metric} alone", _REMEDY)
    joined: dict[Hashable, Count] = {}
    unsure = 0
    for _, file in files:
        for key, part in file.parts.get(metric, {}).items():
            known = joined.get(key)
            if known is not None:
                unsure += 0 < part.covered < part.total and 0 < known.covered < known.total
                joined[key] = Count(max(known.covered, part.covered), max(known.total, part.total))
            else:
                joined[key] = part
    if unsure:
        notes.append(
            f"the reports only say how many {metric} of a line were taken: on {count(unsure, 'line')} it may be more"
        )
    return joined
