"""`readiness check`: evaluate the checklist, print the verdict, leave with its exit code."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from readiness.cli import completion, errors
from readiness.cli.attestation import attesting, prepare
from readiness.cli.epilog import epilog
from readiness.cli.output.terminal import color_option
from readiness.cli.policy_option import chosen, judging_ref
from readiness.cli.previous_verdict import forbid_same, read_previous, remembering
from readiness.cli.workspace import refusing

if TYPE_CHECKING:
    from readiness.attestation.summary import Statement
    from readiness.report import Report, Result
    from readiness.run_policy import RunPolicy

EXIT_CODES = (
    "0 GO or CONDITIONAL_GO, 1 NO_GO, 2 usage or configuration, 3 INCOMPLETE, 4 internal error, 130 interrupted"
)
_path = click.Path(path_type=Path)


@click.command(
    epilog=epilog(
        EXIT_CODES,
        examples=("check", "check coverage tls --env staging", "check --phase post-deploy -o report.html -o run.json"),
    )
)
@click.argument("items", metavar="[ITEM]...", nargs=-1, shell_complete=completion.items)
@click.option("-f", "--file", type=_path, help="The checklist file; looked for from here upwards when not given.")
@click.option("--env", "environment", default="", metavar="NAME", help="Environment whose values `${name}` stands for.")
@click.option("--release", default="", metavar="R", help="Release that is judged; the checklist's when not given.")
@click.option("--phase", default="", metavar="P", help="Only items of this phase, and what they need.")
@click.option("--section", default="", metavar="S", help="Only items of this section, and what they need.")
@click.option(
    "-o", "--output", "paths", multiple=True, type=_path, metavar="FILE", help="Write a report; may be repeated."
)
@click.option(
    "--format", "form", metavar="SUFFIX", help="Print the report (json, md, html ...) instead of the summary."
)
@judging_ref
@attesting
@remembering
@click.option("-j", "--jobs", type=click.IntRange(1, 256), help="Items evaluated at once.")
@click.option("--fail-on", type=click.Choice(["conditional"]), help="Make CONDITIONAL_GO exit 1, too.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@color_option
def check(
    paths: tuple[Path, ...],
    form: str | None,
    fail_on: str | None,
    attest: Path | None,
    key: Path | None,
    artifacts: tuple[Path, ...],
    previous: Path | None,
    **asked: Any,
) -> int:
    """Evaluate the checklist, or the ITEMs named and what they need.

    The result goes to standard output and to `-o` (the suffix picks the reporter); progress goes to standard error.
    """
    from readiness.cli.output.delivery import deliver
    from readiness.cli.output.report_files import reporter, resolve

    printed = reporter(form) if form is not None else None
    outputs = resolve(paths)
    forbid_same(previous, attest)
    attestation = prepare(attest, key, artifacts, outputs=outputs, asked=asked)
    report, root = _evaluate(previous=read_previous(previous, attestation), **asked)
    problems = deliver(report, root, outputs, printed)
    code = exit_code(report, strict=fail_on == "conditional", unwritten=bool(problems))
    return code if attestation is None else attestation.conclude(report, code, loud=printed is None)


def _evaluate(*, jobs: int | None, quiet: bool, previous: "Statement | None", **asked: Any) -> "tuple[Report, Path]":
    """Load and run the checklist; the report, and the folder that was judged."""
    from readiness.cli.output.progress import Progress
    from readiness.engine.host import Host
    from readiness.engine.runner import run
    from readiness.policy.request import PolicyRequest, read_run_policy
    from readiness.report import Selection

    selection = Selection(items=asked["items"], phase=asked["phase"], section=asked["section"])
    wanted = PolicyRequest(asked["file"], chosen(asked["ref"]), asked["environment"], asked["release"])
    with Host() as host:
        with refusing():
            policy = read_run_policy(wanted, host=host, now=datetime.now(UTC))
        if previous is not None:
            policy = replace(policy, given=_recall(previous, policy))
        with nullcontext() if quiet else Progress() as listener:
            report = run(policy, selection=selection, jobs=jobs, listener=listener, host=host)
    return report, policy.root


def _recall(previous: "Statement", policy: "RunPolicy") -> "tuple[Result, ...]":
    from readiness.attestation.recalled import recall

    now = datetime.now(UTC)
    return recall(previous, policy.given, policy.root, now, policy.checklist, policy=policy.commit)


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
