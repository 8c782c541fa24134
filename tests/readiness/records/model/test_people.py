"""One person is counted once, whatever the spelling."""

import pytest

from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People


def test_spellings_and_addresses_of_a_person_are_one() -> None:
    people = People({"counsel@example.com": ("Counsel@Home.example", "counsel")})
    assert people.same("COUNSEL@example.com", "counsel@home.EXAMPLE")
    assert people.same("counsel", "counsel@example.com")
    assert not people.same("counsel", "dev@example.com")


def test_an_unknown_name_is_a_person_of_its_own_in_any_case() -> None:
    assert People().same("Dev@example.com", "dev@EXAMPLE.com")
    assert not People().same("dev@example.com", "qa@example.com")


@pytest.mark.parametrize(
    "names",
    [
        {"a@example.com": ("x@example.com",), "b@example.com": ("X@example.com",)},
        {"a@example.com": ("b@example.com",), "b@example.com": ()},
    ],
)
def test_a_name_of_two_people_is_refused(names: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(RecordsError, match="to both"):
        People(names)
