"""`readiness records list`: every record with its state, filtered, as a table, JSON or CSV."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.options import Period, RecordsSource, epilog, flag, text_options
from readiness.cli.output.streams import emit, emit_json, say
from readiness.cli.output.terminal import table
from readiness.cli.typed_options import item_ids, takes
from readiness.cli.workspace import Workspace, choose, ledger, open_workspace, tell_when
from readiness.text import count

if TYPE_CHECKING:
    from readiness.records.review.ledger import Entry

_STATES = ("valid", "stale", "expired", "revoked", "rejected", "unauthorised", "invalid", "undetermined")
_ACTIONS = ("signoff", "waive", "revoke", "supersede")


@dataclass(frozen=True)
class Named:
    """Which records: of each kind, any of the given; nothing given means everything."""

    items: Annotated[
        tuple[str, ...],
        click.option(
            "--item",
            "items",
            multiple=True,
            metavar="ID",
            shell_complete=item_ids,
            help="Only records for this item.",
        ),
    ]
    controls: Annotated[
        tuple[str, ...],
        text_options(
            "--control",
            "controls",
            about="Only records for items with this control; `*` stands for any characters.",
            metavar="CONTROL",
        ),
    ]
    roles: Annotated[
        tuple[str, ...], text_options("--role", "roles", about="Only records signed in this role.", metavar="ROLE")
    ]
    persons: Annotated[
        tuple[str, ...], text_options("--person", "persons", about="Only records of this person.", metavar="PRINCIPAL")
    ]
    states: Annotated[
        tuple[str, ...],
        click.option(
            "--state",
            "states",
            multiple=True,
            metavar="STATE",
            type=click.Choice(_STATES),
            help="Only records in this state: valid, expired, stale ...",
        ),
    ]
    actions: Annotated[
        tuple[str, ...],
        click.option(
            "--action",
            "actions",
            multiple=True,
            metavar="ACTION",
            type=click.Choice(_ACTIONS),
            help="Only records with this action: signoff, waive, revoke or supersede.",
        ),
    ]
    releases: Annotated[
        tuple[str, ...], text_options("--release", "releases", about="Only records for this release.", metavar="R")
    ]
    environments: Annotated[
        tuple[str, ...],
        text_options("--env", "environments", about="Only records for this environment.", metavar="NAME"),
    ]


@dataclass(frozen=True)
class ListOptions:
    """What `records list` takes."""

    named: Named
    period: Period
    source: RecordsSource
    form: Annotated[
        str,
        click.option(
            "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
        ),
    ]
    as_json: Annotated[bool, flag("--json", "as_json", about="The same as --format json.")]


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
@takes(ListOptions)
def list_(asked: ListOptions) -> None:
    """List records with their state, oldest first.

    The state is judged on the terms of the release and environment that a record names itself. A filter that is given
    more than once takes any of its values.
    """
    from readiness.records.review.filter import Selection

    named = asked.named
    wanted = Selection(
        items=named.items,
        roles=named.roles,
        persons=named.persons,
        states=named.states,
        actions=named.actions,
        controls=named.controls,
        releases=named.releases,
        environments=named.environments,
        since=asked.period.since,
        until=asked.period.until,
    )
    workspace = open_workspace(asked.source)
    form = "json" if asked.as_json else asked.form
    entries = choose(workspace, ledger(workspace, explained=form != "table"), wanted)
    tell_when(workspace, form)
    if form == "json":
        emit_json(_as_json(workspace, entries))
    elif form == "csv":
        emit([_as_csv(entries)], end="", form="csv")
    else:
        emit([_as_table(entries)])
    if workspace.evidence.kept.problems:
        say(f"{count(len(workspace.evidence.kept.problems), 'file')} beside them are no records")
        say("next: run `readiness records verify`")


def _as_json(workspace: Workspace, entries: "list[Entry]") -> dict[str, object]:
    from readiness.text import short

    return {
        "schema_version": "1",
        "as_of": workspace.as_of and workspace.as_of.as_json(),
        "records": [entry.model_dump(mode="json") for entry in entries],
        "problems": [
            {"path": short(p.path), "code": p.code, "reason": p.reason} for p in workspace.evidence.kept.problems
        ],
    }


def _as_csv(entries: "list[Entry]") -> str:
    from readiness.records.export.population import as_csv
    from readiness.records.review.ledger import Entry

    rows = [
        {name: "; ".join(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in (entry.model_dump(mode="json") for entry in entries)
    ]
    return as_csv(rows, Entry.model_fields).decode()


def _given_for(entry: "Entry") -> str:
    from readiness.text import short

    if entry.scope == "content":
        return "the content"
    return " ".join(short(word) for word in (entry.release, entry.environment) if word) or "-"


def _as_table(entries: "list[Entry]") -> str:
    from readiness.printed_names import printed
    from readiness.text import short

    if not entries:
        return "no record matches"
    head = (
        "RECORD",
        "ACTION",
        "DECISION",
        "SIGNED",
        "STATE",
        "ITEM",
        "BY",
        "ROLE",
        "FOR",
        "EXPIRES",
        "FIRST SEEN",
        "CONTROLS",
    )
    return table(
        head,
        [
            (
                entry.record[:12],
                entry.action,
                entry.decision or "-",
                entry.signed_at.date().isoformat(),
                str(entry.state),
                (short(entry.item) or "-") + (f" [{short(entry.each)}]" if entry.each else ""),
                printed(entry.principal, name=entry.printed_name, title=entry.title),
                entry.role,
                _given_for(entry),
                entry.expires_at.date().isoformat() if entry.expires_at else "-",
                f"{entry.seen_commit[:10]} {entry.seen_at.date()}" if entry.seen_at else "-",
                " ".join(short(control) for control in entry.controls) or "-",
            )
            for entry in entries
        ],
    )
