"""`readiness records list`: every record with its state, filtered, as a table, JSON or CSV."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.desk import checklist_file, ledger, refusing, sit_down
from readiness.cli.layout import count
from readiness.cli.streams import emit, say

if TYPE_CHECKING:
    from readiness.records.ledger import Entry
    from readiness.records.store import Problem

_STATES = ("valid", "stale", "expired", "revoked", "rejected", "unauthorised", "invalid", "undetermined")


@click.command("list")
@checklist_file
@click.option("--item", default="", help="Only of this item.")
@click.option("--role", default="", help="Only in this role.")
@click.option("--person", default="", metavar="PRINCIPAL", help="Only by this person.")
@click.option(
    "--state",
    metavar="STATE",
    type=click.Choice(_STATES),
    help="Only in this state: valid, expired, stale ...",
)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def listing(file: Path | None, *, form: str, as_json: bool, **wanted: str | None) -> None:
    """List records with their state, oldest first.

    The state is judged on the terms of the release and environment that a record names itself.
    """
    with refusing():
        desk = sit_down(file)
        entries = [entry for entry in ledger(desk).entries() if _chosen(entry, wanted)]
    form = "json" if as_json else form
    if form == "json":
        emit([_as_json(entries, desk.basis.kept.problems)], form="json")
    elif form == "csv":
        emit([_as_csv(entries)], end="", form="csv")
    else:
        emit([_as_table(entries)])
    if desk.basis.kept.problems:
        say(f"{count(len(desk.basis.kept.problems), 'file')} beside them are no records")
        say("next: run `readiness records verify`")


def _chosen(entry: "Entry", wanted: dict[str, str | None]) -> bool:
    return (
        wanted["item"] in {"", entry.item}
        and wanted["role"] in {"", entry.role}
        and wanted["person"] in {"", entry.principal}
        and wanted["state"] in {None, str(entry.state)}
    )


def _as_json(entries: "list[Entry]", problems: "tuple[Problem, ...]") -> str:
    from readiness.records.words import short

    value = {
        "schema_version": "1",
        "records": [entry.model_dump(mode="json") for entry in entries],
        "problems": [{"path": short(p.path), "code": p.code, "reason": p.reason} for p in problems],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _as_csv(entries: "list[Entry]") -> str:
    import csv
    import io

    from readiness.records.ledger import Entry

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Entry.model_fields)
    for entry in entries:
        writer.writerow(_cell(value) for value in entry.model_dump(mode="json").values())
    return out.getvalue()


def _cell(value: Any) -> str:
    """A spreadsheet must not take a text for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _as_table(entries: "list[Entry]") -> str:
    from readiness.records.words import short

    if not entries:
        return "no record matches"
    head = ("RECORD", "SIGNED", "STATE", "ITEM", "BY", "ROLE", "FOR", "EXPIRES")
    rows = [
        (
            entry.record[:12],
            entry.signed_at.date().isoformat(),
            str(entry.state),
            short(entry.item) + (f" [{short(entry.each)}]" if entry.each else ""),
            entry.principal,
            entry.role,
            " ".join(short(word) for word in (entry.release, entry.environment) if word) or "-",
            entry.expires_at.date().isoformat() if entry.expires_at else "-",
        )
        for entry in entries
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    return "\n".join(line.rstrip() for line in lines)
