"""Outcomes that one job collects and another one judges: a folder with a manifest and a file for each item.

The job that collects runs code of the change and has no key. The job that judges runs none, and has the key. It takes
an outcome only if it is for the very commit, checklist, check and parameters that it judges. Even then the outcome is
only what the other job says: code of the change may have written it.
"""

import errno
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError

from readiness.atomic_write import atomic_write
from readiness.checklist import Item
from readiness.duration import render
from readiness.engine.bounds import bounded
from readiness.moment import show
from readiness.outcome import Outcome, Status, Value
from readiness.packed_lines import one_document
from readiness.plugins import digests_of
from readiness.report import Plugin, Report, Result, Subject, Tool
from readiness.text import count, first_mistake, short
from readiness.untrusted import require_small

MANIFEST = "manifest.json"
_LARGEST = 32 * 2**20
"""Bytes of a file of such a folder."""
_AGAIN = "collect again, from this commit: `readiness collect -o DIR`"
_NAMED = 10


class CollectedItem(Value):
    """An item that was collected."""

    id: str
    digest: str
    """Of its id, title, check and parameters, as `Item.digest`."""
    plugin: Plugin | None
    """The check that answered it."""
    file: Annotated[str, StringConstraints(pattern=r"^[0-9]{4,6}\.json$")]
    sha256: str
    """Of the file."""


class Manifest(Value):
    """What a folder of collected outcomes is for."""

    version: Literal[1] = 1
    tool: Tool
    collected_at: AwareDatetime
    subject: Subject
    items: tuple[CollectedItem, ...]


class Answer(Value):
    """The file of one item."""

    outcome: Outcome
    duration: Annotated[float, Field(ge=0)]
    """Seconds."""


class CollectedError(Exception):
    """A folder cannot be written or read, or an outcome in it is not taken; the text says why."""


def write(folder: Path, report: Report) -> int:
    """Write the outcomes of a run; the manifest last.

    Args:
        folder: Where; made when it is missing, and emptied when it holds an earlier collection.
        report: A run of nothing but items that run code of what is judged.

    Returns:
        How many items there are.

    Raises:
        CollectedError: The folder holds something else, or cannot be written.
    """
    try:
        _make_room(folder)
        items = []
        for number, result in enumerate((one for one in report.results if one.selected), 1):
            name = f"{number:04}.json"
            answer = Answer(outcome=result.absolute or result.outcome, duration=result.duration)
            data = answer.to_json()
            atomic_write(folder / name, data)
            sha256 = hashlib.sha256(data).hexdigest()
            item = result.item
            items.append(CollectedItem(id=item.id, digest=item.digest, plugin=result.plugin, file=name, sha256=sha256))
        manifest = Manifest(
            tool=report.tool, collected_at=report.started_at, subject=report.subject, items=tuple(items)
        )
        atomic_write(folder / MANIFEST, manifest.to_json(indent=1))
    except OSError as error:
        raise CollectedError(f"`{folder}` cannot be written: {error.strerror}") from error
    return len(items)


