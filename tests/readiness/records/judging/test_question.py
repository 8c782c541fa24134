"""Which items people sign off, and that need nothing which a command decides."""

from typing import Any

import pytest

from readiness.checklist import Checklist
from readiness.records.judging.question import signed_alone


@pytest.mark.parametrize(
    ("items", "alone"),
    [
        ([("a", "signoff", ())], ("a",)),
        ([("a", "command", ())], ()),
        ([("b", "signoff", ("a",)), ("a", "signoff", ())], ("b", "a")),
        ([("a", "command", ()), ("b", "signoff", ("a",)), ("c", "signoff", ())], ("c",)),
        # what needs one that needs a command is not alone either
        ([("a", "command", ()), ("b", "signoff", ("a",)), ("c", "signoff", ("b",)), ("d", "signoff", ())], ("d",)),
    ],
)
def test_an_item_is_signed_alone_when_all_that_it_needs_is(
    items: list[tuple[str, str, tuple[str, ...]]], alone: tuple[str, ...]
) -> None:
    written: list[dict[str, Any]] = [
        {"id": name, "title": name, "check": check, "needs": needs, "with": {}} for name, check, needs in items
    ]
    sections = [{"title": "All", "items": written}]
    checklist = Checklist.model_validate({"version": 1, "project": "deedpro", "sections": sections})
    assert signed_alone(checklist) == alone
