"""Realistic reports to render: every verdict, interrupted and partial runs, hostile text, and very large ones."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from readiness.checklist import Item, Source
from readiness.outcome import Evidence, Finding, Level, Measurement, Outcome, SignoffCard, SignoffState, Status
from readiness.report import Plugin, Report, Result, Selection, Subject, Tool, WaiverFact
from readiness.verdict import judge

STARTED = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
COMMIT = "5db0d36c1f8a0b7e2d94c3a6f1e8b05d7c2a9e41"
QUALITY, INFRASTRUCTURE, INTEGRATIONS, LEGAL = (
    "Code quality & testing",
    "Infrastructure requirements",
    "Third-party integrations",
    "Legal & compliance",
)


def digest(text: str) -> str:
    """A digest that looks like one."""
    return hashlib.sha256(text.encode()).hexdigest()


def plugin(check: str) -> Plugin:
    """Where a built-in check comes from."""
    return Plugin(name=check, entry_point=f"readiness_checks.{check}:Check", distribution="readiness", version="0.1.0")


def seen(name: str, excerpt: str = "", *, days: int = 0) -> Evidence:
    """Evidence produced shortly before the run."""
    produced = STARTED - timedelta(days=days, minutes=4)
    return Evidence(name=name, sha256=digest(name), produced_at=produced, excerpt=excerpt)


def passed(summary: str, examined: int, unit: str, **more: Any) -> Outcome:
    return Outcome(status=Status.PASSED, summary=summary, examined=examined, unit=unit, **more)


def failed(summary: str, remedy: str, **more: Any) -> Outcome:
    return Outcome(status=Status.FAILED, summary=summary, remedy=remedy, **more)


def result(identifier: str, title: str, check: str, section: str, outcome: Outcome, **more: Any) -> Result:
    """One result; `more` goes to the item, but for `duration`, `selected` and `waiver`."""
    beside = {key: more.pop(key) for key in ("duration", "selected", "waiver") if key in more}
    beside.setdefault("duration", 0.4)
    line = 20 + sum(identifier.encode()) % 180
    item = Item(
        id=identifier, title=title, check=check, source=Source(file="readiness.yaml", line=line, column=9), **more
    )
    return Result(item=item, section=section, outcome=outcome, plugin=plugin(check), **beside)


def report(results: Sequence[Result], *, interrupted: bool = False, **subject: Any) -> Report:
    """A report whose verdict the engine's own judge gives."""
    about: dict[str, Any] = {
        "project": "deedpro",
        "release": "3.0.0",
        "environment": "production",
        "commit": COMMIT,
        "branch": "main",
        "committed_at": STARTED - timedelta(hours=3),
        "dirty": False,
        "checklist": "readiness.yaml",
        "checklist_sha256": digest("readiness.yaml"),
    }
    notices = subject.pop("notices", ())
    waivers = tuple(r.waiver for r in results if r.waiver is not None)
    return Report(
        tool=Tool(version="0.1.0", python="3.11.2"),
        subject=Subject(**(about | subject)),
        started_at=STARTED,
        duration=74.2,
        interrupted=interrupted,
        verdict=judge(results, interrupted=interrupted),
        sections=tuple(dict.fromkeys(r.section for r in results)),
        results=tuple(results),
        waivers=waivers,
        notices=notices,
    )


def card(role: str, state: SignoffState, reason: str, **more: Any) -> SignoffCard:
    """A sign-off; one that was given has a person, a date, a key and a record."""
    if state is not SignoffState.MISSING:
        given: dict[str, Any] = {
            "principal": f"{role}@example.com",
            "name": {"legal": "Ines Okafor", "qa": "Marta Lindqvist"}.get(role, "Tomas Reyes"),
            "meaning": "I reviewed this and approve its use in California.",
            "signed_at": STARTED - timedelta(days=12),
            "expires_at": STARTED + timedelta(days=168),
            "key": "SHA256:Qm9yZWFsIGZvcmVzdCBzYXlzIGhlbGxvIHRvIHlvdSE",
            "record": digest(role + reason),
        }
        more = given | more
    return SignoffCard(role=role, state=state, reason=reason, **more)


