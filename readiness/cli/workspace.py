"""The input of the commands about records: a checklist, and the allowed signers and records in its folder."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.errors import UsageError
from readiness.cli.options import RecordsSource, named_ref
from readiness.cli.output.streams import emit, say

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.engine.host import Host
    from readiness.policy.base import PolicyBase
    from readiness.records.judging.evidence import RecordEvidence
    from readiness.records.review.as_of import AsOf
    from readiness.records.review.filter import Selection
    from readiness.records.review.ledger import Entry, Ledger, Loader
    from readiness.records.review.replay import Replay
    from readiness.records.storage.work_tree import Record


_SHORTEST_PREFIX = 4
"""Characters of a digest by which a record may be named."""


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
        from readiness.loading import ChecklistError, is_release
        from readiness.records.model.errors import RecordsError

        loaded: dict[str, Checklist] = {}

        @cache
        def load(environment: str, release: str) -> "Checklist":
            if environment in loaded and release and is_release(release):  # nothing else in it depends on the release
                return loaded[environment].model_copy(update={"release": release})
            try:
                loaded[environment] = self._load(content, shown, environment, release)
                return loaded[environment]
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


def open_workspace(source: RecordsSource) -> Workspace:
    """Find the checklist, and read roster and records beside it.

    Args:
        source: The checklist file; the policy branch that all is read from, in place of the work tree; and the moment
            as of which.

    Raises:
        ChecklistError: There is no checklist, or its rules are wrong.
        RecordsError: Roster or records cannot be read.
        UsageError: The policy branch has no name.
    """
    from readiness.loading import find
    from readiness.records.review.as_of import find_as_of
    from readiness.records.storage.reading import resolve_in

    place = (find(Path.cwd()) if source.file is None else source.file).absolute()
    ref, now = named_ref(source.ref), datetime.now(UTC)
    if source.when is not None:
        then = find_as_of(place.parent, source.when, now=now, ref=ref or "")
        content, shown = _committed(place, then.commit, named=source.file is not None)
        return _read(place, now, content=content, shown=shown, as_of=then)
    commit = "" if ref is None else resolve_in(place.parent, ref)
    content, shown = _committed(place, commit, named=source.file is not None)
    return _read(place, now, content=content, shown=shown, policy=commit)


def open_policy(base: "PolicyBase") -> Workspace:
    """A workspace whose checklist, roster and rules are those of a policy that the work tree cannot change.

    Raises:
        ChecklistError: The checklist of the policy cannot be read.
        RecordsError: Its roster or records cannot be read.
    """
    return _read(base.place, datetime.now(UTC), content=base.content, shown=base.shown, policy=base.commit)


def _read(
    place: Path,
    now: datetime,
    *,
    content: bytes | None,
    shown: str,
    policy: str = "",
    as_of: "AsOf | None" = None,
) -> Workspace:
    """Read roster and records by the rules of a checklist, as they are now or were at a moment."""
    from readiness.loading.as_written import read_declared
    from readiness.records.judging.evidence import read_evidence
    from readiness.records.review.as_of import read_evidence_as_of

    root, said = place.parent, read_declared(place, content)
    if as_of is not None:
        evidence = read_evidence_as_of(root, as_of, rules=said.rules, people=said.people, file=place.name)
    else:
        evidence = read_evidence(root, now, rules=said.rules, people=said.people, policy=policy, file=place.name)
    return Workspace(place, root, evidence, content, shown, as_of)


def _committed(place: Path, commit: str, *, named: bool) -> tuple[bytes | None, str]:
    """The checklist file of a commit, and what to call it; nothing without a commit."""
    from readiness.loading import NAMES
    from readiness.records.review.as_of import read_checklist

    if not commit:
        return None, ""
    others = () if named else tuple(name for name in NAMES if name != place.name)
    name, content = read_checklist(place.parent, commit, (place.name, *others))
    return content, f"{commit[:10]}:{name}"


def ledger(workspace: Workspace, *, explained: bool = True) -> "Ledger":
    """Judge the records of a workspace by its checklist.

    Args:
        workspace: The workspace.
        explained: Whether to look up in git who changed what.
    """
    from readiness.records.history.changes import NoHistory
    from readiness.records.review.ledger import Ledger

    outline = workspace.outline()  # without one, the records stand as undetermined, each with the reason
    controls = {item.id: item.controls for item in outline.items} if outline else {}
    history = None if explained else NoHistory()
    return Ledger(workspace.evidence, workspace.loader(), controls=controls, history=history)


def find_record(workspace: Workspace, prefix: str) -> "Record":
    """The record whose digest begins so.

    Raises:
        UsageError: There is none, more than one, or it is no valid record.
    """
    name = prefix.strip().lower().removesuffix(".json")
    kept, enough = workspace.evidence.kept, len(name) >= _SHORTEST_PREFIX
    matches = [record for record in kept.records if enough and record.digest.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UsageError(f"{len(matches)} records begin with {name}\nnext: give more of the digest")
    for problem in kept.problems:
        if enough and problem.digest.startswith(name):
            raise UsageError(f"{problem.path}: {problem.code}: {problem.reason}\nnext: {problem.remedy}")
    least = f"give at least {_SHORTEST_PREFIX} characters"
    raise UsageError(f"no record begins with `{prefix}`\nnext: see `readiness records list`; {least}")


def choose(workspace: Workspace, judging: "Ledger", wanted: "Selection") -> "list[Entry]":
    """Of the records of a workspace, those that are asked for.

    Raises:
        RecordsError: A name that is asked for is neither in the checklist nor in any record.
    """
    from readiness.records.review import filter as filters

    evidence = workspace.evidence
    return filters.choose(judging, evidence.kept.records, wanted, workspace.outline(), evidence.people)


def tell_when(workspace: Workspace, form: str = "table") -> None:
    """Say of which moment an answer is, and what to know about it: above a text, beside a CSV; JSON holds it itself."""
    from readiness.moment import show

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
