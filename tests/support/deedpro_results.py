"""The 27 items of the deployment guide's checklist as a run answers them: with honest faults, or with all mended."""

from readiness.outcome import Finding, Level, Measurement, Outcome, SignoffState, Status
from readiness.report import Result
from support.report_values import card, failed, passed, result, seen, signed

LEGAL = "Legal & compliance"

# id | check | owner | title | controls | answer when all is well | how many were examined
_ITEMS = """
Code quality & testing
components | junit | engineering | All Phase 1-3 components implemented and tested | | 412 tests passed in 2 files. | 412 tests
coverage | coverage | qa | >95% test coverage achieved across frontend and backend | SOC2:CC8.1 | Both sources are above their minimum. | 2 sources
integration-tests | junit | qa | Integration tests passing for all document types | | All 5 document types have a passing case. | 188 tests
user-acceptance | signoff | qa | User acceptance tests completed for all personas | SOC2:CC8.1 21CFR11:11.50 | 3 of 3 sign-offs by qa are valid. | 3 sign-offs
performance | command | engineering | Performance benchmarks met (document generation below 5 seconds, 95th percentile) | | The command ended with 0 after 6.4 s. | 1 commands
security-audit | bandit | security | Security audit completed and vulnerabilities addressed | SOC2:CC7.1 ISO27001:A.8.8 | Nothing of medium severity or above in 4,210 lines. | 4210 lines
legal-compliance | signoff | legal | Legal compliance validation passed | | 1 of 1 sign-off by legal is valid. | 1 sign-offs
accessibility | signoff | accessibility | Accessibility standards (WCAG 2.1 AA) verified | | 1 of 1 sign-off by accessibility is valid. | 1 sign-offs
Infrastructure requirements
frontend-environment | document | platform | Frontend deployment environment configured (Vercel/Netlify) | | vercel.json holds all 3 required entries. | 3 entries
backend-environment | document | platform | Backend deployment environment configured (Render/Railway) | | render.yaml holds all 5 required entries. | 5 entries
migrations | command | platform | Database migrations prepared and tested | | The command ended with 0 after 2.1 s. | 1 commands
environment-variables | env | platform | Environment variables configured and secured | SOC2:CC6.1 | 5 of 5 variables are set and well-formed. | 5 variables
tls | tls | platform | SSL certificates installed and verified | | api.deedpro.example:443 is valid for 61 more days. | 1 hosts
cdn | http | platform | CDN configuration optimized (static files are immutable) | | Cache-Control holds “immutable”, 200 in 31 ms. | 2 expectations
monitoring | health | platform | Monitoring and logging systems configured | | healthy; 2 of 2 components are healthy. | 2 components
Third-party integrations
openai | http | engineering | OpenAI API key configured and rate limits verified | | 200 in 140 ms; 4,980 requests remain. | 3 expectations
titlepoint | http | engineering | TitlePoint API credentials validated | | 200 in 88 ms; the account is active. | 2 expectations
google-places | junit | engineering | Google Places API integration tested | | 6 required cases passed. | 6 tests
analytics | env | marketing | Analytics tracking (Google Analytics) configured | | The tag id is well-formed. | 1 variables
error-reporting | env | platform | Error reporting (Sentry) integrated | | SENTRY_DSN is well-formed. | 1 variables
email | env | platform | Email service (SendGrid/Mailgun) configured | | 2 of 2 variables are set and well-formed. | 2 variables
Legal & compliance
legal-codes | junit | legal | California legal code integration verified | | 31 required cases passed. | 31 tests
templates-reviewed | signoff | legal | Document templates reviewed by legal counsel | SOC2:CC8.1 | 1 of 1 sign-off by legal is valid. | 1 sign-offs
privacy-policy | document | legal | Privacy policy updated for AI features | GDPR:13 | All 3 required sections are there, changed 12 days ago. | 3 sections
terms | document | legal | Terms of service updated | | All 3 required sections are there. | 3 sections
retention | document | privacy | Data retention policies implemented | GDPR:5.1.e | All 3 required sections are there. | 3 sections
data-protection | signoff | privacy | GDPR/CCPA compliance measures in place | GDPR:32 CCPA:1798.100 | 1 of 1 sign-off by privacy is valid. | 1 sign-offs
"""  # noqa: E501 - one row an item

_COVERED = {
    "legal-compliance": "policies/**",
    "accessibility": "frontend/src/**",
    "templates-reviewed": "templates/**",
    "data-protection": "policies/**",
}
_COVERAGE = (seen("backend/coverage.json"), seen("frontend/coverage/lcov.info"))
_BENCHMARK = """\
grant_deed            p50   612 ms   p95  1840 ms
quitclaim_deed        p50   540 ms   p95  1501 ms
200 documents in 6.2 s"""
_SIGN = "Ask a holder of the role qa to run: readiness sign user-acceptance"
_READ = "Let a holder of the role legal read the change and run: readiness sign templates-reviewed"


def deedpro(*, mended: bool = False) -> list[Result]:
    """One result for each item, in the order of the checklist."""
    results, section = [], ""
    good, faults = _good(), {} if mended else _faults()
    for row in _ITEMS.strip().splitlines():
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) == 1:
            section = row
            continue
        identifier, check, owner, title, controls, summary, examined = cells
        outcome = faults.get(identifier) or good.get(identifier)
        if outcome is None and check == "signoff":
            outcome = signed(owner, (_COVERED[identifier],))
        if outcome is None:
            number, unit = examined.split()
            outcome = passed(summary, int(number), unit, evidence=(seen(f"audit/{identifier}.json", days=12),))
        needs = ("retention",) if identifier == "data-protection" else ()
        severity = "warning" if identifier == "analytics" else "blocker"
        more = {"owner": owner, "controls": tuple(controls.split()), "needs": needs, "severity": severity}
        results.append(result(identifier, title, check, section, outcome, **more))
    return results


