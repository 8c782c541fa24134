"""Values that a request carries: texts, and secrets that come from the environment."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from readiness import looks_secret
from readiness.check import Context
from readiness.outcome import CheckError, Value
from readiness_checks.http.expectation import HeaderName
from readiness_checks.parameters import Also
from readiness_checks.web.url import Url

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "accept-encoding"})
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
_SCHEMES = frozenset({"bearer", "basic", "token"})


class FromEnvironment(Value):
    """A secret value, named by the environment variable that holds it."""

    env: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """Name of the variable."""
    prefix: str = Field(default="", max_length=100)
    """Text before the value, for instance `Bearer`; a blank is put after the name of a scheme (RFC 9110 §11.4)."""

    def value(self, context: Context) -> str:
        """Read it; it is masked everywhere from now on.

        Raises:
            CheckError: It is not set, or holds what no header may hold.
        """
        value = context.secret(self.env)
        if _CONTROL.search(value) or not value.isascii() or value != value.strip():
            raise CheckError(
                f"environment variable {self.env} holds a line break, a blank at an end or a character beyond ASCII",
                f"set {self.env} again, without the line break that `echo` or a file adds",
            )
        return (f"{self.prefix} " if self.prefix.lower() in _SCHEMES else self.prefix) + value


def _digits(value: Any) -> Any:
    """Read a whole number as its text; a fraction may have lost digits, and has to be quoted."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, Also(_digits, {"type": "integer"})]
"""A parameter that is a text, also written as a whole number."""


def _plain(headers: dict[str, str | FromEnvironment]) -> dict[str, str | FromEnvironment]:
    for name, text in headers.items():
        if name.lower() in _FRAMING:
            raise ValueError(f"{name} is set by the client itself")
        if isinstance(text, FromEnvironment):
            continue
        if _CONTROL.search(text) or not text.isascii():
            raise ValueError(f"the value of {name} holds a control character or one beyond ASCII")
        if name.lower() in _SECRET_HEADERS or looks_secret(name.replace("-", "_")):
            raise ValueError(f"{name} is a secret: write `{{env: NAME}}` and set the variable NAME")
    return headers


SentHeaders = Annotated[dict[HeaderName, Text | FromEnvironment], AfterValidator(_plain)]
"""A parameter that holds the headers of a request; secrets only by the name of their variable."""


def values_of(context: Context, url: Url, named: Mapping[str, str | FromEnvironment]) -> dict[str, str]:
    """What is sent under each name.

    Raises:
        CheckError: A secret is missing or malformed, or would leave this machine without TLS.
    """
    if not url.secure and not url.loopback and any(isinstance(each, FromEnvironment) for each in named.values()):
        raise CheckError(f"{url.origin} would get the secret without TLS", "name its https URL")
    return {name: each.value(context) if isinstance(each, FromEnvironment) else each for name, each in named.items()}


def with_headers(usual: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The headers that are given, and the usual ones that are not among them."""
    names = {name.lower() for name in given}
    return {name: value for name, value in usual.items() if name.lower() not in names} | dict(given)
