"""Writes the text of a first checklist: commented, and true from its first run."""

import textwrap
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import yaml

from readiness.init.survey import EnvFile, Survey
from readiness.outcome import Value
from readiness.redaction import looks_secret

_HEADER = """\
# yaml-language-server: $schema=readiness.schema.json
# What must be true before a release. Written by `readiness init` from what it found here; it is yours now.
#   readiness check                 evaluate it
#   readiness validate              check this file alone
#   readiness explain CHECK         what a check does and takes
#   readiness schema > readiness.schema.json     completion and validation in an editor
version: 1
"""
_PROBES = """\
  # Probes of the running service: fill in `environments` above, then remove the leading `# ` here.
  # - title: Running service
  #   items:
  #     - {id: tls, title: Certificates are valid, check: tls, with: {hosts: ["${host}"]}}
  #     - {id: headers, title: Security headers are sent, check: headers, with: {urls: ["${url}/"]}}
  #     - {id: health, title: The service is healthy, check: health, with: {url: "${url}%s"}}
"""


class Draft(Value):
    """An item to be written."""

    id: str
    title: str
    check: str
    comment: str
    params: dict[str, Any]
    severity: str = "blocker"


def compose(found: Survey) -> str:
    """Write the checklist for what was found."""
    sections = [
        ("Code quality & testing", list(_quality(found))),
        ("Security", list(_security(found))),
        ("Infrastructure", list(_infrastructure(found))),
        ("Legal & compliance", list(_legal(found))),
    ]
    parts = [_HEADER, f"project: {_scalar(found.project)}\n"]
    release = found.release or "1.0.0"
    parts.append(f'# release: "{release}"   # or `readiness check --release {release}`; sign-offs are bound to it\n')
    parts.append(_notes(found))
    parts.append("\n# Values that differ between environments; `--env NAME` chooses, `${name}` refers to one.\n")
    parts.append("# environments:\n#   production: {url: https://app.example.com, host: app.example.com}\n")
    email = found.email or "release-manager@example.com"
    parts.append("\n# Who may sign, by role; their keys stand in .readiness/allowed_signers.\n")
    parts.append(f"roles:\n  release-manager: [{_scalar(email)}]\n\nsections:\n")
    for title, drafts in sections:
        if drafts:
            parts.append(f"  - title: {_scalar(title)}\n    items:\n" + "".join(_item(draft) for draft in drafts))
            parts.append("\n")
    parts.append(_PROBES % (found.health_path or "/health"))
    return "".join(parts)


def _notes(found: Survey) -> str:
    lines = []
    if found.workflows:
        lines.append(f"CI was found in {', '.join(found.workflows[:3])}: add `readiness check -o report.md` as a step.")
    if found.packages:
        lines.append(f"npm packages were found in {', '.join(found.packages[:5])}.")
    if found.cut:
        lines.append("There were more files than were looked at: something may be missing below.")
    return "".join(f"# {line}\n" for line in lines)


def _quality(found: Survey) -> Iterator[Draft]:
    if found.junit:
        comment = "Test results were found; every one of these files is counted."
        yield _draft("tests", "All tests pass", "junit", comment, {"paths": list(found.junit), "max_skipped": 0})
    elif found.tests or found.packages:
        comment = "No test results were found. Let the test run write them, for instance `pytest --junitxml=junit.xml`."
        yield _draft("tests", "All tests pass", "junit", comment, {"paths": ["junit.xml"]})
    if found.coverage:
        sources = [{"path": path, "metric": "lines", "minimum": 80} for path in found.coverage]
        comment = "Raise the minimum to what the team holds itself to."
        yield _draft("coverage", "Test coverage reaches its minimum", "coverage", comment, {"sources": sources})
    elif found.tests:
        comment = "No coverage was found. Let the test run write it: `coverage run -m pytest && coverage json`."
        sources = [{"path": "coverage.json", "metric": "lines", "minimum": 80}]
        yield _draft("coverage", "Test coverage reaches its minimum", "coverage", comment, {"sources": sources})