def _lines(frontend: float) -> tuple[Measurement, ...]:
    return (
        Measurement(name="backend lines", value=97.3, unit="%", operator=">=", threshold=95),
        Measurement(name="frontend lines", value=frontend, unit="%", operator=">=", threshold=95),
    )


def _days(left: int) -> tuple[Measurement, ...]:
    return (Measurement(name="validity left", value=left, unit="d", operator=">=", threshold=30),)


def _good() -> dict[str, Outcome]:
    """Answers that have more to show than a sentence."""
    p95 = Measurement(name="p95", value=1840, unit="ms", operator="<=", threshold=5000)
    code = Measurement(name="exit code", value=0, operator="==", threshold=0)
    personas = ("escrow officer", "title agent", "attorney")
    cards = tuple(card("qa", SignoffState.VALID, "signed by a holder of the role", subject=name) for name in personas)
    return {
        "coverage": passed(
            "Both sources are above their minimum.", 2, "sources", measurements=_lines(95.8), evidence=_COVERAGE
        ),
        "user-acceptance": passed("3 of 3 sign-offs by qa are valid.", 3, "sign-offs", signoffs=cards),
        "performance": passed(
            "The command ended with 0 after 6.4 s.",
            1,
            "commands",
            measurements=(code, p95),
            evidence=(seen("python tools/benchmark.py", _BENCHMARK),),
        ),
        "tls": passed("api.deedpro.example:443 is valid for 61 more days.", 1, "hosts", measurements=_days(61)),
    }


def _faults() -> dict[str, Outcome]:
    return {
        "coverage": failed(
            "frontend lines are 91.4 %, below the 95 % that is required.",
            "Cover frontend/src/wizard.js: its 41 uncovered lines make up most of the gap.",
            measurements=_lines(91.4),
            findings=(
                Finding(
                    message="41 of 118 lines are not covered.",
                    rule="file-coverage",
                    path="frontend/src/wizard.js",
                    line=57,
                    remedy="Add tests for the validation steps of the wizard.",
                ),
                Finding(
                    message="9 of 64 lines are not covered.",
                    rule="file-coverage",
                    level=Level.WARNING,
                    path="frontend/src/api.js",
                    line=12,
                    remedy="Add a test for the retry.",
                ),
            ),
            evidence=_COVERAGE,
        ),
        "user-acceptance": Outcome(
            status=Status.PENDING,
            summary="2 of 3 sign-offs by qa are missing: title agent, attorney.",
            signoffs=(
                card("qa", SignoffState.VALID, "signed by a holder of the role", subject="escrow officer"),
                card("qa", SignoffState.MISSING, "nobody has signed yet", subject="title agent", remedy=_SIGN),
                card("qa", SignoffState.MISSING, "nobody has signed yet", subject="attorney", remedy=_SIGN),
            ),
            remedy=_SIGN,
        ),
        "security-audit": failed(
            "2 findings of medium severity or above in 4,210 lines.",
            "Mend the findings, then run the item again.",
            examined=4210,
            unit="lines",
            findings=(
                Finding(
                    message="subprocess call with shell=True identified, security issue.",
                    rule="B602",
                    path="backend/deedpro/service.py",
                    line=88,
                    column=9,
                    remedy="Pass a list of arguments and leave shell out.",
                    link="https://cwe.mitre.org/data/definitions/78.html",
                ),
                Finding(
                    message="Use of insecure MD5 hash for security.",
                    rule="B324",
                    path="backend/deedpro/documents.py",
                    line=41,
                    remedy="Use hashlib.sha256.",
                    link="https://cwe.mitre.org/data/definitions/327.html",
                ),
            ),
            evidence=(seen("backend/deedpro"),),
        ),
        "tls": failed(
            "api.deedpro.example:443: the certificate ends in 9 days.",
            "Renew the certificate, or mend its automatic renewal.",
            measurements=_days(9),
            findings=(Finding(message="It is valid until 2026-12-02 only.", host="api.deedpro.example:443"),),
        ),
        "titlepoint": Outcome(
            status=Status.ERROR,
            summary="TITLEPOINT_API_KEY is not set, so nothing was asked.",
            remedy="Set TITLEPOINT_API_KEY in the environment of the run.",
        ),
        "analytics": failed(
            "NEXT_PUBLIC_GA_TRACKING_ID is a placeholder.",
            "Set the id of your property.",
            findings=(Finding(message="“GA-XXXXXXXXX” is a placeholder.", path="frontend/.env.production", line=3),),
        ),
        "templates-reviewed": Outcome(
            status=Status.PENDING,
            summary="The sign-off by legal is stale: 1 of 5 templates changed after it.",
            signoffs=(
                card(
                    "legal",
                    SignoffState.STALE,
                    "templates/grant_deed.html changed on 2026-11-19 after it was signed",
                    code="subject-changed",
                    covers=("templates/**",),
                    remedy=_READ,
                ),
            ),
            remedy=_READ,
        ),
        "retention": failed(
            "1 of 3 required sections is missing: Legal hold.",
            "Add a section “Legal hold” to policies/retention.md.",
            findings=(Finding(message="There is no section “Legal hold”.", path="policies/retention.md"),),
            evidence=(seen("policies/retention.md", days=300),),
        ),
        "data-protection": Outcome(
            status=Status.SKIPPED, summary="Skipped, because retention did not pass.", remedy="Mend retention first."
        ),
    }
