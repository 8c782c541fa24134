"""What the check `junit` tells of single cases: those that broke, that a requirement means, or that want a look."""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from readiness.check import Context
from readiness.outcome import Finding, Level
from readiness.text import count, did_you_mean
from readiness_checks.junit.cases import State
from readiness_checks.junit.places import Located, place

BROKEN = frozenset((State.FAILED, State.ERROR))
_SHOWN = 200
"""Cases of one kind that become findings of their own; the rest is one finding with their number."""
_COMPARED = 2000
"""Names that a requirement which finds nothing is compared with."""


def named(cases: Iterable[Located]) -> dict[str, list[Located]]:
    """The cases by each of their names: thousands of them are held against many requirements."""
    by_name: dict[str, list[Located]] = {}
    for entry in cases:
        for name in entry.case.names:
            by_name.setdefault(name, []).append(entry)
    return by_name


def required(context: Context, at_item: Finding, pattern: str, cases: Mapping[str, Sequence[Located]]) -> list[Finding]:
    """What is wrong with the cases that one requirement means.

    Args:
        context: The run.
        at_item: A finding at the place of the item in the checklist, for a requirement that finds nothing.
        pattern: The requirement.
        cases: All cases, by each of their names.
    """
    found = _find(pattern, cases)
    if not found:
        hint = did_you_mean(pattern, list(islice(cases, _COMPARED)))
        message = f"no test is called `{pattern}`, which is required"
        remedy = "run it, and let it be in the results; or correct the name" + (f": {hint}" if hint else "")
        return [at_item.model_copy(update={"rule": "required-missing", "message": message, "remedy": remedy})]
    skipped = [entry for entry in found if entry.case.state is State.SKIPPED]
    broken = [entry for entry in found if entry.case.state in BROKEN]
    doubtful = [entry for entry in found if entry.case.doubtful and entry.case.state is State.PASSED]
    told = []
    for entries, rule, word in (
        (skipped, "required-skipped", "was skipped" if len(skipped) == 1 else "were skipped"),
        (broken, "required-failed", "failed"),
        (doubtful, "required-doubtful", "may not have run: the results count fewer tests than they show as passed"),
    ):
        if entries:
            message = f"`{pattern}` is required, but {len(entries)} of its {count(len(found), 'test')} {word}: "
            message += entries[0].case.title[:200]
            told.append(_finding(context, entries[0], rule, message, "run it and make it pass"))
    return told


def broken(context: Context, cases: Iterable[Located]) -> Iterator[Finding]:
    """Every case that did not pass, and was not skipped."""
    entries = [entry for entry in cases if entry.case.state in BROKEN]
    for entry in entries[:_SHOWN]:
        word = "failed" if entry.case.state is State.FAILED else "broke"
        said = f": {entry.case.message}" if entry.case.message else ""
        message = f"{entry.case.title[:200]} {word}{said}"
        yield _finding(context, entry, f"test-{entry.case.state.value}", message, "make it pass")
    if len(entries) > _SHOWN:
        message = f"{count(len(entries) - _SHOWN, 'more test')} failed"
        yield _finding(context, entries[_SHOWN], "test-failed", message, "read the results themselves")


def to_look_at(context: Context, cases: Iterable[Located]) -> Iterator[Finding]:
    """Warnings: cases that passed only when they were run again, and those that passed with words of their tool."""
    passed = [entry for entry in cases if entry.case.state is State.PASSED]
    for entry in [entry for entry in passed if entry.case.flaky][:_SHOWN]:
        message = f"{entry.case.title[:200]} passed only when it was run again"
        yield _warning(_finding(context, entry, "test-flaky", message, "find out what it depends on"))
    for entry in [entry for entry in passed if entry.case.message][:_SHOWN]:
        message = f"{entry.case.title[:200]} passed with a warning: {entry.case.message}"
        yield _warning(_finding(context, entry, "test-warning", message, "do what it warns of"))


def _warning(finding: Finding) -> Finding:
    return finding.model_copy(update={"level": Level.WARNING})


def _find(pattern: str, cases: Mapping[str, Sequence[Located]]) -> list[Located]:
    """What a pattern finds, square brackets taken literally if that finds anything."""
    if pattern in cases:
        return list(cases[pattern])
    for glob in (re.sub(r"\[", "[[]", pattern), pattern) if re.search(r"[*?\[]", pattern) else ():
        matches = re.compile(fnmatch.translate(glob)).match
        found = {id(entry): entry for name, entries in cases.items() if matches(name) for entry in entries}
        if found:
            return list(found.values())
    return []


def _finding(context: Context, entry: Located, rule: str, message: str, remedy: str) -> Finding:
    path, line = place(context, entry)
    return Finding(message=message, rule=rule, path=path, line=line, remedy=remedy)
