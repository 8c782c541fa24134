"""`readiness collect`: runs the items that run code of the change, and writes their outcomes for `readiness judge`."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli import errors
from readiness.cli.options import (
    FILE,
    POLICY_REF_VARIABLE,
    ChecklistFile,
    PolicyRef,
    epilog,
    flag,
    named_ref,
    text_option,
)
from readiness.cli.output.streams import emit
from readiness.cli.output.terminal import color_option, safe
from readiness.cli.preparation import ConfineOptions, hosted
from readiness.cli.typed_options import takes
from readiness.text import count

if TYPE_CHECKING:
    from readiness.report import Report


@dataclass(frozen=True)
class CollectOptions:
    """What `collect` takes."""

    folder: Annotated[
        Path,
        click.option("-o", "--output", "folder", type=FILE, required=True, metavar="DIR", help="Folder to write to."),
    ]
    file: ChecklistFile
    environment: Annotated[
        str, text_option("--env", "environment", about="Environment whose values replace `${name}`.", metavar="NAME")
    ]
    release: Annotated[
        str, text_option("--release", about="Release to judge; by default that of the checklist.", metavar="R")
    ]
    phase: Annotated[str, text_option("--phase", about="Only items of this phase.", metavar="P")]
    ref: PolicyRef
    confined: ConfineOptions
    quiet: Annotated[bool, flag("-q", "--quiet", about="Show no progress.")]


@click.command(
    epilog=epilog(
        "0 the outcomes are written, whatever they are; 2 usage or configuration, 3 the installation changed, "
        "130 interrupted",
        examples=("collect -o evidence/ --policy-ref origin/main",),
    )
)
@takes(CollectOptions)
@color_option
def collect(asked: CollectOptions) -> int:
    """Run the items that run code of the change, and write their outcomes to a folder.

    For a job without secrets: another job, which has the key and runs no code of the change, judges them with
    `readiness judge`. An item does not wait here for those that it needs and that are evaluated there.
    """
    from readiness.checklist import INSTALLATION_UNCHANGED
    from readiness.cli.preparation import rehearse
    from readiness.engine.collected import write
    from readiness.isolation.guard import guarded
    from readiness.isolation.seal import refuse_intruders

    refuse_intruders(asked.file)
    rehearse(())
    with guarded() as guard:
        report = guard.conclude(_collected(asked))
        if report.interrupted:
            return errors.INTERRUPTED
        changed = [one for one in report.results if one.item.id == INSTALLATION_UNCHANGED]
        if changed:
            errors.complain(f"nothing was written: {changed[0].outcome.summary}\nnext: {changed[0].outcome.remedy}")
            return errors.INCOMPLETE
        number = write(asked.folder, report)
        emit([f"collected {count(number, 'outcome')} in {safe(str(asked.folder))}", *_told(report)])
    return errors.OK


def _collected(asked: CollectOptions) -> "Report":
    """Evaluate the items that run code of the change."""
    from readiness.cli.output.progress import Progress
    from readiness.engine.evaluation import only_foreign
    from readiness.engine.runner import run
    from readiness.policy.request import PolicyRequest, read_run_policy
    from readiness.report import Selection

    ref = named_ref(asked.ref, variable=POLICY_REF_VARIABLE)
    wanted = PolicyRequest(asked.file, ref, asked.environment, asked.release)
    with hosted(asked.confined, asked.file) as host:
        whole = read_run_policy(wanted, host=host, now=datetime.now(UTC))
        policy = only_foreign(whole, Selection(phase=asked.phase), host)
        with nullcontext() if asked.quiet else Progress() as listener:
            return run(policy, listener=listener, host=host)


def _told(report: "Report") -> list[str]:
    return [f"  {one.status.value:<14} {safe(one.item.id)}" for one in report.results if one.selected]
