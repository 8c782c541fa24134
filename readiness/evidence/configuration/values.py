"""What a value of a setting means, and which of two is looser: numbers, switches, severities, levels, lists, options."""

import re
from collections.abc import Callable
from operator import lt

from readiness.evidence.configuration.documents import Data
from readiness.evidence.configuration.javascript import Several
from readiness.evidence.configuration.options import looser_options
from readiness.evidence.configuration.tools import LIST, WORDS, Rule

TRUE = {"true", "yes", "on", "1"}
OFF = {"false", "no", "off", "0", "none", "", "disable", "disabled", "pending"}
_SEVERITIES = {
    "off": 0, "none": 0, "ignore": 0, "allow": 0, "false": 0, "0": 0, "0.0": 0, "silent": 0, "disabled": 0, "hidden": 0,
    "disable": 0, "suppress": 0, "info": 1, "suggestion": 1, "information": 1, "warn": 2, "warning": 2, "1": 2,
         "1.0": 2,
    "on": 3, "true": 3, "error": 3, "deny": 3, "2": 3, "2.0": 3, "forbid": 4,
}  # fmt: skip
_UNITS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}
_MAX_LEVEL = 99.0
"""What phpstan calls `max`."""
_MOST = 200


def entries(value: Data, split: str) -> tuple[str, ...]:
    """The entries of a list, or of a text that stands for one."""
    if value is None or value is True or value is False:
        return ()
    if isinstance(value, dict):
        return tuple(map(str, value))
    if isinstance(value, list):
        texts = [str(one).strip() for one in value if not isinstance(one, dict)]
        return tuple(part for one in texts for part in (re.split(split, one) if ";" in split else [one]))
    lines = (re.sub(r"(?:^|\s)[#;](?=\s|$).*|^;.*|\s#.*", "", line) for line in str(value).split("\n"))
    return tuple(part.strip() for part in re.split(split, "\n".join(lines)) if part.strip())


def listed(value: Data) -> list[Data]:
    """A value as a list: itself, where it is one."""
    return value if isinstance(value, list) else [value]


