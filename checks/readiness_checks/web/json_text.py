"""Reads JSON from outside strictly: UTF-8, no NaN, no depth that breaks the reader."""

import json
from typing import Any


def read(data: bytes) -> Any:
    """Read a JSON document (RFC 8259); a byte order mark is dropped.

    Raises:
        ValueError: It is none; the text says why.
    """
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} column {error.colno}: {error.msg}") from None


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")