def _make_room(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    there = sorted(folder.iterdir())
    if there and not (folder / MANIFEST).is_file():
        raise CollectedError(f"`{folder}` is not empty\nnext: name a new folder")
    for path in [folder / MANIFEST, *there] if there else []:
        path.unlink(missing_ok=True)


class Collected:
    """The outcomes in a folder.

    Args:
        folder: As `write` left it.
        longest: How long ago it may have been collected: what was true of a commit then may be true no more.

    Raises:
        CollectedError: There is no manifest that this version can read.
    """

    def __init__(self, folder: Path, longest: timedelta) -> None:
        self._folder = folder
        self._longest = longest
        try:
            self._manifest = Manifest.model_validate_json(require_small(_read(folder / MANIFEST)))
        except OSError as error:
            why = error.strerror or str(error)
            raise CollectedError(f"`{folder / MANIFEST}` cannot be read: {why}\nnext: {_AGAIN}") from error
        except ValidationError as error:
            what = f"is no manifest that this version can read: {first_mistake(error)}"
            raise CollectedError(f"`{folder / MANIFEST}` {what}\nnext: {_AGAIN}") from error
        except ValueError as error:
            raise CollectedError(f"`{folder / MANIFEST}` is no manifest: {error}\nnext: {_AGAIN}") from error
        self._items = {item.id: item for item in self._manifest.items}
        if len(self._items) != len(self._manifest.items):
            raise CollectedError(f"`{folder / MANIFEST}` names an item twice\nnext: {_AGAIN}")
        self._taken: list[str] = []

    def marked(self, results: Sequence[Result]) -> tuple[Result, ...]:
        """Results, those of the outcomes that were taken marked as claims of another job."""
        return tuple(
            result.model_copy(update={"collected": True}) if result.item.id in self._taken else result
            for result in results
        )

    def notices(self) -> list[str]:
        """What a reader has to know: which outcomes are claims."""
        if not self._taken:
            return []
        names = sorted(self._taken)
        shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        claims = f"{count(len(names), 'outcome')} of the job that collected, which ran code of the change: {shown}. "
        claims += (
            "They are its claims; this run knows only that they are for this commit, checklist, check and parameters"
        )
        return [claims]

    def outcome(self, item: Item, plugin: Plugin, subject: Subject, now: datetime) -> tuple[Outcome, float]:
        """The outcome of an item; `error` unless it is for exactly what is judged.

        Args:
            item: The item.
            plugin: The check that would answer it here.
            subject: What is judged.
            now: The time of the run.
        """
        try:
            answer = self._answer(item, plugin, subject, now)
        except CollectedError as error:
            return Outcome(status=Status.ERROR, summary=short(str(error)), remedy=_AGAIN), 0.0
        self._taken.append(item.id)
        return bounded(answer.outcome), answer.duration

    def _answer(self, item: Item, plugin: Plugin, subject: Subject, now: datetime) -> Answer:
        self._compare(subject, now)
        found = self._items.get(item.id)
        if found is None:
            raise CollectedError("it was not collected")
        if found.digest not in digests_of(item):
            raise CollectedError("it was collected with another title, check or parameters")
        if found.plugin is None or not found.plugin.same_check(plugin):
            raise CollectedError(f"it was collected by another version of the check `{plugin.name}`, or by no check")
        answer = self._read_answer(found)
        if answer.outcome.status is Status.SKIPPED:
            raise CollectedError("it was skipped where it was collected")
        if answer.outcome.signoffs:
            raise CollectedError("its outcome claims sign-offs, which only this run may judge")
        return answer

    def _read_answer(self, found: CollectedItem) -> Answer:
        try:
            data = _read(self._folder / found.file)
            if hashlib.sha256(data).hexdigest() != found.sha256:
                raise CollectedError(f"its file {found.file} is not the one that was collected")
            with one_document():
                return Answer.model_validate_json(require_small(data))
        except OSError as error:
            raise CollectedError(f"its file {found.file} cannot be read: {error.strerror or error}") from error
        except ValidationError as error:
            raise CollectedError(f"its file {found.file} holds no outcome: {first_mistake(error)}") from error
        except ValueError as error:
            raise CollectedError(f"its file {found.file} holds no outcome: {error}") from error

    def _compare(self, subject: Subject, now: datetime) -> None:
        """Insist that the folder is for what is judged.

        Raises:
            CollectedError: It is for something else.
        """
        other = self._manifest.subject
        if not subject.commit or other.commit != subject.commit:
            raise CollectedError(f"it was collected for commit {other.commit[:10] or '(none)'}, not for this one")
        if other.dirty is not False:
            raise CollectedError("it was collected beside changes that were not committed")
        for name in ("project", "release", "environment", "checklist", "checklist_sha256"):
            if getattr(other, name) != getattr(subject, name):
                raise CollectedError(f"it was collected for another {name.removesuffix('_sha256')}")
        if self._manifest.collected_at > now:
            raise CollectedError("it was collected in the future: one of the clocks is wrong")
        if now - self._manifest.collected_at > self._longest:
            when, most = show(self._manifest.collected_at), render(self._longest)
            raise CollectedError(f"it was collected at {when}, more than {most} ago")


def _read(path: Path) -> bytes:
    """A regular file of a folder.

    Raises:
        OSError: It is none, is too large, or cannot be read.
    """
    if path.is_symlink() or not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no such file")
    with path.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(errno.EFBIG, "it is too large")
    return data
