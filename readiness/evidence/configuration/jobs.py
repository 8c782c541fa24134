"""What a job of a pipeline says beside its commands: conditions, tolerance, what it takes in, and its matrix."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from readiness.evidence.configuration.commands import Command, judges_by_name
from readiness.evidence.yaml import YamlMap

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


Matrix = Mapping[str, tuple[frozenset[str], int]]
"""Values and line of each dimension; what is left out stands under `exclude`."""
_VERSION = re.compile(
    r"(?:[a-z]{1,20}[ ._-]?){0,4}v?\d+(?:[.x*-]\w*(?:[.*-]\w*){0,8})?t?"
    r"|(?:nightly|beta|stable|dev|rc|edge|head|latest|lts|current|next|canary|msrv|oldest|newest|lowest|highest)"
    r"(?:[/ -].*)?|(?:py|pypy|jruby|truffleruby|cpython)[\w.-]*|true|false|null|none|\d.*",
    re.IGNORECASE,
)
"""An entry that says how old something is: support for it ends some day."""
TOLERATED = " may fail"
"""The dimension under which entries stand that may fail."""
_AND = ", "
_MAY = re.compile(r"allow|experimental|continue|optional|may.?fail", re.IGNORECASE)
_SYSTEM = re.compile(r"[a-z]+(?:-arm)?", re.IGNORECASE)


def matrix_of(node: YamlMap) -> Matrix:
    """The matrix of a job, of GitHub, GitLab or CircleCI; empty where it has none."""
    for key in ("strategy", "parallel"):
        inner = node.get(key)
        given = inner.get("matrix") if isinstance(inner, YamlMap) else None
        if given is not None:
            return _dimensions(given)
    given = node.get("matrix")
    return _dimensions(given.get("parameters")) if isinstance(given, YamlMap) and "parameters" in given else {}


def matrix_of_travis(data: YamlMap) -> Matrix:
    """What Travis multiplies: systems, variables, and the rows of its matrix by their variables."""
    found: dict[str, tuple[frozenset[str], int]] = {}
    for name in ("os", "env", "arch", "compiler"):
        value = data.get(name)
        value = value.get("matrix", value.get("jobs")) if isinstance(value, YamlMap) else value
        if isinstance(value, list):
            _add(found, f"matrix.{name}", {str(one) for one in value if isinstance(one, str)}, data.lines.get(name, 1))
    for key in ("matrix", "jobs"):
        rows = data.get(key)
        rows = rows.get("include") if isinstance(rows, YamlMap) else rows
        for name, entry in _pairs(rows) if isinstance(rows, list) else ():
            if name in {"os", "env", "stage", "name", "arch"}:
                _add(found, f"{key}.{name}", {entry}, data.lines.get(key, 1))
    return found


def _dimensions(given: Any) -> Matrix:
    found: dict[str, tuple[frozenset[str], int]] = {}
    for row in given if isinstance(given, list) else [given]:
        for name, value in row.items() if isinstance(row, YamlMap) else ():
            line = row.lines.get(name, 1)
            if name == "include" and isinstance(value, list):
                for key, entry in _pairs(value):
                    _add(found, key, {entry}, line)
                _add(found, TOLERATED, {_tolerated(row) for row in value} - {""}, line)
            elif name == "exclude" and isinstance(value, list):
                _add(
                    found,
                    name,
                    {f"{next(iter(one))}: {next(iter(one.values()))}" for one in value if _single(one)},
                    line,
                )
            elif isinstance(value, list):
                _add(found, name, {str(one) for one in value if not isinstance(one, dict | list)}, line)
                for key, entry in _pairs(value):
                    _add(found, f"{name}.{key}", {entry}, line)
    return found


def _tolerated(row: Any) -> str:
    """The values of a row that says of itself that it may fail, each with its dimension; empty for any other."""
    pairs = list(_pairs([row]))
    flags = [key for key, value in pairs if _MAY.search(key) and value == "True"]
    return _AND.join(f"{key}: {value}" for key, value in pairs if key not in flags) if flags else ""


def tolerated(before: Matrix, after: Matrix) -> Iterator[tuple[str, int]]:
    """Each row that may fail now, and of which every entry was there before without that."""
    known = {f"{name}: {value}" for name, (values, _) in before.items() for value in values}
    rows, line = after.get(TOLERATED, (frozenset(), 1))
    old = [set(row.split(_AND)) for row in before.get(TOLERATED, (frozenset(), 0))[0]]
    for row in sorted(rows):
        entries = set(row.split(_AND))
        could = any(entries <= one or one <= entries for one in old)  # which it may already, in other words
        if entries <= known and not could and not re.search(r"head|nightly|dev\b", row):
            yield row, line


def _single(row: Any) -> bool:
    return isinstance(row, dict) and len(row) == 1


def _pairs(rows: list[Any]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for key, value in row.items() if isinstance(row, dict) else ():
            if not isinstance(value, dict | list):
                yield str(key), str(value)


def _add(found: dict[str, tuple[frozenset[str], int]], name: str, values: set[str], line: int) -> None:
    known, first = found.get(name, (frozenset(), line))
    found[name] = (known | values, first)


def dropped(before: Matrix, after: Matrix) -> Iterator[tuple[str, str, int]]:
    """Each dimension that has fewer entries than before, with the first that is gone, and its line."""
    for name, (was, _) in before.items():
        is_, line = after.get(name, (frozenset(), 1))
        if name in {"exclude", TOLERATED} or (name not in after and not name.startswith(("matrix.", "jobs."))):
            continue
        gone = sorted(one for one in was - is_ if not _is_version(one) and not _has_like(one, is_))
        if gone and len(is_) < len(was):
            yield name, gone[0], line
    left_out, line = after.get("exclude", (frozenset(), 0))
    for one in sorted(left_out - before.get("exclude", (frozenset(), 0))[0]):
        if not _is_version(one.partition(": ")[2]):
            yield "exclude", one, line


def _is_version(entry: str) -> bool:
    """Whether an entry says how old something is; of a variable, its value does."""
    value = re.sub(r"^\w+=", "", entry)
    return bool(_VERSION.fullmatch(value)) or (value != entry and bool(re.match(r"(?:py|pypy)[\d.]*\b", value)))


def _has_like(entry: str, others: frozenset[str]) -> bool:
    """Whether another entry is the same system in another version: `windows-2019`, `windows-2022`."""
    name = _SYSTEM.match(entry)
    return name is not None and any(
        (other := _SYSTEM.match(one)) is not None and other[0].lower() == name[0].lower() and one != entry
        for one in others
        if re.search(r"\d|latest", one) and re.search(r"\d|latest", entry)
    )
