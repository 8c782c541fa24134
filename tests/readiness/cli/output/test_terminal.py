"""Text fits its columns, whatever it is written in, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from readiness.cli.output.terminal import cut, padded, wrapped
from readiness.text import cells

WORDS = st.text(st.sampled_from("ab 漢é\u0301"), max_size=60)


@given(WORDS, st.integers(14, 40))
def test_wrapped_lines_fit_and_hold_every_character(text: str, columns: int) -> None:
    lines = list(wrapped(text, "  ", columns, first="- "))
    assert all(cells(line) <= columns for line in lines)
    assert lines[0].startswith("- ")
    assert "".join(line[2:] for line in lines).replace(" ", "") == text.replace(" ", "")


@given(WORDS, st.integers(6, 40))
def test_a_cut_line_fits_and_says_that_it_was_cut(text: str, columns: int) -> None:
    line = cut(text, columns)
    assert cells(line) <= columns
    assert line == text or line.endswith(" ...")


def test_words_stay_whole_where_they_fit() -> None:
    assert list(wrapped("one two three", "", 12)) == ["one two", "three"]


def test_columns_are_cells() -> None:
    assert padded("漢字", 6) + "|" == "漢字  |"
