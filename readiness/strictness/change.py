"""One setting that changed: what it was, what it is, and whether that weakens the policy."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from readiness.untrusted import from_json

Kind = Literal["weakens", "strengthens", "neutral"]


class Absent:
    """Stands for a value that is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


@dataclass(frozen=True)
class SettingChange:
    """A change of one setting."""

    kind: Kind
    code: str
    """Stable, for instance `threshold-lowered`."""
    verb: str
    """What was done to it: `lowers`, `drops`."""
    before: str
    """As it was, written out; empty when it was not there."""
    after: str
    path: str = ""
    """Where it is inside of what is compared: `sources[unit.xml].minimum`."""
    note: str = ""
    """What else a reader has to know."""

    def below(self, step: str) -> "SettingChange":
        """The same, seen from one level above."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return replace(self, path=f"{step}{joint}{self.path}")


def missing(value: Any) -> bool:
    """Whether a setting is not there, or is there without a value."""
    return value is ABSENT or value is None


def respelled(before: Any, after: Any) -> SettingChange:
    """A change that changes nothing."""
    return SettingChange("neutral", "spelled-differently", "spells differently", shown(before), shown(after))


def same(before: Any, after: Any) -> bool:
    """Whether two plain values are the same, in type and content; the order of keys does not count."""
    if before is ABSENT or after is ABSENT:
        return before is after
    return canonical(before) == canonical(after)


def canonical(value: Any) -> str:
    """Write a plain value so that two different ones are never written alike."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=repr)


def shown(value: Any) -> str:
    """Write a plain value for a reader: a text as it is, unless it could be taken for another value."""
    if value is ABSENT:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)
    try:
        from_json(value)
    except ValueError:
        return value or '""'
    return json.dumps(value, ensure_ascii=False)
