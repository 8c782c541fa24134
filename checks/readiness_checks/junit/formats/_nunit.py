"""What the readers of NUnit 2 and 3 share: suites within suites, and what a suite says that its cases do not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness_checks.junit.cases import State
from readiness_checks.junit.formats._shared import DEEPEST, malformed, refuse_strays, short
from readiness_checks.reading.report_file import ReportFile
from readiness_checks.reading.xml_input import local

_PARTS = frozenset(("results", "test-suite", "test-case"))

Part = tuple[Element, tuple[str, ...]]
"""The root, a suite, a case or the list of its results, and the names of the suites that it is in."""
Inside = Mapping[Element, Counter[State]]
"""For each part, how many cases of each state are in it."""


def parts(report: ReportFile, root: Element) -> list[Part]:
    """The root, each suite and each case, in the order of the document.

    Raises:
        CheckError: They are nested too deeply, or a case is where none belongs.
    """
    found = list(_parts(report, root))
    refuse_strays(report, root, "test-case", sum(local(element) == "test-case" for element, _ in found))
    return found


def _parts(report: ReportFile, root: Element) -> Iterator[Part]:
    pending: list[Part] = [(root, ())]
    while pending:
        element, suites = pending.pop()
        yield element, suites
        if len(suites) == DEEPEST:
            raise malformed(report, "its suites are nested too deeply")
        below = (*suites, suite_name(element)) if local(element) == "test-suite" else suites
        pending.extend((child, below) for child in reversed(element) if local(child) in _PARTS)


def suite_name(element: Element) -> str:
    """The name of a suite; version 2 knows no full ones."""
    return element.get("fullname", "") or element.get("name", "")


def inside(found: Sequence[Part], cases: Iterable[State]) -> Inside:
    """Count the cases in each part.

    Args:
        found: All parts.
        cases: The state of each case among them, in their order.
    """
    states = iter(cases)
    counts: dict[Element, Counter[State]] = {}
    for element, _ in found:
        counts[element] = Counter([next(states)] if local(element) == "test-case" else ())
    for element, _ in reversed(found):  # what is inside comes after
        for child in element:
            counts[element].update(counts.get(child, ()))
    return counts


def unanswered(element: Element, state: State | None, counts: Inside) -> bool:
    """Whether a suite says that it gave no answer, while every case in it passed; an empty one need not give any.

    An ignored suite of which a filter left out every case is empty, and the suites around it are `Skipped` by it.
    """
    count = counts[element]
    if state is not State.SKIPPED or not count[State.PASSED] or count.total() != count[State.PASSED]:
        return False
    return not any(
        inner.get("result", "").lower() in {"skipped", "ignored"} and not counts[inner].total()
        for inner in element.iter()
        if local(inner) == "test-suite" and inner is not element
    )


def words(element: Element) -> tuple[str, str]:
    """Why a case or suite failed or was skipped, and the trace; not the words of what is inside of it."""
    said = [part for group in element if local(group) in {"failure", "reason"} for part in group]
    texts = {local(part): part.text or "" for part in said}
    return short(texts.get("message", "")), texts.get("stack-trace", "")
