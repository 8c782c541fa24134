"""Finds what a machine lacks to evaluate a checklist: tools, extras, plugins, variables, hosts, git, signers."""

import os
import platform
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from readiness.checklist import SIGNOFF, Checklist, Item
from readiness.git import GitError, Repository
from readiness.plugins import PluginError, PluginHost, conflicts, describe_installed, installed
from readiness.reach import address, addresses, unreachable, variables
from readiness.strictness.rules import Undirected
from readiness.text import count
from readiness.version import __version__

if TYPE_CHECKING:
    from readiness.loading import ChecklistError

_MOST_HOSTS = 50
_MOST_MISTAKES = 10
_Name = TypeVar("_Name")


class Line(NamedTuple):
    """One thing that was looked at."""

    state: Literal["passed", "failed", "not_applicable"]
    """`failed` when something is missing that is asked for, `not_applicable` when nothing asks for it."""
    text: str
    items: tuple[str, ...] = ()
    """Ids of the items that cannot be evaluated for it."""


def diagnose(file: Path | None, environment: str, folder: Path) -> Iterator[tuple[str, list[Line]]]:
    """Examine everything that the items of a checklist need; nothing is evaluated, no data is sent.

    Args:
        file: The checklist; looked for from `folder` upwards when not given. Without one only the machine is looked at.
        environment: Whose values the items take.
        folder: Where the user is.

    Yields:
        Titles with what was looked at.

    Raises:
        ChecklistError: The file that was named is not there.
    """
    from readiness.engine.host import Host
    from readiness.loading import ChecklistError, NoChecklistError, find, load

    checklist: Checklist | None = None
    load_error: ChecklistError | None = None
    with Host() as host:
        try:
            checklist = load(file or find(folder), environment=environment, host=host)
        except ChecklistError as error:
            if file is not None and not file.exists():
                raise
            load_error = error
        items = list(checklist.items) if checklist else []
        yield "Machine", _machine(items, _running_commands(host, items))
        yield "Extras", _extras(items)
        yield "Checks and reporters", _plugins(host, items)
    if isinstance(load_error, NoChecklistError):
        yield "Checklist", [Line("not_applicable", "none here; `readiness init` writes a first one")]
    elif load_error is not None:
        yield "Checklist", list(_mistakes(load_error))
    if checklist is None:
        return
    title = f"Checklist {checklist.source}: {count(len(items), 'item')}"
    yield title, _repository(Path(checklist.root), items)
    yield "Environment variables", _variables(items)
    yield "Hosts", _hosts(checklist, items)


def _mistakes(error: "ChecklistError") -> Iterator[Line]:
    for mistake in error.diagnostics[:_MOST_MISTAKES]:
        hint = f" ({mistake.help})" if mistake.help else ""
        yield Line("failed", f"{mistake.place}: {mistake.message}{hint}")
    if len(error.diagnostics) > _MOST_MISTAKES:
        yield Line("failed", f"and {len(error.diagnostics) - _MOST_MISTAKES} more; `readiness validate` shows them")
    yield Line("not_applicable", "its items were not examined; correct it first")


def _running_commands(host: PluginHost, items: Sequence[Item]) -> tuple[str, ...]:
    """Ids of the items whose check declares a command line."""
    checks = describe_installed(host, {item.check for item in items})
    commands = [
        name
        for name, check in checks.items()
        if any(isinstance(rule, Undirected) and rule.names == "command_line" for rule in check.directions.values())
    ]
    return _answered_by(items, *commands)


def _machine(items: Sequence[Item], commands: tuple[str, ...]) -> list[Line]:
    lines = [Line("passed", f"readiness {__version__}, Python {platform.python_version()}, {platform.system()}")]
    signoffs, of_commits = _answered_by(items, SIGNOFF), _asking_for_commits(items)
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


