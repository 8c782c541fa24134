"""The rule for one variable, and how a value is judged by it."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from readiness.outcome import Value
from readiness.strictness import stricter
from readiness_checks.env import formats
from readiness_checks.env.production import VALUES as DEVELOPMENT
from readiness_checks.secret_values import PLACEHOLDERS, SHORTEST, placeholder, weak

EXPOSED = ("NEXT_PUBLIC_", "NUXT_PUBLIC_", "VITE_", "REACT_APP_", "GATSBY_", "EXPO_PUBLIC_", "PUBLIC_")
"""Prefixes by which front-end build tools put a variable into the code that every visitor gets."""
CERTAINTY = (False, None, True)
"""What a checklist may say of a value, the strictest last; None where its name has to tell."""
GENERATE = "generate one, for instance with `openssl rand -base64 32`"


class Rule(Value):
    """What the value of one variable has to be."""

    format: Annotated[
        Annotated[str, AfterValidator(formats.validate)] | None,
        Field(json_schema_extra={"examples": ["https_url", "port", "/^G-[A-Z0-9]{10}$/"]}),
        stricter.when_given,
    ] = None
    """A regular expression in `/…/`, or the name of a format: `url`, `https_url`, `email`, `hostname`, `port`,
    `integer`, `number`, `boolean`, `uuid`, `hex`, `base64`, `json`, `semver`, `dsn` (Sentry), `database_url`,
    `postgres_url`, `redis_url`."""
    secret: Annotated[bool | None, stricter.in_order(*CERTAINTY)] = None
    """Whether it is a secret: then it has to be strong, and different from every other secret. When not given, its name
    and value tell whether a file may hold it."""
    min_length: Annotated[int | None, Field(ge=1), stricter.higher.when_absent(0, 16)] = None
    """Characters; 16 for a secret when not given."""
    one_of: Annotated[
        list[str] | None,
        Field(min_length=1),
        stricter.fewer_entries.when_absent_anything_but(*PLACEHOLDERS, *DEVELOPMENT),
    ] = None
    """The only values that are allowed, also where one looks like a placeholder, or like one of a laptop."""


def as_rule(value: Any) -> Any:
    """Read a rule that is one word: `secret`, or the name of a format."""
    if isinstance(value, str):
        return {"secret": True} if value == "secret" else {"format": value}
    return value


def judge(name: str, value: str, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Judge one value; yields rule, message and remedy of each defect, none of which holds the value."""
    if rule.secret and name.startswith(EXPOSED):
        prefix = next(prefix for prefix in EXPOSED if name.startswith(prefix))
        yield "exposed", f"{name} is a secret, but `{prefix}` publishes it to every browser", "rename it; change it"
    if not value.strip():
        yield "empty", f"{name} is empty", f"set {name}"
        return
    if rule.one_of is not None and value not in rule.one_of:
        yield "malformed", f"{name} is none of {', '.join(rule.one_of)}", "set it to one of them"
        return
    reason = placeholder(value) if rule.one_of is None else ""
    if reason:
        yield "placeholder", f"{name} holds a placeholder: {reason}", f"set {name} to its real value"
        return
    yield from _judge_real(name, value, rule)


def _judge_real(name: str, value: str, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Judge a value that somebody has really set."""
    if value != value.strip():
        yield "malformed", f"{name} begins or ends with white space", "take the white space away"
    wanted = formats.malformed(rule.format, value) if rule.format else ""
    if wanted:
        yield "malformed", f"{name} is not {wanted}", "correct it"
    if rule.secret:
        reason = weak(value, shortest=rule.min_length or SHORTEST)
        if reason:
            yield "weak", f"{name} is a weak secret: {reason}", GENERATE
    elif rule.min_length is not None and len(value) < rule.min_length:
        yield "weak", f"{name} has {len(value)} characters, {rule.min_length} are needed", "set a longer value"
