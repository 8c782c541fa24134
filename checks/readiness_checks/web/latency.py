"""Measures how long something took, and compares it with the limit."""

from readiness.outcome import Finding, Measurement


def latency(name: str, milliseconds: float, limit: float | None) -> Measurement:
    """Make a measurement in milliseconds; without a limit it is only reported."""
    measured = Measurement(name=name, value=round(milliseconds, 3), unit="ms")
    if limit is None:
        return measured
    return measured.model_copy(update={"operator": "<=", "threshold": plain(limit)})


def slow(measured: Measurement) -> Finding | None:
    """The finding for a measurement that misses its limit."""
    if measured.met is not False:
        return None
    message = f"{measured.name}: {measured.value} ms; {measured.threshold} are allowed"
    return Finding(message=message, rule="slow", remedy="find out what keeps it")


def plain(number: float) -> float | int:
    """A whole number without its `.0`."""
    return int(number) if float(number).is_integer() else number
