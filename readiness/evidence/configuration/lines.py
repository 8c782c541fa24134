"""Tells on which line a position of a text stands, however many positions are asked for."""

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
