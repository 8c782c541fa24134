"""Writes a report as one HTML file: no external request, readable without JavaScript, safe with hostile text."""

from readiness.report import Report
from readiness_reports import ledger, matrix, overview
from readiness_reports.pages import asset, digest, template

LEAN_FROM = 200
"""Above this many items a passed one is written on one line, without what the page has said once already."""


def render(report: Report) -> str:
    """Write the page: a pure function of the report."""
    results = report.results
    plugins = {(r.plugin.name, r.plugin.distribution, r.plugin.version): r.plugin for r in results if r.plugin}
    style, script = asset("report.css"), asset("report.js")
    controls = matrix.controls(report)
    return template("report.html.jinja").render(
        report=report,
        verdict=report.verdict,
        subject=report.subject,
        lean=len(results) > LEAN_FROM,
        many_phases=len({result.item.phase for result in results}) > 1,
        phase=next((result.item.phase for result in results), ""),
        by_id={result.item.id: result for result in results},
        tally=overview.tally(results),
        tasks=overview.tasks(report),
        sections=overview.sections(report),
        cards=ledger.signoffs(report),
        waivers=ledger.waivers(report),
        flips=ledger.flips(report),
        changes=ledger.changes(report.policy) if report.policy else (),
        policy_words=ledger.policy_words(report.policy) if report.policy else "",
        weakening=next((result for result in results if result.item.id == ledger.WEAKENING_ITEM), None),
        owners=ledger.owners(report),
        controls=controls,
        standings=matrix.summary(controls),
        grid=matrix.grid(controls, report),
        caveats=overview.caveats(report),
        advisories=overview.advisories(report),
        commands=overview.commands(report),
        plugins=[plugin for _, plugin in sorted(plugins.items())],
        segments=_segments,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )


def _segments(counts: dict[str, int], width: int) -> list[tuple[str, float, float]]:
    """Key, start and length of each part of a bar of that width; what is there at all stays visible."""
    total = sum(counts.values())
    least = min(2.0, width / max(len(counts), 1))
    lengths = {key: max(width * number / total, least) for key, number in counts.items()}
    scale = width / sum(lengths.values()) if lengths else 1.0
    found, start = [], 0.0
    for key, length in lengths.items():
        found.append((key, round(start, 2), round(length * scale, 2)))
        start += length * scale
    return found
