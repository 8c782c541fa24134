"""`readiness records show`: all that one record says, and how to verify it with OpenSSH alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.options import RecordsSource, flag
from readiness.cli.output.streams import emit
from readiness.cli.typed_options import takes
from readiness.cli.workspace import find_record, ledger, open_workspace, tell_when

if TYPE_CHECKING:
    from readiness.records.review.ledger import Entry
    from readiness.records.storage.work_tree import Record

_INDENT = 14
"""Where the text of a row begins."""


@dataclass(frozen=True)
class ShowOptions:
    """What `records show` takes."""

    record: Annotated[str, click.argument("record")]
    source: RecordsSource
    as_json: Annotated[bool, flag("--json", "as_json", about="Print the signed bytes only.")]


@click.command()
@takes(ShowOptions)
def show(asked: ShowOptions) -> None:
    """Show one RECORD, named by its digest or the first few characters of it."""
    workspace = open_workspace(asked.source)
    found = find_record(workspace, asked.record)
    entry = ledger(workspace).entry(found)
    if asked.as_json:
        emit([found.data.decode()], end="", form="json")
        return
    tell_when(workspace)
    emit([*details(entry, found), *_how_to_verify(entry)])


def details(entry: "Entry", record: "Record") -> list[str]:
    """All that a record says, and how it stands, one line each."""
    from readiness.records.model.statement import WHATEVER, Signoff, Waiver
    from readiness.text import indented

    rows = [(name.replace("_", " "), value) for name, value in entry.model_dump(mode="json", exclude={"scope"}).items()]
    rows += [("for", WHATEVER)] if entry.scope == "content" else []
    said = record.statement.predicate
    if isinstance(said, Waiver):
        rows += [("requested by", said.requested_by), ("control", said.compensating_control)]
    if isinstance(said, Signoff | Waiver):
        rows += [("item text", said.item_text)]
        rows += [("evidence", f"{attached.sha256}  {attached.uri}") for attached in said.evidence]
    rows += [
        ("commit", said.commit),
        *(("covers", f"{digest}  {n}") for n, digest in record.statement.subjects.items()),
    ]
    texts = [(name, "; ".join(value) if isinstance(value, list) else str(value)) for name, value in rows if value]
    return [f"{name:<13} {indented(text, _INDENT)}" for name, text in texts]


def _how_to_verify(entry: "Entry") -> list[str]:
    from readiness.records.ssh.sshsig import NAMESPACE
    from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS
    from readiness.records.storage.work_tree import record_path

    path = record_path(entry.record)
    moment = entry.signed_at.strftime("%Y%m%d%H%M%SZ")
    return [
        "",
        "verify with OpenSSH alone:",
        f"  ssh-keygen -Y verify -f {ALLOWED_SIGNERS} -I {entry.principal} -n {NAMESPACE} -Overify-time={moment} \\",
        f"    -s {path.removesuffix('json')}sig < {path}",
    ]
