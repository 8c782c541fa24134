"""Who may waive what, and until when."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from readiness.checklist import Policy, WaiverPolicy
from readiness.records.model.waiver_rights import latest, roles

SIGNED = datetime(2026, 3, 9, 14, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("longest", "end"),
    [
        (timedelta(hours=12), datetime(2026, 3, 10, 2, 30, tzinfo=UTC)),
        (DAY - timedelta(seconds=1), datetime(2026, 3, 10, 14, 29, 59, tzinfo=UTC)),
        (DAY, datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)),
        (DAY + timedelta(seconds=1), datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)),
        (14 * DAY, datetime(2026, 3, 23, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_length_of_a_day_or_more_counts_to_the_end_of_its_last_day(longest: timedelta, end: datetime) -> None:
    assert latest(SIGNED, longest) == end


def test_the_last_day_is_a_day_in_utc() -> None:
    east = datetime(2026, 3, 10, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert latest(east, DAY) == datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)


def test_a_length_beyond_the_calendar_has_no_end() -> None:
    assert latest(SIGNED, timedelta.max) == datetime.max.replace(tzinfo=UTC)


def test_a_role_may_waive_what_its_patterns_name_and_nothing_else() -> None:
    policy = Policy(
        waivers=WaiverPolicy(
            longest={"blocker": DAY}, by={"release": ("cov*", "docs"), "security": ("tls",), "empty": ("*",)}
        )
    )
    holders = {"release": ("a@example.com", "b@example.com"), "security": ("c@example.com",)}
    assert roles(policy, holders, "coverage") == {
        "release": frozenset({"a@example.com", "b@example.com"}),
        "empty": frozenset(),
    }
    assert set(roles(policy, holders, "COVERAGE")) == {"empty"}
    assert roles(Policy(), holders, "coverage") == {}
