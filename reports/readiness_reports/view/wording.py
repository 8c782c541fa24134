"""The words of both pages: statuses, verdicts, numbers with units, times and durations."""

from datetime import UTC, datetime

from readiness.outcome import EvidenceSignature, Measurement, Status
from readiness.report import Report, Result, VerdictWord

STATUS_WORDS: dict[str, str] = {
    Status.PASSED.value: "passed",
    Status.FAILED.value: "failed",
    Status.ERROR.value: "error",
    Status.PENDING.value: "pending",
    Status.NOT_APPLICABLE.value: "not applicable",
    Status.SKIPPED.value: "skipped",
    "unselected": "not selected",
}
"""What a reader reads for each state of an item, in the order in which the states are counted."""
STATUS_MEANINGS: dict[str, str] = {
    Status.PASSED.value: "looked at something, and all of it was as required",
    Status.FAILED.value: "looked, and something was not as required",
    Status.ERROR.value: "could not be determined, which never counts as passed",
    Status.PENDING.value: "waits for a person",
    Status.NOT_APPLICABLE.value: "there is nothing here that the item could be about",
    Status.SKIPPED.value: "an item that it needs did not pass",
    "unselected": "was not selected in this run",
}
VERDICT_WORDS: dict[VerdictWord, str] = {
    VerdictWord.GO: "GO",
    VerdictWord.CONDITIONAL_GO: "CONDITIONAL GO",
    VerdictWord.NO_GO: "NO-GO",
    VerdictWord.INCOMPLETE: "INCOMPLETE",
}
VERDICT_MEANINGS: dict[VerdictWord, str] = {
    VerdictWord.GO: "This may go to production.",
    VerdictWord.CONDITIONAL_GO: "This may go to production as long as the waivers below are in force.",
    VerdictWord.NO_GO: "This must not go to production.",
    VerdictWord.INCOMPLETE: "This is not cleared for production: the answer is not known yet.",
}
CONFINEMENT = {
    "none": "Commands could write wherever their user can",
    "repository": "Commands could write only to the repository, a temporary folder and what --writable names",
}
"""Where the commands of a run could write."""
OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "=", "!=": "≠"}

_MINUTE = 60
_HOUR = 3600
_HUGE_BITS = 128


def state(result: Result) -> str:
    """Key of `STATUS_WORDS`: the status, or `unselected`, which is a reason of its own for a `skipped`."""
    return result.status.value if result.selected else "unselected"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text[:1].upper() + text[1:]
    return text if not text or text[-1] in ".!?…" else text + "."


def moment(when: datetime | None) -> str:
    """`2026-11-23 10:15:00 UTC`; the date alone would not say whose midnight it means."""
    if when is None:
        return ""
    try:
        return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except OverflowError:  # the first or last day that Python knows, in another time zone
        return when.isoformat(" ")


def seconds(duration: float) -> str:
    """`4 ms`, `1.2 s`, `2 min 3 s`, `1 h 5 min`."""
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    if duration < _MINUTE:
        return f"{duration:.1f} s"
    if duration < _HOUR:
        return f"{int(duration // _MINUTE)} min {int(duration % _MINUTE)} s"
    return f"{int(duration // _HOUR)} h {int(duration % _HOUR // _MINUTE)} min"


def number(value: float | str | None, beside: float | str | None = None) -> str:
    """Write a value shortly, but never so that rounding changes how it stands to the number `beside` it.

    94.996 beside 95 stays 94.996: rounded to 95 it would look as if it met the threshold.
    """
    if value is None:
        return "not measured"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}" if value.bit_length() <= _HUGE_BITS else f"a number of {value.bit_length()} bits"
    rounded = round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}")
    if isinstance(beside, int | float) and _order(rounded, beside) != _order(value, beside):
        rounded = value
    return f"{int(rounded):,}" if rounded.is_integer() and abs(rounded) < 1e15 else repr(rounded)  # noqa: PLR2004 - where repr() turns to exponents


def _order(left: float, right: float) -> int:
    return (left > right) - (left < right)


def with_unit(text: str, unit: str) -> str:
    """`95 %`, `120 ms`, or the number alone."""
    return f"{text} {unit}" if unit else text


def measured(measurement: Measurement) -> str:
    """The value with its unit."""
    if measurement.value is None:
        return number(None)
    return with_unit(number(measurement.value, measurement.threshold), measurement.unit)


def required(measurement: Measurement) -> str:
    """`≥ 95 %`; nothing for a number that is only reported."""
    if not measurement.operator:
        return ""
    limit = with_unit(number(measurement.threshold, measurement.value), measurement.unit)
    return f"{OPERATORS[measurement.operator]} {limit}"


def judged(measurement: Measurement) -> str:
    """`met`, `not met`, or `reported only`."""
    return {True: "met", False: "not met", None: "reported only"}[measurement.met]


def signed(by: EvidenceSignature) -> str:
    """`signed by ci@example.com (tests) on 2026-11-23 10:15:00 UTC, key SHA256:…, statement unit.xml.intoto.json`."""
    when = moment(by.signed_at)
    return f"signed by {by.principal} ({by.role}) on {when}, key {by.key}, statement {by.envelope}"


def subject_line(report: Report) -> str:
    """`deedpro 3.0.0 for staging`."""
    subject = report.subject
    name = f"{subject.project} {subject.release}".strip()
    return f"{name} for {subject.environment}" if subject.environment else name
