"""`readiness records export`: one archive that an auditor checks with OpenSSH and sha256sum alone."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.errors import INCOMPLETE, OK, UsageError
from readiness.cli.options import FILE, Period, RecordsSource, epilog, file_option, text_option
from readiness.cli.output.streams import emit, say
from readiness.cli.output.terminal import safe
from readiness.cli.typed_options import takes
from readiness.cli.workspace import Workspace, choose, ledger, open_workspace, tell_when
from readiness.text import count

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.records.export.contents import Export
    from readiness.report import Report

_FORMS = ("html", "json")
"""What the report in an archive is written as."""


@dataclass(frozen=True)
class ExportOptions:
    """What `records export` takes."""

    source: RecordsSource
    output: Annotated[
        Path, click.option("-o", "--output", required=True, type=FILE, metavar="FILE.zip", help="The archive to write.")
    ]
    run: Annotated[Path | None, file_option("--run", about="Include the report of this saved run.", metavar="RUN.json")]
    attestation: Annotated[Path | None, file_option("--attestation", about="Include this signed verdict.")]
    release: Annotated[str, text_option("--release", about="Only records for this release.", metavar="R")]
    environment: Annotated[
        str, text_option("--env", "environment", about="Only records for this environment.", metavar="NAME")
    ]
    period: Period

    @property
    def narrowed(self) -> str:
        """What narrows the choice of records, in words; empty when nothing does."""
        named = {
            "release": self.release,
            "environment": self.environment,
            "since": _edge(self.period.since),
            "until": _edge(self.period.until),
        }
        return ", ".join(f"{name} {text}" for name, text in named.items() if text)


def _edge(moment: datetime | None) -> str:
    """Where a period begins or ends: the day alone, where that is where it begins or ends."""
    if moment is None:
        return ""
    return moment.date().isoformat() if moment.time() in {time.min, time.max} else moment.isoformat()


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
@takes(ExportOptions)
def export(asked: ExportOptions) -> int:
    """Write records, allowed signers, report and instructions for auditors into one archive.

    The archive can be verified without this tool: `VERIFY.html` in it explains how. Invalid records are included, too,
    and counted. A revocation is included whenever the record is that it revokes. Without `--run`, the report is about
    the sign-offs alone: no other check runs, and no network is used. With `--as-of` an earlier day there is no such
    report.
    """
    from readiness.atomic_write import atomic_write
    from readiness.attestation.envelope import read_bytes
    from readiness.records.export.bundle import archive

    _refuse_output(asked.output)
    extra = {} if asked.attestation is None else {"attestation.json": read_bytes(asked.attestation)}
    workspace = open_workspace(asked.source)
    found = _collect(workspace, asked, extra)
    if found is None:
        say(f"{'no record matches' if asked.narrowed else 'there is no record'}: nothing was written")
        return INCOMPLETE
    data = archive(found.files)
    try:
        atomic_write(asked.output, data)
    except OSError as error:
        raise UsageError(f"`{asked.output}` cannot be written: {error.strerror}") from error
    tell_when(workspace)
    emit(_summary(found, asked.output, hashlib.sha256(data).hexdigest()))
    return OK


def _refuse_output(output: Path) -> None:
    if output.suffix.lower() != ".zip":
        raise UsageError(f"`{output}` does not end with .zip\nnext: name an archive, for instance `-o audit.zip`")
    if output.is_dir():
        raise UsageError(f"`{output}` is a folder; name a file in it")


def _collect(workspace: Workspace, asked: ExportOptions, extra: dict[str, bytes]) -> "Export | None":
    """All that goes into the archive; None when there is nothing to put into it."""
    from readiness.records.export import contents
    from readiness.records.review.filter import Selection

    wanted = Selection(
        releases=tuple(filter(None, [asked.release])),
        environments=tuple(filter(None, [asked.environment])),
        since=asked.period.since,
        until=asked.period.until,
    )
    judging = ledger(workspace)
    chosen = contents.choose(workspace.evidence, judging.entries(), choose(workspace, judging, wanted))
    if not chosen and (asked.narrowed or not workspace.evidence.kept.problems):
        return None
    pages = _reports(workspace, asked)
    return contents.collect(
        workspace.evidence,
        chosen,
        checklist=workspace.file.read_bytes() if workspace.content is None else workspace.content,
        narrowed=asked.narrowed,
        extra={**pages, **extra},
    )


def _reports(workspace: Workspace, asked: ExportOptions) -> dict[str, bytes]:
    """The reports of a saved run, or else of the sign-offs alone, by name; none when there is nothing to report."""
    from readiness.cli.last_run import read
    from readiness.cli.output.report_files import render, reporter
    from readiness.plugins import PluginError

    if workspace.as_of is not None and asked.run is None:
        say("it contains no report, because today's files say nothing about a past day")
        say("next: name a run that was saved then with --run")
        return {}
    checklist = workspace.checklist(asked.environment, asked.release) if asked.run is None else None
    found = read(asked.run) if checklist is None else _judge_signoffs(workspace, checklist)
    if found is None:
        say("no report is in it: the checklist has no sign-off that can be judged by itself")
        say("next: name a saved run with --run")
        return {}
    try:
        pages = {f"report.{form}": render(found, reporter(form)) for form in _FORMS}
    except PluginError as error:
        raise UsageError(f"the report cannot be rendered: {error}") from error
    return {name: page.encode("utf-8", "backslashreplace") for name, page in pages.items()}


def _judge_signoffs(workspace: Workspace, checklist: "Checklist") -> "Report | None":
    """Judge the items that people sign off, and nothing that runs a command or talks to a network."""
    from readiness.engine.host import Host
    from readiness.engine.runner import run
    from readiness.records.judging.question import signed_alone
    from readiness.report import PolicyFact, Selection
    from readiness.run_policy import RunPolicy

    items = signed_alone(checklist)
    if not items:
        return None
    policy = workspace.evidence.policy
    fact = PolicyFact(ref=policy, commit=policy, merge_base="", checklist_sha256=checklist.sha256) if policy else None
    notices: tuple[str, ...] = ("made for an export: the sign-offs alone were judged, everything else was left out",)
    notices += (f"judged by the policy of commit {policy}",) if policy else ()
    with Host() as host:
        report = run(
            RunPolicy(checklist, workspace.root, fact=fact, notices=notices),
            selection=Selection(items=items),
            clock=lambda: workspace.evidence.now,
            host=host,
        )
    # how long it took is no evidence, and would make each archive another one
    results = tuple(result.model_copy(update={"duration": 0.0}) for result in report.results)
    return report.model_copy(update={"duration": 0.0, "results": results, "policy": None})


def _summary(found: "Export", output: Path, digest: str) -> list[str]:
    lines = [f"wrote {safe(str(output))}: {count(found.records, 'record')}"]
    if found.left_out:
        lines.append(f"{count(found.left_out, 'record')} left out by the filters")
    if found.bad or found.problems:
        lines.append(f"not in order: {count(found.bad, 'record')}, and {count(found.problems, 'other defect')}")
        lines.append("next: run `readiness records verify`, which names each")
    lines.append(f"sha256 {digest}")
    return lines
