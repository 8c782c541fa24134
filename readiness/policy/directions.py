"""Which way each parameter of the built-in checks is stricter: one table, and what it leaves out counts as untold.

A test holds that it names every parameter of every built-in check, and that its defaults are theirs.
"""

from collections.abc import Mapping
from typing import Any

from readiness.strictness.measures import calendar_day, days, length, milliseconds, recent, version
from readiness.strictness.rules import (
    Fields,
    Named,
    Ordered,
    Remark,
    Rule,
    Scale,
    Several,
    Untold,
    at_least,
    at_most,
    by_name,
)

_LEVELS = ("high", "medium", "low")
_DAY = 86_400.0
_MINUTE = 60.0
_GROWING = Untold(None, growing=True)
"""Stricter to have than not to have; whatever else changes about it cannot be told."""
_COMMAND = Untold(code="command-changed")


def _variables(value: Any) -> Any:
    """Rules of environment variables, each spelled out."""
    named = by_name(value)
    if not isinstance(named, dict):
        return named
    words = {"secret": {"secret": True}}
    return {
        name: words.get(rule, {"format": rule}) if isinstance(rule, str) else rule or {} for name, rule in named.items()
    }


def _expectation(value: Any) -> Any:
    """What an answer has to be: its status may stand alone."""
    return {"status": value} if isinstance(value, str | int | list) else value


_VARIABLE = Fields(
    {
        "format": _GROWING,
        "secret": Ordered((False, True), default=False),
        "min_length": at_least((0, 16)),
        "one_of": Several(growing=False, default=None),
    }
)
_ACCEPTED = Fields({"id": Untold(), "reason": Remark(), "until": at_most(measure=calendar_day)})
_SOURCE = Fields({"minimum": at_least(0), "files": Several(growing=True)})
_ANSWER = Fields(
    {
        "status": Several(growing=False, default=("2xx",)),
        "json": _GROWING,
        "headers": Named(growing=True, entry=_GROWING, read=by_name),
        "max_ms": at_most(measure=milliseconds),
    },
    read=_expectation,
)
DIRECTIONS: Mapping[str, Mapping[str, Rule]] = {
    "bandit": {
        "paths": Several(growing=True, default=(".",)),
        "exclude": Several(growing=False),
        "min_severity": Ordered(_LEVELS, default="low"),
        "min_confidence": Ordered(_LEVELS, default="low"),
        "nosec": Ordered((True, False), default=True),
    },
    "command": {
        "run": _COMMAND,
        "cwd": Untold(".", code="command-changed"),
        "expect_exit": Several(growing=False, default=(0,)),
        "env": Untold({}, code="command-changed"),
    },
    "coverage": {
        "sources": Named(growing=True, entry=_SOURCE, by=("path", "metric")),
        "max_age": at_most(measure=length),
    },
    "dependencies": {
        "requirements": Several(growing=True),
        "environment": _GROWING,
        "pyproject": _GROWING,
        "service": Untold("pypi"),
        "database": Untold(None),
        "max_age": at_most(30 * _DAY, length),
        "ignore": Named(growing=False, entry=_ACCEPTED, by=("id",)),
        "osv_url": Untold("https://api.osv.dev/v1/query"),
    },
    "document": {
        "paths": Several(growing=True),
        "sections": Several(growing=True),
        "contains": Several(growing=True),
        "forbid_placeholders": Ordered((False, True), default=True),
        "changed_since": Scale(1, (float("-inf"), float("-inf")), recent),
    },
    "env": {
        "required": Named(growing=True, entry=_VARIABLE, read=_variables),
        "files": Untold([]),
        "source": Untold(None),
    },
    "headers": {
        "urls": Several(growing=True),
        "require": Named(growing=True, entry=_GROWING, read=by_name),
        "baseline": Untold("recommended"),
        "expect_status": Several(growing=False, default=None),
        "ca_file": Untold(None),
    },
    "health": {
        "url": Untold(),
        "components": Named(growing=True, entry=_GROWING, read=by_name),
        "max_ms": at_most(measure=milliseconds),
        "accept": Several(growing=False),
        "version": _GROWING,
        "max_age": at_most(5 * _MINUTE, length),
        "ca_file": Untold(None),
    },
    "http": {
        "url": Untold(),
        "method": Untold("GET"),
        "headers": Untold({}),
        "query": Untold({}),
        "body": Untold(None),
        "json": Untold(None),
        "expect": _ANSWER,
        "ca_file": Untold(None),
    },
    "junit": {
        "paths": Untold(),
        "require": Several(growing=True),
        "minimum_tests": at_least(1),
        "max_skipped": at_most(),
        "max_age": at_most(measure=length),
    },
    "secrets": {
        "paths": Several(growing=True, default=(".",)),
        "allow": Named(growing=False, entry=Fields({"reason": Remark()}), by=("fingerprint", "path", "pattern")),
        "history": Ordered((False, True), default=False),
    },
    "signoff": {
        "role": Untold(),
        "quorum": at_least(1),
        "covers": Several(growing=True),
        "not_by": _GROWING,
        "user_verification": Ordered((False, True), default=False),
        "valid_for": at_most(measure=length),
        "each": Several(growing=True),
    },
    "tls": {
        "hosts": Several(growing=True),
        "min_days": at_least((0, 30), days),
        "min_version": Scale(1, (1.2, 1.2), version),
        "ca_file": Untold(None),
    },
}
"""By check and parameter."""
TRUSTED_FILES: Mapping[str, tuple[str, ...]] = {
    "dependencies": ("database",),
    "headers": ("ca_file",),
    "health": ("ca_file",),
    "http": ("ca_file",),
    "tls": ("ca_file",),
}
"""Parameters that name a file by which others are judged: its content is policy, too."""


def rule_of(check: str, parameter: str) -> Rule:
    """The rule of a parameter; for one that is not known, every change counts as a weakening."""
    return DIRECTIONS.get(check, {}).get(parameter, Untold())
