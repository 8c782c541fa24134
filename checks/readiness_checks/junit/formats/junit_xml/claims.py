"""Holds what the attributes of JUnit XML claim against the elements that it shows."""

from dataclasses import astuple, dataclass
from xml.etree.ElementTree import Element  # only the name of a type; defusedxml does the reading

from readiness.outcome import CheckError
from readiness_checks.junit.cases import PYTEST, State
from readiness_checks.junit.formats.junit_xml.states import BAD, GROUPS, children_of, how_it_ended, number
from readiness_checks.reading.xml_input import local


@dataclass(frozen=True)
class _Tally:
    """What a suite holds, however deeply."""

    cases: int = 0
    troubles: int = 0
    """Elements that tell of a failure or an error."""
    errors: int = 0
    """Those of them that tell of an error."""
    broken: int = 0
    """Cases that failed or broke."""
    idle: int = 0
    """Cases that were skipped."""
    skips: int = 0
    """Elements that tell of a skip: pytest writes one for each part of a case that was skipped."""

    def since(self, earlier: "_Tally") -> "_Tally":
        """What came after an earlier count."""
        return _Tally(*(now - then for now, then in zip(astuple(self), astuple(earlier), strict=True)))


def tallies(root: Element) -> list[tuple[Element, _Tally]]:
    """Each suite, in the order of the file, with what it holds; counted in one pass, however deeply they are nested."""
    found: list[tuple[Element, _Tally]] = []
    cases = troubles = errors = broken = idle = skips = 0
    pending: list[tuple[Element, int]] = [(root, -1)]
    while pending:
        element, index = pending.pop()
        if index >= 0:  # all that is in this suite has been counted
            found[index] = (element, _Tally(cases, troubles, errors, broken, idle, skips).since(found[index][1]))
            continue
        kind = local(element)
        if kind in GROUPS:
            pending.append((element, len(found)))
            found.append((element, _Tally(cases, troubles, errors, broken, idle, skips)))
        elif kind == "testcase":
            state = how_it_ended(element, children_of(element))[0]
            cases, broken, idle = cases + 1, broken + (state in BAD), idle + (state is State.SKIPPED)
        elif kind.lower() in {"failure", "error"}:
            troubles, errors = troubles + 1, errors + (kind.lower() == "error")
        elif kind == "skipped":
            skips += 1
        pending.extend((child, -1) for child in reversed(element))
    return found


def compare(name: str, suite: Element, tally: _Tally) -> None:
    """Refuse a suite whose attributes claim more cases or more trouble than its elements show.

    Fewer is common: some tools count their own cases only, or nothing at all; the elements decide. Pytest counts parts
    of a case (`subTest`) as tests, and writes no element for those that passed.
    """
    bad = max(tally.troubles, tally.broken)
    claims = {word: _count(name, suite, word) for word in ("tests", "failures", "errors", "skipped", "disabled")}
    # pytest counts a case that passes and then breaks on teardown twice
    most = claims["tests"] if suite.get("name") in PYTEST else tally.cases + tally.errors
    shown = {
        f"{claims['tests']} tests": (claims["tests"], most, f"{tally.cases} cases"),
        f"{claims['failures'] + claims['errors']} failures and errors": (
            claims["failures"] + claims["errors"],
            bad,
            f"{bad} failing elements",
        ),
        f"{claims['skipped']} skipped": (
            max(claims["skipped"], claims["disabled"]),
            max(tally.idle, tally.skips),
            f"{max(tally.idle, tally.skips)} skipped elements",
        ),
    }
    for claim, (claimed, seen, words) in shown.items():
        if claimed > seen:
            raise CheckError(
                f"{name} contradicts itself: suite `{suite.get('name', '')[:80]}` claims {claim}, but has {words}",
                "it is cut off or was edited: run the tests again",
            )


def _count(name: str, suite: Element, word: str) -> int:
    text = suite.get(word, "").strip() or "0"
    found = number(text)
    if found is None:
        raise CheckError(f"{name} has `{word}={text[:50]!r}`, which is no count", "run the tests again")
    return found
