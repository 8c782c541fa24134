"""A group whose commands are imported when they are used, so that it starts fast."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from readiness.text import did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """Lists its commands without importing them.

    Args:
        package: Where their modules are.
        table: What each command does, by name, in the order in which a newcomer meets them.
        attributes: As click takes them.
    """

    def __init__(self, *, package: str, table: Mapping[str, str], **attributes: Any) -> None:  # click's own
        super().__init__(**attributes)
        self._package, self._table = package, table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Import the module of one command.

        The function in it is called like the command, with `_` for `-`, and one behind it where Python has that name
        already.
        """
        if cmd_name not in self._table:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"{self._package}.{name}")
        command: click.Command = getattr(module, name, None) or getattr(module, f"{name}_")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete names of commands without importing them."""
        from click.shell_completion import CompletionItem

        named = [CompletionItem(n, help=text) for n, text in self._table.items() if n.startswith(incomplete)]
        return (
            named if ctx.command is self and not incomplete.startswith("-") else super().shell_complete(ctx, incomplete)
        )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which was probably meant."""
        name = args[0] if args else ""
        if name and name not in self._table and not name.startswith("-"):
            hint = did_you_mean(name, self._table)
            ctx.fail(f"no such command `{name}`" + (f"; {hint}" if hint else ""))
        return super().resolve_command(ctx, args)
