"""Formats that the value of a variable can have, by name."""

import base64
import binascii
import ipaddress
import json
import re
import uuid
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"^(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*\.?$", re.IGNORECASE)
_EMAIL = re.compile(r"^[^\s@<>\"(),;:\\]+@[^\s@]+$")
_SEMVER = re.compile(
    r"^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$", re.ASCII
)  # semver.org, with the customary leading v
_HIGHEST_PORT = 65_535
_TRUTHS = {"true", "false", "1", "0", "yes", "no", "on", "off"}
_POSTGRES = {"postgres", "postgresql"}
_DATABASES = {*_POSTGRES, "mysql", "mariadb", "sqlite", "oracle", "mssql", "cockroachdb", "mongodb", "mongodb+srv"}


def _split(value: str, schemes: set[str] | None = None) -> SplitResult | None:
    """Split an address; None unless it has an allowed scheme, a host and, where it gives one, a port."""
    if re.search(r"[\s\x00-\x1f]", value):
        return None
    try:
        parts = urlsplit(value)
        valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    scheme = parts.scheme.split("+")[0]
    return parts if valid and (schemes is None or scheme in schemes or parts.scheme in schemes) else None


def _is_hostname(value: str) -> bool:
    try:
        ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        return _HOST.match(value) is not None
    return True


def _is_url(value: str, schemes: set[str]) -> bool:
    parts = _split(value, schemes)
    return parts is not None and _is_hostname(parts.hostname or "")


def _is_email(value: str) -> bool:
    return _EMAIL.match(value) is not None and _is_hostname(value.rpartition("@")[2])


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _is_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def _is_base64(value: str) -> bool:
    text = value.replace("-", "+").replace("_", "/")
    try:
        return bool(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    except (binascii.Error, ValueError):
        return False


def _is_dsn(value: str) -> bool:
    """`https://KEY@HOST/PROJECT` (Sentry: "Where to Find Your Data Source Name")."""
    parts = _split(value, {"http", "https"})
    return parts is not None and bool(parts.username) and re.search(r"/\d+$", parts.path) is not None


def _is_database(value: str, schemes: set[str]) -> bool:
    if "sqlite" in schemes and re.match(r"^sqlite(\+\w+)?://", value):
        return True
    parts = _split(value, schemes)
    return parts is not None and len(parts.path) > 1


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


_FORMATS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "url": ("a URL with http or https and a host", lambda value: _is_url(value, {"http", "https"})),
    "https_url": ("a URL with https and a host", lambda value: _is_url(value, {"https"})),
    "email": ("an e-mail address", _is_email),
    "hostname": ("a host name or an IP address", _is_hostname),
    "port": ("a port from 1 to 65535", lambda value: _matches(r"\d{1,5}")(value) and 0 < int(value) <= _HIGHEST_PORT),
    "integer": ("a whole number", _matches(r"[+-]?\d+")),
    "number": ("a number", _matches(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")),
    "boolean": ("true or false", lambda value: value.lower() in _TRUTHS),
    "uuid": ("a UUID", _is_uuid),
    "hex": ("hexadecimal digits", _matches(r"[0-9a-fA-F]+")),
    "base64": ("base64", _is_base64),
    "json": ("JSON", _is_json),
    "semver": ("a version such as 1.2.3", lambda value: _SEMVER.match(value) is not None),
    "dsn": ("a Sentry DSN, https://KEY@HOST/PROJECT", _is_dsn),
    "database_url": ("a database URL with host and database", lambda value: _is_database(value, _DATABASES)),
    "postgres_url": ("a PostgreSQL URL with host and database", lambda value: _is_database(value, _POSTGRES)),
    "redis_url": ("a Redis URL with a host", lambda value: _split(value, {"redis", "rediss"}) is not None),
}
_ALIASES = {"int": "integer", "float": "number", "bool": "boolean", "sentry_dsn": "dsn"}
NAMES = tuple(sorted([*_FORMATS, *_ALIASES]))


def _own_pattern(name: str) -> str | None:
    """Regular expression in `/…/` or `regex: …`; None for the name of a format."""
    if len(name) > len("//") and name.startswith("/") and name.endswith("/"):
        return name[1:-1]
    return name.removeprefix("regex:").strip() if name.startswith("regex:") else None


def validate(name: str) -> str:
    """Refuse an unknown format, or a pattern that is no regular expression.

    Raises:
        ValueError: It is neither; the text lists what there is.
    """
    pattern = _own_pattern(name)
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"`{name}` is not a regular expression: {error}") from error
    elif name not in NAMES:
        raise ValueError(f"unknown format `{name}`: use one of {', '.join(NAMES)}, or a pattern in /…/")
    return name


def malformed(name: str, value: str) -> str:
    """Say what a value should have been; empty when it has the format."""
    pattern = _own_pattern(name)
    if pattern is not None:
        return "" if re.fullmatch(pattern, value) else f"a text that matches /{pattern}/"
    wanted, holds = _FORMATS[_ALIASES.get(name, name)]
    return "" if holds(value) else wanted