def number_in(value: Data) -> float | None:
    """The number of a value; of a list, the sum."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, list):
        return sum(number_in(one) or 0 for one in value) if value else None
    if str(value).lower() == "max":
        return _MAX_LEVEL
    match = re.search(r"(-?\d+(?:\.\d+)?)\s*([kmg](?=i?b\b))?", str(value), re.IGNORECASE)
    return float(match[1]) * _UNITS[(match[2] or "").lower()] if match else None


def truth(value: Data, default: Data) -> bool:
    """Whether a switch is on."""
    if value is None:
        value = default
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        return value.strip().lower() not in OFF
    return bool(value)


def severity(value: Data) -> int | None:
    """How severe a tool takes a rule, from 0 for off; None where that is not known."""
    if isinstance(value, list):
        value = value[0] if value else None
    return _SEVERITIES.get(str(value).strip().lower())


def shown(value: Data) -> str:
    """A value as it is named in a sentence, on one line."""
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(text.split())[:_MOST]


_MODES = {"off": 0, "none": 0, "basic": 1, "default": 1, "fast": 1, "minimum": 2, "standard": 2, "recommended": 3,
          "strict": 4, "all": 5, "lax": 0, "disable": 6,
          "class": 0, "method": 1, "line": 2, "instruction": 3, "branch": 3, "complexity": 3}  # fmt: skip
_BOUNDS = re.compile(r"max|complexity|depth")
"""Names of rules whose number is a bound."""
_LEVELS = {"info": 0, "low": 1, "minor": 1, "moderate": 2, "medium": 2, "warning": 2, "warn": 2, "major": 3, "high": 3,
           "error": 3, "critical": 4, "blocker": 4, "none": 5, "never": 5, "off": 5}  # fmt: skip
"""From which level on a tool fails."""


def _number(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (number_in(value if value is not None else rule.default) for value in (before, after))
    if (
        rule.way in {"at_least", "targets"}
        and (was or 0) > (is_ or 0)
        and not (rule.way == "targets" and after is not None and is_ is None)
    ):
        return f"lowers `{name}`"
    if rule.way == "at_most" and was is not None and (is_ is None or is_ > was):
        return f"raises `{name}`"
    return ""


def _switch(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = truth(before, rule.default), truth(after, rule.default)
    strict = rule.way == "strict"
    return f"switches `{name}` {'off' if strict else 'on'}" if was != is_ and was == strict else ""


def _lowered(rule: Rule, name: str, before: Data, after: Data) -> str:
    if isinstance(before, Several) or isinstance(after, Several):
        return _lowered_somewhere(name, before, after)
    before, after = (rule.default if one is None else one for one in (before, after))
    was, is_ = severity(before), severity(after)
    if before is None:
        return f"switches `{name}` off" if is_ == 0 else ""
    if after is None:
        return f"removes `{name}`" if was is not None and was > 1 else ""
    if was == is_ and isinstance(before, list) and isinstance(after, list) and _BOUNDS.search(name):
        return _limit(rule, name, before[1:], after[1:])
    return f"lowers `{name}`" if was is not None and is_ is not None and is_ < was else ""


def _limit(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (
        max((number for one in listed(value) if (number := number_in(one)) is not None), default=None)
        for value in (before, after)
    )
    return f"raises `{name}`" if was is not None and is_ is not None and is_ > was else ""


def _lowered_somewhere(name: str, before: Data, after: Data) -> str:
    """Of a rule that several objects of a list name."""
    every = [one if isinstance(one, Several) else [one] for one in (before, after)]
    was, is_ = (sorted(filter(None, map(severity, one))) for one in every)
    fewer = len(is_) < len(was) and max(was, default=0) > 1
    lower = len(is_) == len(was) and any(new < old for old, new in zip(was, is_, strict=True))
    off = [sum(severity(one) == 0 for one in side) for side in every]
    return f"lowers `{name}`" if fewer or lower or (off[1] > off[0] and before is not None) else ""


def _options(rule: Rule, name: str, before: Data, after: Data) -> str:
    tool = name.split(".")[1] if name.startswith("hooks.") else str(rule.default or "pytest")
    before, after = (" ".join(map(str, one)) if isinstance(one, list) else str(one or "") for one in (before, after))
    found = "; ".join(looser_options(f"{tool} {before}", f"{tool} {after}"))
    return f"`{name}` {found}" if found else ""


def _kept(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"removes `{name}`" if before is not None and after is None else ""


def _changed(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"changes `{name}`" if before is not None and after is not None else ""


def _fewer(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = entries(before, rule.split), entries(after, rule.split)
    return (
        f"`{name}` no longer has {shown(next(one for one in was if one not in is_))}"
        if len(is_) < len(set(was))
        else ""
    )


def _warnings(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = entries(before, rule.split), entries(after, rule.split)
    strict = [one for one in was if one.startswith("error")]
    gone = [one for one in strict if one not in is_]
    if gone:
        return f"`{name}` no longer has {shown(gone[0])}"
    more = [one for one in is_ if one.startswith(("ignore", "default")) and one not in was]
    return f"`{name}` leaves out {shown(more[0])}" if strict and more else ""


def _mode(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (rule.default if one is None else one for one in (before, after))
    old, new = ([_MODES.get(str(one).lower(), 2) for one in listed(side)] for side in (was, is_))
    return f"lowers `{name}`" if len(new) == len(old) and any(map(lt, new, old)) else ""


def _narrows(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"narrows `{name}` to {shown(after)}" if after not in (None, "", []) and before != after else ""


def _appears(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"`{name.rpartition('.')[0]}` is new" if before is None and after is not None else ""


def _firm(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (_LEVELS.get(str(one[0] if isinstance(one, list) and one else one).lower()) for one in (before, after))
    if was is not None and is_ is not None:
        return f"raises `{name}`" if is_ > was else ""
    if before is not None and after is None and truth(before, default=None):
        return f"removes `{name}`"
    return _switch(rule._replace(way="strict"), name, before, after)


def _manual(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = ("manual" in entries(one, WORDS) for one in (before, after))
    return f"runs `{name}` only by hand" if is_ and not was else ""


def _any_true(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = ([one for one in entries(value, LIST) if one.lower() in TRUE] for value in (before, after))
    return f"switches `{name}` on" if len(is_) > len(was) else ""


def _all_true(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = ([one for one in entries(value, LIST) if one.lower() in OFF] for value in (before, after))
    return f"switches `{name}` off" if len(is_) > len(was) else ""


WAYS: dict[str, Callable[[Rule, str, Data, Data], str]] = {
    "at_least": _number, "at_most": _number, "targets": _number, "strict": _switch, "loose": _switch,
    "any_true": _any_true, "all_true": _all_true, "severity": _lowered, "options": _options, "kept": _kept,
    "warnings": _warnings, "fewer": _fewer, "changed": _changed, "modes": _mode, "manual": _manual,
    "narrows": _narrows, "appears": _appears, "firm": _firm, "limit": _limit,
}  # fmt: skip
