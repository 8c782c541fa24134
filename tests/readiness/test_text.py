"""What is shown to a reader: nothing hidden, nothing obeyed, and honest writing as it was written."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, field_validator

from readiness.text import (
    cells,
    count,
    did_you_mean,
    first_mistake,
    is_blank,
    mistakes,
    nearest,
    one_line,
    safe,
    safe_lines,
    short,
    storable,
    storable_data,
    unseen,
    unseen_place,
    without_terminal_sequences,
)

HONEST = [
    "Legal has read the deed – naïve, Ελληνικά, שלום, 日本語　東京",
    "done 🚀 ✅ ❤\ufe0f ✔\ufe0e 1\ufe0f\u20e3 ©\ufe0f",
    "👩\u200d⚕\ufe0f 🏴\u200d☠\ufe0f ❤\ufe0f\u200d🔥 🙂\u200d↔\ufe0f 👨🏽\u200d💻 🏳\ufe0f\u200d🌈 🇩🇪",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می\u200cخواهم نامه\u200cای ه\u200d",
    "همه\u200cی PDF\u200cها، «سند»\u200cها و 5\u200cتا؛ \u200dه",
    "क्\u200dष क्षेत्र श्रीमान्\u200cको ශ්\u200dරී ক্\u200cষ",
    "ភាសា\u200bខ្មែរ ภาษา\u200bไทย",
    "葛\U000e0100城 辻\U000e0101",
    "ᠮᠣᠩᠭᠣᠯ\u180b",
    "⠓⠑⠇⠇⠕\u2800⠺⠕",
    "à la carte\u00a0! 5\u202fkm",
    "\u0661\u06dd",
    "new in Unicode 16: \U0001fae9",
]
IGNORABLE = [
    *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000), 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0,
]  # fmt: skip
"""Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt)."""
BLANK = [0x2800, 0x2028, 0x2029, 0x13441, 0x16FE4, 0x1D159, 0xE000, 0xD800, 0xFFFE, 0x1FFFF, 0x10FFFF, 0x7F, 0x9B, 0]
VISIBLE_FORMATS = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Format characters that are drawn, such as the end of an ayah: Prepended_Concatenation_Mark."""
CONTEXTUAL = "\u200b\u200c\u200d\u180b\u180c\u180d\u180f\u2800"


@pytest.mark.parametrize("text", HONEST)
def test_honest_writing_stays_as_it_is(text: str) -> None:
    assert safe(text) == text
    assert unseen(text) == ""
    assert not is_blank(text)


def test_every_character_that_shows_nothing_is_spelt_out_and_alone_is_blank() -> None:
    for code in [*IGNORABLE, *BLANK]:
        character = chr(code)
        assert unseen(f"a{character}b") == character, hex(code)
        assert is_blank(f" {character}\u00a0"), hex(code)
        assert re.fullmatch(r"a\\(x..|u....|U.{8})b", safe(f"a{character}b")), hex(code)


def test_every_control_and_format_character_is_known() -> None:
    found = (chr(code) for code in range(sys.maxunicode + 1))
    hidden = [c for c in found if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}]
    assert [hex(ord(c)) for c in hidden if not unseen(c) and ord(c) not in VISIBLE_FORMATS] == []


@pytest.mark.parametrize(
    "text",
    [
        "ad\u200dmin",
        "\u200cab",
        "می\u200c\u200cخ",
        "PDF\u200c\u200cها",
        "PDF\u200c ها",
        "🚀\ufe0f\ufe0f",
        "1\ufe0f",
        "a\ufe0f",
        "🚀\u200d",
        "中\u200d文",
        "🏴\U000e0061\U000e0062",
        "葛\U000e0100\U000e0101",
        "\u2800⠓",
        "\u061c\u200d",
    ],
)
def test_what_hides_behind_honest_writing_is_spelt_out(text: str) -> None:
    assert unseen(text)
    assert "\\" in safe(text)


def test_the_character_that_hides_is_named_with_its_place() -> None:
    assert unseen_place("PDF\u200cها a\u200cb") == "\\u200c at place 9 of 10"
    assert unseen_place("a\nb") == "\\n at place 2 of 3"
    assert [unseen_place(text) for text in ("", "plain", *HONEST)] == [""] * (2 + len(HONEST))


@given(st.text(), st.integers(0, 12))
def test_safe_text_hides_nothing_and_stays_safe(text: str, limit: int) -> None:
    shown = safe(text, limit=limit)
    assert unseen(shown) == ""
    assert safe(shown) == shown
    assert len(shown) <= limit or not limit
    for character in shown:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            assert character in CONTEXTUAL or ord(character) in VISIBLE_FORMATS or 0xE0020 <= ord(character) <= 0xE01EF


