"""Reads the commands of Makefiles, package.json, tox, nox and other files of scripts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from readiness.evidence.configuration.commands import Command, judges_by_name, lines_of, made
from readiness.evidence.configuration.documents import Document

PATHS = (
    r"(?:.*/)?(?:GNUm|[Mm])akefile|(?:.*/)?[\w.-]+\.mk|(?:.*/)?\.?[Jj]ustfile|(?:.*/)?package\.json|(?:.*/)?composer\.json"
    r"|(?:.*/)?tox\.ini|(?:.*/)?noxfile\.py|(?:.*/)?pyproject\.toml|(?:.*/)?Jenkinsfile(?:\.\w+)?|(?:.*/)?[\w.-]+\.Jenkinsfile"
)
_TARGET = re.compile(r"^([\w./%-][^:=#\n]*?)\s*::?(?!=)\s*([^=#\n]*?)(?:#.*)?$")
_OPTIONS = re.compile(r"^(\w*(?:OPTS|FLAGS|ARGS|OPTIONS)\w*)\s*[:?+]*=\s*(.*?)\s*(?:#.*)?$")
_RUN = re.compile(r"session\.run\(\s*((?:[rf]?[\"'][^\"'\n]*[\"']\s*,?\s*|\*\w[\w.]*\s*,?\s*)+)([^)]*)\)", re.DOTALL)


def read_scripts(document: Document) -> Iterator[Command]:
    """The commands of one file."""
    name = PurePosixPath(document.path).name
    data = document.data if isinstance(document.data, dict) else {}
    if name in {"package.json", "composer.json"}:
        yield from _named(document, data.get("scripts"), ("scripts",))
    elif name == "pyproject.toml":
        tools = data.get("tool")
        tools = tools if isinstance(tools, dict) else {}
        for tool, key in (("poe", "tasks"), ("pdm", "scripts"), ("taskipy", "tasks"), ("rye", "scripts")):
            yield from _named(document, _at(tools, (tool, key)), ("tool", tool, key))
        environments = _at(tools, ("hatch", "envs"))
        for environment in environments if isinstance(environments, dict) else ():
            keys = ("hatch", "envs", environment, "scripts")
            yield from _named(document, _at(tools, keys), ("tool", *keys))
    elif name == "tox.ini":
        yield from _tox(document, data)
    elif name == "noxfile.py":
        yield from _nox(document)
    elif "Jenkinsfile" in name:
        yield from _jenkins(document)
    else:
        yield from _make(document)


def _at(data: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _named(document: Document, scripts: Any, keys: tuple[str, ...]) -> Iterator[Command]:
    for name, value in scripts.items() if isinstance(scripts, dict) else ():
        texts = value if isinstance(value, list) else [value.get("cmd", "") if isinstance(value, dict) else value]
        line = document.line_of((*keys, name))
        like = Command("", document.path, line, f"script {name}", named=judges_by_name(name))
        for text in texts:
            if isinstance(text, str):
                yield from (
                    replace(one, line=line) for one in made(lines_of(text, line, errexit=False, pipefail=False), like)
                )


def _tox(document: Document, data: dict[str, Any]) -> Iterator[Command]:
    for section, options in data.items():
        commands = options.get("commands", "") if isinstance(options, dict) and section.startswith("testenv") else ""
        ignored = (
            str(options.get("ignore_errors", options.get("ignore_outcome", ""))).lower() == "true"
            if commands
            else False
        )
        line = document.line_of((section, "commands")) if commands else 1
        for row in str(commands).splitlines():
            like = Command("", document.path, line, section, ignored or row.strip().startswith("-"), named=True)
            yield from made(lines_of(row.strip().lstrip("- "), line), like)


def _nox(document: Document) -> Iterator[Command]:
    for match in _RUN.finditer(document.text):
        words = re.findall(r"[\"']([^\"']*)[\"']", match[1])
        line = document.text.count("\n", 0, match.start()) + 1
        yield Command(" ".join(words), document.path, line, "session", "success_codes" in match[2], named=True)


def _jenkins(document: Document) -> Iterator[Command]:
    for number, row in enumerate(document.text.split("\n"), 1):
        match = re.search(r"\b(?:sh|bat|pwsh|powershell)\b[^\"']*([\"']+)(.+?)\1", row)
        text = match[2] if match else row.strip()
        like = Command("", document.path, number, "pipeline", "returnStatus: true" in row or "catchError" in row)
        if match or not re.search(r"[(){}]|stage|steps", text):
            yield from made(lines_of(text, number), like)


def _make(document: Document) -> Iterator[Command]:
    """The recipes of targets, and the targets that they need, each as a command."""
    target, all_ignored = (
        "",
        bool(re.search(r"^\.IGNORE\s*:\s*$|^MAKEFLAGS\s*[+:?]?=.*(?:\s|-)i\b", document.text, re.MULTILINE)),
    )
    pending, start, pipefail = "", 1, "pipefail" in document.text
    for number, row in enumerate(document.text.split("\n"), 1):
        start = start if pending else number
        joined = pending + row.rstrip()
        if joined.endswith("\\"):
            pending = joined[:-1] + " "
            continue
        pending = ""
        if joined[:1] in {"\t", " "} and target:
            prefix = re.match(r"\s*([@+-]*)", joined)
            ignored = all_ignored or (prefix is not None and "-" in prefix[1])
            like = Command("", document.path, start, f"target {target}", ignored, named=judges_by_name(target))
            yield from (
                replace(one, line=start)
                for one in made(lines_of(joined.strip().lstrip("@+-"), start, errexit=False, pipefail=pipefail), like)
            )
            continue
        variable = _OPTIONS.match(joined)
        if variable:
            text = f"$({variable[1]}) {variable[2]}"
            yield Command(text, document.path, start, f"variable {variable[1]}", named=True)
            continue
        match = _TARGET.match(joined)
        if match and not match[1].startswith("."):
            target = match[1].split()[0]
            for needed in match[2].replace("|", " ").split() if judges_by_name(target) or target == "all" else ():
                if re.fullmatch(r"[\w-]+", needed) and judges_by_name(needed):
                    yield Command(f"make {needed}", document.path, start, f"target {target}", named=True)
        elif joined.strip() and not joined.startswith("#"):
            target = ""
