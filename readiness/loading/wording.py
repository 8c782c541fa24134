"""Says in plain words what is wrong with a value, whatever the validator calls it."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from readiness.loading.diagnostics import Speller, quoted

_EXPECTED = {
    "string_type": "text",
    "path_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "dataclass_type": "a map",
    "none_required": "empty",
    "url_type": "a URL",
    "date_type": "a date such as `2026-11-23`",
    "datetime_type": "a date and time such as `2026-11-23T12:00:00Z`",
    "pattern_type": "a regular expression",
}
_LIMITS = {"greater_than": "more than", "greater_than_equal": "at least", "less_than": "less than",
           "less_than_equal": "at most"}  # fmt: skip
_LENGTHS = {"too_short": "needs at least {} entries", "string_too_short": "needs at least {} characters",
            "too_long": "has more than {} entries", "string_too_long": "is longer than {} characters"}  # fmt: skip
_IDENTIFIER = "A-Za-z0-9._-"
_YES_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


class Words(NamedTuple):
    """A sentence and what to do."""

    message: str
    help: str = ""


def noun(value: Any) -> str:
    """What a value is, in a word or two."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a map"


def is_type(kind: str) -> bool:
    """Whether a validator's word says that the value is of a wrong type altogether."""
    return kind in _EXPECTED


def wrong_type(name: str, kinds: Sequence[str], value: Any, written: str) -> Words:
    """Say that a value is of a wrong type.

    Args:
        name: What holds the value, for instance "`minimum`".
        kinds: The validator's words, one for each type that would do.
        value: The value.
        written: How it was written, when it is a scalar.
    """
    options = list(dict.fromkeys(_EXPECTED[kind] for kind in kinds))
    if "a number" in options and "a whole number" in options:
        options.remove("a whole number")
    expected = " or ".join([", ".join(options[:-1]), options[-1]] if len(options) > 1 else options)
    help_ = ""
    if "text" in options and isinstance(value, int | float):
        help_ = f'quote it: `"{written}"`'
    elif any("number" in option for option in options) and isinstance(value, str):
        help_ = "remove the quotes" if re.fullmatch(r"[-+]?\d+(\.\d+)?", value) else ""
    elif "`true` or `false`" in options and isinstance(value, str):
        help_ = f"write `{_YES_NO[value.lower()]}`" if value.lower() in _YES_NO else ""
    elif "a list" in options and isinstance(value, str | int | float):
        help_ = "put it in `[ ]`"
    if value is None:
        return Words(f"{name} has no value: it must be {expected}")
    given = f"{value}" if "a whole number" in options and isinstance(value, float) else noun(value)
    return Words(f"{name} must be {expected}, not {given}", help_)


def limit(message: str) -> str:
    """The number in a validator's sentence; 0 when there is none."""
    number = re.search(r"-?\d+(\.\d+)?", message)
    return number.group() if number else "0"


def wrong_value(name: str, kind: str, message: str, value: Any, choices: Sequence[str], speller: Speller) -> Words:
    """Say what is wrong with a value of the right type.

    Args:
        name: What holds the value.
        kind: The validator's word.
        message: The validator's sentence.
        value: The value.
        choices: Words that are allowed.
        speller: Guesses the word that was meant.
    """
    if kind in {"literal_error", "enum"}:
        return _no_choice(name, value, list(choices) or [message.removeprefix("Input should be ")], speller)
    if kind == "string_pattern_mismatch" and _IDENTIFIER in message:
        return _identifier(name, str(value))
    if kind in _LIMITS:
        return Words(f"{name} must be {_LIMITS[kind]} {limit(message)}, not {value}")
    if kind in _LENGTHS:
        return Words(f"{name} is empty" if not value else f"{name} {_LENGTHS[kind].format(limit(message))}")
    return Words(_sentence(name, kind, message))


def _no_choice(name: str, value: Any, choices: list[str], speller: Speller) -> Words:
    if str(value) in choices and value is not None:  # the right word as the wrong type: `1.2` where "1.2" is wanted
        if isinstance(value, str):
            return Words(f"{name} must be a number, not text", "remove the quotes")
        return Words(f"{name} must be text, not {noun(value)}", f'quote it: `"{value}"`')
    quotes = [f"`{choice}`" for choice in choices]
    expected = " or ".join(([", ".join(quotes[:-1])] if quotes[1:] else []) + quotes[-1:])
    if value is None:
        return Words(f"{name} has no value: it must be {expected}")
    given = noun(value) if isinstance(value, bool | list | dict) else quoted(value)
    return Words(f"{name} must be {expected}, not {given}", speller.hint(str(value), choices))


def _sentence(name: str, kind: str, message: str) -> str:
    if kind in {"value_error", "assertion_error"}:
        return f"{name}: {message.partition(', ')[2] or message}"
    if kind == "pattern_regex":
        return f"{name} is no regular expression that Python understands"
    subject, verb, rest = message.partition(" should ")
    if verb and len(subject.split()) <= 3:  # noqa: PLR2004 - "Input", "String", "Input URL"
        return f"{name} must {rest}".replace(" a valid ", " a ")
    return f"{name}: {message[:1].lower()}{message[1:]}"


def _identifier(name: str, value: str) -> Words:
    import unicodedata

    rule = "write ASCII letters, digits, `.`, `_` and `-`; begin with a letter or digit"
    odd = next((c for c in value if not (c.isascii() and (c.isalnum() or c in "._-"))), "")
    if odd:
        called = unicodedata.name(odd, f"U+{ord(odd):04X}")
        return Words(f"{name} holds {'a space' if odd == ' ' else f'{quoted(odd)} ({called})'}", rule)
    if not value:
        return Words(f"{name} is empty", rule)
    if len(value) > 100:  # noqa: PLR2004 - the rule of `Identifier`
        return Words(f"{name} is longer than 100 characters")
    return Words(f"{name} begins with `{value[0]}`", rule)
