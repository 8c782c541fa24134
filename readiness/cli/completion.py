"""Completes ids of items and names of checks in a shell, reading the checklist as text: nothing heavy is imported."""

import contextlib
import re
from importlib.metadata import entry_points
from pathlib import Path

import click

_ID = re.compile(r"""(?:^|[\s{,])id:\s*["']?([A-Za-z0-9][A-Za-z0-9._-]{0,99})""")
_NAMES = ("readiness.yaml", "readiness.yml")
_LARGEST = 2**20
"""Bytes; a larger checklist is refused when it is loaded, too."""


def items(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids that begin like this, in the order of the file, without those that were named already."""
    named = context.params.get("items") or ()
    return [name for name in _ids(context.params.get("file")) if name.startswith(incomplete) and name not in named]


def items_and_checks(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The same, and names of installed checks."""
    checks = sorted({point.name for point in entry_points(group="readiness.checks")})
    return [*items(context, parameter, incomplete), *(name for name in checks if name.startswith(incomplete))]


def _ids(file: Path | None) -> list[str]:
    place = file or _found(Path.cwd())
    with contextlib.suppress(OSError):
        if place is not None and place.is_file():
            with place.open("rb") as stream:
                return list(dict.fromkeys(_ID.findall(stream.read(_LARGEST).decode("utf-8", "replace"))))
    return []


def _found(start: Path) -> Path | None:
    """The checklist that `readiness.loading.find` finds, which would import all that loading needs."""
    folders = [start, *start.parents]
    tops = [number for number, folder in enumerate(folders) if (folder / ".git").exists()]
    looked_at = folders[: tops[0] + 1] if tops else [start]
    return next((place for folder in looked_at for name in _NAMES if (place := folder / name).is_file()), None)