def _extras(items: Sequence[Item]) -> list[Line]:
    """What the extras of this distribution bring, and whether it is there; an extra has the name of its check."""
    lines = []
    for requirement in requires("readiness") or ():
        match = re.match(r"([A-Za-z0-9._-]+).*extra == ['\"]([\w-]+)['\"]", requirement)
        if match and match[2] != "all" and match[1] != "readiness":
            try:
                lines.append(Line("passed", f"{match[1]} {version(match[1])}"))
            except PackageNotFoundError:
                item_ids = _answered_by(items, match[2])
                text = f"{match[1]} is not installed: pip install 'readiness[{match[2]}]'"
                lines.append(Line("failed" if item_ids else "not_applicable", text, item_ids))
    return lines


def _plugins(host: PluginHost, items: Sequence[Item]) -> list[Line]:
    lines = []
    checks = installed("readiness.checks")
    for name, plugin in checks.items():
        try:
            host.describe(plugin)
        except PluginError as error:
            item_ids = _answered_by(items, name)
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


def _repository(root: Path, items: Sequence[Item]) -> list[Line]:
    signoffs, of_commits = _answered_by(items, SIGNOFF), _asking_for_commits(items)
    missing: Literal["failed", "not_applicable"] = "failed" if of_commits else "not_applicable"
    try:
        repository = Repository(root)
    except GitError as error:
        text = f"no git repository, so nothing can be said of commits and sign-offs: {error}"
        return [Line(missing, text, of_commits)]
    head = repository.head
    lines = [Line("passed", f"commit {head[:12]}") if head else Line(missing, "there is no commit yet", of_commits)]
    if repository.shallow:
        text = "history is cut off: fetch it all, for instance with `fetch-depth: 0`"
        lines.append(Line(missing, text, of_commits))
    if signoffs:
        name = ".readiness/allowed_signers"
        found = (root / name).is_file()
        text = "names who may sign" if found else "does not exist, so nobody can sign off"
        lines.append(Line("passed", f"{name} {text}") if found else Line("failed", f"{name} {text}", signoffs))
    return lines


def _variables(items: Iterable[Item]) -> list[Line]:
    return [
        Line("passed", f"{name} is set")
        if os.environ.get(name)
        else Line("failed", f"the variable {name} is not set", item_ids)
        for name, item_ids in sorted(_items_by_name(items, variables).items())
    ] or [Line("not_applicable", "no item needs one")]


def _hosts(checklist: Checklist, items: Iterable[Item]) -> list[Line]:
    started = {address(service.ready) for service in checklist.services.values() if service.ready}
    item_ids = _items_by_name(items, addresses)
    others = [place for place in sorted(item_ids) if place not in started]
    reasons = unreachable(others[:_MOST_HOSTS])
    lines = [
        Line("not_applicable", f"{place}: a service of the checklist, started by `check`")
        for place in sorted(item_ids.keys() - set(others))
    ]
    for place in others[:_MOST_HOSTS]:
        why = reasons.get(place)
        lines.append(Line("failed", f"{place} {why}", item_ids[place]) if why else Line("passed", f"{place} answers"))
    if len(others) > _MOST_HOSTS:
        lines.append(Line("not_applicable", f"{len(others) - _MOST_HOSTS} more hosts were not tried"))
    return lines or [Line("not_applicable", "no item asks one")]


def _items_by_name(items: Iterable[Item], names_in: Callable[[Any], set[_Name]]) -> dict[_Name, tuple[str, ...]]:
    """Ids of the items whose parameters name something, by its name."""
    item_ids: dict[_Name, tuple[str, ...]] = {}
    for item in items:
        for name in names_in(item.params):
            item_ids[name] = (*item_ids.get(name, ()), item.id)
    return item_ids


def _asking_for_commits(items: Iterable[Item]) -> tuple[str, ...]:
    """Ids of the items that ask for commits."""
    return tuple(
        item.id
        for item in items
        if item.check == SIGNOFF or item.params.get("changed_since") or item.params.get("history")
    )


def _answered_by(items: Iterable[Item], *checks: str) -> tuple[str, ...]:
    """Ids of the items that one of these checks answers."""
    return tuple(item.id for item in items if item.check in checks)
