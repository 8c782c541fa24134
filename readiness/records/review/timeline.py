"""The events of an item's records in order of time: requested, signed, stale, signed again, revoked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime

from readiness.moment import show
from readiness.outcome import SignoffState, Value
from readiness.records.history.checklist_versions import ItemVersion, differences, read_item_version
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.model.statement import HoldsFor, Revocation, Signoff, Waiver
from readiness.records.review.filter import Scope
from readiness.records.review.ledger import Entry, Ledger, State
from readiness.records.review.replay import Replay
from readiness.records.storage.work_tree import Record
from readiness.text import short, told

_INSTANT = timedelta(microseconds=1)
EventKind = State | Literal[
    "asked", "changed", "dropped", "unreadable", "signed", "signed again", "rejected", "waived", "revocation",
    "supersession", "uncommitted", "violation",
]  # fmt: skip
"""What happened to the question, what people signed, how a record stands from then on, and what should not be."""


class Event(Value):
    """One thing that happened."""

    at: AwareDatetime
    """When: for what is signed, the date that it bears; else that of the commit, or of the expiry."""
    what: EventKind
    text: str
    record: str = ""
    """Digest of the record that it happened to."""
    principal: str = ""
    """Who signed that record."""
    role: str = ""
    """In which capacity."""
    release: str = ""
    environment: str = ""
    each: str = ""
    scope: HoldsFor = "release"
    """For `content`, it holds whatever the release."""
    commit: str = ""
    """The commit that did it; empty when none did."""
    author: str = ""
    """E-mail address of the author of that commit."""
    code: str = ""
    """Stable reason code of the state that the record is in from then on."""


def read_timeline(scope: Scope, evidence: RecordEvidence, ledger: Ledger, replay: Replay | None) -> list[Event]:
    """The timeline of an item's records, up to the moment that the evidence is of.

    Args:
        scope: Whose.
        evidence: What records are judged by at that moment.
        ledger: Judges them so.
        replay: The policy branch; None outside of git, where nothing is known but the records themselves.

    Raises:
        RecordsError: The history cannot be read.
    """
    lost = replay.lost if replay is not None else ()
    records = scope.records([*evidence.kept.records, *lost])
    events = [*_declared(records)]
    if replay is not None:
        events += _Walk(scope, evidence, records, replay).events()
        events += _unbrought(records, evidence, ledger)
        events += _violations(records, evidence)
    else:
        events += _lapsed(records, ledger)
    return sorted(events, key=lambda event: event.at)


def _declared(records: Sequence[Record]) -> Iterator[Event]:
    """What people signed, at the dates that they signed under."""
    approved_before: set[tuple[str, ...]] = set()
    by_digest = {record.digest: record for record in records}
    for record in sorted(by_digest.values(), key=lambda record: record.statement.predicate.signed_at):
        said = record.statement.predicate
        what: EventKind = "signed"
        if isinstance(said, Signoff):
            text = told(said.meaning)
            if said.decision == "reject":
                what, text = "rejected", told(said.reason) or "no reason given"
            else:
                where = ("content",) if said.scope == "content" else (said.release, said.environment)
                approved = (said.signer.principal, said.each, *where)
                what = "signed again" if approved in approved_before else "signed"
                approved_before.add(approved)
        elif isinstance(said, Waiver):
            what = "waived"
            text = f"until {show(said.expires_at)}, asked for by {said.requested_by}: {told(said.reason)}"
        elif isinstance(said, Revocation):
            what, text = "revocation", f"of {said.target[:12]}: {told(said.reason)}"
        else:
            what, text = "supersession", f"of {said.target[:12]} by {said.replacement[:12]}: {told(said.reason)}"
        yield _event(record, said.signed_at, what, text)


def _event(record: Record, at: datetime, what: EventKind, text: str, **fields: str) -> Event:
    said = record.statement.predicate
    for_release = record.signoff or record.waiver
    return Event(
        at=at,
        what=what,
        text=text,
        record=record.digest,
        principal=said.signer.principal,
        role=said.role,
        release=for_release.release if for_release else "",
        environment=for_release.environment if for_release else "",
        each=record.signoff.each if record.signoff else "",
        scope=record.signoff.scope if record.signoff else "release",
        **fields,
    )


def _lapsed(records: Sequence[Record], ledger: Ledger) -> Iterator[Event]:
    """What has expired, where no history tells more."""
    for record in records:
        entry = ledger.entry(record)
        if entry.state == SignoffState.EXPIRED and entry.expires_at is not None:
            yield _event(record, entry.expires_at, entry.state, entry.reason, code=entry.code)


def _unbrought(records: Sequence[Record], evidence: RecordEvidence, ledger: Ledger) -> Iterator[Event]:
    """Records that are there, but that nobody has brought to the branch yet."""
    for record in records:
        if record.digest not in evidence.seen:
            entry = ledger.entry(record)
            text = f"it is not on the policy branch yet; as it is, it is {entry.state}: {entry.reason}"
            yield _event(record, evidence.now, "uncommitted", text, code=entry.code)


def _violations(records: Sequence[Record], evidence: RecordEvidence) -> Iterator[Event]:
    """What was done to these records that must never be done to any."""
    by_digest = {record.digest: record for record in records}
    for found in evidence.violations:
        record = by_digest.get(found.digest)
        if record is not None:
            yield _event(
                record,
                found.at or evidence.now,
                "violation",
                short(found.reason),
                commit=found.commit,
                author=short(found.author),
                code=found.code,
            )


class _Walk:
    """Goes along the policy branch, and notes whenever a record stands differently from before."""

    def __init__(self, scope: Scope, evidence: RecordEvidence, records: Sequence[Record], replay: Replay) -> None:
        self._scope, self._evidence, self._records, self._replay = scope, evidence, records, replay
        self._records_of_item = Scope(scope.item).records([*evidence.kept.records, *replay.lost])
        self._by_digest = {record.digest: record for record in records}
        self._entries: dict[str, Entry] = {}
        self._versions = {
            position: read_item_version(name, content, scope.item)
            for position, (name, content) in replay.checklists.items()
        }

    def events(self) -> Iterator[Event]:
        """Everything that the branch tells."""
        earlier = ItemVersion()
        for position, version in self._versions.items():
            commit = self._replay.line[position]
            for what, text in differences(earlier, version):
                yield Event(at=commit.at, what=what, text=text, commit=commit.commit, author=short(commit.author))
            earlier = replace(earlier, problem=version.problem) if version.problem else version
        positions = self._positions()
        for index, position in enumerate(positions):
            at = self._replay.line[position].at
            yield from self._compare(position, at)
            until = self._replay.line[positions[index + 1]].at if index + 1 < len(positions) else self._evidence.now
            yield from self._lapses(position, at, until)

    def _positions(self) -> list[int]:
        """Where a record can come to stand differently, along the line."""
        if not self._records:
            return []
        patterns = {
            pattern
            for version in self._versions.values()
            if version.item is not None and isinstance(covers := version.item.params.get("covers"), list)
            for pattern in covers
            if isinstance(pattern, str)
        }
        signed = {
            path
            for record in self._records
            if record.withdrawal is None
            for path in record.statement.subjects
            if ":" not in path
        }
        arrivals = [self._replay.seen.get(record.digest) for record in self._records]
        seen = {arrival.position for arrival in arrivals if arrival is not None}
        if not seen:
            return []
        positions = {*seen, *self._versions, *self._replay.trusted(), *self._replay.changed(patterns, signed)}
        return sorted(position for position in positions if position >= min(seen))

    def _lapses(self, position: int, at: datetime, until: datetime) -> Iterator[Event]:
        """What lapses while the branch stays where it is."""
        while True:
            ends = [
                end for entry in self._entries.values() if (end := entry.expires_at) is not None and at <= end < until
            ]
            if not ends:
                return
            at = min(ends) + _INSTANT
            yield from self._compare(position, at, lapsed=True)

    def _compare(self, position: int, moment: datetime, *, lapsed: bool = False) -> Iterator[Event]:
        """Compare how records stand with how they stood."""
        found = self._replay.entries(self._records, self._records_of_item, position, moment)
        differing = [digest for digest, entry in found.items() if self._differs(entry)]
        if not differing:
            return
        explained = self._replay.entries(self._records, self._records_of_item, position, moment, explained=True)
        for digest in differing:
            event = self._event_of(explained[digest], position, moment, lapsed=lapsed)
            if event is not None:
                yield event
        self._entries |= found

    def _differs(self, entry: Entry) -> bool:
        before = self._entries.get(entry.record)
        return before is None or (before.state, before.code) != (entry.state, entry.code)

    def _event_of(self, entry: Entry, position: int, moment: datetime, *, lapsed: bool) -> Event | None:
        """What a record's new entry tells; `lapsed` says that no commit made it, but time alone."""
        record = self._by_digest[entry.record]
        if record.withdrawal is not None:
            if entry.state == SignoffState.VALID:
                return None  # what it takes back tells it
            text = f"it has no effect: {entry.reason}"
        elif entry.record not in self._entries:
            text = f"it came to the branch: {entry.reason}"
        elif entry.state == SignoffState.VALID:
            text = f"it counts again: {entry.reason}"
        else:
            text = entry.reason
        commit = self._replay.line[position]
        made_by = {} if lapsed else {"commit": commit.commit, "author": short(commit.author)}
        at = entry.expires_at if lapsed and entry.expires_at is not None else moment
        return _event(record, at, entry.state, text, code=entry.code, **made_by)
