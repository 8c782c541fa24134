"""What is installed here: programs, extras, checks and reporters."""

import platform
import re
import shutil
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal, NamedTuple

from readiness.checklist import SIGNOFF, Item
from readiness.plugins import PluginError, PluginHost, conflicts, describe_installed, installed
from readiness.strictness.rules import Undirected
from readiness.version import __version__


class Line(NamedTuple):
    """One thing that was looked at."""

    state: Literal["passed", "failed", "not_applicable"]
    """`failed` when something is missing that is asked for, `not_applicable` when nothing asks for it."""
    text: str
    items: tuple[str, ...] = ()
    """Ids of the items that cannot be evaluated for it."""


def running_commands(host: PluginHost, items: Sequence[Item]) -> tuple[str, ...]:
    """Ids of the items whose check declares a command line."""
    checks = describe_installed(host, {item.check for item in items})
    commands = [
        name
        for name, check in checks.items()
        if any(isinstance(rule, Undirected) and rule.names == "command_line" for rule in check.directions.values())
    ]
    return answered_by(items, *commands)


def machine(items: Sequence[Item], commands: tuple[str, ...]) -> list[Line]:
    """Programs that readiness itself runs."""
    lines = [Line("passed", f"readiness {__version__}, Python {platform.python_version()}, {platform.system()}")]
    signoffs, of_commits = answered_by(items, SIGNOFF), asking_for_commits(items)
    for program, needed, item_ids, remedy in (
        ("git", bool(of_commits), of_commits, "install git; without it no commit is known"),
        ("ssh-keygen", bool(signoffs), signoffs, "install OpenSSH's client; signing needs it"),
        ("bash", bool(commands), commands, "install bash; without it a broken pipe in a command is not noticed"),
    ):
        path = shutil.which(program)
        if path:
            lines.append(Line("passed", f"{program}: {path}"))
        else:
            lines.append(Line("failed" if needed else "not_applicable", f"{program} is not found; {remedy}", item_ids))
    return lines


def extras(items: Sequence[Item]) -> list[Line]:
    """What the extras of this distribution bring, and whether it is there; an extra has the name of its check."""
    lines = []
    for requirement in requires("readiness") or ():
        match = re.match(r"([A-Za-z0-9._-]+).*extra == ['\"]([\w-]+)['\"]", requirement)
        if match and match[2] != "all" and match[1] != "readiness":
            try:
                lines.append(Line("passed", f"{match[1]} {version(match[1])}"))
            except PackageNotFoundError:
                item_ids = answered_by(items, match[2])
                text = f"{match[1]} is not installed: pip install 'readiness[{match[2]}]'"
                lines.append(Line("failed" if item_ids else "not_applicable", text, item_ids))
    return lines


def plugins(host: PluginHost, items: Sequence[Item]) -> list[Line]:
    """Checks and reporters: whether each can be used."""
    lines = []
    checks = installed("readiness.checks")
    for name, plugin in checks.items():
        try:
            host.describe(plugin)
        except PluginError as error:
            item_ids = answered_by(items, name)
            lines.append(Line("failed" if item_ids else "not_applicable", str(error), item_ids))
        else:
            lines.append(Line("passed", f"check {name} ({plugin.distribution} {plugin.version})"))
    names = ", ".join(f".{name}" for name in installed("readiness.reporters"))
    lines.append(Line("passed", f"reporters {names}"))
    lines += [
        Line("not_applicable", f"`{plugin.name}` of {plugin.distribution} is not used: the name is taken")
        for plugin in [*conflicts("readiness.checks"), *conflicts("readiness.reporters")]
    ]
    return lines


def asking_for_commits(items: Iterable[Item]) -> tuple[str, ...]:
    """Ids of the items that ask for commits."""
    return tuple(
        item.id
        for item in items
        if item.check == SIGNOFF or item.params.get("changed_since") or item.params.get("history")
    )


def answered_by(items: Iterable[Item], *checks: str) -> tuple[str, ...]:
    """Ids of the items that one of these checks answers."""
    return tuple(item.id for item in items if item.check in checks)
