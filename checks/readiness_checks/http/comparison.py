"""Compares an answer with what is expected of it: its JSON field by field, its text, and its headers."""

import codecs
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from readiness.outcome import Finding, Measurement
from readiness_checks.http.expectation import Body, Bounds, Expectation, is_comparison
from readiness_checks.reading.json_input import read
from readiness_checks.web.client import Answer
from readiness_checks.web.latency import plain

if TYPE_CHECKING:
    from urllib3 import HTTPHeaderDict

_ABSENT = object()
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([\w.:+-]+)", re.IGNORECASE)


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


def text(expected: Body, answer: Answer) -> Iterator[Finding]:
    """Compare the text of an answer; what differs comes without its place."""
    body = _decoded(answer)
    if body is None or "\0" in body:
        kind = f" ({answer.kind})" if answer.kind else ""
        remedy = "let the service name the charset of its text, or name the URL that answers with text"
        yield Finding(message=f"the body is no text that can be searched{kind}", rule="no-text", remedy=remedy)
        return
    remedy = "correct the service, or the expectation"
    if not body.strip() and (expected.without.contains or expected.without.matches):
        message = "the body is empty: that something is not in it says nothing"
        yield Finding(message=message, rule="body-empty", remedy=remedy)
    missing = [f"contain {_show(each)}" for each in expected.contains if each not in body]
    missing += [f"match {_show(each)}" for each in expected.matches if not re.search(each, body)]
    found = [f"contains {_show(each)}" for each in expected.without.contains if each in body]
    found += [f"matches {_show(each)}" for each in expected.without.matches if re.search(each, body)]
    for words in missing:
        yield Finding(message=f"the body does not {words}", rule="body", remedy=remedy)
    for words in found:
        yield Finding(message=f"the body {words}, which must not be there", rule="body-not", remedy=remedy)


def _decoded(answer: Answer) -> str | None:
    """The body as text, by its mark, its charset, else as UTF-8 or, where it is none, byte by byte."""
    body = answer.body
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    named = _CHARSET.search(str(answer.headers.get("content-type", "")))
    try:
        return body.decode(named[1] if named else "utf-8", "replace" if named else "strict").removeprefix("\ufeff")
    except LookupError:
        return None
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _differences(expected: Any, actual: Any, where: str) -> Iterator[str]:
    if actual is _ABSENT:
        yield f"{where} is missing in the answer"
    elif is_comparison(expected):
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