def signed(role: str, covers: tuple[str, ...] = ()) -> Outcome:
    """A valid sign-off."""
    given = card(role, SignoffState.VALID, "signed by a holder of the role, nothing changed since", covers=covers)
    return passed(
        f"1 of 1 sign-off by {role} is valid.",
        1,
        "sign-offs",
        signoffs=(given,),
        evidence=(seen(".readiness/allowed_signers"),),
    )


def deedpro(*, mended: bool = False) -> list[Result]:
    """The 27 items of the deployment guide's checklist, with honest faults or with all of them mended."""
    return [
        *_quality(mended=mended),
        *_infrastructure(mended=mended),
        *_integrations(mended=mended),
        *_legal(mended=mended),
    ]


def _quality(*, mended: bool) -> list[Result]:
    tests = seen("backend/test-results.xml")
    matrix = [card("qa", SignoffState.VALID, "signed by a holder of the role", subject="escrow officer")]
    for persona in ("title agent", "attorney"):
        matrix += [
            card("qa", SignoffState.VALID, "signed by a holder of the role", subject=persona)
            if mended
            else card(
                "qa",
                SignoffState.MISSING,
                "nobody has signed yet",
                subject=persona,
                code="missing",
                remedy="Ask a holder of the role qa to run: readiness sign user-acceptance",
            )
        ]
    return [
        result(
            "components",
            "All Phase 1-3 components implemented and tested",
            "junit",
            QUALITY,
            passed(
                "412 tests passed in 2 files, none skipped.",
                412,
                "tests",
                evidence=(tests, seen("frontend/test-results/junit.xml")),
            ),
            owner="engineering",
            duration=0.31,
        ),
        result(
            "coverage",
            ">95% test coverage achieved across frontend and backend",
            "coverage",
            QUALITY,
            passed(
                "Both sources are above their minimum.",
                2,
                "sources",
                measurements=(
                    Measurement(name="backend lines", value=97.3, unit="%", operator=">=", threshold=95),
                    Measurement(name="frontend lines", value=95.8, unit="%", operator=">=", threshold=95),
                ),
                evidence=(seen("backend/coverage.json"), seen("frontend/coverage/lcov.info")),
            )
            if mended
            else failed(
                "frontend lines are 91.4 %, below the 95 % that is required.",
                "Cover frontend/src/wizard.js: its 41 uncovered lines make up most of the gap.",
                examined=2,
                unit="sources",
                measurements=(
                    Measurement(name="backend lines", value=97.3, unit="%", operator=">=", threshold=95),
                    Measurement(name="frontend lines", value=91.4, unit="%", operator=">=", threshold=95),
                ),
                findings=(
                    Finding(
                        message="41 of 118 lines are not covered.",
                        rule="file-coverage",
                        level=Level.ERROR,
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
                evidence=(seen("backend/coverage.json"), seen("frontend/coverage/lcov.info")),
            ),
            owner="qa",
            controls=("SOC2:CC8.1",),
        ),
        result(
            "integration-tests",
            "Integration tests passing for all document types",
            "junit",
            QUALITY,
            passed("All 5 required document types have a passing case.", 188, "tests", evidence=(tests,)),
            owner="qa",
        ),
        result(
            "user-acceptance",
            "User acceptance tests completed for all personas",
            "signoff",
            QUALITY,
            passed("3 of 3 sign-offs by qa are valid.", 3, "sign-offs", signoffs=tuple(matrix))
            if mended
            else Outcome(
                status=Status.PENDING,
                summary="2 of 3 sign-offs by qa are missing: title agent, attorney.",
                examined=3,
                unit="sign-offs",
                signoffs=tuple(matrix),
                remedy="Ask a holder of the role qa to run: readiness sign user-acceptance",
            ),
            owner="qa",
            controls=("SOC2:CC8.1", "21CFR11:11.50"),
        ),
        result(
            "performance",
            "Performance benchmarks met (document generation below 5 seconds, 95th percentile)",
            "command",
            QUALITY,
            passed(
                "The command ended with 0 after 6.4 s.",
                1,
                "commands",
                measurements=(
                    Measurement(name="exit code", value=0, operator="==", threshold=0),
                    Measurement(name="p95", value=1840, unit="ms", operator="<=", threshold=5000),
                ),
                evidence=(
                    seen(
                        "python tools/benchmark.py",
                        "grant_deed            p50   612 ms   p95  1840 ms\nquitclaim_deed        p50   540 ms   p95  1501 ms\n200 documents in 6.2 s",
                    ),
                ),
            ),
            owner="engineering",
            duration=6.4,
        ),
        result(
            "security-audit",
            "Security audit completed and vulnerabilities addressed",
            "bandit",
            QUALITY,
            passed("bandit found nothing of medium severity or above in 4,210 lines.", 4210, "lines")
            if mended
            else failed(
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
                        link="https://bandit.readthedocs.io/en/latest/plugins/b602_subprocess_popen_with_shell_equals_true.html",
                    ),
                    Finding(
                        message="Use of insecure MD5 hash for security.",
                        rule="B324",
                        path="backend/deedpro/documents.py",
                        line=41,
                        column=12,
                        remedy="Use hashlib.sha256.",
                        link="https://cwe.mitre.org/data/definitions/327.html",
                    ),
                ),
                evidence=(seen("backend/deedpro"),),
            ),
            owner="security",
            controls=("SOC2:CC7.1", "ISO27001:A.8.8"),
            duration=3.9,
        ),
        result(
            "legal-compliance",
            "Legal compliance validation passed",
            "signoff",
            QUALITY,
            signed("legal", ("policies/**",)),
            owner="legal",
        ),
        result(
            "accessibility",
            "Accessibility standards (WCAG 2.1 AA) verified",
            "signoff",
            QUALITY,
            signed("accessibility", ("frontend/src/**",)),
            owner="accessibility",
        ),
    ]


