"""Compares the commands by which pipelines and scripts judge: dropped, conditional, or with a failure ignored."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration import pipelines, scripts, task_files
from readiness.evidence.configuration.commands import GATE, LONGEST, MOST, Command
from readiness.evidence.configuration.documents import Document, UnreadableError, load
from readiness.evidence.configuration.options import looser_options
from readiness.evidence.configuration.pipeline_changes import looser_pipeline
from readiness.evidence.configuration.pipelines import PATHS, Pipeline, read_pipeline
from readiness.evidence.configuration.scripts import read_scripts
from readiness.evidence.configuration.task_files import read_task_file
from readiness.evidence.configuration.values import shown
from readiness.evidence.progress import each

_MOST_COMPARED = 300
"""New commands among which a counterpart is looked for."""
_BENIGN = re.compile(
    r"(?:\$\{\{)?\s*+(?:always\(\)|!?\s*+\(?!?cancelled\(\)\)?|success\(\)|success\(\)\s*+\|\|\s*+failure\(\)|true"
    r"|succeededOrFailed\(\)|.*\bgithub\.(?:repository|repository_owner|event\.repository\S*)\s*[!=]=.*|on_success"
    r"|always)\s*+(?:\}\})?"
)
_PROPOSALS = re.compile(r"(?:pull|merge)_request|external_pull|github\.base_ref|System\.PullRequest", re.IGNORECASE)
_NEVERS = re.compile(r"(?:\$\{\{)?\s*(?:false|never|manual|failure\(\))\s*(?:\}\})?")


def looser_commands(before: Sequence[Command], after: Sequence[Command]) -> Iterator[EvidenceWeakening]:
    """Find the commands that judge before and no longer do, or no longer as strictly."""
    was = [one for one in before if one.judges]
    is_ = list(after)
    texts = {one.text for one in was}
    fresh = [one for one in is_ if one.text not in texts and one.judges]
    places = {(one.text, one.path, one.group) for one in was}
    dropped: list[Command] = []
    seen = set()
    by_text: dict[str, list[Command]] = defaultdict(list)
    by_place: dict[tuple[str, str, str], list[Command]] = defaultdict(list)
    for one in is_:
        by_text[one.text].append(one)
        by_place[one.text, one.path, one.group].append(one)
    for one in {(one.text, one.path, one.group, one.ignored, one.conditions): one for one in was}.values():
        same = [other for other in by_text.get(one.text, [])[:_MOST_COMPARED] if _takes_its_place(other, one, places)]
        near = by_place.get((one.text, one.path, one.group)) or same
        match = near or _replacements(one, fresh)
        if not match:
            dropped.append(one)
            continue
        for found in _weaker(one, match, options=not same):
            if (found.path, found.line, found.code) not in seen:
                seen.add((found.path, found.line, found.code))
                yield found
    yield from _dropped(dropped, was, is_)
    yield from _fewer_jobs(was, is_, {(one.path, one.group) for one in dropped})


def _takes_its_place(other: Command, one: Command, places: set[tuple[str, str, str]]) -> bool:
    """Whether a like command may stand for one; what a script ran already, no pipeline comes to run."""
    there = (other.text, other.path, other.group) in places
    return not there or not _is_pipeline(one.path) or _is_pipeline(other.path)


@lru_cache(maxsize=10_000)
def _is_pipeline(path: str) -> bool:
    return re.fullmatch(PATHS, path) is not None


def _replacements(one: Command, fresh: list[Command]) -> list[Command]:
    here = [other for other in fresh if other.path == one.path]
    alike = [other for other in [*here, *fresh][:_MOST_COMPARED] if other.is_like(one)]
    for same in (
        [other for other in alike if (other.path, other.group) == (one.path, one.group)],
        [other for other in alike if other.path == one.path],
        alike,
    ):
        if same:
            first = one.text.split()[0]
            return [other for other in same if other.text.split()[0] == first] or same
    return []


def _weaker(one: Command, match: list[Command], *, options: bool) -> Iterator[EvidenceWeakening]:
    """How the mildest counterpart of a command judges less."""
    best = min(match, key=lambda other: (other.ignored, len(other.conditions - one.conditions)))
    name = shown(one.text)
    if best.ignored and not one.ignored:
        text = f"ignores a failure of `{name}`"
        yield EvidenceWeakening("step-ignores-failure", text, best.path, best.line, one.text, best.text)
    new = sorted(
        condition
        for condition in best.conditions - one.conditions
        if not _BENIGN.fullmatch(" ".join(condition.split()))
    )
    narrower = _leaves_proposals(one.conditions, best.conditions) or any(
        is_narrower(one.conditions, condition) or (condition.startswith("unless ") and _PROPOSALS.search(condition))
        for condition in new
    )
    if new and (not one.conditions or narrower or any(_NEVERS.fullmatch(condition) for condition in new)):
        text = f"runs `{name}` only if {shown(new[0])}"
        yield EvidenceWeakening("step-conditional", text, best.path, best.line, "", new[0])
    if GATE.search(one.text) and not any(GATE.search(other.text) for other in match):
        text = f"no longer asks for success: `{name}`"
        yield EvidenceWeakening("command-looser", text, best.path, best.line, one.text, best.text)
    if not options and best.folder and not one.folder and (best.path, best.group) == (one.path, one.group):
        text = f"runs `{name}` only in {shown(best.folder)}"
        yield EvidenceWeakening("command-looser", text, best.path, best.line, "", best.folder)
    if options:
        first = one.text.split()[0]
        found = min(
            (looser_options(one.text, other.text) for other in match if other.text.split()[0] == first),
            key=len,
            default=[],
        )
        if found:
            text = f"`{name}` {'; '.join(found)}"
            yield EvidenceWeakening("command-looser", shown(text), best.path, best.line, one.text, best.text)


def _leaves_proposals(before: frozenset[str], after: frozenset[str]) -> bool:
    """Whether conditions that name pull or merge requests make room for others that do not."""
    old, new = ([one for one in side if not one.startswith("unless ")] for side in (before, after))
    return any(map(_PROPOSALS.search, old)) and not any(map(_PROPOSALS.search, new))


def is_narrower(before: frozenset[str], after: str) -> bool:
    """Whether a list of the cases in which a command runs has fewer of them than one before: `only: [main]`."""
    kind, _, text = after.partition(" ")
    if kind not in {"only", "except"}:
        return False
    for old in before:
        if old.startswith(f"{kind} "):
            was, is_ = (set(re.findall(r'"([^"]+)"', one)) for one in (old, text))
            return is_ < was if kind == "only" else was < is_
    return False


def _dropped(dropped: list[Command], was: list[Command], is_: list[Command]) -> Iterator[EvidenceWeakening]:
    groups = {(one.path, one.group) for one in is_}
    lost = {(one.text, one.path, one.group) for one in dropped}
    kept = {(one.path, one.group) for one in was if (one.text, one.path, one.group) not in lost}
    told: set[object] = set()
    for one in dropped:
        key = (one.path, one.group)
        whole = key not in groups and key not in kept
        if whole and one.group:
            if key not in told:
                told.add(key)
                text = f"removes `{shown(one.group)}`, which runs `{shown(one.text)}`"
                yield EvidenceWeakening("job-dropped", text, one.path, _near(one, is_), one.text)
        elif one.text not in told:
            told.add(one.text)
            text = f"no longer runs `{shown(one.text)}`"
            yield EvidenceWeakening("step-dropped", text, one.path, _near(one, is_), one.text)


def _fewer_jobs(was: list[Command], is_: list[Command], told: set[tuple[str, str]]) -> Iterator[EvidenceWeakening]:
    """Jobs that are gone, although others run the same commands: they ran them elsewhere, or in another way."""
    texts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in was:
        texts[one.path, one.group].add(one.text)
    after = {(one.path, one.group) for one in is_}
    files = {path for path, _ in after}
    added = [one for one in is_ if (one.path, one.group) not in texts]
    grown, moved = {one.path for one in added}, {one.text for one in added}
    for path, group in sorted(texts.keys() - after - told):
        mine = texts[path, group]
        elsewhere = path not in files or path in grown or mine & moved
        if not path.endswith((".yml", ".yaml")) or not group or elsewhere or _is_dated(group):
            continue
        line = _near(Command("", path, 1, group), is_)
        text = f"removes `{shown(group)}`, which runs `{shown(min(mine))}` as others do"
        yield EvidenceWeakening("job-dropped", text, path, line, min(mine))


def _is_dated(group: str) -> bool:
    """Whether a job is named after a version: support for it ends some day."""
    name = re.sub(r"(?:amd|arm|x|x86_|aarch|ppc|win|i3|i6)\d\d(?:86)?|e2e|s390x", "", group, flags=re.IGNORECASE)
    return bool(re.search(r"\d|nightly|beta|experimental|legacy|old", name, re.IGNORECASE))


def _near(one: Command, is_: list[Command]) -> int | None:
    """Where the file that dropped a command has its group now, or begins."""
    here = [other.line for other in is_ if (other.path, other.group) == (one.path, one.group)]
    there = [other.line for other in is_ if other.path == one.path]
    return min(here or there, default=None)


_RUNS = re.compile(f"{pipelines.PATHS}|{scripts.PATHS}|{task_files.PATHS}")


def runs(path: str) -> bool:
    """Whether a file says what a pipeline, a target or a script runs."""
    return _RUNS.fullmatch(path) is not None


def looser_work(files: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find what pipelines, targets and scripts no longer run, or no longer as strictly."""
    before: list[Command] = []
    after: list[Command] = []
    for file in each(files):
        was, is_ = _loaded(file.path, file.before), _loaded(file.path, file.after)
        if was is not None and is_ is None and file.after is not None:
            text = "makes what runs the checks unreadable"
            yield EvidenceWeakening("configuration-unreadable", text, file.path, 1)
            continue
        if not re.fullmatch(pipelines.PATHS, file.path):
            before += islice(_commands(was), MOST + 1) if was else ()
            after += islice(_commands(is_), MOST + 1) if is_ else ()
            continue
        first, second = _pipeline(was), _pipeline(is_)
        before += first.commands
        after += second.commands
        if was is not None and is_ is not None:
            yield from looser_pipeline(first, second)
    if max(len(before), len(after)) > MOST:
        path = max(after or before, key=lambda one: one.line).path
        text = f"runs more than {MOST} commands, which are not compared"
        yield EvidenceWeakening("configuration-unreadable", text, path, 1)
        return
    yield from _not_compared(before, after)
    yield from looser_commands(*([one for one in side if len(one.text) <= LONGEST] for side in (before, after)))


def _not_compared(before: Sequence[Command], after: Sequence[Command]) -> Iterator[EvidenceWeakening]:
    """Tell that a command changed that is too long to be compared."""
    was, is_ = ({one.text for one in side if len(one.text) > LONGEST} for side in (before, after))
    changed = next((one for one in (*after, *before) if one.text in was ^ is_), None)
    if changed is not None:
        text = f"changes a command of more than {LONGEST:,} characters, which is not compared"
        yield EvidenceWeakening("configuration-unreadable", text, changed.path, changed.line)


def _commands(document: Document) -> Iterator[Command]:
    if re.fullmatch(scripts.PATHS, document.path):
        yield from read_scripts(document)
    if re.fullmatch(task_files.PATHS, document.path):
        yield from read_task_file(document)


def _loaded(path: str, content: bytes | None) -> Document | None:
    try:
        return load(path, content) if content is not None else None
    except UnreadableError:
        return None


def _pipeline(document: Document | None) -> Pipeline:
    return read_pipeline(document.path, document.data) if document else Pipeline("")
