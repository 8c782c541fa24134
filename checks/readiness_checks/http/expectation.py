"""The parameters that say what a response must be: status, JSON fields, headers, time."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from readiness.outcome import Value
from readiness.strictness import stricter
from readiness_checks.parameters import ONE_OR_MANY, Also, Milliseconds

_OPERATORS = frozenset({">=", "<=", ">", "<", "!=", "matches"})


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


def _as_pattern(value: Any) -> Any:
    """Read a number as that number alone, and nothing as whatever the header says."""
    if value is None:
        return ""
    return f"^{value}$" if isinstance(value, int) and not isinstance(value, bool) else value


HeaderPattern = Annotated[str, AfterValidator(_compiles), Also(_as_pattern, {"type": ["integer", "null"]})]
"""A parameter that is a regular expression, or a number, or nothing where the header only has to be there."""
HeaderName = Annotated[str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$")]
"""A parameter that is the name of a header (RFC 9110 §5.1)."""
Code = Annotated[int, Field(ge=200, le=599)]
CodeClass = Annotated[str, StringConstraints(pattern=r"^[2-5]xx$")]


def _as_status(value: Any) -> Any:
    """Read `"200"` and `2XX`."""
    if not isinstance(value, str):
        return value
    return int(value) if re.fullmatch(r"[2-5][0-9]{2}", value) else value.lower()


Status = Annotated[Code | CodeClass, Also(_as_status, {"type": "string", "pattern": r"^[2-5]([0-9]{2}|XX)$"})]
"""A status such as 204, or a class of them such as `2xx`."""


def has_status(code: int, expected: Sequence[Status]) -> bool:
    """Whether a status is one of the expected ones."""
    return any(code == each if isinstance(each, int) else f"{code // 100}xx" == each for each in expected)


class Bounds(Value):
    """Limits of a number."""

    min: float | None = None
    """Smallest value allowed."""
    max: float | None = None
    """Largest value allowed."""

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give `min` or `max`")
        return self


_LIMIT = re.compile(r"(>=|<=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_SIDES = {">=": "min", "<=": "max"}


def _as_bounds(value: Any) -> Any:
    """Read `">= 100"` and `{">=": 100}`; the same in both directions."""
    if isinstance(value, str) and (match := _LIMIT.fullmatch(value.strip())):
        return {_SIDES[match[1]]: float(match[2])}
    if isinstance(value, dict) and value and set(value) <= set(_SIDES):
        return {_SIDES[operator]: limit for operator, limit in value.items()}
    return value


def _present(value: Any) -> Any:
    """Read names of headers that only have to be there, and limits in their short forms."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return dict.fromkeys(value)
    return {name: _as_bounds(each) for name, each in value.items()} if isinstance(value, dict) else value


_NAMES = {"type": "array", "items": {"type": "string"}}
_OPERATED = {
    "type": "object",
    "properties": {operator: {"type": "number"} for operator in _SIDES},
    "additionalProperties": False,
    "minProperties": 1,
}
_Bounds = Annotated[Bounds, Also(_as_bounds, _OPERATED)]


_Pattern = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
_Texts = Annotated[list[Annotated[str, Field(min_length=1)]], ONE_OR_MANY, stricter.more_entries]
_Patterns = Annotated[list[_Pattern], ONE_OR_MANY, stricter.more_entries]


class Words(Value):
    """Texts and patterns that are searched in a body."""

    contains: _Texts = []
    """Texts, letter by letter."""
    matches: _Patterns = []
    """Regular expressions of Python."""


def _as_words(value: Any) -> Any:
    """Read a text, or a list of them, as what has to be contained."""
    return {"contains": value} if isinstance(value, str | list) else value


_TEXTS = {"type": ["string", "array"]}


class Body(Words):
    """What the text of the answer has to be."""

    without: Annotated[Words, Also(_as_words, _TEXTS), Field(alias="not"), stricter.fields(alone="contains")] = Words()
    """What must not be found: texts, or `{contains: …, matches: …}`."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.contains or self.matches or self.without.contains or self.without.matches):
            raise ValueError("give `contains`, `matches` or `not`")
        return self


_Body = Annotated[Body, Also(_as_words, _TEXTS)]


class Expectation(Value):
    """What the answer has to be."""

    status: Annotated[Status | Annotated[list[Status], Field(min_length=1)], stricter.fewer_entries] = "2xx"
    """Status such as 200, a class such as `2xx`, or a list of them."""
    fields: Annotated[Any, Field(alias="json"), stricter.when_given.null_counts()] = None
    """What the JSON of the answer holds at least. Objects are compared field by field, further fields are ignored; a
    field may be written as a path (`data.0.id`). Each entry of a list has to be found in the answer's list; an empty
    list or object has to be empty there, too. An object of operators compares: `{">=": 5}`, `{"!=": null}`,
    `{matches: "^gpt-"}`."""
    body: Annotated[_Body | None, stricter.fields(alone="contains")] = None
    """What the text of the answer holds: a text, or `{contains: …, matches: …, not: …}`, each one or several. Texts are
    searched letter by letter, `matches` are regular expressions; `not` must not be found."""
    headers: Annotated[
        dict[HeaderName, HeaderPattern | _Bounds],
        Also(_present, _NAMES),
        stricter.more_named(entry=stricter.when_given),
    ] = {}
    """Headers that must be there: a regular expression that is searched in the value, or `{min: 100}`, `{max: 5}`, also
    written `">= 100"`, `"<= 5"`; or names alone."""
    max_ms: Annotated[Milliseconds | None, stricter.lower.measured_as("milliseconds")] = None
    """Milliseconds from the search for the address to the last byte of the answer."""

    @model_validator(mode="after")
    def _operators(self) -> Self:
        _check_operators(self.fields)
        return self

    @property
    def statuses(self) -> Sequence[Status]:
        """The expected statuses."""
        return self.status if isinstance(self.status, list) else [self.status]

    @property
    def has_fields(self) -> bool:
        """Whether anything is expected of the JSON; `json: null` expects null."""
        return "fields" in self.model_fields_set


def _check_operators(expected: Any) -> None:
    if isinstance(expected, Mapping):
        if is_comparison(expected) and "matches" in expected:
            _compiles(str(expected["matches"]))
        for each in expected.values():
            _check_operators(each)
    elif isinstance(expected, list):
        for each in expected:
            _check_operators(each)


def is_comparison(expected: Any) -> bool:
    """Whether an object compares by operators, as `{">=": 5}` does."""
    return isinstance(expected, Mapping) and bool(expected) and set(expected) <= _OPERATORS
