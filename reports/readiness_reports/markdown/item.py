"""Writes one item of a report as a block that a reader of Markdown can unfold."""

from readiness.outcome import Evidence, Finding, Status
from readiness.report import Result
from readiness.text import count
from readiness_reports.markdown.escaping import code, fenced, link, prose, summary, table
from readiness_reports.view import items, records, wording

FINDINGS_SHOWN = 50
"""Findings shown for an item; the JSON report has all of them."""
EVIDENCE_SHOWN = 20
EXCERPT_SHOWN = 1_500
"""Characters of an excerpt that are shown: its end."""


def details(result: Result, mark: str) -> list[str]:
    """Lines of a `<details>` block with all that is known of an item."""
    item, outcome = result.item, result.outcome
    lines = [
        f"<details><summary>{mark}: {summary(item.title)} ({item.id})</summary>",
        "",
        f"**{mark}** {prose(outcome.summary, 1_000)}",
        "",
        f"*{_facts(result)}*",
    ]
    remedy = items.remedy(result)
    if remedy and result.status is not Status.PASSED:
        lines += ["", f"**What to do:** {prose(remedy, 1_000)}"]
    if result.waiver:
        by = prose(records.who(result.waiver))
        until = wording.moment(result.waiver.expires_at)
        lines += ["", f"**Waived** until {until} by {by}. The status stays as it is."]
    if outcome.measurements:
        rows = [
            (prose(m.name), prose(wording.measured(m)), prose(wording.required(m)), wording.judged(m))
            for m in outcome.measurements
        ]
        lines += ["", *table(("Measurement", "Measured", "Required", "Threshold"), rows)]
    if outcome.findings:
        lines += ["", *(_finding(finding) for finding in outcome.findings[:FINDINGS_SHOWN])]
        lines += _more(len(outcome.findings) - FINDINGS_SHOWN, "finding")
    if outcome.evidence:
        lines += ["", "Evidence:", ""]
        for evidence in outcome.evidence[:EVIDENCE_SHOWN]:
            lines += _evidence(evidence)
        lines += _more(len(outcome.evidence) - EVIDENCE_SHOWN, "file")
    return [*lines, "", "</details>", ""]


def _facts(result: Result) -> str:
    item = result.item
    facts = [item.severity, f"phase {prose(item.phase)}"]
    if item.owner:
        facts.append(f"owner {prose(item.owner)}")
    facts.append(f"check {prose(item.check)}")
    if item.source:
        facts.append(prose(f"{item.source.file}:{item.source.line}"))
    if item.needs:
        facts.append("needs " + ", ".join(item.needs).replace("_", "\\_"))
    if item.controls:
        facts.append("controls " + ", ".join(prose(control) for control in item.controls))
    facts.append(wording.seconds(result.duration))
    if result.outcome.examined:
        facts.append(f"{result.outcome.examined:,} {prose(result.outcome.unit) or 'things'} examined")
    if result.plugin:
        facts.append(f"answered by {prose(result.plugin.distribution)} {prose(result.plugin.version)}")
    return ", ".join(facts)


def _finding(finding: Finding) -> str:
    parts = [f"- **{finding.level.value}** {prose(finding.message)}"]
    if finding.place:
        parts.append(code(finding.place))
    if finding.rule:
        parts.append(f"({code(finding.rule, 100)})")
    if finding.remedy:
        parts.append(f"→ {prose(finding.remedy)}")
    if finding.link:
        parts.append(link(finding.link))
    return " ".join(parts)


def _evidence(evidence: Evidence) -> list[str]:
    digest = f"sha256 `{evidence.sha256}`" if evidence.sha256 else "no digest"
    produced = f", produced {wording.moment(evidence.produced_at)}" if evidence.produced_at else ""
    signed = f", {prose(wording.signed(evidence.signature))}" if evidence.signature else ""
    lines = [f"- {code(evidence.name)} {digest}{produced}{signed}"]
    if evidence.excerpt:
        lines += ["", *(f"  {line}".rstrip() for line in fenced(evidence.excerpt, EXCERPT_SHOWN).split("\n")), ""]
    return lines


def _more(number: int, noun: str) -> list[str]:
    return ["", f"And {count(number, f'more {noun}')}, in the JSON report of this run."] if number > 0 else []
