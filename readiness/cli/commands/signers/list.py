"""`readiness signers list`: who may sign with which key, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.options import AsJson, ChecklistFile, epilog
from readiness.cli.output.streams import emit, emit_json
from readiness.cli.typed_options import takes

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.records.storage.allowed_signers import Holder, Roster


@dataclass(frozen=True)
class ListOptions:
    """What `signers list` takes."""

    file: ChecklistFile
    as_json: AsJson


@click.command(
    name="list", epilog=epilog("0 listed, 2 there is none, or it cannot be read", examples=("signers list",))
)
@takes(ListOptions)
def list_(asked: ListOptions) -> None:
    """List the keys in .readiness/allowed_signers: whose each is, in which roles they sign, and until when."""
    from readiness.loading import find, outline
    from readiness.records.storage.allowed_signers import read_roster

    file = asked.file or find(Path.cwd())
    checklist, roster = outline(file), read_roster(file.absolute().parent)
    holders = sorted((*roster.signers, *roster.producers), key=lambda holder: holder.line)
    now = datetime.now(UTC)
    if asked.as_json:
        emit_json({"schema_version": "1", "signers": [_as_json(holder, checklist, roster, now) for holder in holders]})
    else:
        emit(_as_text(holders, checklist, roster, now))


def _as_json(holder: "Holder", checklist: "Checklist", roster: "Roster", now: datetime) -> dict[str, object]:
    from readiness.moment import show
    from readiness.records.model.people import People

    person = People(checklist.people).named(holder.principal)
    return {
        "principal": holder.principal,
        "name": person.name if person else "",
        "title": person.title if person else "",
        "key": holder.key.fingerprint,
        "kind": holder.key.kind,
        "signs": "evidence" if holder.produces else "records",
        "roles": _roles(holder, checklist),
        "valid_after": show(holder.valid_after) if holder.valid_after else None,
        "valid_before": show(holder.valid_before),
        "state": _state(holder, roster, now),
        "line": holder.line,
    }


def _as_text(holders: "list[Holder]", checklist: "Checklist", roster: "Roster", now: datetime) -> Iterator[str]:
    from readiness.cli.output.terminal import safe
    from readiness.countdown import countdown
    from readiness.records.model.people import People

    people = People(checklist.people)
    for holder in holders:
        state = _state(holder, roster, now)
        left = f", {countdown(holder.valid_before, now)}" if state == "valid" else ""
        roles = ", ".join(_roles(holder, checklist)) or "no role"
        signs = "evidence" if holder.produces else "records"
        yield f"{safe(people.printed(holder.principal))}  {state} until {holder.valid_before:%Y-%m-%d}{left}"
        yield f"  {holder.key.kind} {holder.key.fingerprint}; signs {signs}; {safe(roles)}"
    keyless = sorted(set().union(*checklist.roles.values()) - roster.principals - _producers(roster))
    if keyless:
        yield f"without a key: {', '.join(map(safe, keyless))}; `readiness signers add PRINCIPAL --key …`"


def _producers(roster: "Roster") -> set[str]:
    return {holder.principal for holder in roster.producers}


def _roles(holder: "Holder", checklist: "Checklist") -> list[str]:
    return sorted(role for role, members in checklist.roles.items() if holder.principal in members)


def _state(holder: "Holder", roster: "Roster", now: datetime) -> str:
    if holder.key.blob in roster.revoked:
        return "revoked"
    if holder.valid_after is not None and now < holder.valid_after:
        return "not yet valid"
    return "valid" if holder.valid_at(now) else "expired"
