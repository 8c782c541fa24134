"""Writes who signed what as an HTML page for print: every signature with its name, date, meaning, key and record.

Printed name, date and time, and meaning stand together with each signature, as 21 CFR 11.50 asks of what is printed;
the digests link them to what was signed, as 11.70 asks.
"""

from readiness.outcome import SignoffState
from readiness.report import Report
from readiness_reports.html.environment import asset, digest, template
from readiness_reports.signoffs import signatures


def render(report: Report) -> str:
    """Write the page: a pure function of the report."""
    style = asset("signoffs.css")
    entries = signatures.entries(report)
    counted = [entry for entry in entries if entry.state is SignoffState.VALID]
    missing = [entry for entry in entries if entry.state is SignoffState.MISSING]
    refused = [entry for entry in entries if entry.state not in {SignoffState.VALID, SignoffState.MISSING}]
    return template("signoffs.html.jinja").render(
        report=report,
        verdict=report.verdict,
        subject=report.subject,
        identity=signatures.identity(report),
        counted=counted,
        refused=refused,
        missing=missing,
        script=signatures.script(report, counted),
        style=style,
        policy=f"default-src 'none'; style-src '{digest(style)}'; base-uri 'none'; form-action 'none'",
    )
