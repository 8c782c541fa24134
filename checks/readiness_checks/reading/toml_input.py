"""Reads untrusted TOML: bounded keys, and one error for everything that the standard library's reader raises."""

import re
import tomllib
from typing import Any

from readiness.outcome import CheckError

MOST_PARTS = 100
"""Parts that the keys of one line may have: the standard library's reader takes time by their square and more."""
_STRING = re.compile(r'"[^"\\\n]*+"|' + r"'[^'\n]*+'")
_PART = re.compile(r"""[\w"'-][ \t]*+\.""")


def parse(name: str, data: bytes) -> dict[str, Any]:
    """Read a whole file; a byte order mark is dropped.

    Args:
        name: Path that a report shows.
        data: Its bytes.

    Raises:
        CheckError: It is no TOML, or holds what no file of a project holds.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CheckError(f"{name} is not TOML: it is not UTF-8 at byte {error.start}", "correct the file") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_PARTS and len(_PART.findall(_STRING.sub('""', line))) > MOST_PARTS:
            raise CheckError(f"{name}:{number}: a key of more than {MOST_PARTS} parts", "correct the file")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise CheckError(f"{name} is not TOML: it is nested too deeply", "correct the file") from error
    except ValueError as error:  # TOMLDecodeError, and what Python says of thousands of digits
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "a number has thousands of digits"
        raise CheckError(f"{name} is not TOML: {why}", "correct the file") from error
