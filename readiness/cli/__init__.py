"""The command line: a group whose commands are imported when they are used, so that it starts fast."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from readiness.cli import streams
from readiness.cli.errors import guarded, interruptible
from readiness.version import __version__

_COMMANDS = {
    "check": "Evaluate the checklist: may this go to production?",
    "report": "Render a saved run again.",
    "init": "Write a first checklist from what is here.",
    "validate": "Check the checklist file alone.",
    "schema": "Print the JSON Schema of the checklist file.",
    "list": "List checks, reporters or items.",
    "explain": "Explain a check or an item.",
    "doctor": "Say what is installed, missing and reachable here.",
    "sign": "Sign off an item with your SSH key.",
    "records": "List, show and verify sign-offs.",
}
_MODULES = {"list": "listing"}


class LazyGroup(click.Group):
    """Lists its commands without importing them, and maps every error to its exit code in one place."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order in which a newcomer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Import the module of one command."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"readiness.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, _MODULES.get(cmd_name, cmd_name))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """Write the list of commands from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete names of commands without importing them."""
        from click.shell_completion import CompletionItem

        named = [CompletionItem(n, help=text) for n, text in _COMMANDS.items() if n.startswith(incomplete)]
        return (
            named if ctx.command is self and not incomplete.startswith("-") else super().shell_complete(ctx, incomplete)
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which was probably meant."""
        name = args[0] if args else ""
        if name and name not in _COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(name, _COMMANDS, n=1)
            ctx.fail(f"no such command `{name}`" + (f"; did you mean `{close[0]}`?" if close else ""))
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any) -> Any:  # type: ignore[override]  # the rest is named
        """Run, and leave with the exit code that the outcome has."""
        run = super().main
        if not standalone_mode:
            return run(args, standalone_mode=False, **extra)
        streams.prepare()
        with interruptible():
            code = guarded(lambda: run(args, standalone_mode=False, **extra))
        streams.flush()
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> int:
        """Run the command; its errors are told while it is still known how (`--color`)."""
        run = super().invoke

        def command() -> Any:
            try:
                return run(ctx)
            except SystemExit as error:
                raise RuntimeError(f"something asked to leave with {error.code!r}") from error

        return guarded(command)


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 GO or CONDITIONAL_GO, 1 NO_GO, 2 usage or configuration, 3 INCOMPLETE, 4 internal error, "
    "130 interrupted.",
)
@click.version_option(__version__, prog_name="readiness", message="%(prog)s %(version)s")
def main() -> None:
    """An executable, signed go/no-go checklist: may this go to production?

    Begin with `readiness init`, then `readiness check`.
    """
