"""`readiness records export`: one archive that an auditor checks with OpenSSH and sha256sum alone."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli.epilog import epilog
from readiness.cli.errors import INCOMPLETE, OK, UsageError
from readiness.cli.output.streams import emit, say
from readiness.cli.output.terminal import safe
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
    from readiness.records.export.contents import Export
    from readiness.records.review.ledger import Entry

_path = click.Path(path_type=Path)
_MOST = 64 * 2**20
"""Bytes of an attestation."""


@click.command(
    epilog=epilog(
        "0 written, 2 cannot be exported or written, 3 there is no record to export",
        examples=(
            "records export -o audit.zip",
            "records export -o audit.zip --run run.json --attestation verdict.intoto.json",
            "records export -o 2026.zip --since 2026-01-01 --until 2026-12-31",
        ),
    )
)
@checklist_file
@as_of
@policy_ref
@click.option("-o", "--output", required=True, type=_path, metavar="FILE.zip", help="The archive to write.")
@click.option("--run", type=_path, metavar="RUN.json", help="Put in the report of this saved run.")
@click.option("--attestation", type=_path, metavar="FILE", help="Put in this signed verdict.")
@click.option("--release", default="", metavar="R", help="Only records for this release.")
@click.option("--env", "environment", default="", metavar="NAME", help="Only records for this environment.")
@click.option("--since", default="", metavar="DATE", help="Only signed on this day (in UTC) or later.")
@click.option("--until", default="", metavar="DATE", help="Only signed on this day (in UTC) or earlier.")
def export(
    file: Path | None, when: str, ref: str, *, output: Path, run: Path | None, attestation: Path | None, **asked: str
) -> int:
    """Write records, rosters, report and instructions for auditors into one archive.

    What is in it can be checked without this tool: `VERIFY.html` in it says how. Records that are not in order go in
    as well, and are counted. Without `--run`, the sign-offs are judged for the report: no command runs, nothing talks
    to a network. A revocation goes in whenever its record does. As of an earlier day, there is no such report.
    """
    from readiness.atomic_write import atomic_write
    from readiness.records.export.bundle import archive

    _refuse_output(output)
    extra = {} if attestation is None else {"attestation.json": _read(attestation)}
    with refusing():
        workspace = open_workspace(file, ref, when)
        found = _collect(workspace, run, extra, asked)
    if found is None:
        say(
            "no record matches: nothing was written"
            if any(asked.values())
            else "there is no record: nothing was written"
        )
        return INCOMPLETE
    data = archive(found.files)
    try:
        atomic_write(output, data)
    except OSError as error:
        raise UsageError(f"`{output}` cannot be written: {error.strerror}") from error
    tell_when(workspace)
    emit(_told(found, output, hashlib.sha256(data).hexdigest()))
    return OK


def _refuse_output(output: Path) -> None:
    if output.suffix.lower() != ".zip":
        raise UsageError(f"`{output}` does not end with .zip\nnext: name an archive, for instance `-o audit.zip`")
    if output.is_dir():
        raise UsageError(f"`{output}` is a folder; name a file in it")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST + 1)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}") from error
    if len(data) > _MOST:
        raise UsageError(f"`{path}` is larger than {_MOST >> 20} MiB, which no attestation is")
    return data


def _collect(workspace: Workspace, run: Path | None, extra: dict[str, bytes], asked: dict[str, str]) -> "Export | None":
    from readiness.records.export.contents import choose, collect

    entries = ledger(workspace).entries()
    chosen = choose(workspace.evidence, entries, _wanted(workspace, entries, asked))
    if not chosen and (any(asked.values()) or not workspace.evidence.kept.problems):
        return None
    pages = _reports(workspace, run, asked)
    return collect(
        workspace.evidence,
        chosen,
        checklist=workspace.file.read_bytes() if workspace.content is None else workspace.content,
        narrowed=", ".join(f"{name} {text}" for name, text in asked.items() if text),
        extra={**pages, **extra},
    )


def _reports(workspace: Workspace, run: Path | None, asked: dict[str, str]) -> dict[str, bytes]:
    from readiness.cli.commands.records.export_evidence import reports

    if workspace.as_of is not None and run is None:
        say("no report is in it: what is there today says nothing about then")
        say("next: name a run that was saved then with --run")
        return {}
    pages = reports(workspace, run, environment=asked["environment"], release=asked["release"])
    if not pages:
        say("no report is in it: the checklist has no sign-off that can be judged by itself")
        say("next: name a saved run with --run")
    return pages


def _wanted(workspace: Workspace, entries: "list[Entry]", asked: dict[str, str]) -> "list[Entry]":
    from readiness.records.review.filter import Selection, begin, end, known, refuse_unknown

    selection: dict[str, Any] = {
        "releases": tuple(filter(None, [asked["release"]])),
        "environments": tuple(filter(None, [asked["environment"]])),
    }
    for name, read in (("since", begin), ("until", end)):
        try:
            selection[name] = read(asked[name]) if asked[name] else None
        except ValueError as error:
            raise UsageError(f"--{name}: {error}\nnext: write a date, for instance 2026-11-23") from error
    wanted = Selection(**selection)
    outline = workspace.outline()
    if outline is not None:
        refuse_unknown(wanted, known(entries, outline, workspace.evidence.people))
    return [entry for entry in entries if wanted.takes(entry, workspace.evidence.people)]


def _told(found: "Export", output: Path, digest: str) -> list[str]:
    lines = [f"wrote {safe(str(output))}: {count(found.records, 'record')}"]
    if found.left_out:
        lines.append(f"{count(found.left_out, 'record')} left out by the filters")
    if found.bad or found.problems:
        lines.append(f"not in order: {count(found.bad, 'record')}, and {count(found.problems, 'other defect')}")
        lines.append("next: run `readiness records verify`, which names each")
    lines.append(f"sha256 {digest}")
    return lines
