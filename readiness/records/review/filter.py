"""Selects records by item, signer, time and state."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from fnmatch import fnmatchcase

from readiness.checklist import Checklist
from readiness.moment import deadline
from readiness.records.model.errors import RecordsError
from readiness.records.model.people import People, other_names
from readiness.records.model.statement import for_content
from readiness.records.review.ledger import Claim, Entry, Ledger
from readiness.records.storage.work_tree import Record
from readiness.text import did_you_mean, short

_NAMED = 10
_ODD = re.compile(r"[?\[]")
"""What `fnmatch` would take for more than a character."""


@dataclass(frozen=True)
class Selection:
    """What is asked for: of each kind, any of the given; nothing given means everything."""

    items: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    """Principals, or any other name of a person."""
    states: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    """`*` stands for any characters; upper and lower case are the same."""
    releases: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    since: datetime | None = None
    """Signed at this moment or later."""
    until: datetime | None = None
    """Signed at this moment or earlier."""

    def takes(self, entry: Entry | Claim, people: People) -> bool:
        """Whether a record is asked for, whatever its state.

        Args:
            entry: The record.
            people: Who is the same person.
        """
        return (
            _among(entry.item, self.items)
            and _among(entry.role, self.roles)
            and _among(entry.action, self.actions)
            and (entry.scope == "content" or _among(entry.release, self.releases))
            and (entry.scope == "content" or _among(entry.environment, self.environments))
            and (not self.persons or any(people.same(entry.principal, person) for person in self.persons))
            and (not self.controls or any(_like(control, self.controls) for control in entry.controls))
            and (self.since is None or entry.signed_at >= self.since)
            and (self.until is None or entry.signed_at <= self.until)
        )


@dataclass(frozen=True)
class Scope:
    """Of which item, release and environment the records are wanted."""

    item: str
    release: str | None = None
    """Records for this release only."""
    environment: str | None = None
    """Records for this environment only."""

    def records(self, kept: Iterable[Record]) -> tuple[Record, ...]:
        """The records that belong to it, what takes them back included; oldest first."""
        every = list(kept)
        given = {record.digest for record in every if self._takes(record)}
        targets = {*given}
        return tuple(
            record
            for record in every
            if record.digest in given or (record.withdrawal is not None and record.withdrawal.target in targets)
        )

    def _takes(self, record: Record) -> bool:
        said = record.signoff or record.waiver
        return (
            said is not None
            and said.item == self.item
            and (for_content(said) or self.release in {None, said.release})
            and (for_content(said) or self.environment in {None, said.environment})
        )


@dataclass(frozen=True)
class Known:
    """The names that could be meant."""

    items: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    controls: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()
    people: People = field(default_factory=People)


def known(entries: Iterable[Entry | Claim], outline: Checklist, people: People) -> Known:
    """Names of the checklist, and of records about what it does not ask any more.

    Args:
        entries: All records.
        outline: The checklist, parameters as they are written.
        people: Who is the same person.
    """
    signed = list(entries)
    items = list(outline.items)
    others = {name for principal, names in outline.people.items() for name in (principal, *other_names(names))}
    members = {name for names in outline.roles.values() for name in names}
    return Known(
        items=frozenset({item.id for item in items} | {entry.item for entry in signed}),
        roles=frozenset({*outline.roles, *(entry.role for entry in signed)}),
        persons=frozenset(others | members | {entry.principal for entry in signed}),
        controls=frozenset(control for item in items for control in item.controls),
        environments=frozenset({*outline.environments, *(entry.environment for entry in signed)}),
        people=people,
    )


def choose(
    ledger: Ledger, records: Iterable[Record], wanted: Selection, outline: Checklist | None, people: People
) -> list[Entry]:
    """The records that are asked for, oldest first; no others are judged.

    Args:
        ledger: Judges them.
        records: All records.
        wanted: Which are asked for.
        outline: The checklist as it is written; None when it cannot be read, and names are not checked then.
        people: Who is the same person.

    Raises:
        RecordsError: A name that is asked for is neither in the checklist nor in any record.
    """
    claims = [(ledger.claim(record), record) for record in records]
    if outline is not None:
        refuse_unknown(wanted, known((claim for claim, _record in claims), outline, people))
    entries = (ledger.entry(record) for claim, record in claims if wanted.takes(claim, people))
    return [entry for entry in entries if _among(str(entry.state), wanted.states)]


def refuse_unknown(wanted: Selection, names: Known) -> None:
    """Insist that every name that is asked for exists: a misspelt one must not look like an absence of records.

    Raises:
        RecordsError: One is neither in the checklist nor in any record.
    """
    for what, asked, there in (
        ("item", wanted.items, names.items),
        ("role", wanted.roles, names.roles),
        ("environment", wanted.environments, names.environments),
    ):
        for name in asked:
            if name not in there:
                raise _unknown(what, name, there)
    for name in wanted.persons:
        if not any(names.people.same(name, person) for person in names.persons):
            raise _unknown("person", name, names.persons)
    for name in wanted.controls:
        if not any(_like(control, (name,)) for control in names.controls):
            raise _unknown("control", name, names.controls)


def begin(text: str) -> datetime:
    """Read when a period begins: a moment, or the beginning of a day in UTC.

    Raises:
        ValueError: It is neither.
    """
    return _edge(text, time.min)


def end(text: str) -> datetime:
    """Read when a period ends: a moment, or the end of a day in UTC.

    Raises:
        ValueError: It is neither.
    """
    return _edge(text, time.max)


def _edge(text: str, clock: time) -> datetime:
    moment = deadline(text)
    return datetime.combine(moment, clock, tzinfo=UTC) if "T" not in text else moment


def _among(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _like(control: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(control.casefold(), _ODD.sub(r"[\g<0>]", pattern.casefold())) for pattern in patterns)


def _unknown(what: str, name: str, there: Iterable[str]) -> RecordsError:
    names = sorted(filter(None, there))
    more = " and others" if len(names) > _NAMED else ""
    some = f"name one of {', '.join(names[:_NAMED])}{more}" if names else f"there is no {what} at all"
    return RecordsError(
        f"no {what} `{short(name)}` is in the checklist or in any record", did_you_mean(name, names) or some
    )
