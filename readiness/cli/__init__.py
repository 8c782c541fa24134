"""The command line: its commands and their exit codes."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from readiness.cli.errors import INTERNAL, guarded, interruptible
from readiness.cli.lazy_group import LazyGroup
from readiness.cli.least_memory import too_little
from readiness.cli.output import streams
from readiness.git_objects import keeping_answers
from readiness.judged_tree import forget_other_repositories
from readiness.version import __version__

_COMMANDS = {
    "check": "Evaluate the checklist and print the verdict.",
    "collect": "Run what runs code of the change, and write the outcomes.",
    "judge": "Judge by collected outcomes, without running code of the change.",
    "attest-evidence": "Sign files of evidence, as the job that produced them.",
    "verify": "Verify an attested verdict before a deployment.",
    "report": "Render a saved run again.",
    "init": "Write a first checklist for this repository.",
    "validate": "Check the checklist file alone.",
    "schema": "Print the JSON Schema of the checklist file.",
    "list": "List checks, reporters or items.",
    "explain": "Explain a check or an item.",
    "doctor": "List which tools, variables and hosts are missing here.",
    "signers": "Say who may sign, and with which key.",
    "sign": "Sign off an item with your SSH key.",
    "waive": "Waive an item for a limited time although it does not pass.",
    "revoke": "Revoke a sign-off or a waiver.",
    "records": "List, verify and export what people signed.",
}


class Program(LazyGroup):
    """Maps every error of its commands to its exit code in one place."""

    def main(self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any) -> Any:  # type: ignore[override]  # the rest is named
        """Run, and leave with the exit code that the outcome has."""
        run = super().main
        if not standalone_mode:
            return run(args, standalone_mode=False, **extra)
        streams.prepare()
        if want := too_little():
            streams.say(f"error: {want}\nNothing is known about the release; this is never a GO.")
            sys.exit(INTERNAL)
        forget_other_repositories()
        with interruptible():
            code = guarded(lambda: run(args, standalone_mode=False, **extra))
        streams.flush()
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> int:
        """Run the command; its errors are told while it is still known how (`--color`)."""
        run = super().invoke

        def command() -> object:
            try:
                with keeping_answers(standing=True):
                    return run(ctx)
            except SystemExit as error:
                raise RuntimeError(f"something asked to leave with {error.code!r}") from error

        return guarded(command)


@click.command(
    cls=Program,
    package="readiness.cli.commands",
    table=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 GO or CONDITIONAL_GO, 1 NO_GO, 2 usage or configuration, 3 INCOMPLETE, 4 internal error, "
    "130 interrupted.",
)
@click.version_option(__version__, prog_name="readiness", message="%(prog)s %(version)s")
def main() -> None:
    """An executable, signed go/no-go checklist: may this go to production?

    Begin with `readiness init`, then `readiness check`.
    """
