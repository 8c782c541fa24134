"""Moments in the forms in which tools write them."""

from datetime import UTC, datetime, timedelta

import pytest

from readiness_checks.reading.timestamps import oldest

MOMENT = datetime(2026, 11, 20, 9, 50, 53, tzinfo=UTC)
LATEST = MOMENT + timedelta(days=1)
FORMS = [
    "2026-11-20T09:50:53Z",
    "2026-11-20T09:50:53+00:00",
    "2026-11-20T10:50:53+0100",
    "2026-11-20 09:50:53Z",
    "2026-11-20T09:50:53 UTC",
    "2026-11-20T 09:50:53Z",
    "20261120T095053Z",
    "Fri, 20 Nov 2026 09:50:53 GMT",
    "Fri, 20 Nov 2026 10:50:53 +0100",
    "20 Nov 2026 09:50:53 GMT",
    "Fri Nov 20 09:50:53 UTC 2026",
    "Fri Nov 20 10:50:53 CET 2026",
    "Fri Nov 20 01:50:53 PST 2026",
    "Fri Nov 20 2026 10:50:53 GMT+0100 (Central European Standard Time)",
    "Friday, November 20, 2026 9:50:53 AM UTC",
    "2026-11-20 10:50:53 +0100",
    "2026-11-20 09:50:53 UTC",
    "2026-11-20 09:50:53 +0000 UTC m=+0.5",
    "2026-11-20T10:50:53+01:00[Europe/Berlin]",
    "1795168253",
    "1795168253000",
    "1795168253000000",
    "1795168253000000000",
    "1795168253.0",
]
FRACTIONS = ["2026-11-20T09:50:53.25Z", "2026-11-20T09:50:53,250Z", "2026-11-20T09:50:53.2500000Z"]
FRACTIONS += ["20 Nov 2026 09:50:53.250 GMT", "1795168253250"]
NO_ZONE = [
    "2026-11-20T09:50:53",
    "2026-11-20 09:50:53",
    "2026/11/20 09:50:53",
    "Fri Nov 20 09:50:53 2026",
    "11/20/2026 9:50:53 AM",
    "11/20/2026, 9:50:53\u202fAM",
    "20/11/2026 09:50:53",
    "20.11.2026 09:50:53",
    "20-11-2026 09:50:53",
    "Nov 20, 2026 9:50:53 AM",
    "Nov 20, 2026, 9:50:53 a.m.",
    "20-Nov-2026 09:50:53",
]
"""Of this machine or of UTC, which the suite is in."""


@pytest.mark.parametrize("text", [*FORMS, *NO_ZONE])
def test_a_form_that_a_tool_writes_is_read(text: str) -> None:
    assert oldest([text], MOMENT + timedelta(minutes=1)) == (MOMENT, "")


@pytest.mark.parametrize("text", FRACTIONS)
def test_fractions_of_a_second_are_read(text: str) -> None:
    assert oldest([text], LATEST) == (MOMENT + timedelta(milliseconds=250), "")


@pytest.mark.parametrize(("text", "hour"), [("12:30:00 AM", 0), ("12:30:00 PM", 12), ("1:30:00 pm", 13), ("13:30", 13)])
def test_noon_and_midnight_of_a_clock_with_twelve_hours(text: str, hour: int) -> None:
    found, _ = oldest([f"11/20/2026 {text} UTC"], LATEST)
    assert found == datetime(2026, 11, 20, hour, 30, tzinfo=UTC)


def test_a_date_that_can_be_two_is_the_later_that_can_have_been() -> None:
    text = "03/05/2026 10:00:00 UTC"
    assert oldest([text], datetime(2026, 6, 1, tzinfo=UTC))[0] == datetime(2026, 5, 3, 10, tzinfo=UTC)
    assert oldest([text], datetime(2026, 4, 1, tzinfo=UTC))[0] == datetime(2026, 3, 5, 10, tzinfo=UTC)


def test_a_date_alone_means_the_end_of_the_day() -> None:
    end = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
    assert oldest(["2026-11-20"], end) == (end, "")


def test_the_oldest_of_several_counts() -> None:
    assert oldest(["2026-11-20T09:50:54Z", "Fri, 20 Nov 2026 09:50:53 GMT", ""], LATEST) == (MOMENT, "")


@pytest.mark.parametrize(
    "text", ["", " ", "0", "0.0", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "1970-01-01T00:00:00"]
)
def test_what_says_that_there_is_no_time_is_none(text: str) -> None:
    assert oldest([text], LATEST) == (None, "")


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "YYYY-MM-DDTHH:MM:SS",
        "2018-38-06T02:38:04",
        "09:50:53",
        "tbd",
        "12.000",
        "32 Nov 2026 09:50:53",
        "9" * 400,
    ],
)
def test_what_is_no_time_is_told(text: str) -> None:
    found, unread = oldest([text, "2026-11-20T09:50:53Z"], LATEST)
    assert (found, unread) == (MOMENT, text[:50])
