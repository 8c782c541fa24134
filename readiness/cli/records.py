"""`readiness records`: list, show and verify what people have signed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.desk import Desk, refusing, sit_down
from readiness.cli.epilog import epilog
from readiness.cli.errors import INCOMPLETE, NO_GO, OK, UsageError
from readiness.cli.streams import emit, say

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.records.ledger import Entry, Ledger
    from readiness.records.store import Problem, Record

_STATES = ("valid", "missing", "stale", "expired", "revoked", "rejected", "unauthorised", "invalid", "undetermined")
_SHORTEST_PREFIX = 4
_file = click.option(
    "-f", "--file", type=click.Path(path_type=Path, dir_okay=False), help="The checklist file beside the records."
)


@click.group(epilog=epilog(examples=("records list --state expired", "records show 3fa9", "records verify")))
def records() -> None:
    """List, show and verify sign-offs."""


@records.command("list")
@_file
@click.option("--item", default="", help="Only of this item.")
@click.option("--role", default="", help="Only in this role.")
@click.option("--person", default="", metavar="PRINCIPAL", help="Only by this person.")
@click.option(
    "--state",
    metavar="STATE",
    type=click.Choice([s for s in _STATES if s != "missing"]),
    help="Only in this state: valid, expired, stale ...",
)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def list_records(file: Path | None, *, form: str, as_json: bool, **wanted: str | None) -> None:
    """List records with their state, oldest first.

    The state is judged on the terms of the release and environment that a record names itself.
    """
    with refusing():
        desk = sit_down(file)
        entries = [entry for entry in _ledger(desk).entries() if _chosen(entry, wanted)]
    form = "json" if as_json else form
    if form == "json":
        emit([_as_json(entries, desk.basis.kept.problems)], form="json")
    elif form == "csv":
        emit([_as_csv(entries)], end="", form="csv")
    else:
        emit([_as_table(entries)])
    if desk.basis.kept.problems:
        say(f"{_count(len(desk.basis.kept.problems), 'file')} beside them are no records")
        say("next: run `readiness records verify`")


@records.command()
@click.argument("record")
@_file
@click.option("--json", "as_json", is_flag=True, help="Print the signed bytes themselves.")
def show(record: str, file: Path | None, *, as_json: bool) -> None:
    """Show one RECORD, named by its digest or the first few characters of it."""
    with refusing():
        desk = sit_down(file)
        found = _find(desk, record)
        entry = _ledger(desk).entry(found)
    if as_json:
        emit([found.data.decode()], end="", form="json")
        return
    emit([*_details(entry, found), *_how_to_verify(entry)])


@records.command(epilog="Exit codes: 0 all good, 1 something is bad, 2 cannot be read, 3 there was nothing to verify.")
@_file
@click.option("-v", "--verbose", is_flag=True, help="Name the good ones, too.")
def verify(file: Path | None, *, verbose: bool) -> int:
    """Verify every record: form, name, signature, and that its signer may sign.

    Needs no checklist to be right: whether a sign-off still fits its item is what `check` and `records list` tell.
    """
    from readiness.records.proof import prove
    from readiness.records.words import short

    with refusing():
        desk = sit_down(file)
    bad = void = 0
    for record in desk.basis.kept.records:
        standing = prove(record, desk.basis).standing
        if standing is None:
            if verbose:
                emit([f"good     {record.path}: {record.statement.predicate.signer.principal}"])
        elif standing.state.value == "revoked":
            void += 1
            emit([f"void     {record.path}: {short(standing.reason)}"])
        else:
            bad += 1
            emit([f"BAD      {record.path}: {standing.state.value} ({standing.code}): {short(standing.reason)}"])
            emit([f"         next: {short(standing.remedy)}"])
    for problem in desk.basis.kept.problems:
        bad += 1
        emit([f"BAD      {short(problem.path)}: {problem.code}: {short(problem.reason)}"])
        emit([f"         next: {short(problem.remedy)}"])
    total = len(desk.basis.kept.records) + len(desk.basis.kept.problems)
    if total == 0:
        emit(["there is no record below .readiness/records: nothing was verified"])
        return INCOMPLETE
    emit([f"{_count(total, 'record')} verified: {total - bad - void} good, {void} void, {bad} bad"])
    return NO_GO if bad else OK


def _ledger(desk: Desk) -> "Ledger":
    from readiness.loading import ChecklistError
    from readiness.records.errors import RecordsError
    from readiness.records.ledger import Ledger

    def load(environment: str, release: str) -> "Checklist":
        try:
            return desk.checklist(environment, release)
        except ChecklistError as error:
            raise RecordsError(f"the checklist cannot be used: {error.diagnostics[0].message}") from error

    return Ledger(desk.basis, load)


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


def _find(desk: Desk, prefix: str) -> "Record":
    name = prefix.strip().lower().removesuffix(".json")
    matches = [r for r in desk.basis.kept.records if r.digest.startswith(name)] if len(name) >= _SHORTEST_PREFIX else []
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UsageError(f"{len(matches)} records begin with {name}\nnext: give more of the digest")
    problem = next(
        (p for p in desk.basis.kept.problems if len(name) >= _SHORTEST_PREFIX and p.digest.startswith(name)), None
    )
    if problem is not None:
        raise UsageError(f"{problem.path}: {problem.code}: {problem.reason}\nnext: {problem.remedy}")
    least = f"{_SHORTEST_PREFIX} characters are the least"
    raise UsageError(f"no record begins with `{prefix}`\nnext: see `readiness records list`; {least}")


def _details(entry: "Entry", record: "Record") -> list[str]:
    from readiness.records.statement import Signoff
    from readiness.records.words import printable

    rows = [(name.replace("_", " "), value) for name, value in entry.model_dump(mode="json").items()]
    said = record.statement.predicate
    if isinstance(said, Signoff):
        rows += [("item text", said.item_text)]
        rows += [("evidence", f"{attached.sha256}  {attached.uri}") for attached in said.evidence]
    rows += [
        ("commit", said.commit),
        *(("covers", f"{digest}  {n}") for n, digest in record.statement.subjects.items()),
    ]
    return [f"{name:<13} {printable(str(value))}" for name, value in rows if value]


def _how_to_verify(entry: "Entry") -> list[str]:
    from readiness.records.roster import ALLOWED_SIGNERS
    from readiness.records.sshsig import NAMESPACE
    from readiness.records.store import record_path

    path = record_path(entry.record)
    moment = entry.signed_at.strftime("%Y%m%d%H%M%SZ")
    return [
        "",
        "verify with OpenSSH alone:",
        f"  ssh-keygen -Y verify -f {ALLOWED_SIGNERS} -I {entry.principal} -n {NAMESPACE} -Overify-time={moment} \\",
        f"    -s {path.removesuffix('json')}sig < {path}",
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
