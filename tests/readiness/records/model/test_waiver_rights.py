"""Who may waive what, and until when."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from readiness.checklist import Checklist, Policy, WaiverPolicy
from readiness.records.model.errors import RecordsError
from readiness.records.model.waiver_rights import latest, roles, waivable_item

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


CHECKLIST = Checklist.model_validate(
    {
        "version": 1,
        "project": "deedpro",
        "sections": [
            {"title": "A", "items": [{"id": "tests", "title": "T", "check": "junit"}]},
            {"title": "B", "items": [{"id": "coverage", "title": "C", "check": "coverage"}]},
        ],
    }
)


def test_the_item_that_somebody_wants_to_waive_is_found_by_its_name() -> None:
    assert waivable_item(CHECKLIST, "coverage").title == "C"


@pytest.mark.parametrize(
    ("name", "reason", "remedy"),
    [
        ("policy-weakening", "`policy-weakening` guards the rules themselves: it can never be waived", ""),
        ("records-append-only", "`records-append-only` guards the rules themselves: it can never be waived", ""),
        ("zebra", "the checklist has no item `zebra`", "see `readiness list items`"),
        ("coverag", "the checklist has no item `coverag`", "did you mean `coverage`?"),
    ],
)
def test_what_cannot_be_waived_is_refused(name: str, reason: str, remedy: str) -> None:
    with pytest.raises(RecordsError) as error:
        waivable_item(CHECKLIST, name)
    assert error.value.summary == reason
    if remedy:
        assert error.value.remedy == remedy
