"""Says what marks that came to a test, a helper or a file do."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.weakened_tests.assertions import TRIVIAL
from readiness.evidence.weakened_tests.model import Mark, Routine, TestFile
from readiness.evidence.weakened_tests.reading import NOT_COLLECTED, RETRIED

_READ_AS_THEY_RUN = frozenset({"python", "javascript", "typescript", "tsx", "ruby", "php"})
"""Languages in which one broken file may go unseen: a compiler would say so of all."""
_OF_FILES = {
    NOT_COLLECTED: "keeps tests from being collected",
    RETRIED: "lets every test fail and run again",
    TRIVIAL: "makes assertions trivial",
}
_VERBS = {NOT_COLLECTED: "keeps from running", RETRIED: "lets fail and run again"}


def new_marks(before: Iterable[Mark], after: Iterable[Mark]) -> Iterator[Mark]:
    """Marks that weaken what was there: more of them, or one that no longer depends on anything."""
    old, now = list(before), list(after)
    for code in dict.fromkeys(mark.code for mark in now):
        were = [mark for mark in old if mark.code == code]
        are = [mark for mark in now if mark.code == code]
        texts = Counter(mark.text for mark in were)
        fresh = [mark for mark in are if mark.text not in texts]
        if len(are) > len(were):
            yield from (fresh or are)[: len(are) - len(were)]
        elif all(mark.conditional for mark in were):
            yield from (mark for mark in are if not mark.conditional)


def mark_on_routine(mark: Mark, routine: Routine) -> EvidenceWeakening:
    """What a mark does to a test or a helper."""
    verb = _VERBS.get(mark.code, "skips")
    return EvidenceWeakening(mark.code, f"{verb} {routine.name}: {mark.text}", routine.path, mark.line, "", mark.text)


def marks_on_file(before: TestFile | None, after: TestFile) -> Iterator[EvidenceWeakening]:
    """What a file does to all its tests."""
    path = after.path
    breaks = after.broken and before is not None and not before.broken and after.language in _READ_AS_THEY_RUN
    if breaks and before is not None and before.tests and before.conventional:
        text = f"breaks the syntax of {path}: no runner collects its tests"
        yield EvidenceWeakening(NOT_COLLECTED, text, path, after.broken)
    marks = after.marks if before is not None or re.search(r"conftest\.py$|setup", path) else []
    trivial = {mark.text for mark in (before.marks if before is not None else ()) if mark.code == TRIVIAL}
    for mark in new_marks(before.marks if before is not None else (), marks):
        if mark.code == TRIVIAL and (mark.conditional or mark.text in trivial):
            continue
        what = _OF_FILES.get(mark.code, "skips every test of the file")
        yield EvidenceWeakening(mark.code, f"{what}: {mark.text}", path, mark.line, "", mark.text)
    known = Counter(mark.text for mark in before.narrowings) if before is not None else Counter[str]()
    for mark in after.narrowings:
        if mark.text not in known:
            text = f"leaves out every other test: {mark.text}"
            yield EvidenceWeakening(mark.code, text, path, mark.line, "", mark.text)
