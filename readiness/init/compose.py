"""Writes the text of a first checklist: commented, and true from its first run."""

import json
import textwrap
from pathlib import PurePosixPath
from typing import Any

import yaml

from readiness.init.items import MOST, Draft, infrastructure, legal, security
from readiness.init.quality import quality
from readiness.init.survey import Survey

_HEADER = """\
# yaml-language-server: $schema=readiness.schema.json
# What must be true before a release. Written by `readiness init` from what it found here; it is yours now.
#   readiness check                 evaluate it
#   readiness validate              check this file alone
#   readiness explain CHECK         what a check does and takes
#   readiness schema > readiness.schema.json     completion and validation in an editor
version: 1
"""
_SCRIPTS = """\
  # Scripts of package.json, judged by their exit code: remove the leading `# ` of the lines that you want.
  # - title: Scripts
  #   items:
"""
_PROBES = """\
  # Probes of the running service: fill in `environments` above, then remove the leading `# ` here.
  # - title: Running service
  #   items:
  #     - {id: tls, title: Certificates are valid, check: tls, with: {hosts: ["${host}"]}}
  #     - {id: headers, title: Security headers are sent, check: headers, with: {urls: ["${url}/"]}}
  #     - {id: health, title: The service is healthy, check: health, with: {url: "${url}%s"}}
"""
_WIDTH = 100


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, and writes text of several lines as such."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        """Never leave the indentation of a list out."""
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def compose(found: Survey) -> str:
    """Write the checklist for what was found."""
    used: set[str] = set()
    sections = [
        ("Code quality & testing", quality(found)),
        ("Security", security(found)),
        ("Infrastructure", infrastructure(found)),
        ("Legal & compliance", legal(found)),
    ]
    parts = [_HEADER, f"project: {_scalar(found.project)}\n"]
    release = json.dumps(found.release or "1.0.0", ensure_ascii=False)
    known = "" if found.release else "# "
    parts.append(f"{known}release: {release}   # or `readiness check --release …`; sign-offs are bound to it\n")
    parts.append(_notes(found))
    parts.append("\n# Values that differ between environments; `--env NAME` chooses, `${name}` refers to one.\n")
    parts.append("# environments:\n#   production: {url: https://app.example.com, host: app.example.com}\n")
    email = found.email or "release-manager@example.com"
    parts.append("\n# Who may sign, by role; their keys are in .readiness/allowed_signers.\n")
    parts.append(f"roles:\n  release-manager: [{_scalar(email)}]\n\nsections:\n")
    for title, drafts in sections:
        items = "\n".join(_item(_unique(draft, used)) for draft in drafts)
        if items:
            parts.append(f"  - title: {_scalar(title)}\n    items:\n{items}\n")
    parts.append(_scripts(found, used))
    parts.append(_PROBES % (found.health_path or "/health"))
    return "".join(parts)


def _unique(draft: Draft, used: set[str]) -> Draft:
    """Give a number to an id that is taken."""
    identifier, number = draft.id, 1
    while identifier in used:
        number += 1
        identifier = f"{draft.id}-{number}"
    used.add(identifier)
    return draft.model_copy(update={"id": identifier})


def _notes(found: Survey) -> str:
    lines = [f"CANNOT BE READ, so nothing below judges it: {one}" for one in found.unreadable]
    if found.workflows:
        lines.append(f"CI was found in {_listed(found.workflows)}:\nadd `readiness check -o report.md` as a step.")
    if found.packages:
        lines.append(f"npm packages were found in {_listed(tuple(package.path for package in found.packages))}.")
    if found.further_packages:
        lines.append(f"{found.further_packages} more package.json were not looked at: nothing below judges them.")
    if found.projects_of_stacks:
        lines += ["Manifests that were found, and what the items below judge of them:"]
        lines += [f"  {project.said}" for project in found.projects_of_stacks]
    kinds = {
        "requirements files": found.requirements,
        "Python projects": found.projects,
        "files of variables": found.env_files,
        "alembic histories": found.alembic,
        "deployment files": found.deployment,
        "policies": found.policies,
    }
    for kind, paths in kinds.items():
        if len(paths) > MOST:
            lines.append(f"{len(paths)} {kind} were found; the first {MOST} became items.")
    if found.cut:
        lines.append("There were more files than were looked at: something may be missing below.")
    return _comment("\n".join(lines))


def _listed(paths: tuple[str, ...]) -> str:
    rest = len(paths) - 3
    return ", ".join(paths[:3]) + (f" and {rest} more" if rest > 0 else "")


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def _scripts(found: Survey, used: set[str]) -> str:
    """Items for npm's scripts, commented out: `init` does not know what they cost."""
    lines = []
    for package in found.packages[:MOST]:
        folder = PurePosixPath(package.path).parent.as_posix()
        for script in package.scripts:
            if script == "lint":  # an item of its own
                continue
            run = f"{package.manager} run {script}"
            where = "" if folder == "." else f" in {folder}"
            identifier = "".join(c if c.isalnum() and c.isascii() else "-" for c in f"{script}-{folder}".lower())
            draft = Draft(
                id=identifier.strip("-.")[:80].strip("-"),
                title=f"`{run}` succeeds{where}",
                check="command",
                comment="",
                params={"run": run, "cwd": folder},
            )
            draft = _unique(draft, used)
            body = {"id": draft.id, "title": draft.title, "check": draft.check, "timeout": 900, "with": draft.params}
            lines.append("  #     - " + _flow(_escaped(body)) + "\n")
    if lines and len(found.packages) > MOST:
        lines.append(f"  # These are of the first {MOST} of {len(found.packages)} packages.\n")
    return _SCRIPTS + "".join(lines) + "\n" if lines else ""


def _item(draft: Draft) -> str:
    body: dict[str, Any] = {"id": draft.id, "title": _escaped(draft.title), "check": draft.check}
    if draft.severity != "blocker":
        body["severity"] = draft.severity
    if draft.timeout:
        body["timeout"] = draft.timeout
    lines = "".join(_block(key, value) for key, value in body.items())
    if draft.params:
        params = "".join(_block(key, value) for key, value in _escaped(draft.params).items())
        lines += "with:\n" + textwrap.indent(params, "  ")
    first, *rest = lines.splitlines()
    entry = f"- {first}\n" + "".join(f"  {line}\n" for line in rest)
    return textwrap.indent(_comment(draft.comment) + entry, "      ")


def _block(key: str, value: Any) -> str:
    """One key and its value, on one line where that fits."""
    if isinstance(value, list | dict):
        line = f"{_scalar(key)}: {_flow(value)}\n"
        parts = value.values() if isinstance(value, dict) else value
        if len(line) <= _WIDTH and not any(isinstance(part, dict | list) for part in parts):
            return line
    nested = None if isinstance(value, list | dict) else False  # None: inner lists and maps on one line
    dumped: str = yaml.dump(
        {key: value}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=nested
    )
    return dumped


def _flow(value: Any) -> str:
    dumped: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=True
    )
    return dumped.strip()


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