def _infrastructure(*, mended: bool) -> list[Result]:
    def plain(identifier: str, title: str, check: str, summary: str, **more: Any) -> Result:
        return result(
            identifier,
            title,
            check,
            INFRASTRUCTURE,
            passed(summary, 4, "settings", evidence=(seen(identifier + ".json"),)),
            owner="platform",
            **more,
        )

    return [
        plain(
            "frontend-environment",
            "Frontend deployment environment configured (Vercel/Netlify)",
            "document",
            "vercel.json holds all 3 required entries.",
        ),
        plain(
            "backend-environment",
            "Backend deployment environment configured (Render/Railway)",
            "document",
            "render.yaml holds all 5 required entries.",
        ),
        plain(
            "migrations",
            "Database migrations prepared and tested",
            "command",
            "The command ended with 0 after 2.1 s.",
            duration=2.1,
        ),
        plain(
            "environment-variables",
            "Environment variables configured and secured",
            "env",
            "5 of 5 variables are set and well-formed.",
            controls=("SOC2:CC6.1",),
        ),
        result(
            "tls",
            "SSL certificates installed and verified",
            "tls",
            INFRASTRUCTURE,
            passed(
                "api.deedpro.example:443 is valid for 61 more days.",
                1,
                "hosts",
                measurements=(Measurement(name="validity left", value=61, unit="d", operator=">=", threshold=30),),
            )
            if mended
            else failed(
                "api.deedpro.example:443: the certificate ends in 9 days.",
                "Renew the certificate, or mend its automatic renewal.",
                examined=1,
                unit="hosts",
                measurements=(Measurement(name="validity left", value=9, unit="d", operator=">=", threshold=30),),
                findings=(
                    Finding(
                        message="The certificate is valid until 2026-12-02 only.",
                        rule="tls-expiry",
                        host="api.deedpro.example:443",
                        remedy="Renew it.",
                    ),
                ),
            ),
            owner="platform",
        ),
        plain(
            "cdn",
            "CDN configuration optimized (static files are immutable)",
            "http",
            "Cache-Control holds “immutable”, 200 in 31 ms.",
        ),
        plain(
            "monitoring",
            "Monitoring and logging systems configured",
            "health",
            "healthy; 2 of 2 components are healthy.",
            duration=0.03,
        ),
    ]


