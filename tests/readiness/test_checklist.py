"""What a checklist says by itself."""

import pytest

from readiness.checklist import Checklist, Item


def owned_by(*holders: str) -> str:
    checklist = {
        "version": 1,
        "project": "deedpro",
        "roles": {"security": list(holders)} if holders else {},
        "policy": {"owners": "security"} if holders else {},
        "sections": [{"title": "All", "items": [{"id": "tests", "title": "Tests pass", "check": "junit"}]}],
    }
    return Checklist.model_validate(checklist).policy_owner


@pytest.mark.parametrize(
    ("holders", "owner"),
    [
        ((), ""),
        (("ada@example.com",), "security (ada@example.com)"),
        (("ada@example.com", "bo@example.com", "cy"), "security (ada@example.com, bo@example.com, cy)"),
        (("ada@example.com", "bo", "cy", "di", "ed"), "security (ada@example.com, bo, cy and 2 more)"),
        ((f"ada@{'a' * 250}.com",), "security"),
    ],
)
def test_the_owner_of_the_policys_own_items_is_the_role_with_those_who_hold_it(
    holders: tuple[str, ...], owner: str
) -> None:
    assert owned_by(*holders) == owner
    assert Item(id="policy-weakening", title="T", check="signoff", owner=owner).owner == owner
