"""`readiness records list`: every record with its state, filtered, as a table, JSON or CSV."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli import completion
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.output.columns import table
from readiness.cli.output.streams import emit, say
from readiness.cli.workspace import (
    Workspace,
    as_of,
    checklist_file,
    ledger,
    open_workspace,
    policy_ref,
    refusing,
    tell_when,
)
from readiness.text import count

if TYPE_CHECKING:
    from readiness.records.review.filter import Selection
    from readiness.records.review.ledger import Entry

_STATES = ("valid", "stale", "expired", "revoked", "rejected", "unauthorised", "invalid", "undetermined")
_ACTIONS = ("signoff", "waive", "revoke", "supersede")


@click.command(
    "list",
    epilog=epilog(
        "0 also when no record matches, 2 a name is unknown or the records cannot be read",
        examples=(
            "records list --control 'SOC2:*' --since 2026-01-01 --until 2026-12-31 --format csv",
            "records list --state stale --state expired",
            "records list --as-of 2026-10-05",
        ),
    ),
)
@checklist_file
@click.option(
    "--item", "items", multiple=True, metavar="ID", shell_complete=completion.items, help="Only of this item."
)
@click.option(
    "--control", "controls", multiple=True, metavar="CONTROL", help="Of items that name it; `*` for any characters."
)
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="Only in this role.")
@click.option("--person", "persons", multiple=True, metavar="PRINCIPAL", help="Only by this person.")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="STATE",
    type=click.Choice(_STATES),
    help="Only in this state: valid, expired, stale ...",
)
@click.option(
    "--action",
    "actions",
    multiple=True,
    metavar="ACTION",
    type=click.Choice(_ACTIONS),
    help="Only signoff, waive, revoke or supersede.",
)
@click.option("--release", "releases", multiple=True, metavar="R", help="Only for this release.")
@click.option("--env", "environments", multiple=True, metavar="NAME", help="Only for this environment.")
@click.option("--since", default="", metavar="DATE", help="Signed on this day (in UTC) or later; or a moment.")
@click.option("--until", default="", metavar="DATE", help="Signed on this day (in UTC) or earlier; or a moment.")
@as_of
@policy_ref
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def listing(file: Path | None, when: str, ref: str, *, form: str, as_json: bool, **wanted: Any) -> None:
    """List records with their state, oldest first.

    The state is judged on the terms of the release and environment that a record names itself. A filter that is given
    more than once takes any of its values.
    """
    selection = _selection(wanted)
    with refusing():
        workspace = open_workspace(file, ref, when)
        entries = _chosen(workspace, selection)
    form = "json" if as_json else form
    tell_when(workspace, form)
    if form == "json":
        emit([_as_json(workspace, entries)], form="json")
    elif form == "csv":
        emit([_as_csv(entries)], end="", form="csv")
    else:
        emit([_as_table(entries)])
    if workspace.evidence.kept.problems:
        say(f"{count(len(workspace.evidence.kept.problems), 'file')} beside them are no records")
        say("next: run `readiness records verify`")


def _selection(wanted: dict[str, Any]) -> "Selection":
    from readiness.records.review.filter import Selection, begin, end

    for name, read in (("since", begin), ("until", end)):
        text = wanted.pop(name)
        try:
            wanted[name] = read(text) if text else None
        except ValueError as error:
            raise UsageError(f"--{name}: {error}\nnext: write a date, for instance 2026-11-23") from error
    return Selection(**wanted)


def _chosen(workspace: Workspace, selection: "Selection") -> "list[Entry]":
    from readiness.records.review.filter import known, refuse_unknown

    entries = ledger(workspace).entries()
    outline = workspace.outline()
    if outline is not None:
        refuse_unknown(selection, known(entries, outline, workspace.evidence.people))
    return [entry for entry in entries if selection.takes(entry, workspace.evidence.people)]


def _as_json(workspace: Workspace, entries: "list[Entry]") -> str:
    from readiness.text import short

    value = {
        "schema_version": "1",
        "as_of": workspace.as_of and workspace.as_of.as_json(),
        "records": [entry.model_dump(mode="json") for entry in entries],
        "problems": [
            {"path": short(p.path), "code": p.code, "reason": p.reason} for p in workspace.evidence.kept.problems
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _as_csv(entries: "list[Entry]") -> str:
    import csv
    import io

    from readiness.records.review.ledger import Entry

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Entry.model_fields)
    for entry in entries:
        writer.writerow(_cell(value) for value in entry.model_dump(mode="json").values())
    return out.getvalue()


def _cell(value: Any) -> str:
    """A spreadsheet must not take a text for a formula."""
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _as_table(entries: "list[Entry]") -> str:
    from readiness.text import short

    if not entries:
        return "no record matches"
    head = ("RECORD", "ACTION", "SIGNED", "STATE", "ITEM", "BY", "ROLE", "FOR", "EXPIRES", "FIRST SEEN", "CONTROLS")
    return table(
        head,
        [
            (
                entry.record[:12],
                entry.action,
                entry.signed_at.date().isoformat(),
                str(entry.state),
                (short(entry.item) or "-") + (f" [{short(entry.each)}]" if entry.each else ""),
                entry.principal,
                entry.role,
                " ".join(short(word) for word in (entry.release, entry.environment) if word) or "-",
                entry.expires_at.date().isoformat() if entry.expires_at else "-",
                f"{entry.seen_commit[:10]} {entry.seen_at.date()}" if entry.seen_at else "-",
                " ".join(short(control) for control in entry.controls) or "-",
            )
            for entry in entries
        ],
    )
