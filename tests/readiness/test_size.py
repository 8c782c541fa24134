import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from readiness.size import Size, parse, render


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0 B", 0),
        ("999B", 999),
        ("250 kB", 250_000),
        ("1.5 kB", 1_500),
        ("0.001 kB", 1),
        ("1 KiB", 1_024),
        ("1.5 MiB", 1_572_864),
        ("2 MB", 2_000_000),
        ("1 GB", 10**9),
        ("1 GiB", 2**30),
    ],
)
def test_reads_what_people_write(text: str, size: int) -> None:
    assert parse(text) == size


@pytest.mark.parametrize("text", ["", "250", "kB", "-1 kB", "1  kB", "1 KB", "1 k", "1 kb", "1e3 B", "٣ B", "1 kB\n"])
def test_refuses_everything_else(text: str) -> None:
    with pytest.raises(ValueError, match="not a size"):
        parse(text)


@pytest.mark.parametrize("text", ["9" * 400 + " GB", "9" * 30 + " B", "9223372036854775808 B"])
def test_nothing_is_larger_than_any_file(text: str) -> None:
    with pytest.raises(ValueError, match=r"larger than any file|not a size"):
        parse(text)


def test_there_is_no_part_of_a_byte() -> None:
    with pytest.raises(ValueError, match="no whole number of bytes"):
        parse("0.0001 kB")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_234, "1.2 kB"),
        (12_345, "12 kB"),
        (2_000_000, "2.0 MB"),
        (5 * 10**10, "50 GB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (999_499, "999 kB"),
        (999_950, "1.0 MB"),
        (999_999_999, "1.0 GB"),
    ],
)
def test_writes_what_people_read(size: int, text: str) -> None:
    assert render(size) == text


@given(st.integers(0, 10**15))
def test_what_it_writes_is_a_size_again_to_two_digits(size: int) -> None:
    assert abs(parse(render(size)) - size) <= size * 0.051


class Model(BaseModel):
    limit: Size


@pytest.mark.parametrize(("given", "limit"), [(5, 5), ("5 B", 5), ("1 kB", 1_000)])
def test_a_parameter_is_a_number_or_a_text(given: object, limit: int) -> None:
    assert Model.model_validate({"limit": given}).limit == limit


@pytest.mark.parametrize("given", [True, 1.5, None, "much", [1]])
def test_a_parameter_is_nothing_else(given: object) -> None:
    with pytest.raises(ValidationError, match=r"size|bytes"):
        Model.model_validate({"limit": given})
