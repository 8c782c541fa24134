"""Whole reports to render: every verdict, interrupted and partial runs, hostile text, and very large ones."""

from readiness.checklist import Item, Source
from readiness.outcome import (
    Evidence,
    EvidenceSignature,
    Finding,
    Measurement,
    Outcome,
    SignoffCard,
    SignoffState,
    Status,
)
from readiness.report import Flip, Plugin, PolicyChange, PolicyFact, Report, Result, Selection, Subject, Tool
from readiness.verdict import judge
from support.deedpro_results import LEGAL, deedpro
from support.governed import governed
from support.report_values import (
    COMMIT,
    STARTED,
    card,
    digest,
    evidence_signature,
    passed,
    plugin,
    report,
    result,
    seen,
    waiver,
)

__all__ = ["COMMIT", "STARTED", "card", "deedpro", "digest", "governed", "report", "result", "seen", "waiver"]


def no_go() -> Report:
    """The example with its honest faults, judged in a dirty work tree."""
    return report(deedpro(), dirty=True, changed=3)


def go() -> Report:
    """The same, mended and signed."""
    return report(deedpro(mended=True))


def conditional() -> Report:
    """Every blocker that did not pass is waived."""
    faulty = {r.item.id: r for r in deedpro()}
    results = [
        faulty[r.item.id].model_copy(update={"waiver": waiver(r.item.id, days=days, used=True)})
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
    "</summary><script>alert(1)</script> <img src=x onerror=alert(1)> | a | b | `code` ``` "
    "[x](javascript:alert(1)) ![i](http://evil.example/i.png) @octocat @org/team #123 GH-42 "
    "https://evil.example/a?b=1 www.evil.example <!-- comment --> \u202egnp.exe\u202c zero\u200bwidth "
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x07 **bold** _em_ ~~gone~~ $x$ "
    "{{ 7*7 }} {% raw %} &lt;b&gt; \\| \\"
)
"""One text with everything that has ever broken a page."""


def _hostile_signature() -> EvidenceSignature:
    words = dict.fromkeys(("role", "principal", "key", "envelope"), HOSTILE)
    return evidence_signature().model_copy(update=words)


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
            "javascript://example.com/%0aalert(1)",
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
            outcome=passed(multi, 1, "<i>", evidence=(Evidence(name=HOSTILE, signature=_hostile_signature()),)),
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
        waivers=(
            facts.model_copy(
                update={
                    "record": HOSTILE,
                    "item": HOSTILE,
                    "why": multi,
                    "remedy": multi,
                    "code": HOSTILE,
                    "state": SignoffState.INVALID,
                }
            ),
        ),
        policy=PolicyFact(
            ref=HOSTILE,
            commit=HOSTILE,
            merge_base=HOSTILE,
            checklist_sha256=HOSTILE,
            changes=(
                PolicyChange(kind="weakens", code=HOSTILE, text=multi, item=HOSTILE, before=multi, after=HOSTILE),
                PolicyChange(kind="neutral", code="c", text="t", before="<b>", after="`|"),
            ),
        ),
        flips=(Flip(at=STARTED, text=multi),),
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
