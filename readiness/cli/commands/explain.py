"""`readiness explain`: what a check or an item is about."""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.errors import OK, UsageError
from readiness.cli.options import ChecklistOptions, epilog
from readiness.cli.output.parameters import parameters
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import reading_width, safe, wrapped
from readiness.cli.typed_options import items_and_checks, takes
from readiness.text import did_you_mean

if TYPE_CHECKING:
    from readiness.checklist import Item
    from readiness.plugins import Description


@dataclass(frozen=True)
class ExplainOptions:
    """What `explain` takes."""

    name: Annotated[str, click.argument("name", metavar="CHECK|ITEM", shell_complete=items_and_checks)]
    checklist: ChecklistOptions


@click.command(epilog=epilog(examples=("explain coverage", "explain unit-tests --env staging")))
@takes(ExplainOptions)
def explain(asked: ExplainOptions) -> int:
    """Say what a CHECK or an ITEM requires, why, how it is measured, its parameters, and how to make it pass."""
    from readiness.engine.host import Host
    from readiness.plugins import PluginError, installed

    checks = installed("readiness.checks")
    item = _item(asked.name, asked.checklist, required=asked.name not in checks)
    check = item.check if item is not None else asked.name
    lines = list(_about_item(item)) if item is not None else []
    with Host() as host:
        try:
            lines += _about_check(check, host.describe(checks[check])) if check in checks else []
        except PluginError as error:
            raise UsageError(str(error)) from error
    emit(lines)
    return OK


def _item(name: str, asked: ChecklistOptions, *, required: bool) -> "Item | None":
    """The item of this name; None where there is none and the name is that of a check."""
    from readiness.loading import ChecklistError, NoChecklistError, find, load
    from readiness.plugins import installed

    known: list[str] = list(installed("readiness.checks"))
    with contextlib.ExitStack() as stack:
        if not required and asked.file is None:  # a check can be explained where there is no checklist
            stack.enter_context(contextlib.suppress(ChecklistError))
        try:
            place = asked.file or find(Path.cwd())
        except NoChecklistError:
            place = None
        if place is not None:
            checklist = load(place, environment=asked.environment)
            found = next((item for item in checklist.items if item.id == name), None)
            if found is not None:
                return found
            known += [item.id for item in checklist.items]
    if required:
        hint = did_you_mean(name, known) or "`readiness list checks` and `readiness list items` show them"
        raise UsageError(f"there is no check or item `{name}`\n{hint}")
    return None


def _about_item(item: "Item") -> Iterator[str]:
    columns = reading_width(sys.stdout)
    yield f"item {item.id}: {safe(item.title)}"
    facts = [f"check {item.check}", item.severity, f"phase {item.phase}", f"{item.timeout:g} s"]
    facts += [f"owner {safe(item.owner)}"] if item.owner else []
    facts += [f"needs {', '.join(item.needs)}"] if item.needs else []
    facts += [f"for {', '.join(map(safe, item.controls))}"] if item.controls else []
    yield from wrapped(", ".join(facts), "  ", columns)
    if item.source is not None:
        yield from wrapped(f"written at {safe(f'{item.source.file}:{item.source.line}')}", "  ", columns)
    for name, value in item.params.items():
        yield from wrapped(f"{name}: {safe(json.dumps(value, ensure_ascii=False))}", "    ", columns, first="  ")
    yield ""


def _about_check(name: str, text: "Description") -> Iterator[str]:
    columns = reading_width(sys.stdout)
    yield f"check {name}: {safe(text.summary)}"
    for title, body in (("Why", text.why), ("How", text.how), ("Remedy", text.remedy)):
        for number, paragraph in enumerate(filter(None, body.split("\n\n"))):
            yield ""
            begin = "  " if number else f"{title}: "
            yield from wrapped(safe(paragraph), "  ", columns, first=begin)
    if text.example:
        yield from ("", "Example:", *(f"  {safe(line)}" for line in text.example.splitlines()))
    yield ""
    yield "Parameters:"
    for parameter in parameters(text.parameters):
        indent = "  " + "    " * parameter.depth
        yield from wrapped(f"({parameter.facts})", f"{indent}    ", columns, first=f"{indent}{parameter.name}  ")
        if parameter.text:
            yield from wrapped(parameter.text, f"{indent}    ", columns)
