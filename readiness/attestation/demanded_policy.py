"""Compares the policy, checklist, report and level of a verdict with what a deploy job requires.

SLSA's verification of a summary asks the same: policy, resource, levels and verifier have to be the expected ones
(https://slsa.dev/spec/v1.2/verification_summary#how-to-verify).
"""

import posixpath
import re
from collections.abc import Iterator

from readiness.attestation.demand import ATTEST, Demand, Objection
from readiness.attestation.statement import PolicySource, Statement, VerdictFact
from readiness.text import short

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
