import pytest

from readiness_reports.view.text import block, line, short, tail, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  two\n\n lines\t", "two lines"),
        ("one\u2028two\u2029three", "one two three"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;http://evil.example\x07link\x1b]8;;\x1b\\", "link"),
        ("cut \x1b", "cut \\x1b"),
        ("bell\x07 nul\x00", "bell\\x07 nul\\x00"),
        ("\ud800", "\\ud800"),
        ("naïve – ✓ 文 emoji 🚀 ❤\ufe0f", "naïve – ✓ 文 emoji 🚀 ❤\ufe0f"),
    ],
)
def test_nothing_invisible_and_nothing_that_a_terminal_obeys_is_left(text: str, shown: str) -> None:
    assert line(text) == shown


def test_a_block_keeps_its_lines_and_tabs() -> None:
    assert block("a\r\n\tb\nc\rd\u2028e") == "a\n\tb\nc\\rd\\u2028e"


def test_harmless_text_stays_harmless_when_it_is_cleaned_again() -> None:
    once = line("\x1b\x1b[31m[31m\u202e \ud800 x")
    assert line(once) == once
    assert "\x1b" not in once


def test_a_cut_is_marked() -> None:
    assert short("abcdef", 6) == "abcdef"
    assert short("abcdefg", 6) == "abcde…"
    assert tail("\nabcdefg\n", 3) == "…\nefg"


@pytest.mark.parametrize("url", ["http://example.com", "https://example.com/a?b=1&c=(2)#d", "HTTPS://EXAMPLE.com/"])
def test_a_web_address_may_be_followed(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "ftp://example.com/",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.com",
        "https:",
        "https:///path",
        "https://user:password@example.com/",
        "https://example.com@evil.example/",
        "https://exa\u202emple.com/",
        "https://exämple.com/",
        "https://example.com/a b",
        " https://example.com/",
        "https://[::1",
        "",
    ],
)
def test_anything_else_may_not(url: str) -> None:
    assert web_address(url) == ""
