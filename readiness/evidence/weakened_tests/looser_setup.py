"""Finds what got looser in a test beside its assertions: its generated values, its mocks, the exception it expects."""

import re
from collections.abc import Iterator

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.weakened_tests.model import Routine
from readiness.evidence.weakened_tests.outline import vocabulary
from readiness.evidence.weakened_tests.vague_matchers import any_arguments, lenient_calls

LOOSER = "assertion-weakened"
FEWER_VALUES = "test-cases-fewer"
_GENERATED = vocabulary("given Property quickcheck ForAll")
_NARROW = vocabulary("sampled_from just nothing none booleans")
"""Strategies that give a few values only."""
_EXPECTS = re.compile(r"raise|throw|expectException|assertFails|\bfail\b", re.IGNORECASE)
_REPEATS = re.compile(
    r"\b(max_examples|numRuns|num_runs|tries|RepeatedTest|invocationCount|minSuccessful|checkAll|MaxTest|minimumEvaluationCount"
    r"|with_cases|MaxCount|iterations)\b\W{1,6}(\d{1,9})\b"
)
_RUNS = re.compile(r"checkAll|forAll|fc \. assert|quickcheck")
"""What runs a property: it may say no more than that the code does not fail."""
_MESSAGE = re.compile(r"[mM]essage\w*\s*=\s*@?\"(?P<said>[^\"]*)\"")
_CLASS = re.compile(r"(?<![\w.])(?:Exception|Throwable|RuntimeException|Error)\.class")


def looser_setup(before: Routine, after: Routine) -> Iterator[EvidenceWeakening]:
    """What a test that survives does less strictly, whatever it asserts."""
    for gone in any_arguments(before, after):
        text = f"lets a mock of {after.name} take any argument for {gone[:60]}"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, gone, "")
    if name := lenient_calls(before, after):
        text = f"no longer asks a mock of {after.name} to be called: {name}"
        yield EvidenceWeakening(LOOSER, text, after.path, after.line, "", name)
    yield from _fewer_values(before, after)
    yield from _wider_annotation(before, after)
    yield from _fewer_repetitions(before, after)
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
    narrowed = (after.outside & _NARROW) - before.outside and before.outside - after.outside
    single = not after.outside & _GENERATED and not after.cases and "parametrize" not in after.outside
    if narrowed or single:
        text = f"runs the test {after.name} for a few values in place of generated ones"
        yield EvidenceWeakening(FEWER_VALUES, text, after.path, after.line, "", "")


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
