"""Writes a report as one HTML file: no external request, readable without JavaScript, safe with hostile text."""

from readiness import POLICY_WEAKENING
from readiness.report import Report
from readiness_reports.html.environment import asset, digest, template
from readiness_reports.view import control_matrix, items, records, verification

LEAN_FROM = 200
"""Above this many items a passed one is written on one line, without what the page has said once already."""


def render(report: Report) -> str:
    """Write the page: a pure function of the report."""
    results = report.results
    plugins = {(r.plugin.name, r.plugin.distribution, r.plugin.version): r.plugin for r in results if r.plugin}
    style, script = asset("report.css"), asset("report.js")
    controls = control_matrix.controls(report)
    return template("report.html.jinja").render(
        report=report,
        verdict=report.verdict,
        subject=report.subject,
        lean=len(results) > LEAN_FROM,
        many_phases=len({result.item.phase for result in results}) > 1,
        phase=next((result.item.phase for result in results), ""),
        by_id={result.item.id: result for result in results},
        tally=items.tally(result for result in results if not result.added),
        states=tuple(items.tally(results)),
        tasks=items.tasks(report),
        sections=items.sections(report),
        cards=records.signoffs(report),
        waivers=records.waivers(report),
        flips=records.flips(report),
        changes=records.changes(report.policy) if report.policy else (),
        policy_words=records.policy_words(report.policy) if report.policy else "",
        weakening=next((result for result in results if result.item.id == POLICY_WEAKENING), None),
        owners=records.owners(report),
        controls=controls,
        standings=control_matrix.summary(controls),
        grid=control_matrix.grid(controls, report),
        caveats=verification.caveats(report),
        advisories=items.advisories(report),
        commands=verification.commands(report),
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
