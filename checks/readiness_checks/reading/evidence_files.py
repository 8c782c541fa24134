"""Finds evidence files that other tools wrote, and the time at which they were written."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from readiness import duration
from readiness.check import ENVELOPE_SUFFIX, Context
from readiness.outcome import CheckError

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead the clock of the machine that wrote the evidence may be."""


def matching(context: Context, patterns: Sequence[str]) -> list[Path]:
    """Files that match, each once, however many patterns or links lead to it.

    A signed statement beside a file that matches (`unit.xml.intoto.json`) is about it, and no evidence itself.

    Raises:
        CheckError: A pattern matches no file.
    """
    found: dict[Path, Path] = {}
    for pattern in patterns:
        try:
            files = context.glob([pattern])
        except (ValueError, NotImplementedError) as error:
            raise CheckError(f"`{pattern}` is no path or glob: {error}", "correct it") from error
        if not files:
            raise CheckError(
                f"no file matches `{pattern}`",
                "produce it before the check (`needs` orders items), or correct the path",
            )
        statements = {Path(f"{file}{ENVELOPE_SUFFIX}") for file in files}
        for file in files:
            if file not in statements:
                found.setdefault(file.resolve(), file)
    return list(found.values())


def modified_at(path: Path) -> datetime:
    """When a file was last written, by its file system.

    Raises:
        CheckError: It is gone.
    """
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise CheckError(f"{path.name} cannot be read: {error.strerror}", "produce it again") from error
    except (ValueError, OverflowError) as error:
        raise CheckError(f"{path.name} has a date that no calendar has", "produce it again") from error


def parse_time(text: str) -> datetime | None:
    """Read an ISO 8601 time; one without an offset is in the time zone of this machine. None when it is none."""
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def require_recent(context: Context, name: str, produced_at: datetime, max_age: timedelta | None) -> None:
    """Refuse evidence that is too old, or that claims to come from the future.

    Raises:
        CheckError: It is one or the other.
    """
    said = f"{produced_at:%Y-%m-%d %H:%M:%S} UTC"
    if produced_at > context.now + CLOCK_SKEW:
        raise CheckError(
            f"{name} says that it was produced at {said}, which is in the future",
            "set the clock and the time zone of the machine that produces it, and produce it again",
        )
    if max_age is not None and context.now - produced_at > max_age:
        raise CheckError(
            f"{name} was produced at {said}, longer than {duration.render(max_age)} ago", "produce it again"
        )
