"""Compares pipelines and scripts, over all the files in which a change touches them."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration import pipelines, scripts, task_files
from readiness.evidence.configuration.command_changes import looser_commands
from readiness.evidence.configuration.commands import MOST, Command
from readiness.evidence.configuration.documents import Document, UnreadableError, load
from readiness.evidence.configuration.pipeline_changes import looser_pipeline
from readiness.evidence.configuration.pipelines import Pipeline, read_pipeline
from readiness.evidence.configuration.scripts import read_scripts
from readiness.evidence.configuration.task_files import read_task_file

_RUNS = re.compile(f"{pipelines.PATHS}|{scripts.PATHS}|{task_files.PATHS}")


def runs(path: str) -> bool:
    """Whether a file says what a pipeline, a target or a script runs."""
    return _RUNS.fullmatch(path) is not None


def looser_work(files: Sequence[ChangedFile]) -> Iterator[EvidenceWeakening]:
    """Find what pipelines, targets and scripts no longer run, or no longer as strictly."""
    before: list[Command] = []
    after: list[Command] = []
    for file in files:
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
    yield from looser_commands(before, after)


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
