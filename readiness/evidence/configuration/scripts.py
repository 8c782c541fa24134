"""Reads the commands of Makefiles, package.json, tox, Jenkins and other files of scripts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from readiness.evidence.configuration.commands import Command, judges_by_name, lines_of, made
from readiness.evidence.configuration.documents import Document
from readiness.evidence.configuration.task_files import staged
from readiness.evidence.configuration.text import without_block_comments

PATHS = (
    r"(?:.*/)?(?:GNUm|[Mm])akefile|(?:.*/)?[\w.-]+\.mk|(?:.*/)?\.?[Jj]ustfile|(?:.*/)?package\.json|(?:.*/)?composer\.json"
    r"|(?:.*/)?tox\.(?:ini|toml)|(?:.*/)?pyproject\.toml|(?:.*/)?Jenkinsfile(?:\.\w+)?|(?:.*/)?[\w.-]+\.Jenkinsfile"
)
_TARGET = re.compile(r"^([\w./%-][^:=#\n]*?)\s*::?(?!=)\s*([^=#\n]*?)(?:#.*)?$")
_PHONY = re.compile(r"^\.PHONY\s*:(.*)$", re.MULTILINE)
"""Targets that make runs even if a file of their name exists."""
_TEXTS = ("cmd", "composite", "shell", "sequence", "call", "script")
"""Where the task runners of pyproject keep what a task runs."""
_OPTIONS = re.compile(r"^(\w{0,100}(?:OPTS|FLAGS|ARGS|OPTIONS)\w{0,100})\s*[:?+]*=([^#\n]*)")


def read_scripts(document: Document) -> Iterator[Command]:
    """The commands of one file."""
    name = PurePosixPath(document.path).name
    data = document.data if isinstance(document.data, dict) else {}
    if name in {"package.json", "composer.json"}:
        yield from _named(document, data.get("scripts"), ("scripts",))
        yield from staged(document, data.get("lint-staged"), ("lint-staged",))
        yield from staged(document, _at(data, ("husky", "hooks")), ("husky", "hooks"))
        yield from staged(document, data.get("simple-git-hooks"), ("simple-git-hooks",))
    elif name == "pyproject.toml":
        tools = data.get("tool")
        tools = tools if isinstance(tools, dict) else {}
        for tool, key in (("poe", "tasks"), ("pdm", "scripts"), ("taskipy", "tasks"), ("rye", "scripts")):
            yield from _named(document, _at(tools, (tool, key)), ("tool", tool, key))
        environments = _at(tools, ("hatch", "envs"))
        for environment in environments if isinstance(environments, dict) else ():
            keys = ("hatch", "envs", environment, "scripts")
            yield from _named(document, _at(tools, keys), ("tool", *keys))
        yield from _tox_in_toml(document, tools.get("tox"), ("tool", "tox"))
    elif name == "tox.toml":
        yield from _tox_in_toml(document, data, ())
    elif name == "tox.ini":
        yield from _tox(document, data)
    elif "Jenkinsfile" in name:
        yield from read_jenkins(document)
    else:
        yield from _make(document)


def _at(data: Any, keys: tuple[str, ...]) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _named(document: Document, scripts: Any, keys: tuple[str, ...]) -> Iterator[Command]:
    for name, value in scripts.items() if isinstance(scripts, dict) else ():
        given = next((value[key] for key in _TEXTS if key in value), "") if isinstance(value, dict) else value
        texts = given if isinstance(given, list) else [given]
        ignored = isinstance(value, dict) and bool(value.get("ignore_fail"))
        line = document.line_of((*keys, name))
        like = Command("", document.path, line, f"script {name}", ignored, named=judges_by_name(name))
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
        setenv = options.get("setenv", options.get("set_env", "")) if commands else ""
        added = re.search(r"PYTEST_ADDOPTS\s*=\s*(.*)", setenv)
        for row in str(commands).splitlines():
            like = Command("", document.path, line, section, ignored or row.strip().startswith("-"), named=True)
            text = re.sub(r"\{posargs:?([^{}]*)\}|\[\]", lambda match: match[1] or "", row.strip().lstrip("- "))
            yield from made(lines_of(f"{text} {added[1]}" if added and "pytest" in text else text, line), like)


def _tox_in_toml(document: Document, data: Any, keys: tuple[str, ...]) -> Iterator[Command]:
    data = data if isinstance(data, dict) else {}
    named = data.get("env")
    environments = {"env_run_base": data.get("env_run_base"), **(named if isinstance(named, dict) else {})}
    for name, environment in environments.items():
        commands = environment.get("commands") if isinstance(environment, dict) else None
        line = document.line_of((*keys, name, "commands"))
        for words in commands if isinstance(commands, list) else ():
            text = " ".join(map(str, words)) if isinstance(words, list) else str(words)
            like = Command("", document.path, line, name, text.startswith("-"), named=True)
            yield from made(lines_of(text.lstrip("- "), line), like)


def _make(document: Document) -> Iterator[Command]:
    """The recipes of targets, and the targets that they need, each as a command."""
    target, all_ignored = (
        "",
        bool(re.search(r"^\.IGNORE\s*:\s*$|^MAKEFLAGS\s*[+:?]?=.*(?:\s|-)i\b", document.text, re.MULTILINE)),
    )
    listed = " ".join(re.findall(r"^\.IGNORE\s*:(.*)$", document.text, re.MULTILINE)).split()
    pending, start, pipefail = "", 1, "pipefail" in document.text
    given = dict(
        re.findall(r"^(\w*(?:OPTS|FLAGS|ARGS|OPTIONS))[ \t]*[:?]?=[ \t]*([^\n#]*)", document.text, re.MULTILINE)
    )
    phony = set(" ".join(_PHONY.findall(document.text.replace("\\\n", "  "))).split())
    for number, row in enumerate(document.text.split("\n"), 1):
        start = start if pending else number
        joined = pending + row.rstrip()
        if joined[:1] in {"\t", " "}:
            joined = re.sub(r"\$[({](\w+)[)}]", lambda match: given.get(match[1], match[0]), joined)
        if joined.endswith("\\"):
            pending = joined[:-1] + " "
            continue
        pending = ""
        if joined[:1] in {"\t", " "} and target:
            prefix = re.match(r"\s*([@+-]*)", joined)
            ignored = all_ignored or target in listed or (prefix is not None and "-" in prefix[1])
            like = Command("", document.path, start, f"target {target}", ignored, named=judges_by_name(target))
            yield from (
                replace(one, line=start)
                for one in made(lines_of(joined.strip().lstrip("@+-"), start, errexit=False, pipefail=pipefail), like)
            )
            continue
        variable = _OPTIONS.match(joined)
        if variable:
            text = f"$({variable[1]}) {variable[2].strip()}"
            yield Command(text, document.path, start, f"variable {variable[1]}", named=True)
            continue
        match = _TARGET.match(joined)
        if match and not match[1].startswith("."):
            target = match[1].split()[0]
            like = Command("", document.path, start, f"target {target}", named=True)
            yield from (replace(like, text=text) for text in _needed(target, match[2], phony))
        elif joined.strip() and not joined.startswith("#"):
            target = ""


def _needed(target: str, needs: str, phony: set[str]) -> Iterator[str]:
    """What a target asks of make before its recipe, each as a command."""
    if judges_by_name(target) and (target in phony or any("$" in one for one in phony)):
        yield f".PHONY {target}"
    for needed in needs.replace("|", " ").split() if judges_by_name(target) or target == "all" else ():
        if re.fullmatch(r"[\w-]+", needed) and judges_by_name(needed):
            yield f"make {needed}"


_SHELL = re.compile(r"\b(?:sh|bat|pwsh|powershell)\b[^\"']{0,200}([\"']{1,3})(.+?)\1")
_STAGE = re.compile(r"\bstage\s*\(\s*[\"']([^\"']+)")
_TRY = re.compile(r"\btry\s*\{")
_FAILS = re.compile(r"\bthrow\b|\berror\b|FAILURE|\bexit\b|unstable")
_MOST = 200
"""Blocks that catch, of which the end is looked for."""
_LENIENT = re.compile(r"\b(?:catchError|warnError)\b|returnStatus:\s*true")


def read_jenkins(document: Document) -> Iterator[Command]:
    """The commands of one file."""
    text = without_block_comments(document.text)
    blocks: list[Command] = []
    around = Command("", document.path, 1, "pipeline")
    rows, tries = text.split("\n"), 0
    conditions = _conditions(rows)
    for number, row in enumerate(rows, 1):
        line = re.sub(r"(?<![:\"'])//.*", "", row)
        here = around
        if stage := _STAGE.search(line):
            group = f"stage {stage[1]}"
            here = replace(here, group=group, conditions=here.conditions | conditions.get(number, frozenset()))
        tries += _TRY.search(line) is not None
        if _LENIENT.search(line) or (_TRY.search(line) and tries < _MOST and _swallows(rows, number)):
            here = replace(here, ignored=True)
        match = _SHELL.search(line)
        bare = match[2] if match else line.strip()
        if match or not re.search(r"[(){}]|stage|steps", bare):
            yield from made(lines_of(bare, number), replace(here, line=number))
        quoted = re.sub(r"([\"']).*?\1", "", line)
        for brace in re.findall(r"[{}]", quoted):
            if brace == "{":
                blocks.append(around)
                around = here
            elif blocks:
                around = here = blocks.pop()


def _conditions(rows: list[str]) -> dict[int, frozenset[str]]:
    """Under which conditions the stage that begins on a line runs."""
    found: dict[int, frozenset[str]] = {}
    stage = 0
    for number, row in enumerate(rows, 1):
        stage = number if _STAGE.search(row) else stage
        if stage and re.match(r"\s*when\s*\{", row):
            text = _block(rows, number)
            found[stage] = found.get(stage, frozenset()) | {" ".join(text.split())[:300]}
    return found


def _block(rows: list[str], first: int) -> str:
    """What stands in the block that begins on a line."""
    text, depth = "", 0
    for row in rows[first - 1 : first + 50]:
        text += f"{row.strip()} "
        depth += row.count("{") - row.count("}")
        if depth <= 0:
            break
    return text.partition("{")[2].rpartition("}")[0]


def _swallows(rows: list[str], first: int) -> bool:
    """Whether what is caught after a `try` does not fail the run."""
    rest = "\n".join(rows[first - 1 : first + 100])
    caught = re.search(r"\}\s*catch\b[^{]*\{(.*?)\n\s*\}", rest, re.DOTALL) or re.search(
        r"\}\s*catch\b[^{]*\{([^}]*)\}", rest
    )
    return caught is not None and not _FAILS.search(caught[1])
