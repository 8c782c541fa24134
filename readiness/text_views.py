"""A text that another one says, which knows where in that one each of its characters stands."""

from collections.abc import Sequence
from dataclasses import dataclass

GAP = "\0"
"""What stands for a part that is left out."""


@dataclass(frozen=True, slots=True)
class View:
    """A text, and for each of its characters where in the original what stands for it begins and ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def whole(text: str) -> View:
    """A text as it is."""
    return View(text, range(len(text)), range(1, len(text) + 1))


class Writer:
    """Writes a view of what another view says."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.text = view.text
        """Of which parts are written."""
        self._said: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def copy(self, start: int, end: int) -> None:
        """Take a part as it is."""
        self._said.append(self._view.text[start:end])
        self._starts.extend(self._view.starts[start:end])
        self._ends.extend(self._view.ends[start:end])

    def between(self, start: int, end: int, around: int) -> None:
        """Take what is between two parts; only its begin and its end when it is long."""
        kept = around if start else 0
        if end - start > kept + around:
            self.copy(start, start + kept)
            start = end - around
            self.say(GAP, start - 1, start)
        self.copy(start, end)

    def say(self, said: str, start: int, end: int) -> None:
        """What a part stands for."""
        self._said.append(said)
        self._starts.extend([self._view.starts[start]] * len(said))
        self._ends.extend([self._view.ends[end - 1]] * len(said))

    def spell(self, said: str, encoding: str, parts: Sequence[tuple[int, int]]) -> None:
        """What bytes say, as a line; with the part that each of them stands for."""
        at = 0
        for char in said:
            behind = at + len(char.encode(encoding))
            self.say(char, parts[at][0], parts[behind - 1][1])
            at = behind
        if parts:
            self.say("\n", *parts[-1])

    def done(self) -> View | None:
        """What was written; None when it is nothing."""
        text = "".join(self._said)
        return View(text, self._starts, self._ends) if text else None