def _integrations(*, mended: bool) -> list[Result]:
    return [
        result(
            "openai",
            "OpenAI API key configured and rate limits verified",
            "http",
            INTEGRATIONS,
            passed(
                "200 in 140 ms; 4,980 requests remain.",
                3,
                "expectations",
                measurements=(
                    Measurement(name="x-ratelimit-remaining-requests", value=4980, operator=">=", threshold=100),
                ),
            ),
            owner="engineering",
        ),
        result(
            "titlepoint",
            "TitlePoint API credentials validated",
            "http",
            INTEGRATIONS,
            passed("200 in 88 ms; the account is active.", 2, "expectations")
            if mended
            else Outcome(
                status=Status.ERROR,
                summary="TITLEPOINT_API_KEY is not set, so nothing was asked.",
                remedy="Set TITLEPOINT_API_KEY in the environment of the run.",
            ),
            owner="engineering",
        ),
        result(
            "google-places",
            "Google Places API integration tested",
            "junit",
            INTEGRATIONS,
            passed("6 required cases passed.", 6, "tests"),
            owner="engineering",
        ),
        result(
            "analytics",
            "Analytics tracking (Google Analytics) configured",
            "env",
            INTEGRATIONS,
            passed("The tag id is well-formed.", 1, "variables")
            if mended
            else failed(
                "NEXT_PUBLIC_GA_TRACKING_ID is a placeholder.",
                "Set the id of your property.",
                examined=1,
                unit="variables",
                findings=(
                    Finding(
                        message="“GA-XXXXXXXXX” is a placeholder.",
                        rule="placeholder",
                        path="frontend/.env.production",
                        line=3,
                    ),
                ),
            ),
            owner="marketing",
            severity="warning",
        ),
        result(
            "error-reporting",
            "Error reporting (Sentry) integrated",
            "env",
            INTEGRATIONS,
            passed("SENTRY_DSN is well-formed.", 1, "variables"),
            owner="platform",
        ),
        result(
            "email",
            "Email service (SendGrid/Mailgun) configured",
            "env",
            INTEGRATIONS,
            passed("2 of 2 variables are set and well-formed.", 2, "variables"),
            owner="platform",
        ),
    ]


def _legal(*, mended: bool) -> list[Result]:
    stale = card(
        "legal",
        SignoffState.STALE,
        "templates/grant_deed.html changed on 2026-11-19 after it was signed",
        code="subject-changed",
        covers=("templates/**",),
        remedy="Let a holder of the role legal read the change and run: readiness sign templates-reviewed",
    )
    return [
        result(
            "legal-codes",
            "California legal code integration verified",
            "junit",
            LEGAL,
            passed("31 required cases passed.", 31, "tests"),
            owner="legal",
        ),
        result(
            "templates-reviewed",
            "Document templates reviewed by legal counsel",
            "signoff",
            LEGAL,
            signed("legal", ("templates/**",))
            if mended
            else Outcome(
                status=Status.PENDING,
                summary="The sign-off by legal is stale: 1 of 5 templates changed after it.",
                examined=1,
                unit="sign-offs",
                signoffs=(stale,),
                remedy=stale.remedy,
            ),
            owner="legal",
            controls=("SOC2:CC8.1",),
        ),
        result(
            "privacy-policy",
            "Privacy policy updated for AI features",
            "document",
            LEGAL,
            passed(
                "All 3 required sections are there, changed 12 days ago.",
                3,
                "sections",
                evidence=(seen("policies/privacy.md", days=12),),
            ),
            owner="legal",
            controls=("GDPR:13",),
        ),
        result(
            "terms",
            "Terms of service updated",
            "document",
            LEGAL,
            passed("All 3 required sections are there.", 3, "sections", evidence=(seen("policies/terms.md", days=40),)),
            owner="legal",
        ),
        result(
            "retention",
            "Data retention policies implemented",
            "document",
            LEGAL,
            passed(
                "All 3 required sections are there.", 3, "sections", evidence=(seen("policies/retention.md", days=9),)
            )
            if mended
            else failed(
                "1 of 3 required sections is missing: Legal hold.",
                "Add a section “Legal hold” to policies/retention.md.",
                examined=3,
                unit="sections",
                findings=(
                    Finding(
                        message="There is no section “Legal hold”.",
                        rule="section-missing",
                        path="policies/retention.md",
                        remedy="Add it.",
                    ),
                ),
                evidence=(seen("policies/retention.md", days=300),),
            ),
            owner="privacy",
            controls=("GDPR:5.1.e",),
        ),
        result(
            "data-protection",
            "GDPR/CCPA compliance measures in place",
            "signoff",
            LEGAL,
            signed("privacy", ("policies/**",))
            if mended
            else Outcome(
                status=Status.SKIPPED,
                summary="Skipped, because retention did not pass.",
                remedy="Mend retention first.",
            ),
            owner="privacy",
            controls=("GDPR:32", "CCPA:1798.100"),
            needs=("retention",),
        ),
    ]


