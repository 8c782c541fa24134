"""Numbers, lengths of time and dates on one scale."""

from datetime import date
from typing import Any

import pytest

from readiness.strictness.measures import MEASURES, MeasureName

DAY_ONE = float(date(2026, 3, 9).toordinal())


@pytest.mark.parametrize(
    ("measure", "value", "measured"),
    [
        ("number", 3, ("", 3.0)),
        ("number", 0.5, ("", 0.5)),
        ("number", True, None),
        ("number", "3", None),
        ("number", None, None),
        ("length", "2m", ("s", 120.0)),
        ("length", "two", None),
        ("length", 120, None),
        ("days", 3, ("", 3.0)),
        ("days", "36h", ("", 1.5)),
        ("days", "soon", None),
        ("days", True, None),
        ("milliseconds", 250, ("", 250.0)),
        ("milliseconds", "250ms", ("", 250.0)),
        ("milliseconds", " 250 ms ", ("", 250.0)),
        ("milliseconds", "fast ms", None),
        ("milliseconds", "2s", ("", 2000.0)),
        ("milliseconds", "soon", None),
        ("recency", "2m", ("ago", -120.0)),
        ("recency", "2026-03-09", ("day", DAY_ONE)),
        ("recency", "lately", None),
        ("recency", 3, None),
        ("date", "2026-03-09", ("day", DAY_ONE)),
        ("date", "2026-02-30", None),
        ("date", "2026-3-9", None),
        ("date", "x2026-03-09", None),
        ("date", "2026-03-09x", None),
        ("date", "٢٠٢٦-03-09", None),
        ("date", 20260309, None),
        ("tls_version", "1.2", ("TLS", 1.2)),
        ("tls_version", 1.3, ("TLS", 1.3)),
        ("tls_version", "TLSv1.3", ("TLS", 1.3)),
        ("tls_version", "new", None),
        ("size", 2048, ("", 2048.0)),
        ("size", "2 KiB", ("", 2048.0)),
        ("size", "2 parrots", None),
        ("size", True, None),
    ],
)
def test_what_a_value_measures(measure: MeasureName, value: Any, measured: Any) -> None:
    assert MEASURES[measure](value) == measured
