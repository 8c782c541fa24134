"""What the texts of a record may hold."""

import pytest
from pydantic import TypeAdapter, ValidationError

from readiness.records.model.words import RequiredParagraphs, RequiredText, Text, path

REQUIRED: TypeAdapter[str] = TypeAdapter(RequiredText)


@pytest.mark.parametrize("text", ["\u3164", "\u2800\u2800", "\u115f", "\ufe0f", "\u200d", " \u00a0\u3000", ""])
def test_a_reason_that_shows_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        REQUIRED.validate_python(text)


@pytest.mark.parametrize("text", ["fine\u3164", "a\u034fb", "ad\u200dmin", "\U000e0041x"])
def test_a_text_hides_nothing_from_who_signs_it(text: str) -> None:
    with pytest.raises(ValidationError, match="which a reader cannot see"):
        TypeAdapter(Text).validate_python(text)
    with pytest.raises(ValueError, match="which a reader cannot see"):
        path(text)


@pytest.mark.parametrize("text", ["I approve:\n1. the deed", "a\r\nb"])
def test_a_line_break_is_called_one(text: str) -> None:
    with pytest.raises(ValidationError, match="a line break: write it on one line"):
        TypeAdapter(Text).validate_python(text)


def test_a_paragraph_has_lines_that_hide_nothing() -> None:
    paragraphs: TypeAdapter[str] = TypeAdapter(RequiredParagraphs)
    assert paragraphs.validate_python("I approve:\n\n1. the deed") == "I approve:\n\n1. the deed"
    for text, why in (
        ("a\r\nb", "a carriage return"),
        ("a\nb\u200b!", r"holds the character \\u200b at place 4 of 5"),
        ("a\n\tb", "which a reader cannot see"),
        ("\n\n", "it is blank"),
    ):
        with pytest.raises(ValidationError, match=why):
            paragraphs.validate_python(text)


def test_the_character_that_hides_is_named_with_its_place() -> None:
    with pytest.raises(ValidationError, match=r"holds the character \\u200b at place 5 of 6, which"):
        TypeAdapter(Text).validate_python("fine\u200b!")


@pytest.mark.parametrize(
    "text", ["PDF\u200cها", "ship it ❤\ufe0f", "👩\u200d⚕\ufe0f agreed", "می\u200cخواهم", "क्\u200dष", "日本　東京"]
)
def test_a_reason_in_any_writing_is_taken(text: str) -> None:
    assert REQUIRED.validate_python(text) == text