def no_go() -> Report:
    """The example with its honest faults, judged in a dirty work tree."""
    return report(deedpro(), dirty=True, changed=3)


def go() -> Report:
    """The same, mended and signed."""
    return report(deedpro(mended=True))


def waiver(item: str, *, days: int = 14) -> WaiverFact:
    """A waiver that ends some days after the run."""
    return WaiverFact(
        item=item,
        record=digest("waiver" + item),
        principal="release@example.com",
        name="Ada Novak",
        requested_by="platform@example.com",
        reason="The renewal is booked for 2026-11-27; the certificate is valid until then.",
        compensating_control="An alert fires 5 days before the certificate ends.",
        signed_at=STARTED - timedelta(hours=20),
        expires_at=STARTED + timedelta(days=days),
        key="SHA256:d2FpdmluZyBpcyBub3QgZHJvd25pbmcgYnV0IHdhdmluZyE",
    )


def conditional() -> Report:
    """Every blocker that did not pass is waived."""
    faulty = {r.item.id: r for r in deedpro()}
    results = [
        faulty[r.item.id].model_copy(update={"waiver": waiver(r.item.id, days=days)})
        if (days := {"tls": 9, "coverage": 30}.get(r.item.id))
        else r
        for r in deedpro(mended=True)
    ]
    return report(results)


def incomplete() -> Report:
    """Nothing failed, but one item could not be determined; only one phase was asked for."""
    faulty = {r.item.id: r for r in deedpro()}
    results = [faulty[r.item.id] if r.item.id == "titlepoint" else r for r in deedpro(mended=True)]
    unasked = Outcome(status=Status.SKIPPED, summary="Not selected.")
    results = [
        r.model_copy(update={"selected": False, "outcome": unasked, "plugin": None, "duration": 0})
        if r.section == LEGAL
        else r
        for r in results
    ]
    return report(
        results,
        selection=Selection(phase="pre-deploy"),
        notices=(
            "Plugin “acme-ledger” 2.1 could not be loaded: ImportError: libacme.so: cannot open shared object file.",
        ),
    )


def interrupted() -> Report:
    """Stopped by Ctrl-C in the middle, outside a git repository."""
    done = deedpro(mended=True)
    stopped = Outcome(
        status=Status.ERROR, summary="The run was interrupted before this item was evaluated.", remedy="Run it again."
    )
    results = [
        r if index < 9 else r.model_copy(update={"outcome": stopped, "duration": 0}) for index, r in enumerate(done)
    ]
    return report(results, interrupted=True, commit="", branch="", committed_at=None, dirty=None)


def nearly_empty() -> Report:
    """One item, nothing known: no section has anything but its title."""
    only = Result(
        item=Item(id="x", title="x", check="gone"),
        section="S",
        outcome=Outcome(status=Status.ERROR, summary="The check gone is not installed."),
    )
    return Report(
        tool=Tool(version="0.1.0"),
        subject=Subject(project="p"),
        started_at=STARTED,
        duration=0,
        verdict=judge([only]),
        sections=("S",),
        results=(only,),
    )


HOSTILE = (
    "</summary><script>alert(1)</script> <img src=x onerror=alert(1)> | a | b | `code` ``` [x](javascript:alert(1)) ![i](http://evil.example/i.png) "
    "@octocat @org/team #123 GH-42 https://evil.example/a?b=1 www.evil.example <!-- comment --> \u202egnp.exe\u202c zero\u200bwidth "
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x07 **bold** _em_ ~~gone~~ $x$ {{ 7*7 }} {% raw %} &lt;b&gt; \\| \\"
)
"""One text with everything that has ever broken a page."""


