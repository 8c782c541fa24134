"""References in .env files: every form of shells and Docker Compose, in time and space that grow with the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_checks.env.references import TooLongError, resolve

KNOWN = {"A": "1", "EMPTY": "", "LONG_NAME": "long"}


@pytest.mark.parametrize(
    ("value", "expected", "missing"),
    [
        ("plain", "plain", ()),
        ("${A}", "1", ()),
        ("x${A}y${EMPTY}z", "x1yz", ()),
        ("${GONE}", "", ("GONE",)),
        ("${GONE:-d}${GONE-e}", "de", ()),
        ("${EMPTY:-d}${EMPTY-e}", "d", ()),
        ("${GONE:-${A}}", "1", ()),
        ("${GONE:-${LOST:-x}y}", "xy", ()),
        ("${A:?needed}${A?needed}", "11", ()),
        ("${GONE:?must be set}", "", ("GONE",)),
        ("${GONE?}", "", ("GONE",)),
        ("${EMPTY:?must be set}", "", ("EMPTY",)),
        ("${A:+other}${A+other}", "otherother", ()),
        ("${GONE:+other}", "", ("GONE",)),
        ("$A", "1", ()),
        ("postgres://$LONG_NAME:x@db", "postgres://long:x@db", ()),
        ("pa$sword", "pa$sword", ()),
        ("pa$A9", "pa$A9", ()),
        ("$2b$12$abcdefghijk", "$2b$12$abcdefghijk", ()),
        ("\\$LONG_NAME $$LONG_NAME", "\\$LONG_NAME $$LONG_NAME", ()),
        ("${A", "${A", ()),
        ("${A:-b", "${A:-b", ()),
        ("${", "${", ()),
        ("${}", "${}", ()),
        ("${A:}", "${A:}", ()),
        ("a}b", "a}b", ()),
        ("$", "$", ()),
    ],
)
def test_every_form_is_replaced_or_left(value: str, expected: str, missing: tuple[str, ...]) -> None:
    assert resolve(value, KNOWN, longest=1_000) == (expected, missing, 0)


@pytest.mark.parametrize(
    ("value", "expected", "bare"),
    [("$gone", "", 1), ("$LONG_NAME/$GONE", "long/", 1), ("kJ3$HTZ91Q-$LOST", "kJ3-", 2), ("${A:-$GONE}", "1", 1)],
)
def test_a_name_without_braces_that_stands_for_nothing_is_counted(value: str, expected: str, bare: int) -> None:
    assert resolve(value, KNOWN, longest=1_000) == (expected, (), bare)


@given(st.text(alphabet="${}:-?+\\AGONE\nx"))
def test_no_value_is_a_crash(value: str) -> None:
    resolve(value, KNOWN, longest=10_000)


def test_what_grows_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(TooLongError):
        resolve("${A}${A}", {"A": "x" * 600}, longest=1_000)
    assert len(resolve("${A}", {"A": "x" * 600}, longest=1_000).value) == 600


@pytest.mark.parametrize("part", ["${", "${A:-", "$", "\\$", "${A:-x}", "}", "$LONG_NAME"])
def test_a_long_value_of_one_part_is_read_to_its_end(part: str) -> None:
    many = 20_000
    assert resolve(part * many, {"A": "", "LONG_NAME": "l"}, longest=2**20).missing == ()
