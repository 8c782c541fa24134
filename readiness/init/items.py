"""Chooses the items of a first checklist for what was found."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from readiness.init.projects import Audit
from readiness.init.stacks import BY_NAME
from readiness.init.survey import Survey
from readiness.outcome import Value

MOST = 8
"""Items of one kind; `compose` names how many more there were."""
_ABSENT = "/No module named|python: .*not found/ {absent = 1}"
_ALEMBIC = """\
python -m alembic -c %s heads 2>&1 | awk '
  {print} /\\(head\\)/ {heads++} %s
  END {exit absent ? 127 : heads != 1}'
"""
_DJANGO = """\
python manage.py makemigrations --check --dry-run 2>&1 | awk '
  {print} /^No changes detected/ {same = 1} %s
  END {exit absent ? 127 : !same}'
"""


class Draft(Value):
    """An item to be written."""

    id: str
    title: str
    check: str
    comment: str
    """One or more lines."""
    params: dict[str, Any]
    severity: str = "blocker"
    timeout: int = 0
    """Seconds; 0 for the default."""


def security(found: Survey) -> Iterator[Draft]:
    """Code, secrets and dependencies."""
    if found.python:
        comment = "Needs the extra: pip install 'readiness[bandit]'. Lower both to `low` to see all that bandit says."
        params = {"paths": list(found.python), "min_severity": "medium", "min_confidence": "medium"}
        title = "No insecure code of medium or higher severity and confidence"
        yield draft("static-analysis", title, "bandit", comment, params)
    if found.git:
        comment = (
            "What is no secret is allowed with its reason:\n"
            '  allow: [{path: "tests/**", reason: "passwords of test users"}]'
        )
        yield draft("secrets", "No secret is committed", "secrets", comment, {"paths": ["."]})
    yield from _audits(found)
    for path in found.requirements[:MOST]:
        yield _dependencies(found, "requirements", path, "")
    for project in found.projects[:MOST]:
        advice = ""
        if not project.lock:
            instead = project.local or ".venv"
            advice = (
                "It has no lock file, and only exact versions can be judged: "
                f"commit one, or name `environment: {instead}`."
            )
        yield _dependencies(found, "pyproject", project.path, advice)


def _audits(found: Survey) -> Iterator[Draft]:
    """The audit of each stack by its own tool; one item for all projects of a stack that has many."""
    audits = [(package.path, package.manager, package.audit) for package in found.packages if package.audit]
    audits += [(one.path, one.stack, one.audit) for one in found.projects_of_stacks if one.audit]
    groups: dict[tuple[str, str], list[tuple[str, Audit]]] = {}
    for path, stack, audit in audits:
        groups.setdefault((stack, audit.run), []).append((path, audit))
    for (stack, run), members in groups.items():
        judges = BY_NAME[stack].judges if stack in BY_NAME else "dependencies"
        several = sum(other == stack for _path, other, _audit in audits) > 1
        if len(members) > MOST:
            title = f"No package of {len(members)} {stack} projects has a known vulnerability"
            if judges == "configuration":
                title = f"{len(members)} {stack} projects have no insecure configuration"
            missing = next((audit.missing for _path, audit in members if audit.missing), "")
            audit = members[0][1].model_copy(update={"missing": missing, "run": in_each([p for p, _ in members], run)})
            yield _audit(f"{judges}-{stack}", title, audit, ".")
            continue
        for path, audit in members:
            title = f"No package of {path} ({stack}) has a known vulnerability"
            if judges == "configuration":
                title = f"{folder(path) if folder(path) != '.' else path} ({stack}) has no insecure configuration"
            yield _audit(f"{judges}-{stack}" + suffix(path, several=several), title, audit, folder(path))


def _audit(identifier: str, title: str, audit: Audit, cwd: str) -> Draft:
    program = audit.run.split("; ")[-1].split()[0]
    comment = f"Needs `{program}` where readiness runs; without it the item is undetermined and holds the release."
    if audit.missing:
        comment += f"\nIt reads {audit.missing}, which is not there: commit it, or let the build write it first."
    if audit.answers:
        comment += "\nWhat finds nothing of `must_print` in the output did not look: an error, whatever the exit code."
    drafted = command(identifier, title, audit.run, cwd, comment)
    return drafted.model_copy(
        update={"params": drafted.params | ({"must_print": audit.answers} if audit.answers else {})}
    )


def _dependencies(found: Survey, kind: str, path: str, advice: str) -> Draft:
    several = len(found.requirements) + len(found.projects) > 1
    comment = (
        "Needs the extra: pip install 'readiness[dependencies]'. Behind a firewall: `service: offline`, `database: …`."
    )
    comment += f"\n{advice}" if advice else ""
    title = f"No package of {path} has a known vulnerability"
    params = {kind: path, "service": "pypi"}
    return draft("dependencies" + suffix(path, several=several), title, "dependencies", comment, params)


def infrastructure(found: Survey) -> Iterator[Draft]:
    """Variables, migrations and deployment files."""
    yield from _environment(found)
    several = len(found.alembic) + len(found.django) > 1
    absent = "A module that is missing is an error: run it in the application's environment"
    for path in found.alembic[:MOST]:
        comment = (
            f"`alembic heads` exits 0 with two heads, so they are counted.\n{absent} (`uv run python -m alembic …`)."
        )
        run = _ALEMBIC % (PurePosixPath(path).name, _ABSENT)
        params = {"run": run, "cwd": folder(path)}
        yield draft(
            "migrations" + suffix(path, several=several), "The migrations have one head", "command", comment, params
        )
    for path in found.django[:MOST]:
        params = {"run": _DJANGO % _ABSENT, "cwd": folder(path)}
        title = "Every change of a Django model has its migration"
        yield draft("migrations" + suffix(path, several=several), title, "command", f"{absent}.", params)
    for path in found.deployment[:MOST]:
        identifier = "deployment" + suffix(path, several=True)
        comment = "Name under `contains` what must not be lost."
        yield draft(identifier, f"{path} holds no placeholder", "document", comment, {"paths": [path]})


def _environment(found: Survey) -> Iterator[Draft]:
    """Judge real files, with the names of the examples beside them; where there are none, the process."""
    real = [file for file in found.env_files if not file.template]
    examples = [file for file in found.env_files if file.template]
    chosen = (real or examples)[:MOST]
    for file in chosen:
        beside = [other for other in examples if real and folder(other.path) == folder(file.path)]
        required = {name: rule for one in (*beside, file) for name, rule in one.rules.items()}
        names = dict.fromkeys([*file.names, *(name for other in beside for name in other.names)])
        required = {name: required[name] for name in names}
        identifier = "environment" + suffix(file.path, several=len(chosen) > 1)
        if real:
            also = f" The names come from {beside[0].path}, too." if beside else ""
            comment = f"Every variable has to hold the real value of production; mark what is secret.{also}"
            if not file.tracked:
                comment += "\nThe file is not in git: where it is absent, `source: process` judges what is set there."
            title = f"{file.path} is complete and holds no placeholder"
            params: Mapping[str, Any] = {"source": "file", "files": [file.path], "required": required}
        else:
            comment = f"The names come from {file.path}; take out what is optional."
            title = f"The variables of {file.path} are set where readiness runs, to real values"
            params = {"source": "process", "required": required}
        yield draft(identifier, title, "env", comment, dict(params))


def legal(found: Survey) -> Iterator[Draft]:
    """Policies, and the last word of a person."""
    for path in found.policies[:MOST]:
        comment = (
            "Name under `sections` the headings that it must have; `changed_since: 365d` asks for a recent review."
        )
        identifier = "policy" + suffix(path, several=True)
        yield draft(identifier, f"{path} is complete", "document", comment, {"paths": [path]}, "warning")
    bound = ["this release"] * bool(found.release) + ["the content of these files"] * bool(found.source)
    comment = "Sign with `readiness sign release-approval`." + (
        f" It holds for {' and '.join(bound)}." if bound else ""
    )
    params: dict[str, Any] = {"role": "release-manager", "valid_for": "30d"}
    if found.source:
        params["covers"] = list(found.source)
    elif not found.release:
        comment += (
            "\nState the release above, or name under `covers` what is approved: bound to neither, it stays pending."
        )
    yield draft("release-approval", "The release manager approves this release", "signoff", comment, params)


def folder(path: str) -> str:
    """The folder of a file, as `cwd` takes it."""
    return PurePosixPath(path).parent.as_posix()


def in_each(paths: Sequence[str], run: str) -> str:
    """A command line that runs a command in the folder of each of these files; it ends at the first that fails."""
    return "".join(f"(cd {shlex.quote(folder(path))}; {run})\n" for path in paths)


def join(where: str, name: str) -> str:
    """A path below a folder."""
    return (PurePosixPath(where) / name).as_posix()


def suffix(path: str, *, several: bool) -> str:
    """What tells two items of the same kind apart."""
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[:60].strip("-")
    return f"-{words}" if several and words else ""


def command(identifier: str, title: str, run: str, cwd: str, comment: str) -> Draft:
    """An item that runs a command of the project, which may take its time."""
    words = re.sub(r"[^a-z0-9]+", "-", identifier.lower()).strip("-")[:80]
    return Draft(id=words, title=title, check="command", comment=comment, params={"run": run, "cwd": cwd}, timeout=900)


def draft(  # the fields of a draft, in the order in which they are read
    identifier: str, title: str, check: str, comment: str, params: dict[str, Any], severity: str = "blocker"
) -> Draft:
    """An item of any check."""
    return Draft(id=identifier, title=title, check=check, comment=comment, params=params, severity=severity)
