"""`readiness records due`: what lapses soon, what has lapsed and is needed now, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.errors import INCOMPLETE, NO_GO, OK, UsageError
from readiness.cli.options import AsJson, RecordsSource, epilog, flag
from readiness.cli.output.streams import emit, emit_json
from readiness.cli.output.terminal import wrapped
from readiness.cli.typed_options import takes
from readiness.cli.workspace import Workspace, ledger, open_workspace, tell_when
from readiness.text import count

if TYPE_CHECKING:
    from readiness.records.review.due import Calendar, Due

_WIDTH, _COLUMN = 118, 21
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class DueOptions:
    """What `records due` takes."""

    source: RecordsSource
    within: Annotated[
        str,
        click.option(
            "--within",
            default="30d",
            show_default=True,
            metavar="TIME",
            help="How far to look ahead: a duration, or a day (its end in UTC).",
        ),
    ]
    release: Annotated[
        str | None,
        click.option("--release", metavar="R", help="Only of this release; by default that of the checklist."),
    ]
    environment: Annotated[
        str | None,
        click.option("--env", "environment", metavar="NAME", help="Only of this environment; by default of all."),
    ]
    as_json: AsJson
    loud: Annotated[bool, flag("--exit-code", "loud", about="Exit 1 when something lapses or has lapsed.")]


@click.command(
    epilog=epilog(
        "0 answered, whether or not anything expires; with --exit-code 1 when something does; 2 cannot be read; "
        "3 partly unknown",
        examples=("records due --within 30d", "records due --within 2026-12-31 --env production --exit-code"),
    )
)
@takes(DueOptions)
def due(asked: DueOptions) -> int:
    """List what expires soon: sign-offs, waivers, and the last key of a person whose role is needed.

    What has expired already is listed as long as it is needed. The release is that of the checklist; sign-offs for
    other releases are left out.
    """
    from readiness.loading import outline as read_outline
    from readiness.records.review.due import calendar
    from readiness.records.review.standing import places

    workspace = open_workspace(asked.source)
    until = _until(asked.within, workspace.evidence.now)
    outline = read_outline(workspace.file, content=workspace.content, shown=workspace.shown)
    where = places(outline, release=asked.release, environment=asked.environment)
    if asked.environment is not None and asked.environment not in {*outline.environments, ""}:
        workspace.checklist(asked.environment)
    judging = ledger(workspace)
    waivers = [judging.entry(record) for record in workspace.evidence.kept.records if record.waiver is not None]
    found = calendar(workspace.evidence, outline, workspace.loader(), waivers, where, until)
    if asked.as_json:
        emit_json(_as_json(workspace, found, until))
    else:
        tell_when(workspace)
        emit(_as_text(workspace, found, until))
    if found.unknown:
        return INCOMPLETE
    return NO_GO if asked.loud and found.entries else OK


def _until(text: str, now: datetime) -> datetime:
    from readiness.duration import parse
    from readiness.records.review.as_of import read_moment

    try:
        return now + parse(text)
    except (ValueError, OverflowError):
        pass
    try:
        until = read_moment(text)
    except ValueError:
        until = None
    if until is None or until < now:
        reason = "neither a length of time nor a date" if until is None else "a date that has passed"
        raise UsageError(f"--within: `{text}` is {reason}\nnext: write for instance 30d, or 2026-12-31")
    return until


def _as_json(workspace: Workspace, found: "Calendar", until: datetime) -> dict[str, object]:
    from readiness.moment import show

    return {
        "schema_version": "1",
        "as_of": workspace.as_of and workspace.as_of.as_json(),
        "now": show(workspace.evidence.now),
        "until": show(until),
        "due": [
            {**entry.model_dump(mode="json"), "days_left": (entry.at - workspace.evidence.now) // _DAY}
            for entry in found.entries
        ],
        "unknown": [entry.model_dump(mode="json") for entry in found.unknown],
    }


def _as_text(workspace: Workspace, found: "Calendar", until: datetime) -> list[str]:
    from readiness.moment import show
    from readiness.text import short

    lines: list[str] = []
    for entry in found.entries:
        head = f"{entry.at:%Y-%m-%d %H:%MZ}  {_left(entry, workspace.evidence.now):<{_COLUMN}}"
        lines += wrapped(_sentence(entry), " " * len(head), _WIDTH, first=head)
        lines.append(f"{' ' * len(head)}next: {entry.next}")
    for unknown in found.unknown:
        where = " ".join(filter(None, (unknown.release, unknown.environment)))
        text = f"cannot be told: {short(unknown.item)}{f' for {where}' if where else ''}: {short(unknown.reason)}"
        lines += wrapped(text, "  ", _WIDTH, first="")
        lines += [f"  next: {short(unknown.remedy)}"] if unknown.remedy else []
    lapsed = sum(entry.lapsed for entry in found.entries)
    rest = len(found.entries) - lapsed
    told = [f"{lapsed} lapsed and needed"] if lapsed else []
    told.append(f"{rest or 'nothing'} {'lapse' if rest > 1 else 'lapses'} until {show(until.replace(microsecond=0))}")
    told += [f"{count(len(found.unknown), 'thing')} cannot be told"] if found.unknown else []
    return [*lines, ", ".join(told)]


def _left(entry: "Due", now: datetime) -> str:
    length = abs(entry.at - now)
    if length >= 2 * _DAY:
        words = f"{length // _DAY} days"
    elif length >= 2 * _HOUR:
        words = f"{length // _HOUR} hours"
    else:
        words = f"{length // timedelta(minutes=1)} minutes"
    return f"lapsed {words} ago" if entry.lapsed else f"in {words}"


def _sentence(entry: "Due") -> str:
    from readiness.records.model.statement import WHATEVER

    where = WHATEVER if entry.scope == "content" else " ".join(filter(None, (entry.release, entry.environment)))
    if entry.what == "key":
        rest = "; too few people of the role can sign without it" if entry.holds else ""
    elif entry.what == "waiver":
        rest = "; the item counts again from then on" if entry.holds else "; another one is in force"
    elif entry.holds:
        rest = "; the item is held up" if entry.lapsed else "; the item is held up from then on"
    else:
        rest = ""
    return f"{entry.text}{f' for {where}' if where else ''}{rest}"