def _security(found: Survey) -> Iterator[Draft]:
    if found.python:
        comment = "Needs the extra: pip install 'readiness[bandit]'."
        params = {"paths": list(found.python), "min_severity": "medium"}
        yield _draft("static-analysis", "No insecure code of medium severity or above", "bandit", comment, params)
    if found.git:
        comment = "Needs the extra: pip install 'readiness[secrets]'."
        yield _draft("secrets", "No secret is committed", "secrets", comment, {"paths": ["."]})
    manifests = [("requirements", path) for path in found.requirements]
    manifests += [("pyproject", path) for path in found.pyprojects if not found.requirements]
    for kind, path in manifests:
        identifier = "dependencies" + _suffix(path, several=len(manifests) > 1)
        comment = "Needs the extra: pip install 'readiness[dependencies]'. Behind a firewall: service: offline."
        title = f"No package of {path} has a known vulnerability"
        yield _draft(identifier, title, "dependencies", comment, {kind: path, "service": "pypi"})


def _infrastructure(found: Survey) -> Iterator[Draft]:
    real = [file for file in found.env_files if not file.template]
    for file in real:
        comment = "Every variable of the file has to hold a real value; mark what is secret."
        params = {"source": "file", "files": [file.path], "required": _required(file)}
        identifier = "environment" + _suffix(file.path, several=len(real) > 1)
        yield _draft(identifier, f"{file.path} is complete and holds no placeholder", "env", comment, params)
    for file in found.env_files:
        if file.template and not real and file.names:
            comment = f"The names come from {file.path}; they have to be set where readiness runs."
            params = {"source": "process", "required": _required(file)}
            identifier = "environment" + _suffix(file.path, several=len(found.env_files) > 1)
            yield _draft(identifier, "Environment variables are set and no placeholders", "env", comment, params)
    for path in found.alembic:
        comment = "`alembic heads` exits 0 with two heads, so they are counted. Needs the application's environment."
        folder, name = PurePosixPath(path).parent.as_posix(), PurePosixPath(path).name
        heads = f'heads="$(python -m alembic -c {name} heads)"'
        run = heads + """ && test "$(printf '%s\\n' "$heads" | grep -c '(head)')" = 1"""
        identifier = "migrations" + _suffix(path, several=len(found.alembic) > 1)
        params = {"run": run, "cwd": folder}
        yield _draft(identifier, "The migrations have one head", "command", comment, params)
    for path in found.deployment:
        identifier = "deployment-" + PurePosixPath(path).stem + _suffix(path, several=len(found.deployment) > 1)
        comment = "Name under `contains` what must not be lost."
        yield _draft(identifier, f"{path} holds no placeholder", "document", comment, {"paths": [path]})


def _legal(found: Survey) -> Iterator[Draft]:
    for path in found.policies:
        comment = (
            "Name under `sections` the headings that it must have; `changed_since: 365d` asks for a recent review."
        )
        identifier = "policy" + _suffix(path, several=True)
        yield _draft(identifier, f"{path} is complete", "document", comment, {"paths": [path]}, "warning")
    comment = "Sign with `readiness sign release-approval`; `covers` would bind it to the content of files."
    params: dict[str, Any] = {"role": "release-manager", "valid_for": "30d"}
    yield _draft("release-approval", "The release manager approves this release", "signoff", comment, params)


def _required(file: EnvFile) -> dict[str, Any]:
    return {name: {"secret": True} if looks_secret(name) else {} for name in file.names}


def _suffix(path: str, *, several: bool) -> str:
    """What tells two items of the same kind apart."""
    if not several:
        return ""
    return "-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in path).strip("-").lower()[:60]


def _draft(  # the fields of a draft, in the order in which they are read
    identifier: str, title: str, check: str, comment: str, params: dict[str, Any], severity: str = "blocker"
) -> Draft:
    return Draft(id=identifier, title=title, check=check, comment=comment, params=params, severity=severity)


def _item(draft: Draft) -> str:
    body = {"id": draft.id, "title": draft.title, "check": draft.check}
    if draft.severity != "blocker":
        body["severity"] = draft.severity
    lines = f"# {draft.comment}\n" + _yaml(body)
    if draft.params:
        lines += "with:\n" + textwrap.indent(_yaml(_escaped(draft.params)), "  ")
    first, *rest = lines.splitlines()
    entry = f"{first}\n- {rest[0]}\n" + "".join(f"  {line}\n" for line in rest[1:])
    return textwrap.indent(entry, "      ")


def _yaml(value: Any) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    if isinstance(value, dict) and not any(isinstance(part, dict | list) for part in value.values()):
        text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False)
    return text


def _scalar(text: str) -> str:
    """One string as YAML writes it on one line."""
    dumped: str = yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style=None)
    return dumped.splitlines()[0]


def _escaped(value: Any) -> Any:
    """Keep `${…}` in names of files from being read as a reference."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, dict):
        return {key: _escaped(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_escaped(part) for part in value]
    return value
