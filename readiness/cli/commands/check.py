"""`readiness check`: evaluates the checklist, prints the verdict and exits with its code."""

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli import errors
from readiness.cli.attestation import AttestOptions, prepare, read_previous
from readiness.cli.options import (
    POLICY_REF_VARIABLE,
    ChecklistFile,
    PolicyRef,
    ReportOutput,
    epilog,
    flag,
    named_ref,
    text_option,
)
from readiness.cli.output.terminal import color_option
from readiness.cli.preparation import ConfineOptions, hosted
from readiness.cli.typed_options import item_ids, takes

if TYPE_CHECKING:
    from readiness.attestation.statement import Statement
    from readiness.report import Report

EXIT_CODES = (
    "0 GO or CONDITIONAL_GO, 1 NO_GO, 2 usage or configuration, 3 INCOMPLETE, 4 internal error, 130 interrupted"
)


@dataclass(frozen=True)
class RunOptions:
    """What a run takes that ends in a verdict."""

    file: ChecklistFile
    environment: Annotated[
        str, text_option("--env", "environment", about="Environment whose values replace `${name}`.", metavar="NAME")
    ]
    release: Annotated[
        str, text_option("--release", about="Release to judge; by default that of the checklist.", metavar="R")
    ]
    phase: Annotated[
        str, text_option("--phase", about="Only items of this phase, and the items that they need.", metavar="P")
    ]
    section: Annotated[
        str, text_option("--section", about="Only items of this section, and the items that they need.", metavar="S")
    ]
    output: ReportOutput
    ref: PolicyRef
    base_report: Annotated[
        Path | None,
        click.option(
            "--base-report",
            type=click.Path(path_type=Path, dir_okay=False),
            help="JSON report of the base, for items with `no_worse_than: base`.",
        ),
    ]
    verdicts: AttestOptions
    confined: ConfineOptions
    jobs: Annotated[
        int | None,
        click.option("-j", "--jobs", type=click.IntRange(1, 256), help="How many items to evaluate at the same time."),
    ]
    fail_on: Annotated[
        str | None,
        click.option("--fail-on", type=click.Choice(["conditional"]), help="Exit 1 for CONDITIONAL_GO as well."),
    ]
    quiet: Annotated[bool, flag("-q", "--quiet", about="Show no progress.")]


@dataclass(frozen=True)
class CheckOptions:
    """What `check` takes."""

    items: Annotated[
        tuple[str, ...],
        click.argument("items", metavar="[ITEM]...", nargs=-1, shell_complete=item_ids),
    ]
    run: RunOptions


@click.command(
    epilog=epilog(
        EXIT_CODES,
        examples=("check", "check coverage tls --env staging", "check --phase post-deploy -o report.html -o run.json"),
    )
)
@takes(CheckOptions)
@color_option
def check(asked: CheckOptions) -> int:
    """Evaluate the checklist, or only the named ITEMs and the items that they need.

    The result goes to standard output and to `-o` (the suffix chooses the reporter). Progress goes to standard error.
    """
    return run_to_verdict(asked.run, items=asked.items)


def run_to_verdict(
    asked: RunOptions, *, items: tuple[str, ...] = (), folder: Path | None = None, longest: timedelta = timedelta(0)
) -> int:
    """Evaluate a checklist, deliver and attest the verdict; its exit code.

    Args:
        asked: What was asked for.
        items: Ids of the items to evaluate; all when empty.
        folder: Where outcomes of another job are; None when this one evaluates all.
        longest: How long ago they may have been collected.
    """
    from readiness.cli.output.delivery import deliver
    from readiness.cli.output.report_files import no_earlier_report, reporter, resolve
    from readiness.cli.preparation import rehearse
    from readiness.isolation.guard import guarded
    from readiness.isolation.process import PASSPHRASE, take_secret
    from readiness.isolation.seal import refuse_intruders

    passphrase = take_secret(PASSPHRASE)
    refuse_intruders(asked.file)
    printed = reporter(asked.output.form) if asked.output.form is not None else None
    outputs = resolve(asked.output.paths)
    with ExitStack() as run:
        with no_earlier_report(outputs):
            part = bool(items or asked.section)
            attestation = prepare(asked.verdicts, asked.file, outputs, part=part, passphrase=passphrase)
            ref = named_ref(asked.ref, variable=POLICY_REF_VARIABLE)
            previous = read_previous(asked.verdicts.previous, attestation, ref)
            rendering = [output.reporter for output in outputs] + ([printed] if printed is not None else [])
            rehearse(rendering, compares=ref is not None)
            guard = run.enter_context(guarded())
            report, root = _evaluate(asked, _Sources(items, folder, longest, ref, previous))
            report = guard.conclude(report, signs=attestation is not None)
        problems = deliver(report, root, outputs, printed)
        code = exit_code(report, strict=asked.fail_on == "conditional", unwritten=bool(problems))
        return code if attestation is None else attestation.conclude(report, code, printed=printed is not None)


@dataclass(frozen=True)
class _Sources:
    """What a run starts from, beside its checklist."""

    items: tuple[str, ...]
    folder: Path | None
    longest: timedelta
    ref: str | None
    previous: "Statement | None"


def _evaluate(asked: RunOptions, sources: _Sources) -> "tuple[Report, Path]":
    """Load and run the checklist; the report, and the folder that was judged."""
    from readiness.attestation.earlier_verdict import recall
    from readiness.cli import last_run
    from readiness.cli.output.progress import Progress
    from readiness.engine.collected import Collected
    from readiness.engine.runner import run
    from readiness.policy.base import SavedReport
    from readiness.policy.request import PolicyRequest, read_run_policy
    from readiness.report import Selection

    path = asked.base_report
    base_report = None if path is None else SavedReport(last_run.read(path), path)
    wanted = PolicyRequest(asked.file, sources.ref, asked.environment, asked.release, base_report)
    selection = Selection(items=sources.items, phase=asked.phase, section=asked.section)
    collected = Collected(sources.folder, sources.longest) if sources.folder is not None else None
    with hosted(asked.confined, asked.file) as host:
        policy = read_run_policy(wanted, host=host, now=datetime.now(UTC))
        if sources.previous is not None:
            policy = recall(policy, sources.previous, datetime.now(UTC))
        with nullcontext() if asked.quiet else Progress() as listener:
            report = run(
                policy, selection=selection, jobs=asked.jobs, listener=listener, host=host, collected=collected
            )
    return report, policy.root


def exit_code(report: "Report", *, strict: bool, unwritten: bool) -> int:
    """The exit code of a verdict; a report that could not be written never exits 0."""
    if report.interrupted:
        return errors.INTERRUPTED
    codes = {
        "GO": errors.OK,
        "CONDITIONAL_GO": errors.NO_GO if strict else errors.OK,
        "NO_GO": errors.NO_GO,
        "INCOMPLETE": errors.INCOMPLETE,
    }
    code = codes[report.verdict.word.value]
    return errors.INTERNAL if unwritten and code == errors.OK else code
