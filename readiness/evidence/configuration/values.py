"""What a value of a setting means: entries of a list, a number, a switch, a severity."""

import re

from readiness.evidence.configuration.documents import Data

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
