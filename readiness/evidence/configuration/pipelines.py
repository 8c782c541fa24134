"""Reads the commands, triggers, pins and order of pipelines: GitHub, GitLab, Azure, CircleCI and others in YAML."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from readiness.evidence.configuration.commands import MOST, Command, judges_by_name, lines_of, made
from readiness.evidence.configuration.jobs import (
    Matrix,
    conditions_of,
    hide_templates,
    included,
    is_ignoring,
    is_lenient,
    matrix_of,
    matrix_of_travis,
)
from readiness.evidence.configuration.values import entries
from readiness.evidence.yaml import YamlList, YamlMap

PATHS = (
    r"\.github/workflows/[^/]+\.ya?ml|(?:.*/)?action\.ya?ml|(?:.*/)?\.gitlab-ci[\w.-]*\.ya?ml|\.gitlab/.*\.ya?ml"
    r"|(?:.*/)?azure-pipelines[\w.-]*\.ya?ml|\.azure(?:-pipelines)?/.*\.ya?ml|\.circleci/.*\.ya?ml|\.travis\.ya?ml"
    r"|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|\.buildkite/.*\.ya?ml|\.?appveyor\.ya?ml|\.woodpecker(?:/.*)?\.ya?ml"
    r"|(?:.*/)?[Tt]askfile\.ya?ml|\.cirrus\.ya?ml|cloudbuild\.ya?ml|\.github/actions/.*\.ya?ml"
    r"|(?:.*/)?\.?goreleaser\.ya?ml|\.?lefthook(?:-local)?\.ya?ml|buildspec[\w.-]*\.ya?ml|codemagic\.ya?ml|\.semaphore/.*\.ya?ml"
    r"|\.(?:gitea|forgejo)/workflows/[^/]+\.ya?ml|\.tekton/.*\.ya?ml|zuul\.ya?ml|\.zuul\.ya?ml|\.ci/.*\.ya?ml|screwdriver\.ya?ml"
)
_SCRIPTS = {"run", "script", "before_script", "after_script", "command", "commands", "cmd", "cmds", "bash", "pwsh",
            "powershell", "sh", "test_script", "hooks", "test_command"}  # fmt: skip
_OPTIONS = re.compile(
    r"queries|packs|config|ruleset|args|arguments|[\w-]*policy|mode|exit[-_]code|fail\w*|fail[-_].*|soft[-_]fail|severity|skip[-_].*|ignore[-_].*"
    r"|[\w-]*(?:threshold|minimum)[\w-]*|min[-_]?(?:cov|score|percent)[\w-]*|allowed[-_](?:skips|failures)"
    r"|(?:run|enable)[-_][\w-]*(?:test|lint|check|scan|audit|cov|type|secur)[\w-]*",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?<![\w-])--(?:[\w-]*(?:threshold|minimum)[\w-]*|min-?(?:cov|score|percent)[\w-]*)=[\d.]+|--allowed-|--(?:run|enable)-\S+=True"
)
"""Inputs by which an action or a called workflow judges, whatever it is called."""
_VARIABLE = re.compile(
    r"(?=\w++\Z)(?:PYTEST_ADDOPTS|GOFLAGS|RUST(?:DOC)?FLAGS|MAVEN_(?:OPTS|ARGS|CLI_OPTS)|GRADLE_OPTS|SKIP|MYPY_OPTS|TOX_SKIP_ENV|HUSKY"
    r"|C(?:XX)?FLAGS|(?:(?:SAST|DAST|DS|CS|SECRET_DETECTION|CODE_QUALITY)_(?:\w+_)?|\w*(?:SCAN|LICENSE|TEST|LINT|COVERAGE)\w*_)"
    r"(?:(?:EXCLU\w|SKIP|IGNORE)\w*+|(?:DISABLED?|SEVERITY_THRESHOLD)(?:_\w++)?)"
    r"|SKIP_(?:TEST|LINT|CHECK|SCAN|COV|E2E|INTEGRATION|UNIT|SECURITY|VALIDAT)\w*+)"
)
"""Variables by which tools are told to judge less: pytest, go, rustc, Maven, Gradle, pre-commit, tox, GitLab."""


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
    environments: dict[str, tuple[str, int]] = field(default_factory=dict)
    """The protected environment that each job runs in, and its line."""
    matrices: dict[str, Matrix] = field(default_factory=dict)
    """Of each job."""
    tolerated: dict[str, int] = field(default_factory=dict)
    """What Travis allows to fail, and its line."""
    triggers: dict[str, Any] = field(default_factory=dict)
    line: int = 1
    """Of the triggers."""


def read_pipeline(path: str, data: Any) -> Pipeline:
    """Read one file."""
    pipeline = Pipeline(path)
    if isinstance(data, dict):
        events = data.get("on", data.get(True))
        pipeline.triggers = _triggers(events)
        if ("azure" in path and "steps" in data) or ("jobs" in data and "azure" in path):
            given = data.get("pr", {})
            pipeline.triggers = {} if given == "none" else {"pull_request": {"branches": given} if given else {}}
        pipeline.line = data.lines.get("on", 1) if isinstance(data, YamlMap) else 1
        if path.endswith("travis.yml") and isinstance(data, YamlMap):
            pipeline.matrices[""] = matrix_of_travis(data)
    if "gitlab" in path and isinstance(data, YamlMap):
        hide_templates(data)
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
        ignored=around.ignored or is_ignoring(node) or is_lenient(node),
        conditions=around.conditions | conditions_of(node),
    )
    here = _in_shell(node, here)

    _image(pipeline, node, here)
    _needs(pipeline, node, around.group)
    _job(pipeline, node, around.group)
    _variables(pipeline, node)
    pipeline.commands += included(node, here)
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


def _in_shell(node: YamlMap, here: Command) -> Command:
    """The commands of a step, in the folder and the shell that it names."""
    if isinstance(node.get("working-directory"), str):
        here = replace(here, folder=node["working-directory"].strip("./"))
    if "shell" in node:
        here = replace(here, pipefail=str(node["shell"]).startswith("bash") and "{0}" not in str(node["shell"]))
    return here


def _image(pipeline: Pipeline, node: YamlMap, here: Command) -> None:
    """What an image is run with, as one command."""
    if isinstance(node.get("args"), list) and not {"run", "script", "command", "commands"} & node.keys():
        program = node.get("entrypoint") or str(node.get("name") or node.get("image") or "").rpartition("/")[2]
        words = [program if isinstance(program, str) else " ".join(map(str, program)), *map(str, node["args"])]
        pipeline.commands.append(replace(here, text=" ".join(words), line=node.lines.get("args", 1)))


def _job(pipeline: Pipeline, node: YamlMap, group: str) -> None:
    """The matrix and the environment of a job."""
    allowed = node.get("allow_failures")
    for one, line in zip(allowed, allowed.lines, strict=False) if isinstance(allowed, YamlList) else ():
        text = json.dumps(one, default=str, sort_keys=True)[:100]
        if not re.search(r"nightly|dev\b|head|edge|beta|\brc|pypy|master", text):
            pipeline.tolerated[text] = line
    if matrix := matrix_of(node):
        pipeline.matrices.setdefault(group, matrix)
    given = node.get("environment")
    name = given.get("name") if isinstance(given, dict) else given
    if group and isinstance(name, str) and name:
        pipeline.environments.setdefault(group, (name, node.lines.get("environment", 1)))


def _listed_jobs(pipeline: Pipeline, jobs: YamlList) -> None:
    """The jobs that a workflow of CircleCI lists, each as a command."""
    for one, line in zip(jobs, jobs.lines, strict=False):
        name = next(iter(one), "") if isinstance(one, dict) else one
        if isinstance(name, str) and not (isinstance(one, dict) and {"job", "steps", "script"} & one.keys()):
            inner = one.get(name) if isinstance(one, dict) else None
            when = conditions_of(inner) if isinstance(inner, YamlMap) else frozenset()
            judging = re.search(r"test|lint|check|scan|audit|cover|analy", name, re.IGNORECASE) is not None
            group = f"workflow job {name}"
            like = Command(f"job {name}", pipeline.path, line, group, conditions=when, named=judging)
            pipeline.commands.append(like)


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
                yield from _commands(one["cmd"], replace(like, line=line, ignored=like.ignored or is_ignoring(one)))


def _used(pipeline: Pipeline, node: YamlMap, value: str, like: Command) -> None:
    name, _, reference = value.partition("@")
    pipeline.pins.setdefault(name, set()).add(reference)
    pipeline.pin_lines.setdefault(name, like.line)
    with_ = node.get("with") or node.get("inputs")
    options = ""
    for key, given in with_.items() if isinstance(with_, dict) else ():
        if _OPTIONS.fullmatch(str(key)) and str(given).lower() not in {"false", "none", ""}:
            options += f" {given}" if key.startswith("arg") else _option(key.replace("_", "-").lower(), given)
    asked = re.search(r"--fail|(?<![\w-])--[\w-]*policy", options)
    own = name.startswith("./") and judges_by_name(name.rpartition("/")[2].partition(".")[0])
    bound = _BOUND.search(options) or name.endswith("/alls-green")
    named = (
        like.named
        or own
        or bool(bound)
        or bool(asked and re.search(r"(?i)test|cov|lint|scan|audit|review|harden", name))
    )
    pipeline.commands.append(replace(like, text=" ".join((name + options).split()), named=named))


def _option(key: str, given: Any) -> str:
    """An input as an option; one for each job where it lists those that may fail or be left out."""
    values = entries(given, r"[\s,]+") if key.startswith("allowed-") and "${{" not in str(given) else [given]
    return "".join(f" --{key}={value}" for value in values)


def _needs(pipeline: Pipeline, node: YamlMap, group: str) -> None:
    unconditional = re.search(r"always\(\)|!\s*cancelled\(\)", str(node.get("if", "")))
    if unconditional and "needs" in node and group and "needs." not in json.dumps(node, default=str):
        pipeline.needs.setdefault(group, (set(), node.lines.get("if", 1)))  # it waits, but for no success
    for key in ("needs", "dependsOn", "requires"):
        if key in node and group and group not in pipeline.needs:
            names = entries(node[key], r"[\s,]+")
            if isinstance(node[key], list):
                names += tuple(str(one.get("job")) for one in node[key] if isinstance(one, dict))
            pipeline.needs[group] = (set(names), node.lines.get(key, 1))
