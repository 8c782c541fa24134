"""Values that a request carries: texts, and secrets that come from the environment."""

import re
from typing import Annotated, Any

from pydantic import Field

from readiness.check import Context
from readiness.outcome import CheckError, Value
from readiness_checks.parameters import Also

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
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
        if CONTROL.search(value) or not value.isascii() or value != value.strip():
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


def value_of(context: Context, each: str | FromEnvironment) -> str:
    """What is sent."""
    return each.value(context) if isinstance(each, FromEnvironment) else each
