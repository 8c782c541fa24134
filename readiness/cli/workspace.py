"""What the commands about records share: the checklist, the records beside it, and errors that a person can act on."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.errors import UsageError
from readiness.cli.output.streams import emit, say

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.engine.host import Host
    from readiness.records.judging.evidence import RecordEvidence
    from readiness.records.review.as_of import AsOf
    from readiness.records.review.ledger import Ledger, Loader
    from readiness.records.review.replay import Replay

checklist_file = click.option(
    "-f", "--file", type=click.Path(path_type=Path, dir_okay=False), help="The checklist file beside the records."
)
"""The option of every command that reads records."""
policy_ref = click.option(
    "--policy-ref",
    "ref",
    default="",
    metavar="REF",
    help="Read checklist, roster and records from this branch, for instance origin/main.",
)
"""The option of those that can judge by another branch."""
as_of = click.option(
    "--as-of",
    "when",
    default="",
    metavar="DATE",
    help="Answer as of a day (its end in UTC), or of a moment with its offset; nothing that came later counts.",
)
"""The option of those that can look back."""


@dataclass(frozen=True)
class Workspace:
    """The folder of a checklist, with its roster and records."""

    file: Path
    """The checklist file."""
    root: Path
    """The folder that it is in."""
    evidence: "RecordEvidence"
    """Roster and records beside it."""
    content: bytes | None = None
    """The checklist file's bytes, when they come from a commit."""
    shown: str = ""
    """What diagnostics call it then."""
    as_of: "AsOf | None" = None
    """When it was asked how things stood at a moment: which."""

    def checklist(self, environment: str = "", release: str = "") -> "Checklist":
        """Load the checklist.

        Raises:
            ChecklistError: It cannot be loaded, or does not have this environment.
        """
        return self._load(self.content, self.shown, environment, release)

    def loader(self) -> "Loader":
        """What loads the checklist, as those who judge records want it."""
        return self._loader(self.content, self.shown)

    def replay(self) -> "Replay | None":
        """The policy branch, from the tip that this workspace sees; None outside of git.

        Raises:
            RecordsError: The history cannot be read.
        """
        from readiness.git import Repository
        from readiness.records.review.replay import Replay

        if self.evidence.earlier_policy is None or not self.evidence.commits:
            return None
        return Replay(self.evidence, Repository(self.root), self.file.name, self._loader)

    def _loader(self, content: bytes | None, shown: str) -> "Loader":
        from readiness.loading import ChecklistError
        from readiness.records.model.errors import RecordsError

        @cache
        def load(environment: str, release: str) -> "Checklist":
            try:
                return self._load(content, shown, environment, release)
            except ChecklistError as error:
                raise RecordsError(f"the checklist cannot be used: {error.diagnostics[0].message}") from error

        return load

    def _load(self, content: bytes | None, shown: str, environment: str, release: str) -> "Checklist":
        from readiness.loading import load

        return load(self.file, environment=environment, release=release, host=self._host, content=content, shown=shown)

    def outline(self) -> "Checklist | None":
        """The checklist as it is written; None when it cannot be read."""
        from readiness.loading import ChecklistError, outline

        with suppress(ChecklistError):
            return outline(self.file, content=self.content, shown=self.shown)
        return None

    @cached_property
    def _host(self) -> "Host":
        """Workers that know the checks, started once and stopped with the command."""
        from readiness.engine.host import Host

        return click.get_current_context().with_resource(Host())


@contextmanager
def refusing() -> Iterator[None]:
    """Turn an error of the records into a message and exit code 2."""
    from readiness.records.model.errors import RecordsError

    try:
        yield
    except RecordsError as error:
        remedy = f"\nnext: {error.remedy}" if error.remedy else ""
        more = [f"  {finding.place}: {finding.message}" for finding in error.findings if len(error.findings) > 1]
        raise UsageError("\n".join([error.summary, *more]) + remedy) from error


def open_workspace(file: Path | None, ref: str = "", when: str = "") -> Workspace:
    """Find the checklist, and read roster and records beside it.

    Args:
        file: The checklist file; looked for from the current folder upwards when not given.
        ref: The policy branch, that checklist, roster and records are read from; empty for the work tree.
        when: A day or moment, as `--as-of` takes it; empty for now.

    Raises:
        ChecklistError: There is no checklist, or its rules are wrong.
        RecordsError: Roster or records cannot be read.
        UsageError: `when` is no date.
    """
    from readiness.loading import find

    place = (find(Path.cwd()) if file is None else file).absolute()
    now = datetime.now(UTC)
    if when:
        return _look_back(place, _then(place.parent, when, now, ref), named=file is not None)
    if ref:
        from readiness.records.storage.repository import resolve_in

        return _read(place, now, policy=resolve_in(place.parent, ref), named=file is not None)
    return _read(place, now)


def _then(root: Path, when: str, now: datetime, ref: str) -> "AsOf":
    from readiness.records.review.as_of import find_as_of, read_moment

    try:
        moment = read_moment(when)
    except ValueError as error:
        raise UsageError(f"--as-of: {error}\nnext: write a date, for instance 2026-11-23") from error
    return find_as_of(root, moment, now=now, ref=ref)


def _read(place: Path, now: datetime, *, policy: str = "", named: bool = False) -> Workspace:
    """Read what is there now, by the rules of the work tree or of a commit."""
    from readiness.loading.as_written import read_declared
    from readiness.records.judging.evidence import read_evidence

    content, shown = _committed(place, policy, named=named) if policy else (None, "")
    said = read_declared(place, content)
    evidence = read_evidence(place.parent, now, rules=said.rules, people=said.people, policy=policy, file=place.name)
    return Workspace(place, place.parent, evidence, content, shown)


def _look_back(place: Path, then: "AsOf", *, named: bool) -> Workspace:
    """Read what was there at a moment."""
    from readiness.loading.as_written import read_declared
    from readiness.records.review.as_of import read_evidence_as_of

    content, shown = _committed(place, then.commit, named=named) if then.commit else (None, "")
    said = read_declared(place, content)
    evidence = read_evidence_as_of(place.parent, then, rules=said.rules, people=said.people, file=place.name)
    return Workspace(place, place.parent, evidence, content, shown, then)


def _committed(place: Path, commit: str, *, named: bool) -> tuple[bytes, str]:
    """The checklist file of a commit, and what to call it."""
    from readiness.loading import NAMES
    from readiness.records.review.as_of import read_checklist

    others = () if named else tuple(name for name in NAMES if name != place.name)
    name, content = read_checklist(place.parent, commit, (place.name, *others))
    return content, f"{commit[:10]}:{name}"


def ledger(workspace: Workspace) -> "Ledger":
    """Judge the records of a workspace by its checklist."""
    from readiness.records.review.ledger import Ledger

    outline = workspace.outline()  # without one, the records stand as undetermined, each with the reason
    controls = {item.id: item.controls for item in outline.items} if outline else {}
    return Ledger(workspace.evidence, workspace.loader(), controls=controls)


def tell_when(workspace: Workspace, form: str = "table") -> None:
    """Say of which moment an answer is, and what to know about it: above a text, beside a CSV; JSON holds it itself."""
    from readiness.records.model.statement import show

    then = workspace.as_of
    if then is None or form == "json":
        return
    where = ""
    if then.committed_at is not None:
        where = f", when the branch was at {then.commit[:10]} of {show(then.committed_at)}"
    line = f"as of {show(then.moment)}{where}"
    if form == "csv":
        say(line)
    else:
        emit([line])
    for note in then.notes:
        say(f"note: {note}")
