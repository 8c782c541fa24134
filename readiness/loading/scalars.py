r"""Tells what a plain YAML scalar is, by the core schema of YAML 1.2 (§10.3.2).

`on`, `yes`, `12:30` and `2026-11-23` are text, `012` is twelve, `0o14` and `0xC` are twelve, too. Infinity and
not-a-number, which JSON does not have, and numbers that cannot be kept exactly in size are refused.
"""

import math
import re

from readiness.loading.nodes import Atom

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BEYOND = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST = 100
"""Characters of a number; Python refuses to read integers of more than 4,300 digits."""

PREFIX = "tag:yaml.org,2002:"
_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
}


class ScalarError(ValueError):
    """A scalar that stands for no value that this file may hold; the text says why."""


def resolve(text: str) -> Atom:
    """The value of a plain scalar without a tag.

    Raises:
        ScalarError: It is a number that is not finite or too long.
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if text[0] not in "+-.0123456789":
        return text
    if _BEYOND.fullmatch(text):
        raise ScalarError("infinity and not-a-number are not allowed here")
    if not (_FLOAT.fullmatch(text) or _OCTAL.fullmatch(text) or _HEX.fullmatch(text)):
        return text
    if len(text) > _LONGEST:
        raise ScalarError(f"a number of more than {_LONGEST} characters")
    return _number(text)


def _number(text: str) -> int | float:
    if _INT.fullmatch(text):
        return int(text)
    if text[:2] in {"0o", "0x"}:
        return int(text[2:], 8 if text[1] == "o" else 16)
    number = float(text)
    if math.isinf(number):
        raise ScalarError("the number is too large")
    return number


def tagged(tag: str, text: str) -> Atom:
    """The value of a scalar with an explicit tag of the core schema.

    Raises:
        ScalarError: The tag is another one, or the text is none of its values.
    """
    name = tag.removeprefix(PREFIX)
    if tag == "!" or name == "str":
        return text
    if tag == name or name not in _TYPES:
        raise ScalarError("this tag is not known here: remove it")
    value = resolve(text)
    if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and name != "bool"):
        raise ScalarError(f"this is no `!!{name}`")
    return float(value) if name == "float" and isinstance(value, int) else value
