"""Reads health documents of the usual shapes into one: overall status, components, time, version.

Shapes: an object per component beside `status`; `components` of Spring Boot Actuator; `checks` of the draft
health+json (draft-inadarei-api-health-check-06) and of MicroProfile Health; `entries` of ASP.NET Core; `details`,
`services` and `dependencies` of many others. Whatever says that it is not well counts, at any depth.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from readiness_checks.health import facts
from readiness_checks.health.facts import STATUS, spell, word
from readiness_checks.health.words import (
    FAILURES,
    GOOD,
    HEALTHY,
    KNOWN,
    PAST,
    SETTINGS,
    is_down,
    is_service,
    is_up,
    standing,
)

_LISTINGS = ("components", "checks", "entries", "services", "dependencies")
"""Everything in these is a component."""
_MIXED = ("details", "info", "error")
"""In these only an object with a status is one: Spring Boot keeps other facts in `details`."""
_CALLED = ("name", "key", "service", "component", "checker", "id")
_DEEPEST = 5


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
    speaks_by_parts: bool = False
    """Whether it has no place for an overall word, and says by its components that it is well."""


def read(data: Mapping[str, Any], asked: frozenset[str] = frozenset()) -> Document:
    """Read a health document.

    Args:
        data: The JSON object.
        asked: Names of components that a checklist asks for: they count even when they are a mere word.
    """
    names = frozenset(name.casefold() for name in asked)
    overall = word(data)
    alone = not overall and all(isinstance(data.get(key, {}), Mapping) for key in STATUS)
    parts = [*_contained(data, "", _DEEPEST), *_beside(data, "", _DEEPEST, _Manner(names, alone=alone))]
    if alone and not parts:
        overall = facts.said(data)
    time, naive = facts.time(data)
    versions = tuple(str(data[key]) for key in ("releaseId", "version") if isinstance(data.get(key), str | int | float))
    by_parts = alone and not overall and any(map(_is_evidence, parts))
    return Document(overall, tuple(dict.fromkeys(parts)), time, naive, versions, by_parts)


def _is_evidence(part: Part) -> bool:
    """Whether a component that is well tells of health: orders, jobs and people can be `running` and `online`, too."""
    status = standing(part.status)
    return status in HEALTHY or (status in GOOD and is_service(part.name))


def _contained(data: Mapping[str, Any], prefix: str, depth: int) -> Iterator[Part]:
    """Components in the containers of an object."""
    for container in (*_LISTINGS, *_MIXED):
        held, all_are = data.get(container), container in _LISTINGS
        if isinstance(held, Mapping):
            for name, value in held.items():
                if all_are or _says_status(name, value):
                    yield from _part(f"{prefix}{name}", value, depth)
        elif isinstance(held, list):
            for number, value in enumerate(held):
                if isinstance(value, Mapping) and (all_are or _is_component(value, "", anywhere=False)):
                    yield from _listed(f"{prefix}{container}.{number}", prefix, value, depth)


def _says_status(name: str, value: Any) -> bool:
    """Whether something among other facts is a component: an object with a status, or a list of such."""
    if isinstance(value, list):
        return any(isinstance(each, Mapping) and _is_component(each, name, anywhere=False) for each in value)
    return isinstance(value, Mapping) and bool(word(value, name))


def _called(value: Mapping[str, Any]) -> str:
    """The name that an entry of a list gives itself."""
    held = {key.casefold(): each for key, each in value.items()}
    return next((held[key] for key in _CALLED if isinstance(held.get(key), str)), "")


def _listed(place: str, prefix: str, value: Mapping[str, Any], depth: int) -> Iterator[Part]:
    """One component of a list: by its name, where it has one; else by its place, if it says how it is."""
    name = _called(value)
    if name:
        yield from _part(f"{prefix}{name}", value, depth)
    elif word(value):
        yield from _part(place, value, depth)
    else:  # [{"db": "down"}]
        yield from _beside(value, prefix, depth)


@dataclass(frozen=True)
class _Manner:
    """How to read what stands beside a status."""

    asked: frozenset[str] = frozenset()
    """Names, in small letters, that are components whatever they hold."""
    alone: bool = False
    """Whether there is no overall status, so that words and truths are all that is said."""


def _beside(data: Mapping[str, Any], prefix: str, depth: int, manner: _Manner = _Manner()) -> Iterator[Part]:
    """Components that stand beside the status of an object, or in containers with other names.

    Args:
        data: The object.
        prefix: Names above it, each with a dot.
        depth: How far below to look.
        manner: How to read them.
    """
    switches = SETTINGS.search(prefix.rstrip(".").rpartition(".")[2]) is not None
    below = _Manner(alone=manner.alone)
    for key, value in data.items():
        name, wanted, plain = f"{prefix}{key}", key.casefold() in manner.asked, key.casefold()
        nested = plain in STATUS and isinstance(
            value, Mapping
        )  # {"status": "ok", "health": {"db": {"status": "down"}}}
        if (plain in {*_LISTINGS, *_MIXED, *STATUS} and not nested) or (PAST.search(key) and not wanted):
            continue
        if isinstance(value, Mapping | list) and value and FAILURES.search(key):
            yield from _failures(name, value)
        elif isinstance(value, Mapping) and (wanted or _is_component(value, key, anywhere=not (prefix or nested))):
            yield from _part(name, value, depth)
        elif plain == "healthy" and isinstance(value, Mapping):  # {"healthy": {"CeleryAliveCheck": true}}
            yield from (
                Part(f"{name}.{each}", spell(truth)) for each, truth in value.items() if isinstance(truth, bool)
            )
        elif isinstance(value, Mapping) and depth:
            yield from _error(key, name, value)
            yield from (*_contained(value, f"{name}.", depth - 1), *_beside(value, f"{name}.", depth - 1, below))
        elif isinstance(value, list):
            yield from _entries(name, value, depth, below)
        elif isinstance(value, str | bool):
            down = is_down(key, value, switches=switches, alone=manner.alone)
            if wanted or down or (manner.alone and not switches and is_up(key, value)):
                yield _mere(name, value, down=down)


def _entries(name: str, listed: list[Any], depth: int, manner: _Manner) -> Iterator[Part]:
    """Components in a list that is no container of them by its name: those that say how they are."""
    for each in listed:
        if not isinstance(each, Mapping):
            continue
        if _is_component(each, "", anywhere=False):
            called = _called(each)
            yield from _part(f"{name}.{called}" if called else name, each, depth)
        elif depth:
            yield from _beside(each, f"{name}.", depth - 1, manner)


def _mere(name: str, value: str | bool, *, down: bool) -> Part:  # noqa: FBT001  a value of JSON
    """A component that is a word, a truth, or a sentence about its failure."""
    if isinstance(value, bool):
        return Part(name, "fail" if down else spell(value) if name.casefold() != "sealed" else "ok")
    if down and standing(value) not in KNOWN:
        return Part(name, "failed", output=value)
    return Part(name, spell(value))


def _error(key: str, name: str, value: Mapping[str, Any]) -> Iterator[Part]:
    """What has no status, and an error: `{"db": {"error": "refused"}}`."""
    error = value.get("error")
    if isinstance(error, str) and error.strip() and is_service(key):
        yield Part(name, "failed", output=error)


def _is_component(data: Mapping[str, Any], name: str, *, anywhere: bool) -> bool:
    """Whether an object is one: it has a status, and a known one where it could be anything else."""
    status = word(data, name)
    return bool(status) and (anywhere or standing(status) in KNOWN)


def _failures(name: str, held: Mapping[str, Any] | list[Any]) -> Iterator[Part]:
    """What is listed as failed, with what is said about it."""
    entries = (
        ((key, value) for key, value in held.items() if _says_failure(value))
        if isinstance(held, Mapping)
        else enumerate(held)
    )
    for key, value in entries:
        called = value.get("name", key) if isinstance(value, Mapping) else value if isinstance(held, list) else key
        said = facts.output(value) if isinstance(value, Mapping) else value if isinstance(value, str) else ""
        yield Part(f"{name}.{called}", "failed", output="" if said == called else said)


def _says_failure(value: Any) -> bool:
    """Whether something under a name has failed; a number counts what was, and what is empty says nothing."""
    return value is True or isinstance(value, str) or (bool(value) and not isinstance(value, int | float))


def _part(name: str, value: Any, depth: int) -> Iterator[Part]:
    if isinstance(value, list):
        for each in value:
            yield from _part(name, each, depth)
    elif isinstance(value, Mapping):
        status = word(value, name.rpartition(".")[2]) or _code(value.get("status"))
        yield Part(name, status, facts.milliseconds(name, value), facts.output(value))
        if depth:
            yield from (*_contained(value, f"{name}.", depth - 1), *_beside(value, f"{name}.", depth - 1))
    elif isinstance(value, str | bool):
        yield Part(name, spell(value))


def _code(value: Any) -> str:
    """A status that is a number: that of HTTP is known, any other is not."""
    if isinstance(value, bool) or not isinstance(value, int):
        return ""
    return "ok" if value // 100 == 2 else "fail" if value // 100 in {4, 5} else str(value)  # noqa: PLR2004  classes of HTTP
