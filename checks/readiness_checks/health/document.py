"""Reads health documents of the usual shapes into one: overall status, components, time, version.

Shapes: an object per component beside `status`; `components` of Spring Boot Actuator; `checks` of the draft
health+json (draft-inadarei-api-health-check-06) and of MicroProfile Health; `entries` of ASP.NET Core; `details`,
`services` and `dependencies` of many others. Whatever says that it is not well counts, at any depth.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from readiness_checks.health.words import BAD, DEGRADED, FAILURES, GOOD, PAST, SETTINGS, is_down, is_service

_LISTINGS = ("components", "checks", "entries", "services", "dependencies")
"""Everything in these is a component."""
_MIXED = ("details", "info", "error")
"""In these only an object with a status is one: Spring Boot keeps other facts in `details`."""
_STATUS = ("status", "health", "state", "healthy", "ok")
_CALLED = ("name", "service", "component", "id", "Name")
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
_TIMES = ("timestamp", "time", "checked_at", "checkedAt", "generated_at")
_DEEPEST = 5
_LONGEST = 1e9
"""Milliseconds; a larger number is no latency."""
_MILLISECONDS_SINCE = 1e11
"""A larger number counts milliseconds since 1970, a smaller one seconds."""


@dataclass(frozen=True)
class Part:
    """One component."""

    name: str
    """Path of names, joined by dots."""
    status: str
    """The word as it was sent; empty when there is none."""
    milliseconds: float | None = None
    output: str = ""
    """What it says about a failure."""

    def answers_to(self, name: str) -> bool:
        """Whether a checklist means this one: by its path, or by the part of it before a colon (health+json)."""
        mine, asked = self.name.casefold(), name.casefold()
        return asked in {mine, mine.partition(":")[0]}


@dataclass(frozen=True)
class Document:
    """What a health endpoint says."""

    status: str
    """Overall word; empty when there is none."""
    parts: tuple[Part, ...] = ()
    time: datetime | None = None
    """When it was produced; a time without an offset is read as UTC."""
    time_without_offset: bool = False
    versions: tuple[str, ...] = ()


def read(data: Mapping[str, Any], asked: frozenset[str] = frozenset()) -> Document:
    """Read a health document.

    Args:
        data: The JSON object.
        asked: Names of components that a checklist asks for: they count even when they are a mere word.
    """
    names = frozenset(name.casefold() for name in asked)
    parts = [*_contained(data, "", _DEEPEST), *_beside(data, "", _DEEPEST, names)]
    time, naive = _time(data)
    versions = tuple(str(data[key]) for key in ("releaseId", "version") if isinstance(data.get(key), str | int | float))
    return Document(_word(data), tuple(dict.fromkeys(parts)), time, naive, versions)


def _contained(data: Mapping[str, Any], prefix: str, depth: int) -> Iterator[Part]:
    """Components in the containers of an object."""
    for container in (*_LISTINGS, *_MIXED):
        held = data.get(container)
        if isinstance(held, Mapping):
            for name, value in held.items():
                if container in _LISTINGS or (isinstance(value, Mapping) and _word(value)):
                    yield from _part(f"{prefix}{name}", value, depth)
        elif isinstance(held, list) and container in _LISTINGS:
            for number, value in enumerate(held):
                if isinstance(value, Mapping):
                    yield from _listed(f"{prefix}{container}.{number}", prefix, value, depth)


def _listed(place: str, prefix: str, value: Mapping[str, Any], depth: int) -> Iterator[Part]:
    """One component of a list: by its name, where it has one; else by its place, if it says how it is."""
    name = next((value[key] for key in _CALLED if isinstance(value.get(key), str)), "")
    if name:
        yield from _part(f"{prefix}{name}", value, depth)
    elif _word(value):
        yield from _part(place, value, depth)
    else:  # [{"db": "down"}]
        yield from _beside(value, prefix, depth)


def _beside(data: Mapping[str, Any], prefix: str, depth: int, asked: frozenset[str] = frozenset()) -> Iterator[Part]:
    """Components that stand beside the status of an object, or in containers with other names.

    Args:
        data: The object.
        prefix: Names above it, each with a dot.
        depth: How far below to look.
        asked: Names, in small letters, that are components whatever they hold.
    """
    switches = SETTINGS.search(prefix.rstrip(".").rpartition(".")[2]) is not None
    for key, value in data.items():
        name, wanted = f"{prefix}{key}", key.casefold() in asked
        nested = key in _STATUS and isinstance(value, Mapping)  # {"status": "ok", "health": {"db": {"status": "down"}}}
        if (key in {*_LISTINGS, *_MIXED, *_STATUS} and not nested) or (PAST.search(key) and not wanted):
            continue
        if isinstance(value, Mapping | list) and value and key.casefold() in FAILURES:
            yield from _failures(name, value)
        elif isinstance(value, Mapping) and (wanted or _is_component(value, anywhere=not (prefix or nested))):
            yield from _part(name, value, depth)
        elif isinstance(value, Mapping) and depth:
            yield from _error(key, name, value)
            yield from (*_contained(value, f"{name}.", depth - 1), *_beside(value, f"{name}.", depth - 1))
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, Mapping) and _is_component(each, anywhere=False):
                    yield from _part(name, each, depth)
        elif isinstance(value, str | bool) and (wanted or is_down(key, value, switches=switches)):
            yield Part(name, _spell(value))


def _error(key: str, name: str, value: Mapping[str, Any]) -> Iterator[Part]:
    """What has no status, and an error: `{"db": {"error": "refused"}}`."""
    error = value.get("error")
    if isinstance(error, str) and error.strip() and is_service(key):
        yield Part(name, "failed", output=error)


def _is_component(data: Mapping[str, Any], *, anywhere: bool) -> bool:
    """Whether an object is one: it has a status, and a known one where it could be anything else."""
    word = _word(data)
    return bool(word) and (anywhere or word.casefold() in GOOD | DEGRADED | BAD)


def _failures(name: str, held: Mapping[str, Any] | list[Any]) -> Iterator[Part]:
    """What is listed as failed, with what is said about it."""
    entries = (
        ((key, value) for key, value in held.items() if _says_failure(value))
        if isinstance(held, Mapping)
        else enumerate(held)
    )
    for key, value in entries:
        called = value.get("name", key) if isinstance(value, Mapping) else value if isinstance(held, list) else key
        said = _output(value) if isinstance(value, Mapping) else value if isinstance(value, str) else ""
        yield Part(f"{name}.{called}", "failed", output="" if said == called else said)


def _says_failure(value: Any) -> bool:
    """Whether something under a name has failed; a number counts what was, and what is empty says nothing."""
    return value is True or isinstance(value, str) or (bool(value) and not isinstance(value, int | float))


def _part(name: str, value: Any, depth: int) -> Iterator[Part]:
    if isinstance(value, list):
        for each in value:
            yield from _part(name, each, depth)
    elif isinstance(value, Mapping):
        yield Part(name, _word(value), _milliseconds(name, value), _output(value))
        if depth:
            yield from (*_contained(value, f"{name}.", depth - 1), *_beside(value, f"{name}.", depth - 1))
    elif isinstance(value, str | bool):
        yield Part(name, _spell(value))


def _word(data: Mapping[str, Any]) -> str:
    """The status of an object; where it gives several, a bad one counts before the first."""
    words: list[str] = []
    for key in _STATUS:
        value = data.get(key)
        if isinstance(value, str | bool):
            words.append(_spell(value))
        elif isinstance(value, Mapping):  # Spring Boot can nest it: {"status": {"code": "UP"}}
            code = value.get("code")
            words.append(code if isinstance(code, str) else "")
    bad = (word for word in words if word.casefold() in BAD | DEGRADED)
    return next(bad, words[0] if words else "")


def _spell(value: str | bool) -> str:  # noqa: FBT001  a value of JSON, not a switch
    if isinstance(value, bool):
        return "ok" if value else "fail"
    word = value.strip()
    return {"true": "ok", "false": "fail"}.get(word.casefold(), word)  # etcd: {"health": "true"}


def _milliseconds(name: str, data: Mapping[str, Any]) -> float | None:
    for key in _MILLISECONDS:
        if (number := _number(data.get(key))) is not None:
            return number
    if name.casefold().endswith((":responsetime", ":latency")):
        number = _number(data.get("observedValue"))
        unit = _UNITS.get(str(data.get("observedUnit", "ms")).lower())
        if number is not None and unit is not None:
            return number * unit
    details = data.get("details", data.get("data"))
    return _milliseconds("", details) if isinstance(details, Mapping) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _LONGEST else None


def _output(data: Mapping[str, Any]) -> str:
    for key in ("output", "error", "message", "description"):
        if isinstance(data.get(key), str):
            return str(data[key])
    return ""


def _time(data: Mapping[str, Any]) -> tuple[datetime | None, bool]:
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
