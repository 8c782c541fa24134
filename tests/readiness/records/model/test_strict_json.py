"""JSON that has one meaning is read in time that grows with its length, in the process that judges."""

import pytest

from readiness.records.model import strict_json
from support.costs import cpu_seconds

BRACKETS = b"[" * 20


def cost(data: bytes) -> float:
    def refused() -> None:
        with pytest.raises(ValueError, match="it is n"):
            strict_json.parse(data)

    return cpu_seconds(refused)


@pytest.mark.parametrize("unit", [b'\\"', b'"\\', b"\\", b'"', b'"a'])
def test_strings_without_an_end_cost_no_more_than_brackets(unit: bytes) -> None:
    harmless = cost(b"[]" * 100_000)
    assert cost(b"[" * 10 + b"{}" * 10 + b'"' + unit * (200_000 // len(unit))) < 10 * harmless + 0.2


@pytest.mark.parametrize(
    "text", [b'"[[[[[[[[[[[[[[[[[["', rb'"\"[[[[[[[[[[[[[[[[[["', rb'["\\", "[{[{[{[{[{[{[{[{[{"]']
)
def test_brackets_in_strings_are_no_depth(text: bytes) -> None:
    assert strict_json.parse(text)


def test_nesting_is_bounded() -> None:
    assert strict_json.parse(b"[" * 16 + b"]" * 16)
    for text in (BRACKETS + b"]" * 20, rb'["\"", ' + BRACKETS, b'{"":' * 17):
        with pytest.raises(ValueError, match="nested deeper than 16"):
            strict_json.parse(text)
