"""`readiness records history`: the life of an item's sign-offs and waivers, and where it stands."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli import completion
from readiness.cli.epilog import epilog
from readiness.cli.errors import UsageError
from readiness.cli.output.columns import wrapped
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
from readiness.text import did_you_mean

if TYPE_CHECKING:
    from readiness.records.review.standing import ItemStanding
    from readiness.records.review.timeline import Event, Scope

_WIDTH, _COLUMN = 118, 14
_DECLARED = {"signed", "signed again", "rejected", "waived", "revocation", "supersession"}
"""What people said."""


@click.command(
    epilog=epilog(
        "0 told, 2 there is no such item or its history cannot be read",
        examples=(
            "records history templates-reviewed",
            "records history templates-reviewed --env production --as-of 2026-10-20",
        ),
    )
)
@click.argument("item", shell_complete=completion.items)
@checklist_file
@click.option("--release", default=None, metavar="R", help="Only what is signed for this release.")
@click.option("--env", "environment", default=None, metavar="NAME", help="Only what is signed for this environment.")
@as_of
@policy_ref
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def history(
    item: str, file: Path | None, release: str | None, environment: str | None, when: str, ref: str, *, as_json: bool
) -> None:
    """Tell the life of ITEM in order of time: asked, signed, stale by which commit, signed again, revoked, expired.

    It is told from the records and from the history of the policy branch, by judging every record anew after each
    commit that could matter to it.
    """
    from readiness.records.review.timeline import Scope, read_timeline

    scope = Scope(item, release, environment)
    with refusing():
        workspace = open_workspace(file, ref, when)
        records = scope.records(workspace.evidence.kept.records)
        if not records:
            _refuse_unknown(workspace, item)
        replay = workspace.replay()
        events = read_timeline(scope, workspace.evidence, ledger(workspace), replay)
        standings = _standings(workspace, scope)
    notes = list(workspace.as_of.notes) if workspace.as_of else []
    if replay is None and not notes:
        notes.append("there is no git history: only what the records themselves say can be told")
    if as_json:
        emit([_as_json(workspace, item, events, standings, notes)], form="json")
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
    replay = workspace.replay()
    if replay is not None and replay.ever_asked(item):
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
) -> str:
    value = {
        "schema_version": "1",
        "item": item,
        "as_of": workspace.as_of and workspace.as_of.as_json(),
        "events": [event.model_dump(mode="json") for event in events],
        "standing": [one.model_dump(mode="json") for one in standings],
        "notes": notes,
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


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
    about = " ".join(filter(None, (event.release, event.environment, f"[{event.each}]" if event.each else "")))
    words = [event.record[:12]] if event.record else []
    if event.what in _DECLARED:
        words += [f"by {event.principal} as {event.role}", *([f"for {about}"] if about else [])]
    commit = event.commit[:10]
    told = f" (commit {commit} by {event.author})" if commit and commit not in event.text else ""
    return f"{' '.join(words)}{': ' if words else ''}{event.text}{told}"
