"""Looks at a machine with the eyes of a checklist: tools, extras, plugins, variables, hosts, git, roster."""

import os
import platform
import re
import shutil
import socket
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from readiness.checklist import Checklist, Item
from readiness.git import GitError, Repository
from readiness.version import __version__

State = Literal["passed", "failed", "not_applicable"]
Lines = list[tuple[State, str]]
_CONNECT = 3.0
"""Seconds to reach a host."""
_MOST_HOSTS = 50


def diagnose(file: Path | None, environment: str, folder: Path) -> Iterator[tuple[str, Lines]]:
    """Look at everything that the items of a checklist rest on; nothing is evaluated, no data is sent.

    Args:
        file: The checklist; looked for from `folder` upwards when not given. Without one only the machine is looked at.
        environment: Whose values the items take.
        folder: Where the user is.

    Yields:
        Titles with lines of state and text; `failed` means that an item cannot be evaluated here.

    Raises:
        ChecklistError: The file that was named is not there, or has mistakes.
    """
    from readiness.engine.host import Host
    from readiness.loading import ChecklistError, find, load

    checklist: Checklist | None = None
    with Host() as host:
        try:
            place = file or find(folder)
        except ChecklistError:
            place = None
        if place is not None:
            checklist = load(place, environment=environment, host=host)
        items = list(checklist.items) if checklist else []
        yield "Machine", _machine(items)
        yield "Extras", _extras()
        yield "Checks and reporters", _plugins(host, {item.check for item in items})
    if checklist is None or place is None:
        yield "Checklist", [("not_applicable", "none here; `readiness init` writes a first one")]
        return
    yield f"Checklist {place.name}: {len(items)} items", _repository(place.absolute().parent, items)
    yield "Environment variables", _variables(items)
    yield "Hosts", _hosts(checklist, items)


def _machine(items: list[Item]) -> Lines:
    lines: Lines = [("passed", f"readiness {__version__}, Python {platform.python_version()}, {platform.system()}")]
    signed = any(item.check == "signoff" for item in items)
    wanted = [("git", True, "install git"), ("ssh-keygen", signed, "install OpenSSH's client; signing needs it")]
    shell = any(item.check == "command" for item in items)
    wanted.append(("bash", shell, "install bash; without it a broken pipe in a command is not noticed"))
    for program, needed, remedy in wanted:
        path = shutil.which(program)
        state: State = "passed" if path else "failed" if needed else "not_applicable"
        lines.append((state, f"{program}: {path or f'not found; {remedy}'}"))
    return lines


def _extras() -> Lines:
    """What the extras of this distribution bring, and whether it is there."""
    lines: Lines = []
    for requirement in requires("readiness") or ():
        match = re.match(r"([A-Za-z0-9._-]+).*extra == ['\"]([\w-]+)['\"]", requirement)
        if match and match[2] != "all" and match[1] != "readiness":
            try:
                lines.append(("passed", f"{match[1]} {version(match[1])}"))
            except PackageNotFoundError:
                text = f"{match[1]} is not installed: pip install 'readiness[{match[2]}]'"
                lines.append(("not_applicable", text))
    return lines


def _plugins(host: Any, used: set[str]) -> Lines:
    from readiness.plugins import PluginError, conflicts, installed

    lines: Lines = []
    for name, plugin in installed("readiness.checks").items():
        try:
            host.describe(plugin)
        except PluginError as error:
            lines.append(("failed" if name in used else "not_applicable", str(error)))
        else:
            lines.append(("passed", f"check {name} ({plugin.distribution} {plugin.version})"))
    names = ", ".join(f".{name}" for name in installed("readiness.reporters"))
    lines.append(("passed", f"reporters {names}"))
    lines += [
        ("not_applicable", f"`{plugin.name}` of {plugin.distribution} is not used: the name is taken")
        for plugin in [*conflicts("readiness.checks"), *conflicts("readiness.reporters")]
    ]
    return lines


def _repository(root: Path, items: list[Item]) -> Lines:
    lines: Lines = []
    try:
        repository = Repository(root)
    except GitError as error:
        return [("failed", f"no git repository, so nothing can be said of commits and sign-offs: {error}")]
    head = repository.head
    lines.append(("passed", f"commit {head[:12]}") if head else ("failed", "there is no commit yet"))
    if repository.shallow:
        lines.append(("failed", "history is cut off: fetch it all, for instance with `fetch-depth: 0`"))
    if any(item.check == "signoff" for item in items):
        roster = root / ".readiness" / "allowed_signers"
        found = roster.is_file()
        text = "names who may sign" if found else "does not exist, so nobody can sign off"
        lines.append(("passed" if found else "failed", f".readiness/allowed_signers {text}"))
    return lines


def _variables(items: Iterable[Item]) -> Lines:
    wanted: dict[str, list[str]] = {}
    for item in items:
        for name in sorted(_names(item.params, process=item.params.get("source") != "file")):
            wanted.setdefault(name, []).append(item.id)
    lines: Lines = []
    for name, users in sorted(wanted.items()):
        there = bool(os.environ.get(name))
        state: State = "passed" if there else "failed"
        lines.append((state, f"{name} is {'set' if there else 'not set'}; needed by {', '.join(users)}"))
    return lines or [("not_applicable", "no item needs one")]


def _names(node: Any, *, process: bool) -> set[str]:
    """Names of variables that parameters refer to: `env: NAME`, and the keys of `required`."""
    found: set[str] = set()
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "env" and isinstance(value, str):
                found.add(value)
            elif key == "required" and isinstance(value, dict) and process:
                found |= set(value)
            else:
                found |= _names(value, process=process)
    elif isinstance(node, list | tuple):
        for value in node:
            found |= _names(value, process=process)
    return found


def _hosts(checklist: Checklist, items: Iterable[Item]) -> Lines:
    started = {_address(service.ready) for service in checklist.services.values() if service.ready}
    wanted: dict[tuple[str, int], list[str]] = {}
    for item in items:
        for address in sorted(_addresses(item.params)):
            wanted.setdefault(address, []).append(item.id)
    lines: Lines = []
    for (host, port), users in list(wanted.items())[:_MOST_HOSTS]:
        text = f"{host}:{port}, for {', '.join(users)}"
        if (host, port) in started:
            lines.append(("not_applicable", f"{text}: a service of the checklist, started by `check`"))
            continue
        try:
            with socket.create_connection((host, port), timeout=_CONNECT):
                lines.append(("passed", text))
        except OSError as error:
            lines.append(("failed", f"{text}: cannot be reached: {error.strerror or error}"))
    return lines or [("not_applicable", "no item asks one")]


def _addresses(node: Any, key: str = "") -> set[tuple[str, int]]:
    if isinstance(node, dict):
        return {address for name, value in node.items() for address in _addresses(value, name)}
    if isinstance(node, list | tuple):
        return {address for value in node for address in _addresses(value, key)}
    if isinstance(node, str) and key in {"url", "urls", "hosts"}:
        address = _address(node if "://" in node else f"https://{node}")
        return {address} if address else set()
    return set()


def _address(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80}.get(parts.scheme, 443)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname else None
