"""Reads JSON so that it has one meaning only: what one reader shows is what every other reader sees."""

import json
import re
from typing import Any, Never

_DEPTH = 16
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A string, also one without its end, is taken in one step: the time grows with the length."""


def parse(data: bytes) -> Any:
    """Read JSON.

    Refused beyond RFC 8259: duplicate keys, NaN and Infinity, fractions, huge numbers, a byte-order mark, lone
    surrogates and nesting deeper than 16.

    Raises:
        ValueError: It is refused; the text says why.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        raise ValueError("it begins with a byte-order mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 at byte {error.start}") from error
    _bound_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_refuse, parse_float=_refuse, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: line {error.lineno}, column {error.colno}") from error
    if "\\" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("it holds half of a surrogate pair") from error
    return value


def _bound_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= _DEPTH:
        return
    depth = 0
    for match in _BRACKETS.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > _DEPTH:
                raise ValueError(f"it is nested deeper than {_DEPTH}")
        elif match[0] in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is there twice")
    return value


def _refuse(text: str) -> Never:
    raise ValueError(f"it holds the number {text[:20]}")


def _integer(text: str) -> int:
    if len(text) > 15:  # noqa: PLR2004 - beyond 2**53 readers disagree about the value
        raise ValueError("it holds a huge number")
    return int(text)
