"""Reads untrusted TOML: one error for everything that can be wrong with it."""

from typing import Any

from readiness.outcome import CheckError
from readiness.untrusted import LongKeyError, from_toml


def parse(name: str, data: bytes) -> dict[str, Any]:
    """Read a whole file; a byte order mark is dropped.

    Args:
        name: Path that a report shows.
        data: Its bytes.

    Raises:
        CheckError: It is no TOML, or holds what no file of a project holds.
    """
    try:
        return from_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CheckError(f"{name} is not TOML: it is not UTF-8 at byte {error.start}", "correct the file") from error
    except LongKeyError as error:
        raise CheckError(f"{name}:{error.line}: {error}", "correct the file") from error
    except ValueError as error:
        raise CheckError(f"{name} is not TOML: {error}", "correct the file") from error
