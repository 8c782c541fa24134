"""Reads single facts of an object in a health document: its status, how long it took, what it says, when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from readiness_checks.health.words import BAD, DEGRADED, TRUTHS, is_service, standing

STATUS = ("status", "health", "state", "healthy", "ok", "outcome", "overall", "passed", "success")
_TRUTHS_OF_SERVICES = (*TRUTHS, "connected", "reachable", "available", "online", "running", "operational")
_SAID = ("message", "msg", "result", "response", "detail")
_MILLISECONDS = (
    "response_time_ms",
    "latency_ms",
    "duration_ms",
    "time_ms",
    "responseTimeMs",
    "latencyMs",
    "durationMs",
)
_UNITS = {"ms": 1.0, "s": 1000.0, "us": 0.001, "µs": 0.001, "ns": 0.000001}
_TIMES = ("timestamp", "time", "checked_at", "checkedAt", "generated_at", "finishedAt")
_LONGEST = 1e9
"""Milliseconds; a larger number is no latency."""
_MILLISECONDS_SINCE = 1e11
"""A larger number counts milliseconds since 1970, a smaller one seconds."""


def word(data: Mapping[str, Any], name: str = "") -> str:
    """The status of an object; where it gives several, a bad one counts before the first.

    Args:
        data: The object.
        name: What it is called; empty for the whole document.
    """
    held = {key.casefold(): value for key, value in data.items()}
    words: list[str] = []
    for key in STATUS:
        value = held.get(key)
        if isinstance(value, str | bool):
            words.append(spell(value))
        elif isinstance(value, Mapping):  # Spring Boot can nest it: {"status": {"code": "UP"}}
            code = value.get("code")
            words.append(code if isinstance(code, str) else "")
    bad = (word for word in words if standing(word) in BAD | DEGRADED)
    return next(bad, words[0] if words else "") or _truth(held, name)


def _truth(held: Mapping[str, Any], name: str) -> str:
    """What truths say where there is no status: `{"db": {"reachable": true}}`; a false one is told by itself."""
    if any(held.get(key, "") is None for key in STATUS):
        return ""
    keys = _TRUTHS_OF_SERVICES if is_service(name) else TRUTHS
    truths = [held[key] for key in keys if isinstance(held.get(key), bool)]
    return "ok" if truths and all(truths) else ""


def said(data: Mapping[str, Any]) -> str:
    """The word that a document without a status gives as its message: `{"message": "OK"}`."""
    words = (value for key in _SAID if isinstance(value := data.get(key), str))
    return next((word for word in words if standing(word) in {"ok", "healthy", "pong"} | BAD | DEGRADED), "")


def spell(value: str | bool) -> str:  # noqa: FBT001  a value of JSON, not a switch
    """A word or truth as a word."""
    if isinstance(value, bool):
        return "ok" if value else "fail"
    word = value.strip()
    return {"true": "ok", "false": "fail"}.get(word.casefold(), word)  # etcd: {"health": "true"}


def milliseconds(name: str, data: Mapping[str, Any]) -> float | None:
    """How long a component says it took."""
    for key in _MILLISECONDS:
        if (number := _number(data.get(key))) is not None:
            return number
    if name.casefold().endswith((":responsetime", ":latency")):
        number = _number(data.get("observedValue"))
        unit = _UNITS.get(str(data.get("observedUnit", "ms")).lower())
        if number is not None and unit is not None:
            return number * unit
    details = data.get("details", data.get("data"))
    return milliseconds("", details) if isinstance(details, Mapping) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _LONGEST else None


def output(data: Mapping[str, Any]) -> str:
    """What it says about itself."""
    for key in ("output", "error", "message", "description"):
        if isinstance(data.get(key), str):
            return str(data[key])
    return ""


def time(data: Mapping[str, Any]) -> tuple[datetime | None, bool]:
    """When a document was produced, and whether its time lacks an offset."""
    for key in _TIMES:
        value = data.get(key)
        try:
            if isinstance(value, str):
                found = datetime.fromisoformat(value)
                return (found.replace(tzinfo=UTC), True) if found.tzinfo is None else (found.astimezone(UTC), False)
            if isinstance(value, int | float) and not isinstance(value, bool):
                seconds = value / 1000 if value > _MILLISECONDS_SINCE else value
                return datetime.fromtimestamp(seconds, UTC), False
        except (ValueError, OverflowError, OSError):
            continue
    return None, False
