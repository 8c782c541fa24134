"""Reads Cobertura XML (coverage-04.dtd), as coverage.py, gcovr, coverlet, istanbul and PHPUnit write it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from readiness_checks.coverage.measured import (
    Count,
    File,
    Measured,
    contradiction,
    counts,
    line_counts,
    malformed,
)
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

NAMES = "Cobertura XML"
_TOLERANCE = 0.006
"""By how much a rounded rate may differ."""
_MILLISECONDS = 10**11
"""A timestamp above this counts milliseconds, as Cobertura does; gcovr and coverlet count seconds."""
_CONDITION = re.compile(r"^\s*[\d.]+\s*%\s*\(\s*(\d{1,9})\s*/\s*(\d{1,9})\s*\)\s*$")


def recognises(report: ReportFile) -> bool:
    """Whether this looks like Cobertura's format; Clover's has the same root."""
    root = report.xml
    return root is not None and local(root) == "coverage" and any(local(child) == "packages" for child in root)


def read(report: ReportFile) -> Measured:
    """Read one report.

    Raises:
        CheckError: It is not as the format says, or its totals contradict its lines.
    """
    root = report.xml
    if root is None:
        raise malformed(report.name, "it is no XML")
    return _read(report.name, root)


def _read(name: str, root: Element) -> Measured:
    classes: dict[str, list[Element]] = {}
    for element in root.iter():
        if local(element) == "class":
            classes.setdefault(_attribute(name, element, "filename").replace("\\", "/"), []).append(element)
    branches = any(_is_branch(element) for element in root.iter() if local(element) == "line")
    methods = any(local(element) == "method" for element in root.iter())
    files = tuple(_file(name, source, parts, branches=branches, methods=methods) for source, parts in classes.items())
    folders = tuple((element.text or "").strip() for element in root.iter() if local(element) == "source")
    measured = Measured("Cobertura XML", files, _time(name, root.get("timestamp", "")), tuple(filter(None, folders)))
    _compare(name, root, measured, [line for parts in classes.values() for part in parts for line in _lines(part)])
    return measured


def _attribute(name: str, element: Element, key: str) -> str:
    value = element.get(key, "")
    if not value:
        raise malformed(name, f"a <{local(element)}> has no `{key}`")
    return value


def _number(name: str, element: Element, key: str) -> int:
    value = _attribute(name, element, key)
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise malformed(name, f"`{key}` of a <{local(element)}> is no count: {value[:50]!r}")
    return int(value)


def _time(name: str, text: str) -> datetime | None:
    if not text or text == "0":
        return None
    try:
        count = int(text) if re.fullmatch(r"[0-9]{1,15}", text) else -1
        if count >= 0:
            return datetime.fromtimestamp(count / 1000 if count > _MILLISECONDS else count, UTC)
    except (ValueError, OverflowError, OSError):  # later than the year 9999
        pass
    raise malformed(name, f"its timestamp is no count of seconds or milliseconds: {text[:50]!r}")


def _lines(part: Element) -> Iterator[Element]:
    """Lines of a class; those of its methods only where it has none of its own, for they are given twice."""
    groups = [child for child in part if local(child) == "lines"]
    own = [line for group in groups for line in group if local(line) == "line"]
    yield from own or (line for line in part.iter() if local(line) == "line")


def _is_branch(line: Element) -> bool:
    return line.get("branch", "").lower() == "true" and bool(line.get("condition-coverage"))


def _file(name: str, source: str, parts: list[Element], *, branches: bool, methods: bool) -> File:
    hits: dict[int, int] = {}
    conditions: dict[int, Count] = {}
    for line in (line for part in parts for line in _lines(part)):
        number, hit = _number(name, line, "number"), _number(name, line, "hits")
        hits[number] = hits.get(number, 0) + hit
        if _is_branch(line):
            count = _condition(name, line)
            known = conditions.get(number, Count(0, 0))
            conditions[number] = max(known, count, key=lambda each: (each.total, each.covered))
    lines, missing, last = line_counts(hits)
    called = [_is_called(name, element) for part in parts for element in part.iter() if local(element) == "method"]
    return File(
        name=source,
        counts=counts(
            lines=lines,
            branches=sum(conditions.values(), Count(0, 0)) if branches else None,
            functions=Count(sum(called), len(called)) if methods else None,
        ),
        missing=missing,
        last_line=last,
    )


def _condition(name: str, line: Element) -> Count:
    match = _CONDITION.match(line.get("condition-coverage", ""))
    if match is None or int(match[1]) > int(match[2]):
        raise malformed(name, f"`condition-coverage` is not `50% (1/2)`: {line.get('condition-coverage', '')[:50]!r}")
    return Count(int(match[1]), int(match[2]))


def _is_called(name: str, method: Element) -> bool:
    return any(_number(name, line, "hits") for line in method.iter() if local(line) == "line")


def _compare(name: str, root: Element, measured: Measured, raw: list[Element]) -> None:
    """Hold the totals of the root against the lines, joined by file or as they stand: both are in use."""
    lines = measured.total("lines")
    plain = Count(sum(bool(_number(name, line, "hits")) for line in raw), len(raw))
    for key, seen in (("lines-valid", (lines.total, plain.total)), ("lines-covered", (lines.covered, plain.covered))):
        if root.get(key) is not None and _number(name, root, key) not in seen:
            raise contradiction(name, f"`{key}`", root.get(key), seen[0])
    branches = measured.total("branches")
    as_they_stand = sum((_condition(name, line) for line in raw if _is_branch(line)), Count(0, 0))
    _compare_rate(name, root, "line-rate", [lines, plain])
    _compare_rate(name, root, "branch-rate", [branches, as_they_stand])


def _compare_rate(name: str, root: Element, key: str, seen: list[Count]) -> None:
    text = root.get(key)
    if text is None or not seen[0].total:
        return
    try:
        rate = float(text)
    except ValueError:
        raise malformed(name, f"`{key}` is no number: {text[:50]!r}") from None
    if not any(abs(rate - float(count.percent) / 100) <= _TOLERANCE for count in seen):
        raise contradiction(name, f"`{key}`", text[:50], round(float(seen[0].percent) / 100, 4))