def hostile() -> Report:
    """Every text that can come from outside tries to break out."""
    multi = HOSTILE + "\n\n# heading\n- item\n\n```\nfence\n~~~\n</pre></details>\r\n\u2028\u2029end"
    findings = tuple(
        Finding(
            message=multi,
            rule=HOSTILE,
            path="a|b`c<d>\n@e/" + "x" * 300,
            line=3,
            remedy=multi + "\ud800",
            link=link,
            fingerprint=HOSTILE,
        )
        for link in (
            "javascript:alert(1)",
            "https://example.com/ok?a=1&b=(2)",
            "data:text/html,x",
            "https://user:pw@example.com/",
            "http://exa\u202emple.com/",
            "https://github.com/o/r/issues/1",
        )
    )
    bad_card = SignoffCard(
        role=HOSTILE,
        state=SignoffState.INVALID,
        reason=multi,
        subject=HOSTILE,
        principal="a@b|c",
        name="\u202eevil",
        meaning=multi,
        signed_at=STARTED,
        key=HOSTILE,
        record=HOSTILE,
        covers=(HOSTILE, "y" * 400),
        remedy=multi,
    )
    outcome = Outcome(
        status=Status.FAILED,
        summary=multi,
        examined=1,
        unit=HOSTILE,
        remedy=multi,
        findings=findings,
        signoffs=(bad_card,),
        measurements=(
            Measurement(name=HOSTILE, value=HOSTILE, unit="<u>", operator="==", threshold=multi),
            Measurement(name="m", value=None, operator=">=", threshold=3),
        ),
        evidence=(Evidence(name=multi, sha256=digest("x"), produced_at=STARTED, excerpt=multi * 3),),
    )
    facts = waiver("evil-item").model_copy(
        update={
            "reason": multi,
            "compensating_control": multi,
            "name": HOSTILE,
            "principal": HOSTILE,
            "requested_by": HOSTILE,
        }
    )
    results = [
        Result(
            item=Item(
                id="evil-item",
                title=HOSTILE[:500],
                check="c|<d>",
                owner="@team|<b>"[:200],
                controls=(HOSTILE[:100],),
                params={"x": "\ud800", "\ud801": [float("nan")]},
                source=Source(file="a|<b>.yaml", line=1, column=1),
            ),
            section=HOSTILE,
            outcome=outcome,
            plugin=Plugin(name="c|<d>", entry_point=HOSTILE, distribution=HOSTILE, version=HOSTILE),
        ),
        Result(
            item=Item(id="Waived.item_2", title="\u200b", check="x"),
            section=HOSTILE,
            outcome=Outcome(status=Status.ERROR, summary="lone"),
            waiver=facts,
        ),
        Result(
            item=Item(id="signed", title="A pass | with `ticks` and " + "long" * 90, check="y"),
            section="\n",
            outcome=passed(multi, 1, "<i>", evidence=(Evidence(name=HOSTILE),)),
        ),
    ]
    return report(
        results,
        project=HOSTILE,
        release=multi,
        environment=HOSTILE,
        commit=HOSTILE,
        branch=HOSTILE,
        dirty=True,
        changed=1,
        checklist="-a b'`|<c>\n.yaml",
        notices=(multi, "@all"),
    )


def large(number: int, *, per_section: int = 100) -> Report:
    """Many items of ordinary size, nine of ten passed."""
    return report([_ordinary(index, per_section) for index in range(number)])


def _ordinary(index: int, per_section: int) -> Result:
    good = index % 10 != 3
    value = 96.2 if good else 81.7
    numbers = {
        "examined": 204 + index % 7,
        "unit": "tests",
        "measurements": (Measurement(name="lines", value=value, unit="%", operator=">=", threshold=95),),
        "evidence": (seen(f"services/s{index:05}/coverage.json"),),
    }
    outcome = (
        Outcome(
            status=Status.PASSED, summary=f"All 204 tests of service {index:05} passed, none was skipped.", **numbers
        )
        if good
        else Outcome(
            status=Status.FAILED,
            summary=f"Lines of service {index:05} are 81.7 %, below its 95 %.",
            remedy="Cover the lines that the worst files leave out.",
            findings=(
                Finding(
                    message="41 of 118 lines are not covered.",
                    rule="file-coverage",
                    path=f"services/s{index:05}/main.py",
                    line=57,
                    remedy="Add tests for them.",
                ),
            ),
            **numbers,
        )
    )
    item = Item(
        id=f"item-{index:07}",
        title=f"Service {index:05} is tested and covered well enough"[:45],
        check="coverage",
        owner=("platform", "qa", "security")[index % 3],
        source=Source(file="readiness.yaml", line=10 + index * 7, column=9),
    )
    return Result(
        item=item,
        section=f"Services {index // per_section + 1:03}",
        outcome=outcome,
        duration=0.2 + index % 9 / 10,
        plugin=plugin("coverage"),
    )
