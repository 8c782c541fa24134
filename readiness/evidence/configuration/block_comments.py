"""Leaves out the comments between `/*` and `*/`, in one pass however many are never closed."""

import re

_OF_JSON = re.compile(r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*|/\*.*?(\*/|\Z)', re.DOTALL)


def without_block_comments(text: str) -> str:
    """The text with the line breaks of its comments alone; one that is not closed stays."""
    kept: list[str] = []
    at = 0
    while (start := text.find("/*", at)) >= 0 and (end := text.find("*/", start + 2)) >= 0:
        kept += text[at:start], "\n" * text.count("\n", start, end)
        at = end + 2
    return "".join((*kept, text[at:]))


def without_comments_of_json(text: str) -> str:
    """The text with spaces for its comments, also those after `//`; one that is not closed stays."""
    return _OF_JSON.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') or match[1] == "" else re.sub(r"[^\n]", " ", match[0])
