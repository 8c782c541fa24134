"""What it means that a parameter changes: which way is stricter, for each kind of parameter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Protocol

from readiness.strictness.change import ABSENT, SettingChange, canonical, same, shown
from readiness.strictness.measures import Measure, number

UNTOLD = "whether that weakens cannot be told"


class Rule(Protocol):
    """Tells how a parameter changed."""

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """What changed between two values; either may be absent. Nothing when both are the same."""
        ...


@dataclass(frozen=True)
class Untold:
    """Nobody can tell which way is stricter: every change counts as a weakening.

    Args:
        default: What stands when it is absent.
        growing: Whether it is stricter to have it than not to have it.
        code: Reason code of a change.
    """

    default: Any = ABSENT
    growing: bool = False
    code: str = "parameter-changed"

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """A change that weakens, if any."""
        one, other = (self.default if value is ABSENT else value for value in (before, after))
        if same(one, other):
            if not same(before, after):
                yield respelled(before, after)
        elif self.growing and one in (ABSENT, None):
            yield SettingChange("strengthens", "requirement-added", "adds", shown(before), shown(after))
        else:
            verb = "drops" if after is ABSENT else "adds" if before is ABSENT else "changes"
            note = "" if self.growing and other in (ABSENT, None) else UNTOLD
            yield SettingChange("weakens", self.code, verb, shown(before), shown(after), note=note)


@dataclass(frozen=True)
class Remark:
    """Words for people: no change of them matters."""

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """A neutral change, if any."""
        if not same(before, after):
            yield SettingChange("neutral", "words-changed", "rewords", shown(before), shown(after))


@dataclass(frozen=True)
class Scale:
    """A number, length of time or date that is compared with what is found.

    Args:
        stricter: 1 when more is stricter, -1 when less is.
        absent: The least and the most that may stand for it when it is absent.
        measure: Puts it on the scale.
    """

    stricter: int
    absent: tuple[float, float]
    measure: Measure = number
    codes: tuple[str, str] = ("threshold-lowered", "threshold-raised")
    """When it weakens, and when it strengthens."""

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """One change, if any."""
        if same(before, after):
            return
        one, other = self._range(before), self._range(after)
        if one is None or other is None or not _comparable(one, other):
            yield from Untold().turns(before, after)
            return
        low, high = one[1], other[1]
        if low == high and (low[0] == low[1] or one[0] is other[0] is None):
            yield respelled(before, after)
            return
        verb = _verb(before, after, sum(high) > sum(low))
        if high[0] >= low[1] if self.stricter > 0 else high[1] <= low[0]:
            yield SettingChange("strengthens", self.codes[1], verb, shown(before), shown(after))
        else:
            yield SettingChange("weakens", self.codes[0], verb, shown(before), shown(after))

    def _range(self, value: Any) -> tuple[str | None, tuple[float, float]] | None:
        if value is ABSENT or value is None:
            return None, self.absent
        measured = self.measure(value)
        return None if measured is None else (measured[0], (measured[1], measured[1]))


def at_least(absent: float | tuple[float, float], measure: Measure = number) -> Scale:
    """More is stricter."""
    return Scale(1, absent if isinstance(absent, tuple) else (absent, absent), measure)


def at_most(absent: float = inf, measure: Measure = number) -> Scale:
    """Less is stricter; unbounded when absent."""
    return Scale(-1, (absent, absent), measure, ("limit-raised", "limit-lowered"))


@dataclass(frozen=True)
class Ordered:
    """One of a few words, the strictest last; one that is not among them cannot be compared."""

    words: tuple[Any, ...]
    default: Any = ABSENT

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """One change, if any."""
        one, other = (self.default if value in (ABSENT, None) else value for value in (before, after))
        if same(one, other):
            if not same(before, after):
                yield respelled(before, after)
            return
        ranks = [next((n for n, word in enumerate(self.words) if same(word, value)), None) for value in (one, other)]
        if ranks[0] is None or ranks[1] is None:
            yield from Untold().turns(before, after)
        elif ranks[0] < ranks[1]:
            yield SettingChange("strengthens", "level-raised", "tightens", shown(before), shown(after))
        else:
            yield SettingChange("weakens", "level-lowered", "loosens", shown(before), shown(after))


@dataclass(frozen=True)
class Several:
    """One text or a list of them, in which order does not count.

    Args:
        growing: Whether more of them is stricter (what is required), or fewer (what is excepted).
        default: What stands when it is absent; None when that cannot be said as a list.
    """

    growing: bool
    default: tuple[Any, ...] | None = ()

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """What was taken away, and what was added."""
        if same(before, after):
            return
        one, other = self._listed(before), self._listed(after)
        if one is None or other is None:
            absent = (before in (ABSENT, None)) is (after in (ABSENT, None)) is True
            yield from [respelled(before, after)] if absent else Untold().turns(before, after)
            return
        gone = [entry for key, entry in one.items() if key not in other]
        new = [entry for key, entry in other.items() if key not in one]
        if gone:
            yield _less(self.growing, "drops entries of", shown(gone))
        if new:
            yield _more(self.growing, "adds entries to", shown(new))
        if not gone and not new:
            yield respelled(before, after)

    def _listed(self, value: Any) -> dict[str, Any] | None:
        if value in (ABSENT, None):
            value = None if self.default is None else list(self.default)
        if isinstance(value, str | int):
            value = [value]
        return {canonical(entry): entry for entry in value} if isinstance(value, list) else None


@dataclass(frozen=True)
class Fields:
    """A map whose keys are known; a key without a rule cannot be judged."""

    rules: Mapping[str, Rule]
    read: Callable[[Any], Any] = field(default=lambda value: value)
    """Turns a shorter spelling into the map."""

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """What changed in it."""
        if same(before, after):
            return
        one, other = (self.read({} if value in (ABSENT, None) else value) for value in (before, after))
        if not isinstance(one, dict) or not isinstance(other, dict):
            yield from Untold().turns(before, after)
            return
        found = False
        for name in dict.fromkeys((*one, *other)):
            for turn in self.rules.get(name, Untold()).turns(one.get(name, ABSENT), other.get(name, ABSENT)):
                found = True
                yield turn.below(name)
        if not found:
            yield respelled(before, after)


@dataclass(frozen=True)
class Named:
    """Entries under names of their own: maps in a list that some of their fields name, or values in a map.

    Args:
        growing: Whether one entry more is stricter.
        entry: How an entry changes.
        by: For a list of maps: the fields that name an entry.
        read: Turns a shorter spelling into a map by name.
    """

    growing: bool
    entry: Rule
    by: tuple[str, ...] = ()
    read: Callable[[Any], Any] = field(default=lambda value: value)

    def turns(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """What was dropped, added and changed."""
        if same(before, after):
            return
        one, other = self._entries(before), self._entries(after)
        if one is None or other is None:
            yield from Untold().turns(before, after)
            return
        turns = [turn for name in dict.fromkeys((*one, *other)) for turn in self._turns(name, one, other)]
        yield from turns or [respelled(before, after)]

    def _turns(self, name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[SettingChange]:
        step = f"[{name}]"
        if name not in other:
            yield _less(self.growing, "drops", shown(one[name])).below(step)
        elif name not in one:
            yield _more(self.growing, "adds", shown(other[name])).below(step)
        else:
            for turn in self.entry.turns(one[name], other[name]):
                yield turn.below(step)

    def _entries(self, value: Any) -> dict[str, Any] | None:
        """Entries by name; None when they cannot be told apart."""
        if value in (ABSENT, None):
            return {}
        if not self.by:
            value = self.read(value)
            return value if isinstance(value, dict) else None
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            return None
        named = {", ".join(str(entry[key]) for key in self.by if key in entry): entry for entry in value}
        return named if len(named) == len(value) else None


def by_name(value: Any) -> Any:
    """Read a name, or a list of names, as a map without values."""
    names = [value] if isinstance(value, str) else value
    return dict.fromkeys(map(str, names)) if isinstance(names, list) else names


def respelled(before: Any, after: Any) -> SettingChange:
    """A change that changes nothing."""
    return SettingChange("neutral", "spelled-differently", "spells differently", shown(before), shown(after))


def _less(growing: bool, verb: str, before: str) -> SettingChange:  # noqa: FBT001 - a field of a rule
    if growing:
        return SettingChange("weakens", "requirement-dropped", verb, before, "")
    return SettingChange("strengthens", "exception-dropped", verb, before, "")


def _more(growing: bool, verb: str, after: str) -> SettingChange:  # noqa: FBT001 - a field of a rule
    if growing:
        return SettingChange("strengthens", "requirement-added", verb, "", after)
    return SettingChange("weakens", "exception-added", verb, "", after)


def _verb(before: Any, after: Any, more: bool) -> str:  # noqa: FBT001 - one fact about two numbers
    if before is ABSENT:
        return "adds"
    if after is ABSENT:
        return "drops"
    return "raises" if more else "lowers"


def _comparable(one: tuple[str | None, Any], other: tuple[str | None, Any]) -> bool:
    return one[0] is None or other[0] is None or one[0] == other[0]
