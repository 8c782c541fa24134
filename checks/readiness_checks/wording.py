"""Writes numbers with their nouns, for the sentences of outcomes."""


def count(number: int, noun: str) -> str:
    """A number and its noun, in the plural where English asks for it: `1 file`, `2 files`, `0 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
