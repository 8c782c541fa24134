"""What a job of a pipeline says beside its commands: when it runs, whether its failure is ignored, what it takes in."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from readiness.evidence.configuration.commands import Command, judges_by_name
from readiness.evidence.configuration.yaml import YamlMap

_IGNORING = (
    "continue-on-error",
    "continueOnError",
    "allow_failure",
    "ignore_error",
    "ignore_failure",
    "soft_fail",
    "allowFailure",
    "allow_failures",
    "allow-failure",
    "ignoreFailure",
)
_ASKED = re.compile(r"(?:\$\{\{)?\s*!?(?:matrix|inputs)\.[\w.-]+\s*(?:\|\|\s*false\s*)?(?:\}\})?")
"""An entry of the matrix that says of itself whether it may fail."""


def is_ignoring(node: YamlMap) -> bool:
    """Whether a failure of it is ignored, always or in cases that are written out."""
    if any(str(node.get(key, "")).lower() in {"ignore", "continue"} for key in ("failure", "on-failure", "onError")):
        return True
    for key in _IGNORING:
        value = node.get(key)
        if value is True or (isinstance(value, dict | list) and value):
            return True
        if isinstance(value, str) and value.strip().lower() != "false" and not _ASKED.fullmatch(value.strip()):
            return True
    return False


def is_lenient(node: YamlMap) -> bool:
    """Whether its shell goes on after a command that failed."""
    defaults = node.get("defaults")
    run = defaults.get("run") if isinstance(defaults, dict) else None
    shells = (node.get("shell"), run.get("shell") if isinstance(run, dict) else None)
    return any(isinstance(one, str) and re.match(r"(?:ba)?sh\b(?!.*\s-\w*e).*\{0\}", one) for one in shells)


def _is_never(rule: object) -> bool:
    """Whether a rule of GitLab says when a job does not run."""
    return isinstance(rule, dict) and rule.get("when") == "never"


def conditions_of(node: YamlMap) -> frozenset[str]:
    """The conditions under which it runs, each as a text."""
    found = set()
    for key in ("if", "condition", "when", "rules", "only", "except"):
        value = node.get(key)
        if value is None or (isinstance(value, dict) and {"steps", "condition"} & value.keys()):
            continue
        excluded = [one for one in value if _is_never(one)] if isinstance(value, list) else []
        if excluded and len(excluded) < len(value):
            found.add(f"unless {json.dumps(excluded, default=str, sort_keys=True)[:300]}")
            value = [one for one in value if one not in excluded]
        text = value if isinstance(value, str) else json.dumps(value, default=str, sort_keys=True)
        found.add(f"{f'{key} ' if key in {'only', 'except'} else ''}{' '.join(text.split())[:300]}")
        rules = value if isinstance(value, list) else []
        if rules and all(isinstance(one, dict) and one.get("when") in {"never", "manual"} for one in rules):
            found.add("never")
    if node.get("skip") is True or node.get("enabled") is False:
        found.add("never")
    filters = node.get("filters")
    if isinstance(filters, dict) and "branches" in filters:
        found.add(json.dumps(filters["branches"], default=str, sort_keys=True)[:300])
    return frozenset(found)


def hide_templates(data: YamlMap) -> None:
    """Let the jobs of GitLab whose name begins with a dot run never, unless others take them in."""
    text = json.dumps(data, default=str)
    for name, job in data.items():
        if name.startswith(".") and isinstance(job, YamlMap) and text.count(json.dumps(name)) == 1:
            job["when"] = "never"


def included(node: YamlMap, here: Command) -> Iterator[Command]:
    """The files and templates that a GitLab pipeline takes in, each as a command."""
    template = node.get("template")
    if isinstance(template, str) and judges_by_name(template.rpartition("/")[2].partition(".")[0]):
        yield replace(here, text=f"template {template}", line=node.lines.get("template", 1), named=True)
    given = node.get("include") if not here.group else None
    line = node.lines.get("include", 1)
    for one in given if isinstance(given, list) else [given] if given else []:
        for name in one.values() if isinstance(one, dict) else [one]:
            if isinstance(name, str):
                text = f"include {name.rpartition('/')[2].partition('.')[0]}"
                named = re.search(
                    r"test|scan|detect|sast|dast|secur|secret|quality|lint|audit|check", name, re.IGNORECASE
                )
                yield replace(here, text=text, line=line, group=name, named=bool(named))
