"""Reads the commands, triggers, pins and order of pipelines: GitHub, GitLab, Azure, CircleCI and others in YAML."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from readiness.evidence.configuration.commands import MOST, Command, lines_of, made
from readiness.evidence.configuration.values import entries
from readiness.evidence.configuration.yaml import YamlList, YamlMap

PATHS = (
    r"\.github/workflows/[^/]+\.ya?ml|(?:.*/)?action\.ya?ml|(?:.*/)?\.gitlab-ci[\w.-]*\.ya?ml|\.gitlab/.*\.ya?ml"
    r"|(?:.*/)?azure-pipelines[\w.-]*\.ya?ml|\.azure(?:-pipelines)?/.*\.ya?ml|\.circleci/.*\.ya?ml|\.travis\.ya?ml"
    r"|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|\.buildkite/.*\.ya?ml|\.?appveyor\.ya?ml|\.woodpecker(?:/.*)?\.ya?ml"
    r"|(?:.*/)?[Tt]askfile\.ya?ml|\.cirrus\.ya?ml|cloudbuild\.ya?ml|\.github/actions/.*\.ya?ml"
)
_SCRIPTS = {"run", "script", "before_script", "after_script", "command", "commands", "cmd", "cmds", "bash", "pwsh",
            "powershell", "sh", "test_script"}  # fmt: skip
_IGNORING = (
    "continue-on-error",
    "continueOnError",
    "allow_failure",
    "ignore_error",
    "ignore_failure",
    "soft_fail",
)
_OPTIONS = re.compile(
    r"args|arguments|exit[-_]code|fail\w*|fail[-_].*|soft[-_]fail|severity|skip[-_].*|ignore[-_].*|threshold.*",
    re.IGNORECASE,
)
_VARIABLE = re.compile(
    r"PYTEST_ADDOPTS|GOFLAGS|RUSTFLAGS|MAVEN_(?:OPTS|ARGS|CLI_OPTS)|GRADLE_OPTS|SKIP|MYPY_OPTS|TOX_SKIP_ENV|HUSKY"
)
"""Variables by which tools are told to judge less: pytest, go, rustc, Maven, Gradle, pre-commit, tox."""


@dataclass
class Pipeline:
    """What one file of a pipeline does."""

    path: str
    commands: list[Command] = field(default_factory=list)
    pins: dict[str, set[str]] = field(default_factory=dict)
    """References by action."""
    pin_lines: dict[str, int] = field(default_factory=dict)
    needs: dict[str, tuple[set[str], int]] = field(default_factory=dict)
    variables: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """Values, each with its line, of variables that hold options of tools."""
    triggers: dict[str, Any] = field(default_factory=dict)
    line: int = 1
    """Of the triggers."""


def read_pipeline(path: str, data: Any) -> Pipeline:
    """Read one file."""
    pipeline = Pipeline(path)
    if isinstance(data, dict):
        events = data.get("on", data.get(True))
        pipeline.triggers = _triggers(events)
        pipeline.line = data.lines.get("on", 1) if isinstance(data, YamlMap) else 1
    strict = not path.startswith((".github/", "azure"))  # shells of other runners set pipefail
    _walk(pipeline, data, Command("", path, 1, "", pipefail=strict), "")
    return pipeline


def _triggers(events: Any) -> dict[str, Any]:
    if isinstance(events, dict):
        return {str(key): value if isinstance(value, dict) else {} for key, value in events.items()}
    names = events if isinstance(events, list) else [events] if events else []
    return {str(name): {} for name in names}


def _walk(pipeline: Pipeline, node: Any, around: Command, key: str) -> None:
    if isinstance(node, list):
        for one in node:
            _walk(pipeline, one, around, key)
        if key == "jobs" and isinstance(node, YamlList):
            _listed_jobs(pipeline, node)
        return
    if not isinstance(node, YamlMap) or len(pipeline.commands) > MOST:
        return
    here = replace(
        around,
        ignored=around.ignored or _ignoring(node) or _lenient(node),
        conditions=around.conditions | _conditions(node),
    )
    if "shell" in node:
        here = replace(here, pipefail=str(node["shell"]).startswith("bash") and "{0}" not in str(node["shell"]))

    _needs(pipeline, node, around.group)
    _variables(pipeline, node)
    _includes(pipeline, node, here)
    for name, value in node.items():
        line = node.lines.get(name, 1)
        if name in _SCRIPTS and not isinstance(value, dict):
            pipeline.commands += _commands(value, replace(here, line=line))
        elif name in {"uses", "task", "orb"} and isinstance(value, str):
            _used(pipeline, node, value, replace(here, line=line))
        elif isinstance(value, dict | list):
            grouped = (
                replace(here, group=name)
                if key == "jobs" or (not around.group and key == "" and name != "jobs")
                else here
            )
            _walk(pipeline, value, grouped if isinstance(value, dict) or key == "" else here, name)


def _listed_jobs(pipeline: Pipeline, jobs: YamlList) -> None:
    """The jobs that a workflow of CircleCI lists, each as a command."""
    for one, line in zip(jobs, jobs.lines, strict=False):
        name = next(iter(one), "") if isinstance(one, dict) else one
        if isinstance(name, str) and not (isinstance(one, dict) and {"job", "steps", "script"} & one.keys()):
            pipeline.commands.append(Command(f"job {name}", pipeline.path, line, f"workflow job {name}"))


def _includes(pipeline: Pipeline, node: YamlMap, here: Command) -> None:
    """The files and templates that a GitLab pipeline takes in, each as a command."""
    given = node.get("include") if not here.group else None
    line = node.lines.get("include", 1)
    for one in given if isinstance(given, list) else [given] if given else []:
        for name in one.values() if isinstance(one, dict) else [one]:
            if isinstance(name, str):
                text = f"include {name.rpartition('/')[2].partition('.')[0]}"
                pipeline.commands.append(replace(here, text=text, line=line, group=name))


def _variables(pipeline: Pipeline, node: YamlMap) -> None:
    for key in ("env", "variables", "environment"):
        given = node.get(key)
        for name, value in given.items() if isinstance(given, YamlMap) else ():
            if _VARIABLE.fullmatch(name):
                line = given.lines.get(name, 1) if isinstance(given, YamlMap) else 1
                pipeline.variables.setdefault(name, []).append((str(value), line))


def _commands(value: Any, like: Command) -> Iterator[Command]:
    if isinstance(value, str):
        yield from made(lines_of(value, like.line + ("\n" in value.strip()), pipefail=like.pipefail), like)
    elif isinstance(value, YamlList):
        for one, line in zip(value, value.lines, strict=False):
            if isinstance(one, str):
                yield from made(lines_of(one, line + ("\n" in one.strip()), pipefail=like.pipefail), like)
            elif isinstance(one, YamlMap) and isinstance(one.get("cmd"), str):
                yield from _commands(one["cmd"], replace(like, line=line, ignored=like.ignored or _ignoring(one)))


def _used(pipeline: Pipeline, node: YamlMap, value: str, like: Command) -> None:
    name, _, reference = value.partition("@")
    pipeline.pins.setdefault(name, set()).add(reference)
    pipeline.pin_lines.setdefault(name, like.line)
    with_ = node.get("with") or node.get("inputs")
    options = ""
    for key, given in with_.items() if isinstance(with_, dict) else ():
        if _OPTIONS.fullmatch(str(key)) and str(given).lower() not in {"false", "none", ""}:
            options += f" {given}" if key.startswith("arg") else f" --{key.replace('_', '-').lower()}={given}"
    pipeline.commands.append(replace(like, text=" ".join((name + options).split())))


def _ignoring(node: YamlMap) -> bool:
    for key in _IGNORING:
        value = node.get(key)
        if value is True or (isinstance(value, dict | list) and value):
            return True
        if (
            isinstance(value, str)
            and value.strip().lower() != "false"
            and not re.search(r"matrix\.|inputs\.|github\.", value)
        ):
            return True
    return False


def _lenient(node: YamlMap) -> bool:
    """Whether its shell goes on after a command that failed."""
    defaults = node.get("defaults")
    run = defaults.get("run") if isinstance(defaults, dict) else None
    shells = (node.get("shell"), run.get("shell") if isinstance(run, dict) else None)
    return any(isinstance(one, str) and re.match(r"(?:ba)?sh\b(?!.*\s-\w*e).*\{0\}", one) for one in shells)


def _conditions(node: YamlMap) -> frozenset[str]:
    found = set()
    for key in ("if", "condition", "when", "rules", "only", "except"):
        value = node.get(key)
        if value is None or (key == "when" and not isinstance(value, str)):
            continue
        text = value if isinstance(value, str) else json.dumps(value, default=str, sort_keys=True)
        found.add(" ".join(text.split())[:300])
    return frozenset(found)


def _needs(pipeline: Pipeline, node: YamlMap, group: str) -> None:
    for key in ("needs", "dependsOn", "requires"):
        if key in node and group and group not in pipeline.needs:
            names = entries(node[key], r"[\s,]+")
            if isinstance(node[key], list):
                names += tuple(str(one.get("job")) for one in node[key] if isinstance(one, dict))
            pipeline.needs[group] = (set(names), node.lines.get(key, 1))
