"""Reads untrusted JSON: no duplicate keys, no NaN, bounded depth."""

import json
import math
from typing import Any

from readiness.outcome import CheckError, Finding

MOST_VALUES = 20_000_000
"""Values that a document may have, those of a report of a million statements: more would cost minutes."""
_MOST_DIGITS = 1_000
_REMEDY = "let the tool that writes it finish, and check again"


class _RefusedError(ValueError):
    pass


def read(data: bytes) -> Any:
    """Read a whole document (RFC 8259); a byte order mark is dropped.

    Raises:
        ValueError: It is empty, cut off, no JSON, or ambiguous; the text says why, in words that follow a colon.
    """
    try:
        return _load(data)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} column {error.colno}: {error.msg}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def parse(name: str, data: bytes) -> Any:
    """Read a whole file, as `read` does, with its name in the message.

    Args:
        name: Path that a report shows.
        data: Its bytes.

    Raises:
        CheckError: It is empty, cut off, no JSON, or ambiguous.
    """
    if not data.strip():
        raise CheckError(f"{name} is empty", _REMEDY)
    try:
        return _load(data)
    except json.JSONDecodeError as error:
        finding = Finding(
            message=f"no JSON: {error.msg}",
            rule="malformed",
            path=name,
            line=error.lineno,
            column=error.colno,
            remedy=_REMEDY,
        )
        raise CheckError(
            f"{name}:{error.lineno}:{error.colno}: no JSON: {error.msg}", _REMEDY, findings=(finding,)
        ) from error
    except UnicodeDecodeError as error:
        raise CheckError(f"{name} is not UTF-8 at byte {error.start}", _REMEDY) from error
    except RecursionError as error:
        raise CheckError(f"{name} is nested too deeply", "name the right file") from error
    except ValueError as error:
        raise CheckError(f"{name}: {error}", "find out who wrote it; produce it again") from error


def _load(data: bytes) -> Any:
    if sum(map(data.count, (b",", b"{", b"["))) > MOST_VALUES:
        raise _RefusedError(f"it has more than {MOST_VALUES:,} values")
    return json.loads(
        data.decode("utf-8-sig"),
        parse_constant=_refuse_constant,
        parse_float=_float,
        parse_int=_int,
        object_pairs_hook=_object,
    )


def _refuse_constant(text: str) -> Any:
    raise _RefusedError(f"{text} is no JSON number")


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:  # Python has a limit, too, and tells how to raise it
        raise _RefusedError(f"{text[:40]}… is too large a number")
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _RefusedError(f"{text[:40]} is too large a number")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RefusedError(f"the key `{key[:80]}` is there twice")
            seen.add(key)
    return found
