"""What the formats in XML share: attributes that have to be there, counts, and times in seconds or milliseconds."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from readiness_checks.coverage.measured import malformed
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

_MEASURING = frozenset(("class", "file", "line", "lineToCover", "sourcefile", "SequencePoint", "statement"))
"""Elements by which the formats say what was run, and for which source."""
_MILLISECONDS = 10**11
"""A timestamp above this counts milliseconds, as Cobertura and OpenClover do; gcovr and PHPUnit count seconds."""


def root_of(report: ReportFile) -> Element:
    """The root of a report.

    Raises:
        CheckError: It is no XML.
    """
    if report.xml is None:
        raise malformed(report.name, "it is no XML")
    return report.xml


def require_own(report: ReportFile, places: Mapping[str, str]) -> None:
    """Insist that no element measures what the format does not: the root of a report may name another format.

    Args:
        report: The report.
        places: The elements of the format that measure, each with the one that it stands in at any depth.

    Raises:
        CheckError: One is none of the format's, or stands elsewhere: it would not be counted.
    """
    waiting: list[tuple[Element, frozenset[str]]] = [(root_of(report), frozenset())]
    while waiting:
        element, above = waiting.pop()
        name = local(element)
        if name in _MEASURING and places.get(name) not in above:
            raise malformed(
                report.name, f"it holds a <{name}> where its format has none: its root says another format than it is"
            )
        if len(element):
            inside = above if name in above else above | {name}
            waiting += [(child, inside) for child in element]


def children(element: Element, name: str) -> Iterator[Element]:
    """Its elements of one name, not those below them."""
    return (child for child in element if local(child) == name)


def attribute(report: str, element: Element, key: str) -> str:
    """The text of an attribute.

    Raises:
        CheckError: There is none.
    """
    value = element.get(key, "")
    if not value:
        raise malformed(report, f"a <{local(element)}> has no `{key}`")
    return value


def number(report: str, element: Element, key: str) -> int:
    """The count in an attribute.

    Raises:
        CheckError: There is none.
    """
    value = attribute(report, element, key)
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise malformed(report, f"`{key}` of a <{local(element)}> is no count: {value[:50]!r}")
    return int(value)


def claimed(report: str, element: Element, key: str) -> int | None:
    """The count in an attribute; None where there is no such attribute.

    Raises:
        CheckError: It is no count.
    """
    return None if element.get(key) is None else number(report, element, key)


def time(report: str, text: str) -> datetime | None:
    """A time in seconds or milliseconds; None where none is given.

    Raises:
        CheckError: It is none.
    """
    if not text or text == "0":
        return None
    try:
        count = float(text) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", text) else -1
        if count >= 0:
            return datetime.fromtimestamp(count / 1000 if count > _MILLISECONDS else count, UTC)
    except (ValueError, OverflowError, OSError):  # later than the year 9999
        pass
    raise malformed(report, f"its timestamp is no count of seconds or milliseconds: {text[:50]!r}")
