from datetime import UTC, datetime, timedelta, timezone

import pytest

from readiness.countdown import countdown, loud

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW + timedelta(days=9), "9 days left"),
        (datetime(2026, 12, 2, 23, 59, 59, tzinfo=UTC), "9 days left"),
        (datetime(2026, 11, 24, 0, 0, 1, tzinfo=UTC), "1 day left"),
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), "lapses today"),
        (NOW + timedelta(microseconds=1), "lapses today"),
        (NOW, "expired today"),
        (datetime(2026, 11, 23, tzinfo=UTC), "expired today"),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), "expired 1 day ago"),
        (NOW - timedelta(days=3), "expired 3 days ago"),
        (NOW + timedelta(days=3_650), "3,650 days left"),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=9))), "2,912,116 days left"),
    ],
)
def test_days_are_counted_by_the_calendar(at: datetime, said: str) -> None:
    assert countdown(at, NOW) == said


def test_the_day_is_that_of_utc_wherever_the_times_were_written() -> None:
    tokyo, honolulu = timezone(timedelta(hours=9)), timezone(-timedelta(hours=10))
    at = NOW + timedelta(days=2)
    assert countdown(at.astimezone(tokyo), NOW.astimezone(honolulu)) == countdown(at, NOW) == "2 days left"


@pytest.mark.parametrize(
    ("left", "is_loud"),
    [
        (timedelta(days=14), True),
        (timedelta(days=14, microseconds=1), False),
        (timedelta(0), True),
        (-timedelta(days=400), True),
        (timedelta(days=300), False),
    ],
)
def test_it_is_loud_from_fourteen_days_before_the_end(left: timedelta, *, is_loud: bool) -> None:
    assert loud(NOW + left, NOW) is is_loud
