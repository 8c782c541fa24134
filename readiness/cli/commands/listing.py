"""`readiness list`: what is installed, and what the checklist holds."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from readiness.cli.epilog import epilog
from readiness.cli.errors import OK
from readiness.cli.output.columns import cut, padded
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import safe, width
from readiness.text import cells


@click.command(name="list", epilog=epilog(examples=("list", "list items --env staging")))
@click.argument("what", type=click.Choice(["checks", "reporters", "items"]), default="checks")
@click.option("-f", "--file", type=click.Path(path_type=Path), help="The checklist file, for `items`.")
@click.option("--env", "environment", default="", metavar="NAME", help="Environment, for `items`.")
def listing(what: str, file: Path | None, *, environment: str) -> int:
    """List installed checks or reporters with where they come from, or the items of the checklist."""
    rows = {"checks": _checks, "reporters": _reporters}.get(what, lambda: _items(file, environment))()
    emit(table(rows))
    return OK


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Align columns; the last one is cut at the edge of the window."""
    sizes = [max(cells(row[index]) for row in rows) for index in range(len(rows[0]) - 1)]
    columns = width(sys.stdout)
    for row in rows:
        line = "  ".join([*(padded(cell, size) for cell, size in zip(row, sizes, strict=False)), row[-1]])
        yield cut(line.rstrip(), columns)


def _checks() -> list[tuple[str, ...]]:
    from readiness.engine.host import Host
    from readiness.plugins import PluginError, installed

    rows = [("CHECK", "FROM", "WHAT HAS TO BE TRUE")]
    with Host() as host:
        for name, plugin in installed("readiness.checks").items():
            try:
                text = host.describe(plugin).summary
            except PluginError as error:
                text = f"cannot be used: {error}"
            rows.append((safe(name), safe(f"{plugin.distribution} {plugin.version}"), safe(text)))
    return rows  # type: ignore[return-value]  # tuples of three are tuples of str


def _reporters() -> list[tuple[str, ...]]:
    from readiness.plugins import installed

    plugins = installed("readiness.reporters").items()
    rows = [(f".{safe(name)}", safe(f"{plugin.distribution} {plugin.version}")) for name, plugin in plugins]
    return [("SUFFIX", "FROM"), *rows]


def _items(file: Path | None, environment: str) -> list[tuple[str, ...]]:
    from readiness.loading import find, load

    checklist = load(file or find(Path.cwd()), environment=environment)
    rows = [(i.id, i.check, i.severity, i.phase, safe(i.owner) or "-", safe(i.title)) for i in checklist.items]
    return [("ITEM", "CHECK", "SEVERITY", "PHASE", "OWNER", "TITLE"), *rows]
