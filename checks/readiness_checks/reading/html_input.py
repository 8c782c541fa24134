"""Prepares untrusted HTML for the standard library's parser, which takes endless time or raises at broken markup."""

import re
from html.parser import HTMLParser

_NAMES = "script|style|textarea|title|xmp|iframe|noembed|noframes"
_RAW = rf"(?P<head><(?P<raw>{_NAMES})(?=[\t\n\f\r />])[^<>]*(?<!/)>)(?P<body>.*?)(?:(?=</(?P=raw)[\t\n\f\r />])|\Z)"
_SCRIPTED = ("script", "style")
"""What the standard library reads as text up to the end tag in every version."""
_COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))"
_BOGUS = r"<[!?][^>]*(?:>|\Z)|</[^a-zA-Z>][^>]*(?:>|\Z)"
_UNSEEN = re.compile(f"{_RAW}|{_COMMENT}|{_BOGUS}", re.DOTALL | re.IGNORECASE)


class PageReader(HTMLParser):
    """The standard library's parser, for which any `<![` is a comment up to the next `>`; no AssertionError."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 - its parent's own
        """A section that is marked, as in SGML, is a bogus comment in HTML."""
        return self.parse_bogus_comment(i, report)


def prepared(text: str) -> str:
    """What a browser shows or runs: without comments, declarations and tags that never end; lines keep their numbers.

    As the HTML standard says (13.2.5, tokenization), a declaration that it does not know, such as `<![if IE]>`, is a
    comment up to the next `>`, and a comment without an end goes on to the end of the page. Behind the last `>` no tag
    ends: what looks like one there is text. A comment leaves an empty one, so that what stood around it does not become
    a tag.
    """
    kept = _UNSEEN.sub(_seen, text)
    end = kept.rfind(">") + 1
    return kept[:end] + kept[end:].replace("<", "&lt;")


def _seen(match: re.Match[str]) -> str:
    """An element whose text holds no tags, or nothing in place of what is not seen."""
    if not match["raw"]:
        return f"<!--{_lines(match[0])}-->"
    scripted = match["raw"].lower() in _SCRIPTED
    return f"{match['head']}{match['body'] if scripted else match['body'].replace('<', '&lt;')}"


def _lines(text: str) -> str:
    return "\n" * text.count("\n")
