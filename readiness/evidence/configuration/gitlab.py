"""What pipelines of GitLab alone have: files that they take in, and jobs that are only templates."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from readiness.evidence.configuration.commands import Command, judges_by_name
from readiness.evidence.configuration.yaml import YamlMap


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
