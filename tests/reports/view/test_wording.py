from datetime import UTC, datetime, timedelta, timezone

import pytest

from readiness.outcome import Measurement, Status
from readiness.report import VerdictWord
from readiness_reports.view import wording


@pytest.mark.parametrize(
    ("value", "beside", "shown"),
    [
        (95, None, "95"),
        (4_980, 100, "4,980"),
        (97.3, 95, "97.3"),
        (66.66666667, 95, "66.67"),
        (0.012345, None, "0.0123"),
        (95.0, 95, "95"),
        (94.996, 95, "94.996"),
        (95.001, 95, "95.001"),
        (94.9960001, 94.9965, "94.9960001"),
        ("healthy", "healthy", "healthy"),
        (None, 3, "not measured"),
        (10**400, None, "a number of 1329 bits"),
    ],
)
def test_rounding_never_changes_how_a_number_stands_to_its_threshold(
    value: float | str | None, beside: float | str | None, shown: str
) -> None:
    assert wording.number(value, beside) == shown


def test_a_measurement_is_shown_against_what_is_required() -> None:
    low = Measurement(name="lines", value=91.4, unit="%", operator=">=", threshold=95)
    assert (wording.measured(low), wording.required(low), wording.judged(low)) == ("91.4 %", "≥ 95 %", "not met")
    unknown = Measurement(name="lines", value=None, unit="%", operator=">=", threshold=95)
    assert (wording.measured(unknown), wording.judged(unknown)) == ("not measured", "not met")
    told = Measurement(name="lines", value=7)
    assert (wording.measured(told), wording.required(told), wording.judged(told)) == ("7", "", "reported only")


@pytest.mark.parametrize(
    ("duration", "shown"), [(0, "0 ms"), (0.0042, "4 ms"), (1.24, "1.2 s"), (123, "2 min 3 s"), (3_900, "1 h 5 min")]
)
def test_durations(duration: float, shown: str) -> None:
    assert wording.seconds(duration) == shown


def test_times_are_in_utc_and_say_so() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert wording.moment(datetime(2026, 11, 23, 19, 15, tzinfo=tokyo)) == "2026-11-23 10:15:00 UTC"
    assert wording.moment(datetime.max.replace(tzinfo=timezone(-timedelta(hours=9)))).startswith("9999-12-31 23:59:59")
    assert wording.moment(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01 00:00:00 UTC"
    assert wording.moment(None) == ""


def test_every_status_and_verdict_has_its_words() -> None:
    assert {*Status} <= set(wording.STATUS_WORDS) == set(wording.STATUS_MEANINGS)
    assert {*VerdictWord} == set(wording.VERDICT_WORDS) == set(wording.VERDICT_MEANINGS)


def test_sentences() -> None:
    assert wording.sentence("mend it") == "Mend it."
    assert wording.sentence("Why?") == "Why?"
    assert wording.sentence("") == ""
