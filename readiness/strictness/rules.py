"""Which way a single setting is stricter, as plain data that a worker process sends and the engine compares by."""

from collections.abc import Iterator
from math import inf
from typing import Any, Literal, Self

from pydantic import JsonValue

from readiness.outcome import Value
from readiness.strictness.change import ABSENT, SettingChange, missing, respelled, same, shown
from readiness.strictness.measures import MEASURES, MeasureName

NO_DIRECTION = "which way is stricter is not known"
_Range = tuple[str | None, tuple[float, float]]
"""Unit, None for an absent value; the least and the most that the value may stand for."""


class Undirected(Value):
    """Which way is stricter is not known: every change weakens."""

    kind: Literal["undirected"] = "undirected"
    has_default: bool = False
    default: JsonValue = None
    """What stands where it is absent, if `has_default`."""
    given_is_stricter: bool = False
    """Whether it is stricter to have it than not to have it."""
    code: Literal["parameter-changed", "command-changed"] = "parameter-changed"
    names: Literal["", "trusted_file", "command_line", "evidence_files"] = ""
    """What it names: a file or folder that others are judged by, scripts in a command, or files of evidence."""
    folder: str = ""
    """For a command line: the parameter that names the folder it runs in."""
    null_counts: bool = False
    """Whether null is a value of its own, and no other way to leave it out."""

    def with_default(self, value: JsonValue) -> Self:
        """Let this value stand where the setting is absent; null does not where it is a value of its own."""
        if self.null_counts and value is None:
            return self
        return self.model_copy(update={"has_default": True, "default": value})

    def changes(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """Compare two values, either of which may be `ABSENT`."""
        default: Any = self.default if self.has_default else ABSENT
        old, new = (default if value is ABSENT else value for value in (before, after))
        if same(old, new):
            if not same(before, after):
                yield respelled(before, after)
        elif self.given_is_stricter and self._left_out(old):
            yield SettingChange("strengthens", "requirement-added", "adds", shown(before), shown(after))
        else:
            verb = "drops" if after is ABSENT else "adds" if before is ABSENT else "changes"
            note = "" if self.given_is_stricter and self._left_out(new) else NO_DIRECTION
            yield SettingChange("weakens", self.code, verb, shown(before), shown(after), note=note)

    def _left_out(self, value: Any) -> bool:
        return value is ABSENT if self.null_counts else missing(value)


class Irrelevant(Value):
    """No change of it matters: words for people."""

    kind: Literal["irrelevant"] = "irrelevant"

    def with_default(self, value: JsonValue) -> Self:  # noqa: ARG002 - a default of words matters as little
        """Itself."""
        return self

    def changes(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """Compare two values, either of which may be `ABSENT`."""
        if not same(before, after):
            yield SettingChange("neutral", "words-changed", "rewords", shown(before), shown(after))


class Scale(Value):
    """A number, length of time or date: a threshold (higher is stricter) or a limit (lower is stricter)."""

    kind: Literal["scale"] = "scale"
    stricter: Literal["higher", "lower"]
    measure: MeasureName = "number"
    absent: tuple[float, float] | None = None
    """The least and the most that may stand for it where it is absent, in its measure; None for no limit at all."""

    def with_default(self, value: JsonValue) -> Self:
        """Let this value stand where the setting is absent; null leaves it as it is.

        Raises:
            ValueError: It cannot be measured.
        """
        if value is None:
            return self
        measured = MEASURES[self.measure](value)
        if measured is None:
            raise ValueError(f"the default {shown(value)} cannot be measured as {self.measure}")
        return self.model_copy(update={"absent": (measured[1], measured[1])})

    def changes(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """Compare two values, either of which may be `ABSENT`."""
        if same(before, after):
            return
        old, new = self._range(before), self._range(after)
        if old is None or new is None or not _comparable(old, new):
            yield from Undirected().changes(before, after)
            return
        low, high = old[1], new[1]
        if low == high and (low[0] == low[1] or old[0] is new[0] is None):
            yield respelled(before, after)
            return
        higher = self.stricter == "higher"
        verb = _verb(before, after, more=sum(high) > sum(low))
        if high[0] >= low[1] if higher else high[1] <= low[0]:
            code = "threshold-raised" if higher else "limit-lowered"
            yield SettingChange("strengthens", code, verb, shown(before), shown(after))
        else:
            code = "threshold-lowered" if higher else "limit-raised"
            yield SettingChange("weakens", code, verb, shown(before), shown(after))

    def _range(self, value: Any) -> _Range | None:
        if missing(value):
            unlimited = -inf if self.stricter == "higher" else inf
            return None, self.absent or (unlimited, unlimited)
        measured = MEASURES[self.measure](value)
        return None if measured is None else (measured[0], (measured[1], measured[1]))


class Ordered(Value):
    """One of a few words. One that is not among them cannot be compared."""

    kind: Literal["ordered"] = "ordered"
    words: tuple[JsonValue, ...]
    """The strictest last."""
    default: JsonValue = None
    """What stands where it is absent."""
    folded: bool = False
    """Whether case does not count."""

    def with_default(self, value: JsonValue) -> Self:
        """Let this value stand where the setting is absent."""
        return self.model_copy(update={"default": value})

    def changes(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """Compare two values, either of which may be `ABSENT`."""
        old, new = (self._folded(self.default if missing(value) else value) for value in (before, after))
        if same(old, new):
            if not same(before, after):
                yield respelled(before, after)
            return
        ranks = [
            next((n for n, word in enumerate(self.words) if same(self._folded(word), value)), None)
            for value in (old, new)
        ]
        if ranks[0] is None or ranks[1] is None:
            yield from Undirected().changes(before, after)
        elif ranks[0] < ranks[1]:
            yield SettingChange("strengthens", "level-raised", "tightens", shown(before), shown(after))
        else:
            yield SettingChange("weakens", "level-lowered", "loosens", shown(before), shown(after))

    def _folded(self, value: Any) -> Any:
        return value.lower() if self.folded and isinstance(value, str) else value


def _verb(before: Any, after: Any, *, more: bool) -> str:
    if before is ABSENT:
        return "adds"
    if after is ABSENT:
        return "drops"
    return "raises" if more else "lowers"


def _comparable(old: _Range, new: _Range) -> bool:
    """Whether two values have one unit; what stands for an absent value has that of the other."""
    return old[0] is None or new[0] is None or old[0] == new[0]
