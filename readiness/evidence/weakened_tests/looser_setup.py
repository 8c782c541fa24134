"""Finds what got looser in a test beside its assertions: marks, generated values, mocks, the exception it expects."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.weakened_tests.assertions import TRIVIAL
from readiness.evidence.weakened_tests.model import Mark, Routine, TestFile
from readiness.evidence.weakened_tests.outline import vocabulary
from readiness.evidence.weakened_tests.reading import NOT_COLLECTED, RETRIED
from readiness.evidence.weakened_tests.vague_matchers import any_arguments, lenient_calls

LOOSER = "assertion-weakened"
FEWER_VALUES = "test-cases-fewer"
_GENERATED = vocabulary("given Property quickcheck ForAll")
_ASSUMES = vocabulary("assume pre prop_assume reject")
_NARROW = vocabulary("sampled_from just nothing none booleans")
"""Strategies that give a few values only."""
_EXPECTS = re.compile(r"raise|throw|expectException|assertFails|\bfail\b", re.IGNORECASE)
_REPEATS = re.compile(
    r"\b(max_examples|numRuns|num_runs|tries|RepeatedTest|invocationCount|minSuccessful|checkAll|MaxTest|minimumEvaluationCount"
    r"|with_cases|MaxCount|iterations)\b\W{1,6}(\d{1,9})\b"
)
_ALL = vocabulary("forAll all every allMatch All forEvery allSatisfy")
_SOME = vocabulary("forAtLeastOne forAny forOne forSome any some anyMatch exists Any Exists anySatisfy forAtLeast")
_WAITS = vocabulary("await async return Promise then resolves rejects waitFor")
_RUNS = re.compile(r"checkAll|forAll|fc \. assert|quickcheck")
"""What runs a property: it may say no more than that the code does not fail."""
_MESSAGE = re.compile(r"[mM]essage\w*\s*=\s*@?\"(?P<said>[^\"]*)\"")
_CLASS = re.compile(r"(?<![\w.])(?:Exception|Throwable|RuntimeException|Error)\.class|typeof\((?:System\.)?Exception\b")


def looser_setup(before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
    """What a test that survives does less strictly, whatever it asserts."""
    if before.tokens == after.tokens and before.heading == after.heading:
        return
    for gone in any_arguments(before, after):
        text = f"lets a mock of {after.name} take any argument for {gone[:60]}"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, gone, "")
    if name := lenient_calls(before, after):
        text = f"no longer asks a mock of {after.name} to be called: {name}"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, "", name)
    yield from _fewer_values(before, after)
    yield from _wider_annotation(before, after)
    yield from _fewer_repetitions(before, after)
    yield from _weaker_calls(before, after)
    expects = bool(before.throws) or any(_EXPECTS.search(one.text) for one in before.assertions)
    if after.body.raises and not before.body.raises and expects:
        text = f"makes {after.name} throw what it expects by itself"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, "", "")
    if after.body.swallows > before.body.swallows and all(_RUNS.match(one.text) for one in before.assertions):
        text = f"drops the failures that {after.name} is there to show"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, "", "")


def _fewer_values(before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
    """Generated values that became a few written ones."""
    if not before.outside & _GENERATED:
        return
    lost = before.heading.count("@example(") - after.heading.count("@example(")
    assumed = (after.words - before.words).keys() & _ASSUMES
    if lost > 0 or assumed:
        text = f"leaves out values of the test {after.name}: {', '.join(sorted(assumed)) or 'an example'}"
        yield EvidenceWeakening(FEWER_VALUES, text, after.path, after.line, "", "")
    narrowed = (after.outside & _NARROW) - before.outside and before.outside - after.outside
    single = not after.outside & _GENERATED and not after.cases and "parametrize" not in after.outside
    if narrowed or single:
        text = f"runs the test {after.name} for a few values in place of generated ones"
        yield EvidenceWeakening(FEWER_VALUES, text, after.path, after.line, "", "")


def _weaker_calls(before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
    """Calls in the body by which it asks for less."""
    came, went = (after.words - before.words).keys(), (before.words - after.words).keys()
    if went & _ALL and came & _SOME:
        text = f"asks of some of the values of {after.name} what it asked of all: {min(came & _SOME)}"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, min(went & _ALL), min(came & _SOME))
    if "fulfill" in came and "route" in after.words:
        text = f"answers requests of {after.name} in the place of what is tested"
        yield EvidenceWeakening("test-subject-replaced", text, after.path, after.line, "", "fulfill")
    waits = "done" in went and "done" not in after.words and not after.words.keys() & _WAITS
    if waits and re.search(r"\(\s*done\s*\)", before.heading) and {"=>", "function"} & after.words.keys():
        text = f"ends {after.name} before its callback is called"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, "done", "")


def _fewer_repetitions(before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
    """Repetitions of a test, or values that are tried in it, of which less than half are left."""
    was, now = _repetitions(before), _repetitions(after)
    for name, number in now.items():
        if number < was.get(name, 0) / 2:
            text = f"repeats the test {after.name} less often: {name} {was[name]} → {number}"
            yield EvidenceWeakening(FEWER_VALUES, text, after.path, after.line, str(was[name]), str(number))


def _repetitions(routine: Routine) -> dict[str, int]:
    found = _REPEATS.findall(f"{routine.heading} {' '.join(routine.tokens)}")
    return {name: int(number) for name, number in found}


def _wider_annotation(before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
    """An annotation that expects an exception of any class, or with any message."""
    was, now = _MESSAGE.search(before.throws), _MESSAGE.search(after.throws)
    unsaid = was is not None and (now is None or re.fullmatch(r"\^?\.[*+]\$?|", now["said"]) is not None)
    wider = before.throws and _CLASS.search(after.throws) and not _CLASS.search(before.throws)
    if after.throws and (unsaid or wider):
        text = f"expects an exception of {after.name} less exactly: {after.throws[:80]}"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, before.throws, after.throws)


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
