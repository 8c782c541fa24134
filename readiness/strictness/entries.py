"""Which way a list is stricter: with more entries, or with fewer."""

import re
from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import JsonValue

from readiness.outcome import Value
from readiness.strictness.change import SettingChange, canonical, missing, respelled, same, shown
from readiness.strictness.rules import Undirected


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
        if gone:
            yield fewer(self.stricter, "drops entries of", shown(gone))
        if added:
            yield more(self.stricter, "adds entries to", shown(added))
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
