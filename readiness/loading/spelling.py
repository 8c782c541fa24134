"""Guesses what was meant by the misspelt words of a file, within a bounded amount of work."""

from collections.abc import Collection

from readiness.text import nearest, short

_BUDGET = 200_000
"""Comparisons for the mistakes of one file: 10,000 wrong ids against 10,000 right ones would take an hour."""


class Speller:
    """Finds the right word; stops guessing when a file has too many wrong ones."""

    def __init__(self, budget: int = _BUDGET) -> None:
        self._budget = budget

    def nearest(self, word: str, words: Collection[str]) -> str:
        """The word that was most likely meant; empty when none is near, or the budget is spent."""
        if len(words) > self._budget:
            return ""
        self._budget -= len(words)
        return nearest(word, words)

    def hint(self, word: str, words: Collection[str]) -> str:
        """The question that names the nearest word; empty when none is near."""
        near = self.nearest(word, words)
        return f"did you mean `{short(near)}`?" if near else ""
