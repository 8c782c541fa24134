"""Reads the commands, triggers, pins and order of pipelines: GitHub, GitLab, Azure, CircleCI and others in YAML."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from readiness.evidence.change import EvidenceWeakening
from readiness.evidence.configuration.commands import Command, lines_of, made
from readiness.evidence.configuration.rules import entries, shown
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
_HEX = re.compile(r"[0-9a-f]{40}")
_LAST = re.compile(
    r"deploy|publish|release|upload|push|merge|all|required|green|pass|success|gate|conclusion|status|done|finish",
    re.IGNORECASE,
)
_PROSE = re.compile(r"!|.*\.(?:md|rst|txt|adoc)$|(?:\*\*/)?docs?/.*|LICENSE|\.github/.*|\.gitignore|.*\.(?:png|svg)$")


@dataclass
class Pipeline:
    """What one file of a pipeline does."""

    path: str
    commands: list[Command] = field(default_factory=list)
    pins: dict[str, set[str]] = field(default_factory=dict)
    """References by action."""
    pin_lines: dict[str, int] = field(default_factory=dict)
    needs: dict[str, tuple[set[str], int]] = field(default_factory=dict)
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
    _walk(pipeline, data, Command("", path, 1, ""), "")
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
        return
    if not isinstance(node, YamlMap):
        return
    here = replace(around, ignored=around.ignored or _ignoring(node), conditions=around.conditions | _conditions(node))
    _needs(pipeline, node, around.group)
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


def _commands(value: Any, like: Command) -> Iterator[Command]:
    if isinstance(value, str):
        yield from made(lines_of(value, like.line + ("\n" in value.strip())), like)
    elif isinstance(value, YamlList):
        for one, line in zip(value, value.lines, strict=False):
            if isinstance(one, str):
                yield from made(lines_of(one, line + ("\n" in one.strip())), like)
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


def looser_pipeline(before: Pipeline, after: Pipeline) -> Iterator[EvidenceWeakening]:
    """Find what one file no longer asks for: its triggers, its pins, and the order of its jobs."""
    if any(one.judges for one in before.commands):
        yield from _fewer_triggers(before, after)
    for name, references in before.pins.items():
        new = after.pins.get(name, set()) - references
        pinned = all(_HEX.fullmatch(one) for one in references)
        loose = [one for one in new if not _HEX.fullmatch(one) and not one.startswith("sha256:")]
        branch = [one for one in new if one in {"main", "master", "HEAD", "latest", "develop"}]
        if (pinned and loose) or branch:
            text = f"no longer pins {shown(name)} to a commit" if pinned else f"takes {shown(name)} from a branch"
            reference = f"{name}@{(loose or branch)[0]}"
            yield EvidenceWeakening("pin-loosened", text, after.path, after.pin_lines[name], "", reference)
    yield from _fewer_needs(before, after)


def _fewer_triggers(before: Pipeline, after: Pipeline) -> Iterator[EvidenceWeakening]:
    was, is_ = before.triggers, after.triggers
    proposes = [event for event in ("pull_request", "pull_request_target", "merge_group") if event in was]
    if proposes and not any(event in is_ for event in ("pull_request", "pull_request_target", "workflow_call")):
        text = "no longer runs for pull requests"
        yield EvidenceWeakening("trigger-dropped", text, after.path, after.line, proposes[0], ", ".join(is_))
    for event in was.keys() & is_.keys() & {"pull_request", "pull_request_target", "push"}:
        if event == "push" and "pull_request" in is_:
            continue
        for key in ("paths", "branches", "paths-ignore", "branches-ignore", "types"):
            text = _narrower(key, was[event].get(key), is_[event].get(key))
            if text:
                yield EvidenceWeakening(
                    "trigger-narrowed", f"runs for fewer cases of {event}: {text}", after.path, after.line
                )


def _narrower(key: str, before: Any, after: Any) -> str:
    was, is_ = set(entries(before, r"\n")), set(entries(after, r"\n"))
    if key.endswith("-ignore"):
        more = sorted(one for one in is_ - was if not _PROSE.fullmatch(one))
        return f"`{key}` leaves out {shown(more[0])}" if more and len(is_) > len(was) else ""
    if before is None:
        return (
            f"only for `{key}` {shown(', '.join(sorted(is_)))}"
            if is_ and not {"**", "*"} & is_ and key != "types"
            else ""
        )
    return f"`{key}` no longer has {shown(min(was - is_))}" if is_ and was - is_ and len(is_) < len(was) else ""


def _fewer_needs(before: Pipeline, after: Pipeline) -> Iterator[EvidenceWeakening]:
    jobs = {one.group for one in after.commands if one.judges}
    for job, (_, line) in before.needs.items():
        if job not in {one.group for one in after.commands} or not _LAST.search(job):
            continue
        lost = (_closure(before, job) - _closure(after, job)) & jobs
        for name in sorted(lost):
            where = after.needs.get(job, (set(), line))[1]
            yield EvidenceWeakening(
                "needs-dropped", f"`{shown(job)}` no longer waits for `{shown(name)}`", after.path, where
            )


def _closure(pipeline: Pipeline, job: str) -> set[str]:
    found: set[str] = set()
    waiting = [job]
    while waiting:
        for name in pipeline.needs.get(waiting.pop(), (set(), 0))[0] - found:
            found.add(name)
            waiting.append(name)
    return found
