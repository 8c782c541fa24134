"""Reads JSON and TOML that somebody else wrote, in the process that judges: bounded, and one error for all mistakes.

The standard library's readers take memory by the number of values, recursion by the depth, and for one long key of TOML
time by its square and more. Here no limit of the system ends such a reader, as it does in a worker.
"""

import json
import re
import tomllib
from typing import Any

MOST_PARTS = 100
"""Parts that the keys of one line of TOML may have."""
MOST_OBJECTS = 1_000_000
"""Objects of a document: as many findings as a thousand items have at most."""
MOST_VALUES = 10_000_000
"""Values of a document, objects included."""
_STRING = re.compile(r'"[^"\\\n]*+"|' + r"'[^'\n]*+'")
_PART = re.compile(r"""[\w"'-][ \t]*+\.""")


class LongKeyError(ValueError):
    """A line of TOML with a key of too many parts."""

    def __init__(self, line: int) -> None:
        super().__init__(f"a key of more than {MOST_PARTS} parts")
        self.line = line
        """From 1."""


def require_small(data: bytes) -> bytes:
    """The bytes of a JSON document, if they hold few values enough.

    Raises:
        ValueError: They hold more than any document that this program writes.
    """
    if data.count(b"{") > MOST_OBJECTS or sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise ValueError(f"it has more than {MOST_OBJECTS:,} objects or {MOST_VALUES:,} values")
    return data


def from_json(text: str) -> Any:
    """Read JSON, as the standard library does.

    Raises:
        ValueError: It is none, or is nested too deeply; the text says why.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError:
        raise
    except ValueError:  # what Python says of thousands of digits
        raise ValueError("a number has thousands of digits") from None


def from_toml(text: str) -> dict[str, Any]:
    """Read TOML.

    Raises:
        LongKeyError: It has a key that no file of a project has.
        ValueError: It is none, or holds what no file of a project holds; the text says why.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_PARTS and len(_PART.findall(_STRING.sub('""', line))) > MOST_PARTS:
            raise LongKeyError(number)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise ValueError("a number has thousands of digits") from None
