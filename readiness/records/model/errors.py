"""The one error of the records: it says what happened, where, and what to do next."""

from readiness.outcome import Finding


class RecordsError(Exception):
    """Sign-offs cannot be judged or made.

    Args:
        summary: What happened and where.
        remedy: What to do next.
        findings: The single defects, each with its place, when there are several.
    """

    def __init__(self, summary: str, remedy: str = "", *, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(summary)
        self.summary = summary
        self.remedy = remedy
        self.findings = findings
