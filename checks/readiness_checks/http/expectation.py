"""What an answer has to be: status, fields of its JSON, headers, time."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from readiness.outcome import Finding, Measurement, Value
from readiness.strictness import stricter
from readiness_checks.parameters import Also, Milliseconds
from readiness_checks.reading.json_input import read
from readiness_checks.web.latency import plain

if TYPE_CHECKING:
    from urllib3 import HTTPHeaderDict

_ABSENT = object()
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


class Expectation(Value):
    """What the answer has to be."""

    status: Annotated[Status | Annotated[list[Status], Field(min_length=1)], stricter.fewer_entries] = "2xx"
    """Status such as 200, a class such as `2xx`, or a list of them."""
    fields: Annotated[Any, Field(alias="json"), stricter.when_given] = None
    """What the JSON of the answer holds at least. Objects are compared field by field, further fields are ignored; a
    field may be written as a path (`data.0.id`). Each entry of a list has to be found in the answer's list; an empty
    list or object has to be empty there, too. An object of operators compares: `{">=": 5}`, `{"!=": null}`,
    `{matches: "^gpt-"}`."""
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
        if _is_comparison(expected) and "matches" in expected:
            _compiles(str(expected["matches"]))
        for each in expected.values():
            _check_operators(each)
    elif isinstance(expected, list):
        for each in expected:
            _check_operators(each)


def _is_comparison(expected: Any) -> bool:
    return isinstance(expected, Mapping) and bool(expected) and set(expected) <= _OPERATORS


def body(expectation: Expectation, data: bytes) -> Iterator[Finding]:
    """Compare the body of an answer; what differs comes without its place."""
    try:
        actual = read(data)
    except ValueError as error:
        remedy = "let the service answer in JSON, or name the URL that does"
        yield Finding(message=f"the answer is not JSON: {error}", rule="not-json", remedy=remedy)
        return
    for words in _differences(expectation.fields, actual, "$"):
        yield Finding(message=words, rule="json", remedy="correct the service or its configuration")


def _differences(expected: Any, actual: Any, where: str) -> Iterator[str]:
    if actual is _ABSENT:
        yield f"{where} is missing in the answer"
    elif _is_comparison(expected):
        for operator, limit in expected.items():
            if not _holds(operator, actual, limit):
                yield f"{where} is {_show(actual)}, expected {operator} {_show(limit)}"
    elif isinstance(expected, Mapping):
        yield from _object_differences(expected, actual, where)
    elif isinstance(expected, list):
        yield from _list_differences(expected, actual, where)
    elif not _equal(expected, actual):
        yield f"{where} is {_show(actual)}, expected {_show(expected)}"


def _object_differences(expected: Mapping[str, Any], actual: Any, where: str) -> Iterator[str]:
    if not isinstance(actual, Mapping):
        yield f"{where} is {_show(actual)}, expected an object"
        return
    if actual and not expected:
        yield f"{where} is {_show(actual)}, expected an empty object"
    for key, value in expected.items():
        yield from _differences(value, _find(actual, key), f"{where}.{key}")


def _list_differences(expected: list[Any], actual: Any, where: str) -> Iterator[str]:
    if not isinstance(actual, list):
        yield f"{where} is {_show(actual)}, expected a list"
        return
    if actual and not expected:
        yield f"{where} is {_show(actual)}, expected an empty list"
    for value in expected:
        if not any(not any(_differences(value, each, where)) for each in actual):
            yield f"{where} holds no entry like {_show(value)}"


def _find(actual: Any, path: str) -> Any:
    """Value under a key, or, where there is no such key, under the path that it spells."""
    if isinstance(actual, Mapping) and path in actual:
        return actual[path]
    for step in path.split("."):
        if isinstance(actual, Mapping) and step in actual:
            actual = actual[step]
        elif isinstance(actual, list) and step.isdecimal() and int(step) < len(actual):
            actual = actual[int(step)]
        else:
            return _ABSENT
    return actual


def _equal(expected: Any, actual: Any) -> bool:
    """Equality as JSON knows it: true is not 1."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)


def _holds(operator: str, actual: Any, limit: Any) -> bool:
    if operator == "!=":
        return not _equal(limit, actual)
    if operator == "matches":
        return isinstance(actual, str) and re.search(str(limit), actual) is not None
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in (actual, limit)):
        return False
    return bool({">=": actual >= limit, "<=": actual <= limit, ">": actual > limit, "<": actual < limit}[operator])


def _show(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return json.dumps(value, ensure_ascii=False)  # cut only after secrets are masked, by the caller


def headers(expectation: Expectation, found: "HTTPHeaderDict") -> Iterator[Finding | Measurement]:
    """Compare the headers of an answer; what differs comes without its place."""
    for name, expected in expectation.headers.items():
        values = found.getlist(name)
        if not values:
            remedy = f"let the service send {name}"
            yield Finding(message=f"the header {name} is missing", rule="header-missing", remedy=remedy)
        if isinstance(expected, Bounds):
            yield from _bounds(name, expected, values)
        elif values and not any(re.search(expected, value) for value in values):
            message = f"the header {name} is `{', '.join(values)}`, which `{expected}` does not match"
            yield Finding(message=message, rule="header", remedy=f"let the service send the expected {name}")


def _bounds(name: str, expected: Bounds, values: list[str]) -> Iterator[Finding | Measurement]:
    number = _number(values)
    for operator, limit in ((">=", expected.min), ("<=", expected.max)):
        if limit is None:
            continue
        measured = Measurement(
            name=name,
            value=number,
            operator=">=" if operator == ">=" else "<=",
            threshold=plain(limit),
        )
        yield measured
        if values and not measured.met:
            shown = ", ".join(values) if number is None else f"{number:g}"
            what = "is no number" if number is None else f"has to be {operator} {limit:g}"
            remedy = f"raise the limit at the provider, or wait until {name} recovers"
            yield Finding(message=f"the header {name} is {shown}; it {what}", rule="header-bounds", remedy=remedy)


def _number(values: list[str]) -> float | int | None:
    """The number that a header holds; None when it holds none, or several."""
    try:
        (text,) = values
        number = float(text)
    except ValueError:
        return None
    return plain(number) if math.isfinite(number) else None