@given(
    st.text(alphabet=[*"a1 \t\n\\", *CONTEXTUAL, *"\ufe00\ufe0e\ufe0f\u20e3\U000e0100\x1b🚀🏴❤葛क्م⠓ខ"]),
    st.integers(0, 9),
)
def test_no_order_of_them_makes_safe_text_unsafe(text: str, limit: int) -> None:
    for shown in (safe(text, limit=limit), one_line(text, limit=limit)):
        assert unseen(shown) == ""
        assert safe(shown) == shown
    assert unseen(safe_lines(text).replace("\n", "").replace("\t", "")) == ""


def test_controls_are_spelt_out_and_lines_kept_only_where_asked() -> None:
    assert safe("a\x1b[31m\nb\tc\u202ed\U000e0041") == r"a\x1b[31m\nb\tc\u202ed\U000e0041"
    assert safe_lines("a\r\n\tb\x1b\rc\u2028") == "a\n\tb\\x1b\\rc\\u2028"
    assert one_line("  a\r\n\tb\u2028\u00a0c\x1b ") == "a b c\\x1b"


def test_a_cut_is_marked_and_breaks_no_emoji() -> None:
    assert safe("abcdef", limit=6) == "abcdef"
    assert safe("abcdefg", limit=6) == "abcde…"
    assert safe("\u202e" * 9, limit=7) == "\\u202e…"
    assert safe("ab 👩\u200d⚕\ufe0f", limit=6) == "ab 👩…"
    assert len(short("x" * 1000)) == 200


def test_terminal_sequences_are_removed_whole() -> None:
    assert without_terminal_sequences(
        "\x1b[1;31mred\x1b[0m \x9b31mred \x1b]8;;http://e.example\x07link\x1b]8;;\x1b\\"
    ) == ("red red link")
    assert without_terminal_sequences("cut \x1b[") == "cut \x1b["
    assert without_terminal_sequences("\x90a\x90b\x9c") == "\x90a"  # so that many beginnings do not take quadratic time


def test_numbers_with_their_nouns() -> None:
    assert [count(n, "file") for n in (0, 1, 2, 1204)] == ["0 files", "1 file", "2 files", "1,204 files"]
    assert count(2, "entry", "entries") == "2 entries"
    assert count(1, "entry", "entries") == "1 entry"


def test_the_word_that_was_probably_meant() -> None:
    assert nearest("Severty", ["Severity", "section"]) == "Severity"
    assert did_you_mean("severty", {"severity": 1}) == "did you mean `severity`?"
    assert did_you_mean("severty", ["sever\u202eity"]) == "did you mean `sever\\u202eity`?"
    assert nearest("12345", ["12346"]) == ""
    assert nearest("x" * 101, ["x" * 100]) == ""
    assert did_you_mean("zebra", ["severity"]) == ""


def test_columns_of_a_terminal() -> None:
    assert [cells(text) for text in ("abc", "漢字", "e\u0301", "🚀", "م\u200cم")] == [3, 4, 1, 2, 2]


class Address(BaseModel):
    port: int
    names: dict[str, int] = {}

    @field_validator("port")
    @classmethod
    def _even(cls, port: int) -> int:
        if port % 2:
            raise ValueError("it is odd")
        return port


def refused(value: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Address.model_validate(value)
    return caught.value


def test_what_a_model_refused_is_told_with_its_place_and_hides_nothing() -> None:
    assert first_mistake(refused({"port": 1})) == "port: it is odd"
    assert first_mistake(refused("text")).startswith("Input should be a valid dictionary")
    several = refused({"names": {"a\u202e": "x", "b" * 500: "y"}})
    assert len(mistakes(several, 2)) == 2
    assert mistakes(several, 9)[0] == "port: Field required"
    assert mistakes(several, 9)[1].startswith("names.a\\u202e: Input should be a valid integer")
    assert len(mistakes(several, 9)[2]) < 300


@pytest.mark.parametrize(
    ("text", "shown"),
    [("plain é 検", "plain é 検"), ("caf\udce9", r"caf\xe9"), ("\ud83d", r"\ud83d"), ("\udc7f", r"\udc7f")],
)
def test_what_utf_8_cannot_hold_is_spelt_out(text: str, shown: str) -> None:
    assert storable(text) == shown
    assert storable_data({text: [text, (text, 1)]}) == {shown: [shown, (shown, 1)]}
