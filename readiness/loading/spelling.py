"""Guesses what was meant by a misspelt word, within a bounded amount of work."""

import difflib
from collections.abc import Collection

_LONGEST = 100
_BUDGET = 200_000
"""Comparisons for the mistakes of one file: 10,000 wrong ids against 10,000 right ones would take an hour."""


class Speller:
    """Finds the right word; stops guessing when a file has too many wrong ones."""

    def __init__(self, budget: int = _BUDGET) -> None:
        self._budget = budget

    def nearest(self, word: str, words: Collection[str]) -> str:
        """The word that was most likely meant; empty when none is near, and for numbers, where near means nothing."""
        if len(word) > _LONGEST or len(words) > self._budget or not any(map(str.isalpha, word)):
            return ""
        self._budget -= len(words)
        folded: dict[str, str] = {}
        for candidate in words:
            folded.setdefault(candidate.casefold(), candidate)
        near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
        return folded[near[0]] if near else ""

    def hint(self, word: str, words: Collection[str]) -> str:
        """The question that names the nearest word; empty when none is near."""
        nearest = self.nearest(word, words)
        return f"did you mean `{nearest}`?" if nearest else ""
