"""Finds what a pipeline no longer asks for: triggers, variables, the order of jobs, and tools of the same version."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration.commands import judges_by_name
from readiness.evidence.configuration.jobs import dropped, tolerated
from readiness.evidence.configuration.options import looser_options
from readiness.evidence.configuration.pipelines import Pipeline
from readiness.evidence.configuration.text import Lines
from readiness.evidence.configuration.tools import JUDGING_TOOLS
from readiness.evidence.configuration.values import entries, shown
from readiness.evidence.progress import each
from readiness.evidence.suppressions.marks import decoded

_HEX = re.compile(r"[0-9a-f]{40}")
_LAST = re.compile(
    r"deploy|publish|release|upload|push|merge|all|required|green|pass|success|gate|conclusion|status|done|finish",
    re.IGNORECASE,
)
_PROSE = re.compile(r"!|.*\.(?:md|rst|txt|adoc)$|(?:\*\*/)?docs?/.*|LICENSE|\.github/.*|\.gitignore|.*\.(?:png|svg)$")


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
    yield from _looser_variables(before, after)
    for text, line in after.tolerated.items():
        if text not in before.tolerated and before.commands:
            yield EvidenceWeakening("step-ignores-failure", f"allows {text} to fail", after.path, line, "", text)
    yield from _fewer_needs(before, after)
    yield from _fewer_entries(before, after)
    for job, (name, _) in before.environments.items():
        if job not in after.environments and any(one.group == job for one in after.commands):
            line = min(one.line for one in after.commands if one.group == job)
            text = f"`{shown(job)}` no longer runs in the environment {shown(name)}, which may hold it back"
            yield EvidenceWeakening("environment-dropped", text, after.path, line, name)


def _looser_variables(before: Pipeline, after: Pipeline) -> Iterator[EvidenceWeakening]:
    for name in dict.fromkeys((*after.variables, *before.variables)):
        old = [value for value, _ in before.variables.get(name, [])] or [""]
        for value, line in after.variables.get(name, [("", after.line)]):
            if value not in old and _loosens(name, old[0], value):
                text = f"sets {name} to {shown(value)}" if value else f"no longer sets {name} to {shown(old[0])}"
                yield EvidenceWeakening("command-looser", text, after.path, line, old[0], value)


def _fewer_entries(before: Pipeline, after: Pipeline) -> Iterator[EvidenceWeakening]:
    """What the matrix of a job that judges no longer has."""
    jobs = {one.group for one in before.commands if one.judges}
    for job, matrix in before.matrices.items():
        for entry, line in tolerated(matrix, after.matrices.get(job, {})):
            text = f"allows `{shown(entry)}` of `{shown(job)}` to fail"
            yield EvidenceWeakening("step-ignores-failure", text, after.path, line, "", entry)
    for job, matrix in before.matrices.items():
        for name, entry, line in dropped(matrix, after.matrices.get(job, {})):
            if (
                job not in jobs
                and job
                and not any(judges_by_name(one) for values, _ in matrix.values() for one in values)
            ):
                continue
            who = f"`{shown(job)}`" if job else "the build"
            text = f"{who} no longer runs for `{shown(entry)}` of `{shown(name)}`"
            if name == "exclude":
                text = f"{who} leaves out `{shown(entry)}`"
            yield EvidenceWeakening("matrix-narrowed", text, after.path, line, entry if name != "exclude" else "")


def _loosens(name: str, before: str, after: str) -> bool:
    if name.endswith("THRESHOLD"):
        return bool(after)
    if name == "HUSKY":
        return after == "0" and before not in {"0", ""}
    if re.search(r"SKIP|EXCLU|DISABLE|IGNORE", name):
        return bool(after) and after.lower() not in {"false", "0", "1" if name == "SKIP" else ""}
    tool = {"PYTEST_ADDOPTS": "pytest", "GOFLAGS": "go", "RUSTFLAGS": "cargo", "RUSTDOCFLAGS": "cargo",
            "CFLAGS": "gcc", "CXXFLAGS": "gcc"}.get(name, "mvn")  # fmt: skip
    return bool(looser_options(f"{tool} {before}", f"{tool} {after}"))


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
        everything = "synchronize" in is_ if key == "types" else bool({"**", "*"} & is_)
        return f"only for `{key}` {shown(', '.join(sorted(is_)))}" if is_ and not everything else ""
    return f"`{key}` no longer has {shown(min(was - is_))}" if is_ and was - is_ and len(is_) < len(was) else ""


def _fewer_needs(before: Pipeline, after: Pipeline) -> Iterator[EvidenceWeakening]:
    jobs = {one.group for one in after.commands if one.judges}
    for job, (_, line) in before.needs.items():
        if not _LAST.search(job):
            continue
        if job not in {one.group for one in after.commands}:
            yield from _gone_gate(before, after, job)
            continue
        lost = (_closure(before, job) - _closure(after, job)) & jobs
        for name in sorted(lost):
            where = after.needs.get(job, (set(), line))[1]
            yield EvidenceWeakening(
                "needs-dropped", f"`{shown(job)}` no longer waits for `{shown(name)}`", after.path, where
            )


def _gone_gate(before: Pipeline, after: Pipeline, job: str) -> Iterator[EvidenceWeakening]:
    """A job that only waited for others, and is gone."""
    waited = _closure(before, job) & {one.group for one in before.commands if one.judges}
    judged = any(one.judges for one in before.commands if one.group == job)
    if len(waited) > 1 and not judged and not after.needs.keys() - before.needs.keys():
        text = f"removes `{shown(job)}`, which waited for {len(waited)} jobs"
        yield EvidenceWeakening("needs-dropped", text, after.path, after.line, job)


def _closure(pipeline: Pipeline, job: str) -> set[str]:
    found: set[str] = set()
    waiting = [job]
    while waiting:
        for name in pipeline.needs.get(waiting.pop(), (set(), 0))[0] - found:
            found.add(name)
            waiting.append(name)
    return found


PATHS = (
    r"(?:.*/)?[\w.-]+\.ya?ml|(?:.*/)?(?:requirements|constraints)[\w./-]*\.(?:txt|in)|(?:.*/)?Makefile|(?:.*/)?[\w.-]+\.(?:sh|mk)"
    r"|(?:.*/)?tox\.ini|(?:.*/)?noxfile\.py|(?:.*/)?(?:[Dd]ocker|[Cc]ontainer)file[\w.-]*|(?:.*/)?\.tool-versions|(?:.*/)?mise\.toml"
)
_PIN = re.compile(
    rf"(?<![\w-])(?P<tool>{JUDGING_TOOLS})(?:-(?:action|pre-commit|mirror))?(?:\[[\w,]*\])?"
    r"(?:==|~=|@v?|:v?|\s+(?=\d+\.\d))(?P<version>\d{1,9}(?:\.\d{1,9}){0,9})(?!\d|[\w.]*[-.]?(?:py|rc|a\d|b\d))",
    re.IGNORECASE,
)
_HOOK = re.compile(
    r"repo:\s*\S*/(?P<tool>[\w.-]+?)(?:\.git)?(?:\s*+[\"'])?(?=[^\S\n]*+\n)\s*+rev:\s*[\"']?v?(?P<version>\d{1,9}(?:\.\d{1,9}){0,9})(?!\d)"
)
_MOST = 2**19
"""Bytes of a file in which versions are looked for."""


def older_tools(change: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find the tools of which a file takes an older version than before."""
    for file in each(change):
        if file.before is None or file.after is None or file.before == file.after:
            continue
        if max(len(file.before), len(file.after)) > _MOST or not re.fullmatch(PATHS, file.path):
            continue
        was, is_ = _versions(decoded(file.before)), _versions(decoded(file.after))
        for tool, versions in was.items():
            new = is_.get(tool, {})
            if new and len(new) == len(versions) == 1 and _number(min(new)) < _number(min(versions)):
                old, version = min(versions), min(new)
                text = f"takes {tool} in version {version} and no longer {old}"
                yield EvidenceWeakening("older-tool", text, file.path, new[version], old, version)


def _versions(text: str) -> Mapping[str, Mapping[str, int]]:
    """Versions of each tool, with the line of each."""
    found: dict[str, dict[str, int]] = {}
    lines = Lines(text)
    for pattern in (_PIN, _HOOK):
        for match in pattern.finditer(text):
            line = lines.at(match.start("version"))
            found.setdefault(match["tool"].lower(), {}).setdefault(match["version"], line)
    return found


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
