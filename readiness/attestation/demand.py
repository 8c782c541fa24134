"""What a deploy job requires of a verdict, and what speaks against one: its policy, or that it contradicts itself.

SLSA's verification of a summary asks the same: policy, resource, levels and verifier have to be the expected ones
(https://slsa.dev/spec/v1.2/verification_summary#how-to-verify).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from readiness.attestation.compose import PASSED
from readiness.attestation.statement import PROJECT_URI, VERIFIER, PolicySource, Statement, VerdictFact
from readiness.outcome import Status
from readiness.report import VerdictWord
from readiness.text import count, short

ATTEST = "run `readiness check --attest` again"
"""What to do about most objections."""


@dataclass(frozen=True)
class Demand:
    """What a deploy job requires of a verdict."""

    commit: str
    """Full object id."""
    max_age: timedelta
    project: str | None = None
    release: str | None = None
    environment: str | None = None
    """None leaves it open."""
    phase: str = ""
    """The only phase that has to have been judged; empty for the whole checklist."""
    artifacts: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by name; each has to be attested."""
    conditional: bool = True
    """Whether CONDITIONAL_GO will do."""
    policy_ref: str | None = None
    """The ref, or the full object id of the commit, that the policy has to come from."""
    policy_sha256: str | None = None
    """SHA-256 of the checklist that has to have judged."""
    checklist: str | None = None
    """Path of the checklist, or of its folder, from the top of the repository."""
    report_sha256: str | None = None
    """SHA-256 of the report in JSON that has to be that of the run."""
    level: str | None = None
    """What the summary has to have verified, for instance `READINESS_GO`."""


@dataclass(frozen=True)
class Objection:
    """Why a verdict will not do."""

    kind: Literal["refuted", "lapsed"]
    """`lapsed`: it did once, and cannot be relied on any more."""
    code: str
    """Stable."""
    text: str
    remedy: str


_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_BRANCHES = ("refs/heads/", "refs/remotes/")


def policy_objections(statement: Statement, demand: Demand) -> Iterator[Objection]:
    """What of the policy is not as required; nothing where nothing is required."""
    predicate, verdict = statement.predicate, statement.predicate.verdict
    if demand.policy_ref is not None:
        yield from _ref(verdict.policy, demand.policy_ref)
    if demand.checklist is not None:
        yield from _checklist(verdict, demand.checklist)
    sha256 = predicate.policy.digest.get("sha256", "")
    for code, said, wanted, what in (
        ("other-policy", sha256, demand.policy_sha256, "the checklist that judged has the SHA-256"),
        ("other-report", verdict.report_sha256, demand.report_sha256, "the report of its run has the SHA-256"),
    ):
        if wanted is not None and said != wanted:
            yield _refuted(code, f"{what} {short(said) or 'of nothing'}, not {wanted}", ATTEST)
    if demand.level is not None and demand.level not in predicate.levels:
        said = ", ".join(map(short, predicate.levels)) or "nothing"
        yield _refuted("other-level", f"it verifies {said}, not {short(demand.level)}", ATTEST)


def judged_by(statement: Statement) -> str:
    """The policy that judged, in words."""
    verdict = statement.predicate.verdict
    path = verdict.checklist_path
    name = f"{verdict.checklist} (its folder is not said)" if path is None else path
    source = verdict.policy
    where = f"{source.ref} at {source.commit[:10]}" if source else "the judged commit itself, without a policy ref"
    return f"policy: {name} of {where}, sha256:{statement.predicate.policy.digest.get('sha256', '')[:16]}"


def _ref(said: PolicySource | None, wanted: str) -> Iterator[Objection]:
    remedy = f"{ATTEST} with `--policy-ref {short(wanted)}`"
    if said is None:
        text = f"the checklist of the judged commit itself judged, not the policy of {short(wanted)}"
        yield _refuted("no-policy-ref", text, remedy)
    elif _OBJECT_ID.fullmatch(wanted):
        if said.commit != wanted.lower():
            yield _refuted("other-policy", f"the policy of commit {short(said.commit)} judged, not of {wanted}", remedy)
    elif not _same_ref(said.name or said.ref, wanted):
        text = (
            f"the policy of {short(said.name or said.ref)} ({short(said.commit)[:10]}) judged, not of {short(wanted)}"
        )
        yield _refuted("other-policy", text, remedy)


def _same_ref(one: str, other: str) -> bool:
    """Whether two names mean one branch: `origin/main` is short for `refs/remotes/origin/main`."""
    return any({one, other} <= {short_name, start + short_name} for short_name in (one, other) for start in _BRANCHES)


def _checklist(verdict: VerdictFact, wanted: str) -> Iterator[Objection]:
    path = verdict.checklist_path
    if path is None:
        text = (
            f"it does not say in which folder its checklist `{short(verdict.checklist)}` is: an older version made it"
        )
        yield _refuted("no-checklist-path", text, ATTEST)
        return
    asked = posixpath.normpath(wanted)
    if asked not in {path, posixpath.dirname(path) or "."}:
        text = f"the checklist `{short(path)}` judged, not `{short(wanted)}`"
        yield _refuted("other-checklist", text, f"verify the verdict of that checklist, or {ATTEST} in its folder")


def _refuted(code: str, text: str, remedy: str) -> Objection:
    return Objection("refuted", code, text, remedy)


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
