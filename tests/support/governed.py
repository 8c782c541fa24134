"""A report with all that people sign and all that a policy can say: every state of a card, a waiver and a change."""

from datetime import timedelta

from readiness.checklist import Source
from readiness.outcome import Finding, Measurement, Outcome, SignoffState
from readiness.report import Flip, PolicyChange, PolicyFact, Report, Result, WaiverFact
from support.deedpro_results import deedpro
from support.report_values import COMMIT, STARTED, card, digest, failed, passed, report, result, waiver

POLICY = "Policy and records"
_MERGE_BASE = "9c1f6d7b8a3e5f40217c9d84b6e2a1f0c3d5e7a9"
_KEPT = "templates/grant_deed.html"


def governed(*, approved: bool = False) -> Report:
    """Judged by the policy of `origin/main`, which it weakens; two blockers are waived, four waivers do not count.

    Args:
        approved: Whether the policy's owners have signed the weakening off, so that the verdict is CONDITIONAL_GO.
    """
    faulty = {r.item.id: r for r in deedpro()}
    results = [_given(r, faulty) for r in deedpro(mended=True)]
    return report(
        [*results, _agreed() if approved else _weakening(), _append_only()],
        waivers=_ledger(),
        policy=policy(approved=approved),
        flips=_FLIPS if approved else (),
    )


_FLIPS = (
    Flip(at=STARTED + timedelta(days=9), text="the waiver of `tls` lapses"),
    Flip(at=STARTED + timedelta(days=30), text="the waiver of `coverage` lapses"),
    *(Flip(at=STARTED + timedelta(days=168, hours=n), text=f"sign-off {n} by qa expires") for n in range(4)),
)


def policy(*, approved: bool) -> PolicyFact:
    """A policy and every kind of change of it."""
    return PolicyFact(
        ref="origin/main",
        commit=COMMIT,
        merge_base=_MERGE_BASE,
        checklist_sha256=digest("readiness.yaml of origin/main"),
        changes=(
            PolicyChange(kind="neutral", code="title-changed", text="rewords the title of `cdn`", item="cdn"),
            PolicyChange(
                kind="weakens",
                code="threshold-lowered",
                text="lowers `lines` of `coverage`",
                item="coverage",
                before="95",
                after="80",
                source=Source(file="readiness.yaml", line=31, column=11),
            ),
            PolicyChange(kind="weakens", code="item-dropped", text="drops the item `rollback`", item="rollback"),
            PolicyChange(
                kind="weakens",
                code="command-changed",
                text="changes what `performance` runs",
                item="performance",
                before="python tools/benchmark.py --documents 200 --percentile 95 --fail-above 5000",
                after="python tools/benchmark.py --documents 1\ntrue",
            ),
            PolicyChange(
                kind="strengthens",
                code="quorum-raised",
                text="raises the quorum of `templates-reviewed`",
                item="templates-reviewed",
                before="1",
                after="2",
            ),
        ),
        approved=approved,
    )


def _given(r: Result, faulty: dict[str, Result]) -> Result:
    days = {"tls": 9, "coverage": 30}.get(r.item.id)
    if days is not None:
        return faulty[r.item.id].model_copy(update={"waiver": waiver(r.item.id, days=days, used=True)})
    if r.item.id == "templates-reviewed":
        return r.model_copy(update={"outcome": _quorum()})
    return r


def _quorum() -> Outcome:
    """Two people are needed: two signed, a third one's record does not count."""
    covers = (_KEPT, "templates/quitclaim_deed.html")
    digests = tuple(digest(path) for path in covers)
    bound = {"covers": covers, "digests": digests}
    return passed(
        "2 of 2 needed sign-offs by legal valid: counsel@example.com, deputy@example.com",
        3,
        "records",
        measurements=(Measurement(name="valid sign-offs", value=2, unit="sign-offs", operator=">=", threshold=2),),
        signoffs=(
            card("legal", SignoffState.VALID, "signed, in force", principal="counsel@example.com", **bound),
            card(
                "legal",
                SignoffState.VALID,
                "signed, in force, by a second person",
                principal="deputy@example.com",
                name="Ruth Abara",
                expires_at=STARTED + timedelta(days=6),
                **bound,
            ),
            card(
                "legal",
                SignoffState.REVOKED,
                "taken back by counsel@example.com on 2026-11-20: signed for the wrong release",
                code="revoked",
                principal="trainee@example.com",
                name="",
                **bound,
            ),
        ),
    )


def _ledger() -> tuple[WaiverFact, ...]:
    """Waivers beside no result, one for each way in which they do not help."""
    return (
        waiver("analytics", days=200, why="signed, in force"),
        waiver(
            "email",
            days=-3,
            state=SignoffState.EXPIRED,
            code="expired",
            why="it lapsed 3 days ago",
            remedy="run `readiness waive email`, or mend the item",
        ),
        waiver(
            "migrations",
            days=5,
            state=SignoffState.UNAUTHORISED,
            code="own-request",
            why="platform@example.com asked for it and signed it",
            remedy="let somebody else of the role `release` sign it",
            principal="platform@example.com",
        ),
        waiver(
            "rollback",
            days=60,
            state=SignoffState.STALE,
            code="no-such-item",
            why="the checklist has no such item",
            item_text="A rollback was rehearsed in the last 30 days",
        ),
        waiver(
            "terms",
            days=10,
            state=SignoffState.REVOKED,
            code="revoked",
            why="taken back by release@example.com on 2026-11-21: the terms were updated",
        ),
        waiver("cdn", days=0, why="signed, in force", expires_at=STARTED + timedelta(hours=9)),
    )


def _weakening() -> Result:
    remedy = "ask a holder of the role `security` to run `readiness sign policy-weakening`"
    return result(
        "policy-weakening",
        "What is judged does not weaken the policy, or its owners agree",
        "policy",
        POLICY,
        failed(
            "3 changes weaken the policy, and security has not signed them off.",
            remedy,
            examined=5,
            unit="changes",
            findings=(
                Finding(
                    message="lowers `lines` of `coverage`: 95, now 80", rule="threshold-lowered", path="readiness.yaml"
                ),
                Finding(message="drops the item `rollback`", rule="item-dropped", path="readiness.yaml"),
                Finding(message="changes what `performance` runs", rule="command-changed", path="readiness.yaml"),
            ),
            measurements=(Measurement(name="valid sign-offs", value=0, unit="sign-offs", operator=">=", threshold=1),),
            signoffs=(
                card("security", SignoffState.MISSING, "no sign-off by security", code="missing", remedy=remedy),
            ),
        ),
        owner="security (reyes@example.com)",
    )


def _agreed() -> Result:
    signed = card("security", SignoffState.VALID, "signed, in force", meaning="I agree to exactly these changes.")
    return result(
        "policy-weakening",
        "What is judged does not weaken the policy, or its owners agree",
        "policy",
        POLICY,
        passed("3 changes weaken the policy, and security signed them off.", 5, "changes", signoffs=(signed,)),
    )


def _append_only() -> Result:
    return result(
        "records-append-only",
        "No record was edited, deleted or brought back",
        "records",
        POLICY,
        passed("212 records in 1,904 commits; none was edited, deleted or brought back.", 212, "records"),
    )
