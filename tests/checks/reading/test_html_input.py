"""Markup that nobody should write is read as a browser reads it, and never ends in an error of the parser."""

import pytest

from readiness_checks.document.html_page import blocks


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<p>a <![foo]> b</p>", ["a b"]),
        ("<p>a <<!x>![foo] b</p>", ["a <![foo] b"]),
        ("<svg><script/></svg><p>seen <![x</p>", ["seen"]),
        ("<body><script\x1f>seen<![x</p>", ["seen"]),
        ("<script>unseen</scripted></script><p>seen</p>", ["seen"]),
        ("<textarea><script></textarea><p>seen</p>", ["<script>", "seen"]),
        ("<p>pass<!-- x -->word</p>", ["password"]),
    ],
)
def test_broken_markup_shows_what_a_browser_shows(page: str, shown: list[str]) -> None:
    assert [" ".join(block.text.split()) for block in blocks(page) if block.text.strip()] == shown


@pytest.mark.parametrize(
    "before", ["<script/>", "<script\x1f>", "<script a='>", "<!<![]]>", "<title>", "<style/a>", "<a><"]
)
@pytest.mark.parametrize("broken", ["<![", "<![>", "<![ x", "<!", "<!-", "</", "<?"])
def test_no_broken_markup_ends_in_an_error(before: str, broken: str) -> None:
    blocks(f"{before}{broken}</script>{broken}>{broken}")
