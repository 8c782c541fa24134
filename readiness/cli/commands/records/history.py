"""`readiness records history`: the events of an item's sign-offs and waivers, and its state."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.errors import UsageError
from readiness.cli.options import AsJson, RecordsSource, epilog
from readiness.cli.output.streams import emit, emit_json, say
from readiness.cli.output.terminal import wrapped
from readiness.cli.typed_options import item_ids, takes
from readiness.cli.workspace import Workspace, ledger, open_workspace, tell_when
from readiness.text import did_you_mean

if TYPE_CHECKING:
    from readiness.records.review.filter import Scope
    from readiness.records.review.standing import ItemStanding
    from readiness.records.review.timeline import Event

_WIDTH, _COLUMN = 118, 14
_DECLARED = {"signed", "signed again", "rejected", "waived", "revocation", "supersession"}
"""What people said."""


@dataclass(frozen=True)
class HistoryOptions:
    """What `records history` takes."""

    item: Annotated[str, click.argument("item", shell_complete=item_ids)]
    source: RecordsSource
    release: Annotated[str | None, click.option("--release", metavar="R", help="Only records for this release.")]
    environment: Annotated[
        str | None,
        click.option("--env", "environment", metavar="NAME", help="Only records for this environment."),
    ]
    as_json: AsJson


@click.command(
    epilog=epilog(
        "0 answered, 2 there is no such item or its history cannot be read",
        examples=(
            "records history templates-reviewed",
            "records history templates-reviewed --env production --as-of 2026-10-20",
        ),
    )
)
@takes(HistoryOptions)
def history(asked: HistoryOptions) -> None:
    """List the events of ITEM in order of time: requested, signed, stale, signed again, revoked, expired.

    The list comes from the records and the commits of the policy branch: every record is judged again after each commit
    that could change its state.
    """
    from readiness.records.review.filter import Scope
    from readiness.records.review.timeline import read_timeline

    scope = Scope(asked.item, asked.release, asked.environment)
    workspace = open_workspace(asked.source)
    if not scope.records(workspace.evidence.kept.records):
        _refuse_unknown(workspace, asked.item)
    branch = workspace.replay()
    events = read_timeline(scope, workspace.evidence, ledger(workspace), branch)
    standings = _standings(workspace, scope)
    notes = list(workspace.as_of.notes) if workspace.as_of else []
    if branch is None and not notes:
        notes.append("there is no git history: only the records themselves can be shown")
    if asked.as_json:
        emit_json(_as_json(workspace, asked.item, events, standings, notes))
        return
    tell_when(workspace)
    emit(_as_text(events, standings, "then" if workspace.as_of else "now"))
    if workspace.as_of is None:
        for note in notes:
            say(f"note: {note}")


def _refuse_unknown(workspace: Workspace, item: str) -> None:
    """Insist that the item is, or ever was, somewhere."""
    outline = workspace.outline()
    known = [one.id for one in outline.items] if outline else []
    known += [said.item for r in workspace.evidence.kept.records if (said := r.signoff or r.waiver) is not None]
    if item in known:
        return
    branch = workspace.replay()
    if branch is not None and branch.ever_asked(item):
        return
    hint = did_you_mean(item, known) or "see `readiness list items`"
    raise UsageError(f"no item `{item}` is or was in the checklist or in any record\nnext: {hint}")


def _standings(workspace: Workspace, scope: "Scope") -> "list[ItemStanding]":
    from readiness.records.review.standing import item_standing, places

    outline = workspace.outline()
    if outline is None:
        return []
    records = scope.records(workspace.evidence.kept.records)
    where = places(outline, records, release=scope.release, environment=scope.environment)
    load = workspace.loader()
    found = (
        item_standing(scope.item, release, environment, workspace.evidence, load) for release, environment in where
    )
    return [one for one in found if one is not None]


def _as_json(
    workspace: Workspace, item: str, events: "list[Event]", standings: "list[ItemStanding]", notes: list[str]
) -> dict[str, object]:
    return {
        "schema_version": "1",
        "item": item,
        "as_of": workspace.as_of and workspace.as_of.as_json(),
        "events": [event.model_dump(mode="json") for event in events],
        "standing": [one.model_dump(mode="json") for one in standings],
        "notes": notes,
    }


def _as_text(events: "list[Event]", standings: "list[ItemStanding]", moment: str) -> list[str]:
    lines: list[str] = []
    for event in events:
        head = f"{event.at:%Y-%m-%d %H:%MZ}  {event.what:<{_COLUMN}}"
        lines += wrapped(_sentence(event), " " * len(head), _WIDTH, first=head)
    if not events:
        lines.append("nothing has happened to it yet")
    for one in standings:
        where = " ".join(filter(None, (one.release, one.environment)))
        head = f"{moment}{f', {where}' if where else ''}: "
        lines += ["", *wrapped(f"{one.status}: {one.text}", "  ", _WIDTH, first=head)]
        if one.remedy:
            lines.append(f"  next: {one.remedy}")
    return lines


def _sentence(event: "Event") -> str:
    from readiness.records.model.statement import WHATEVER

    where = (WHATEVER,) if event.scope == "content" else (event.release, event.environment)
    about = " ".join(filter(None, (*where, f"[{event.each}]" if event.each else "")))
    words = [event.record[:12]] if event.record else []
    if event.what in _DECLARED:
        words += [f"by {event.principal} as {event.role}", *([f"for {about}"] if about else [])]
    commit = event.commit[:10]
    source = f" (commit {commit} by {event.author})" if commit and commit not in event.text else ""
    return f"{' '.join(words)}{': ' if words else ''}{event.text}{source}"
