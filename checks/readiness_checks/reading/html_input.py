"""Prepares untrusted HTML for the standard library's parser, which takes endless time or raises at broken markup."""

import re

_RAW = r"<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?![^\s/>])[^<>]*>.*?(?:</(?P=raw)|\Z)"
_COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))"
_BOGUS = r"<[!?][^>]*(?:>|\Z)|</[^a-zA-Z>][^>]*(?:>|\Z)"
_UNSEEN = re.compile(f"{_RAW}|{_COMMENT}|{_BOGUS}", re.DOTALL | re.IGNORECASE)


def prepared(text: str) -> str:
    """What a browser shows or runs: without comments, declarations and tags that never end; lines keep their numbers.

    As the HTML standard says (13.2.5, tokenization), a declaration that it does not know, such as `<![if IE]>`, is a
    comment up to the next `>`, and a comment without an end goes on to the end of the page. Behind the last `>` no tag
    ends: what looks like one there is text.
    """
    kept = _UNSEEN.sub(lambda match: match[0] if match["raw"] else "\n" * match[0].count("\n"), text)
    end = kept.rfind(">") + 1
    return kept[:end] + kept[end:].replace("<", "&lt;")
