"""What items need, and whether it is here: commits, programs, evidence, signers, variables, hosts."""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from readiness.checklist import SIGNOFF, Checklist, Item, Person
from readiness.diagnosis import absent
from readiness.diagnosis.machine import Line, asking_for_commits
from readiness.git import GitError, Repository
from readiness.init.items import join
from readiness.init.projects import projects
from readiness.init.stacks import ANYWHERE, BY_NAME
from readiness.init.tree import Tree
from readiness.plugins import Description
from readiness.reach import address, addresses, unreachable, variables
from readiness.records.model.errors import RecordsError
from readiness.records.storage.allowed_signers import read_roster
from readiness.text import count

_MOST_HOSTS = 50
_MOST_NAMED = 5
_PYTHON_AND_NPM = r"(^|/)(pyproject\.toml|setup\.py|package\.json|requirements[^/]*\.txt)$"
_Name = TypeVar("_Name")


def repository(root: Path, items: Sequence[Item]) -> list[Line]:
    """Whether git knows the commits that items ask for."""
    of_commits = asking_for_commits(items)
    absence: Literal["failed", "not_applicable"] = "failed" if of_commits else "not_applicable"
    try:
        repository = Repository(root)
    except GitError as error:
        text = f"no git repository, so nothing can be said of commits and sign-offs: {error}"
        return [Line(absence, text, of_commits)]
    head = repository.head
    lines = [Line("passed", f"commit {head[:12]}") if head else Line(absence, "there is no commit yet", of_commits)]
    if repository.shallow:
        text = "history is cut off: fetch it all, for instance with `fetch-depth: 0`"
        lines.append(Line(absence, text, of_commits))
    return lines


def missing(described: Mapping[str, Description], root: Path, items: Iterable[Item]) -> list[Line]:
    """What the parameters of items name that is not here; what an item that goes first may bring is no defect."""
    programs: dict[str, tuple[str, ...]] = {}
    lines = []
    for item in items:
        check = described.get(item.check)
        if check is None:
            continue
        for program in absent.programs(check.directions, item.params, root):
            programs[program] = (*programs.get(program, ()), item.id)
        for pattern in absent.evidence(check.directions, item.params, root):
            if item.needs:
                after = ", ".join(item.needs)
                lines.append(Line("not_applicable", f"no file matches {pattern} yet; {item.id} waits for {after}"))
            else:
                lines.append(Line("failed", f"no file matches {pattern}: let the tools write it first", (item.id,)))
    lines += [Line("failed", f"{name} is not installed", item_ids) for name, item_ids in sorted(programs.items())]
    return lines or [Line("passed", "all that the items name is here")]


def unignored(described: Mapping[str, Description], root: Path, items: Iterable[Item]) -> list[Line]:
    """Files of evidence that git neither has nor ignores: each commit that is judged has changes because of them."""
    known = [(described[item.check].directions, item.params) for item in items if item.check in described]
    files = {name for directions, params in known for name in absent.generated(directions, params, root)}
    if not files:
        return []
    try:
        loose = files & set(Repository(root).untracked_files())
    except GitError:
        return []  # another line says it
    if not loose:
        return []
    text = f"git neither has nor ignores {_some(sorted(loose))}: reports count them as uncommitted changes; "
    return [Line("not_applicable", text + "name what tools write in .gitignore")]


def signers(checklist: Checklist) -> list[Line]:
    """Whether the roles that items ask have people whose keys may sign today."""
    asking = [item for item in checklist.items if item.check == SIGNOFF]
    if not asking:
        return [Line("not_applicable", "no item asks for a signature")]
    try:
        roster = read_roster(Path(checklist.root))
    except RecordsError as error:
        return [Line("failed", f"{error.summary}: {error.remedy}", tuple(item.id for item in asking))]
    now = datetime.now(UTC)
    able = {s.principal for s in roster.signers if s.valid_at(now) and s.key.blob not in roster.revoked}
    lines = []
    for item in asking:
        role, quorum = str(item.params.get("role", "")), item.params.get("quorum", 1)
        members = checklist.roles.get(role, ())
        there = able.intersection(members)
        text = f"role {role}: {len(there)} of {count(len(members), 'member')} with a key that may sign today"
        enough = isinstance(quorum, int) and len(there) >= quorum
        more = "" if enough else f"; {item.id} asks for {quorum}: `readiness signers add PRINCIPAL --key …`"
        lines.append(Line("passed" if enough else "failed", text + more, () if enough else (item.id,)))
    holding = {name for names in checklist.roles.values() for name in names}
    for principal, entry in checklist.people.items():
        if isinstance(entry, Person) and principal not in holding | roster.principals:
            lines.append(Line("not_applicable", f"{principal} in `people` holds no role, and has no key"))
    return list(dict.fromkeys(lines))


def manifests(root: Path, items: Sequence[Item]) -> list[Line]:
    """Which items run the tools of each manifest, or name it."""
    lines = []
    tree = Tree(root)
    for project in projects(tree):
        tools = re.compile(BY_NAME[project.stack].tools)
        written = [each.path for each in (project.tests, project.coverage) if each is not None]
        paths = [path if path.startswith(ANYWHERE) else join(project.folder, path) for path in written]
        judging = [
            item.id
            for item in items
            if item.check != SIGNOFF
            and (_concerns(item.params, project.path, tools) or any(_names(item.params, path) for path in paths))
        ]
        name = f"{project.path} ({project.stack})"
        if judging:
            lines.append(Line("passed", f"{name}: {', '.join(judging)}"))
        elif project.beside:
            lines.append(Line("not_applicable", f"{name}: builds the same as {project.beside}"))
        else:
            lines.append(Line("not_applicable", f"{name}: no item names it or runs its tools, so nothing judges it"))
    if lines:
        return lines
    others = tree.named(_PYTHON_AND_NPM)
    if not others:
        return [Line("not_applicable", "no manifest of any stack is here")]
    return [Line("not_applicable", f"only those of Python and npm, which are not compared with items: {_some(others)}")]


def _some(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _names(value: Any, path: str) -> bool:
    """Whether a parameter is this path or glob."""
    if isinstance(value, str):
        return value == path
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(_names(one, path) for one in inner)


def _concerns(value: Any, path: str, tools: re.Pattern[str]) -> bool:
    if isinstance(value, str):
        return path in value or tools.search(value) is not None
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(_concerns(one, path, tools) for one in inner)


def variables_set(items: Iterable[Item]) -> list[Line]:
    """Whether the variables that items refer to are set."""
    return [
        Line("passed", f"{name} is set")
        if os.environ.get(name)
        else Line("failed", f"the variable {name} is not set", item_ids)
        for name, item_ids in sorted(_items_by_name(items, variables).items())
    ] or [Line("not_applicable", "no item needs one")]


def hosts(checklist: Checklist, items: Iterable[Item]) -> list[Line]:
    """Whether the hosts that items ask answer."""
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
