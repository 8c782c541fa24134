"""Places and comments in text: the line of a position, and text without comments, in one pass however long it is."""

import re
from bisect import bisect_right


class Lines:
    """The lines of one text."""

    def __init__(self, text: str) -> None:
        """Note where each line begins."""
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, position: int) -> int:
        """The line of a position, from 1."""
        return bisect_right(self.starts, position)


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
