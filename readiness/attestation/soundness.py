"""Finds out whether a signed statement is a verdict that passed, and whether it says one thing only."""

from collections.abc import Iterator

from readiness.attestation.compose import PASSED
from readiness.attestation.demand import ATTEST, Objection
from readiness.attestation.statement import PROJECT_URI, VERIFIER, Statement, VerdictFact
from readiness.outcome import Status
from readiness.report import VerdictWord
from readiness.text import count, short


def foreign(code: str, said: str, expected: str) -> Objection:
    """It is signed, but is something else."""
    return Objection(
        "refuted",
        code,
        f"it is signed, but is no verdict: it says {short(said)}, not {expected}",
        "name the file that `readiness check --attest` wrote",
    )


def contradictions(statement: Statement) -> Iterator[Objection]:
    """What keeps a statement from being a verdict that passed."""
    predicate, verdict = statement.predicate, statement.predicate.verdict
    if predicate.verifier.id != VERIFIER:
        yield foreign("verifier", predicate.verifier.id, VERIFIER)
    if predicate.result != PASSED:
        yield Objection(
            "refuted", "not-passed", f"its result is {short(predicate.result)}, not {PASSED}", "fix the blockers"
        )
    if verdict.word not in {VerdictWord.GO, VerdictWord.CONDITIONAL_GO}:
        yield Objection("refuted", "not-go", f"its verdict is {verdict.word.value}", "fix the blockers")
        return
    if verdict.word is VerdictWord.CONDITIONAL_GO and verdict.valid_until is None:
        yield Objection("refuted", "no-end", "its verdict is CONDITIONAL_GO, but has no end", ATTEST)
    yield from _summary(statement)
    yield from _items(verdict)


def _summary(statement: Statement) -> Iterator[Objection]:
    """Compare the summary, which other tools read, with the verdict."""
    predicate, verdict = statement.predicate, statement.predicate.verdict
    expected = PROJECT_URI + verdict.project
    if predicate.resource_uri != expected:
        yield _contradiction(f"its resource is {short(predicate.resource_uri)}, not {short(expected)}")
    if verdict.level not in predicate.levels:
        levels = ", ".join(map(short, predicate.levels)) or "nothing"
        yield _contradiction(f"its verdict is {verdict.level}, but its summary verifies {levels}")
    if verdict.policy is not None:
        said = predicate.policy.annotations
        for name, value in (("ref", verdict.policy.ref), ("commit", verdict.policy.commit)):
            if said.get(name) != value:
                yield _contradiction(f"its summary names the {name} {short(str(said.get(name)))}, not {short(value)}")


def _items(verdict: VerdictFact) -> Iterator[Objection]:
    selected = [item for item in verdict.items if item.selected]
    if not any(item.status in {Status.PASSED, Status.FAILED} for item in selected):
        what = f"none of its {count(len(verdict.items), 'item')} was evaluated" if verdict.items else "it has no items"
        yield Objection("refuted", "no-items", f"{what}: nothing was judged", f"select items, and {ATTEST}")
    waived = verdict.word is VerdictWord.CONDITIONAL_GO
    for item in selected:
        excused = item.severity != "blocker" or item.status is Status.PASSED or (waived and item.waiver)
        if not excused:
            yield _contradiction(
                f"its verdict is {verdict.word.value}, but its item `{short(item.id)}` is {item.status.value}"
            )


def _contradiction(text: str) -> Objection:
    return Objection("refuted", "contradiction", f"it contradicts itself: {text}", ATTEST)
