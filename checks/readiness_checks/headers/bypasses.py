"""Knows hosts behind which scripts of others can be had: `bypasses.toml` says which, and where that is from."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    read: dict[str, Any] = tomllib.loads((files(__package__) / "bypasses.toml").read_text("utf-8"))
    return read


def rented(host: str) -> str:
    """The domain below which anybody gets a host, where a wildcard covers it as a whole."""
    return next(
        (name for name in _lists()["rented"]["hosts"] if host.startswith("*.") and host[1:].endswith(f".{name}")), ""
    )


def serves_others(source: str, *, may_eval: bool) -> bool:
    """Whether a source in small letters covers scripts that others choose.

    Args:
        source: A source of a policy.
        may_eval: Whether the policy allows eval(), which some of them need.
    """
    try:
        parts = urlsplit(source if "//" in source else f"//{source}")
        host, path = parts.hostname or "", parts.path
    except ValueError:  # no browser matches it
        return False
    if not host or "'" in source:
        return False
    if path in {"", "/"} and any(_covers(host, name) for name in _lists()["shared"]["hosts"]):
        return True
    return any(_covers(host, name) and _reaches(path, f"/{rest}") for name, rest in _places(may_eval=may_eval))


@cache
def _places(*, may_eval: bool) -> tuple[tuple[str, str], ...]:
    """Hosts and paths of files and endpoints."""
    lists = _lists()
    urls = [url.partition("/") for kind in ("jsonp", "angular") for url in lists[kind]["urls"]]
    needs = () if may_eval else lists["jsonp"]["needs_eval"]
    return tuple((host, path) for host, _, path in urls if host not in needs)


def _covers(host: str, name: str) -> bool:
    return name.endswith(host[1:]) if host.startswith("*.") else host == name


def _reaches(allowed: str, path: str) -> bool:
    """Whether a path of a source covers one: a folder all below it, anything else itself alone (CSP3 §6.7.2.12)."""
    if allowed in {"", "/"}:
        return True
    return path.lower().startswith(allowed) if allowed.endswith("/") else path.lower() == allowed
