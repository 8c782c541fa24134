"""`readiness list`: what is installed, and what the checklist holds."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import click

from readiness.cli.errors import OK
from readiness.cli.options import ChecklistOptions, epilog
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import safe, table, width
from readiness.cli.typed_options import takes


@dataclass(frozen=True)
class ListOptions:
    """What `list` takes; the checklist is read for its items alone."""

    what: Annotated[str, click.argument("what", type=click.Choice(["checks", "reporters", "items"]), default="checks")]
    checklist: ChecklistOptions


@click.command(name="list", epilog=epilog(examples=("list", "list items --env staging")))
@takes(ListOptions)
def list_(asked: ListOptions) -> int:
    """List the installed checks or reporters and their distributions, or the items of the checklist."""
    head, *rows = {"checks": _checks, "reporters": _reporters}.get(asked.what, lambda: _items(asked.checklist))()
    emit([table(head, rows, width(sys.stdout))])
    return OK


def _checks() -> list[tuple[str, ...]]:
    from readiness.engine.host import Host
    from readiness.plugins import PluginError, installed

    rows: list[tuple[str, ...]] = [("CHECK", "FROM", "WHAT HAS TO BE TRUE")]
    with Host() as host:
        for name, plugin in installed("readiness.checks").items():
            try:
                text = host.describe(plugin).summary
            except PluginError as error:
                text = f"cannot be used: {error}"
            rows.append((safe(name), safe(f"{plugin.distribution} {plugin.version}"), safe(text)))
    return rows


def _reporters() -> list[tuple[str, ...]]:
    from readiness.plugins import installed

    plugins = installed("readiness.reporters").items()
    rows = [(f".{safe(name)}", safe(f"{plugin.distribution} {plugin.version}")) for name, plugin in plugins]
    return [("SUFFIX", "FROM"), *rows]


def _items(asked: ChecklistOptions) -> list[tuple[str, ...]]:
    from readiness.loading import find, load

    checklist = load(asked.file or find(Path.cwd()), environment=asked.environment)
    rows = [(i.id, i.check, i.severity, i.phase, safe(i.owner) or "-", safe(i.title)) for i in checklist.items]
    return [("ITEM", "CHECK", "SEVERITY", "PHASE", "OWNER", "TITLE"), *rows]
