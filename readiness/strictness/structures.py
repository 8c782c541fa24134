"""Which way settings that hold others are stricter: lists, maps of known fields, and entries under their own names."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue

from readiness.outcome import Value
from readiness.strictness.change import ABSENT, SettingChange, canonical, missing, respelled, same, shown
from readiness.strictness.rules import Irrelevant, Ordered, Scale, Undirected

_OTHER: dict[Literal["more", "fewer"], Literal["more", "fewer"]] = {"more": "fewer", "fewer": "more"}


class Entries(Value):
    """A list in which order does not count; one entry may be written alone."""

    kind: Literal["entries"] = "entries"
    stricter: Literal["more", "fewer"]
    """`more` for what is required, `fewer` for what is excepted."""
    default: tuple[JsonValue, ...] | None = ()
    """What stands where it is absent; None when no list can say that."""
    stated: bool = False
    """Whether the declaration itself says what stands where it is absent, and not the default of the field."""
    unless: tuple[str, ...] | None = None
    """For `fewer`: where it is absent, anything is allowed but what one of these regular expressions finds."""
    folded: bool = False
    """Whether neither case nor white space around an entry counts."""
    weakest: str = ""
    """A word that may stand in place of the list, and is laxer than any list and than none."""
    exceptions: str = ""
    """How entries begin that except something of the others: fewer of them are stricter."""

    def with_default(self, value: JsonValue) -> Self:
        """Let this value stand where the setting is absent: null requires nothing, and excepts anything."""
        if self.stated or self.unless is not None:
            return self
        default: tuple[JsonValue, ...] | None = tuple(value) if isinstance(value, list) else (value,)
        if value is None:
            default = () if self.stricter == "more" else None
        return self.model_copy(update={"default": default})

    def changes(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """Compare two values, either of which may be `ABSENT`."""
        if same(before, after):
            return
        if self.unless is not None and missing(before) != missing(after):
            yield self._limited(before, after)
            return
        if self.weakest and self.weakest in (before, after):
            if before == self.weakest:
                yield SettingChange("strengthens", "requirement-added", "changes", shown(before), shown(after))
            else:
                yield SettingChange("weakens", "requirement-dropped", "changes", shown(before), shown(after))
            return
        old, new = self._listed(before), self._listed(after)
        if old is None or new is None:
            both = missing(before) and missing(after)
            yield from [respelled(before, after)] if both else Undirected().changes(before, after)
            return
        gone = [entry for key, entry in old.items() if key not in new]
        added = [entry for key, entry in new.items() if key not in old]
        for stricter, excepts in ((self.stricter, False), (_OTHER[self.stricter], True)):
            fewer_of, more_of = ([one for one in some if self._excepts(one) == excepts] for some in (gone, added))
            if fewer_of:
                yield fewer(stricter, "drops entries of", shown(fewer_of))
            if more_of:
                yield more(stricter, "adds entries to", shown(more_of))
        if not gone and not added:
            yield respelled(before, after)

    def _limited(self, before: Any, after: Any) -> SettingChange:
        """Compare a list with none at all."""
        new = self._listed(after)
        if missing(after):
            return SettingChange("weakens", "requirement-dropped", "drops", shown(before), "")
        bad = [entry for entry in (new or {}).values() if self._is_excepted(entry)]
        if new is None or bad:
            return more("fewer", "adds entries to", shown(bad or after))
        return SettingChange("strengthens", "requirement-added", "adds", "", shown(after))

    def _excepts(self, entry: Any) -> bool:
        return bool(self.exceptions) and isinstance(entry, str) and entry.startswith(self.exceptions)

    def _is_excepted(self, entry: Any) -> bool:
        return any(re.search(pattern, str(entry), re.IGNORECASE) for pattern in self.unless or ())

    def _listed(self, value: Any) -> dict[str, Any] | None:
        if missing(value):
            value = None if self.default is None else list(self.default)
        if isinstance(value, str | int):
            value = [value]
        return {canonical(self._folded(entry)): entry for entry in value} if isinstance(value, list) else None

    def _folded(self, entry: Any) -> Any:
        return entry.strip().casefold() if self.folded and isinstance(entry, str) else entry


def fewer(stricter: Literal["more", "fewer"], verb: str, before: str) -> SettingChange:
    """Entries that were taken away."""
    if stricter == "more":
        return SettingChange("weakens", "requirement-dropped", verb, before, "")
    return SettingChange("strengthens", "exception-dropped", verb, before, "")


def more(stricter: Literal["more", "fewer"], verb: str, after: str) -> SettingChange:
    """Entries that were added."""
    if stricter == "more":
        return SettingChange("strengthens", "requirement-added", verb, "", after)
    return SettingChange("weakens", "exception-added", verb, "", after)


class Fields(Value):
    """A map whose keys are known; of any other key it is not known which way is stricter."""

    kind: Literal["fields"] = "fields"
    rules: dict[str, "Rule"] = {}
    alone: str = ""
    """The field that a text, whole number or list stands for, where it is written instead of the map."""
    words: dict[str, JsonValue] = {}
    """Words that stand for a whole map."""
    default: JsonValue = None
    """What stands where it is absent; null for an empty map."""

    def with_default(self, value: JsonValue) -> Self:
        """Let this value stand where the setting is absent."""
        return self.model_copy(update={"default": value})

    def written_out(self, value: Any) -> Any:
        """The map that a value stands for."""
        if missing(value):
            return self.default or {}
        if isinstance(value, str) and value in self.words:
            return self.words[value]
        return {self.alone: value} if self.alone and isinstance(value, str | int | list) else value

    def changes(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """Compare two values, either of which may be `ABSENT`."""
        if same(before, after):
            return
        old, new = self.written_out(before), self.written_out(after)
        if not isinstance(old, dict) or not isinstance(new, dict):
            yield from Undirected().changes(before, after)
            return
        found = [
            change.below(name)
            for name in dict.fromkeys((*old, *new))
            for change in self.rules.get(name, Undirected()).changes(old.get(name, ABSENT), new.get(name, ABSENT))
        ]
        yield from found or [respelled(before, after)]


class NamedEntries(Value):
    """Entries under names of their own: in a list of maps, or in a map. A list of names is a map without values."""

    kind: Literal["named_entries"] = "named_entries"
    stricter: Literal["more", "fewer"]
    """`more` for what is required, `fewer` for what is excepted."""
    by: tuple[str, ...] = ()
    """For a list of maps: the fields that name an entry."""
    entry: "Rule | None" = None
    """Compares two entries of one name; None when it is not known which way is stricter."""
    default: JsonValue = None
    """What stands where it is absent; null for no entries."""
    unnamed: JsonValue = None
    """How what is not named is judged all the same, as an entry; null when it is not judged at all."""

    def with_default(self, value: JsonValue) -> Self:
        """Let this value stand where the setting is absent."""
        return self.model_copy(update={"default": value})

    def changes(self, before: Any, after: Any) -> Iterator[SettingChange]:
        """Compare two values, either of which may be `ABSENT`."""
        if same(before, after):
            return
        old, new = self.entries(before), self.entries(after)
        if old is None or new is None:
            yield from Undirected().changes(before, after)
            return
        found = [change for name in dict.fromkeys((*old, *new)) for change in self._changes(name, old, new)]
        yield from found or [respelled(before, after)]

    def _changes(self, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[SettingChange]:
        step = f"[{name}]"
        if name not in new:
            yield fewer(self.stricter, "drops", shown(old[name])).below(step)
        elif name not in old:
            yield more(self.stricter, "adds", shown(new[name])).below(step)
            # what was judged as all that is not named may be judged less strictly by an entry of its own
            if self.unnamed is not None and self.entry is not None:
                found = self.entry.changes(self.unnamed, new[name])
                yield from (change.below(step) for change in found if change.kind == "weakens")
        else:
            entry = Undirected() if self.entry is None else self.entry
            for change in entry.changes(old[name], new[name]):
                yield change.below(step)

    def entries(self, value: Any) -> dict[str, Any] | None:
        """Entries by name; None when they have none, or two have the same."""
        if missing(value):
            value = self.default or []
        if self.by:
            return self._by_fields(value)
        if isinstance(value, str):
            value = [value]
        named = dict.fromkeys(map(str, value)) if isinstance(value, list) else value
        if not isinstance(named, dict) or not isinstance(self.entry, Fields):
            return named if isinstance(named, dict) else None
        return {name: self.entry.written_out(entry) for name, entry in named.items()}

    def _by_fields(self, value: Any) -> dict[str, Any] | None:
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            return None
        named = {", ".join(str(entry[key]) for key in self.by if key in entry): entry for entry in value}
        return named if len(named) == len(value) else None


Rule = Annotated[
    Undirected | Irrelevant | Scale | Ordered | Entries | Fields | NamedEntries, Field(discriminator="kind")
]
"""Any of them, as it is sent."""
Fields.model_rebuild()
NamedEntries.model_rebuild()
