"""What lapses soon, and what has lapsed and is needed now: sign-offs, waivers, and the keys of people."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from readiness.checklist import SIGNOFF, Checklist
from readiness.outcome import SignoffCard, SignoffState, Status, Value
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.model.statement import HoldsFor
from readiness.records.review.ledger import Entry, Loader
from readiness.records.review.standing import ItemStanding, item_standing
from readiness.records.storage.allowed_signers import ALLOWED_SIGNERS, Holder
from readiness.text import short


class Due(Value):
    """Something that expires or has expired."""

    at: AwareDatetime
    """The last moment at which it counts."""
    lapsed: bool
    what: Literal["signoff", "waiver", "key"]
    text: str
    """What it is."""
    holds: bool
    """Whether something is held up without it: the item does not pass any more, or the role cannot reach a quorum."""
    who: str
    """Principal who has to act."""
    role: str = ""
    item: str = ""
    release: str = ""
    environment: str = ""
    each: str = ""
    scope: HoldsFor = "release"
    """For `content`, it holds whatever the release, and is listed once."""
    record: str = ""
    next: str
    """What to do."""


class Unknown(Value):
    """Something of which it is not known whether it expires."""

    item: str
    release: str = ""
    environment: str = ""
    reason: str
    remedy: str = ""


@dataclass(frozen=True)
class Calendar:
    """What to do by when."""

    entries: tuple[Due, ...]
    """By date."""
    unknown: tuple[Unknown, ...] = ()


def calendar(
    evidence: RecordEvidence,
    outline: Checklist,
    load: Loader,
    waivers: Iterable[Entry],
    places: Iterable[tuple[str, str]],
    until: datetime,
) -> Calendar:
    """Look ahead.

    Args:
        evidence: What records are judged by; its date is now.
        outline: The checklist, parameters as they are written.
        load: Gives the checklist, resolved.
        waivers: Every waiver with its state.
        places: Releases and environments that matter.
        until: How far to look.
    """
    where = list(places)
    standings = [
        one
        for release, environment in where
        for item in outline.items
        if item.check == SIGNOFF
        if (one := item_standing(item.id, release, environment, evidence, load)) is not None
    ]
    waivers = [entry for entry in waivers if (entry.release, entry.environment) in where]
    found = [
        *(due for one in standings for due in _signoffs(one, evidence.now, until, outline.release)),
        *_waivers(waivers, outline, until),
        *_keys(evidence, outline, _roles(outline, standings), until),
    ]
    in_order = sorted(_once(found), key=lambda due: (due.at, due.item, due.who))
    return Calendar(tuple(in_order), (*_unknown_signoffs(standings), *_unknown_waivers(waivers)))


def _once(found: Iterable[Due]) -> Iterator[Due]:
    """What holds for the content is found in every environment, and listed once: where something is held up, if any."""
    kept: dict[str, Due] = {}
    for due in found:
        if due.scope == "release":
            yield due
        elif due.record not in kept or (due.holds and not kept[due.record].holds):
            kept[due.record] = due
    yield from kept.values()


def _unknown_signoffs(standings: Iterable[ItemStanding]) -> Iterator[Unknown]:
    for one in standings:
        if one.status is Status.ERROR:
            yield Unknown(
                item=one.item,
                release=one.release,
                environment=one.environment,
                reason=one.text,
                remedy=one.remedy,
            )


def _unknown_waivers(waivers: Iterable[Entry]) -> Iterator[Unknown]:
    for one in waivers:
        if one.state == "undetermined":
            yield Unknown(
                item=one.item,
                release=one.release,
                environment=one.environment,
                reason=one.reason,
                remedy=one.remedy,
            )


def _signoffs(found: ItemStanding, now: datetime, until: datetime, usual: str) -> Iterator[Due]:
    for card in found.cards:
        lapsed = card.state is SignoffState.EXPIRED and found.status is not Status.PASSED
        if card.expires_at is None or not (lapsed or (card.state is SignoffState.VALID and card.expires_at <= until)):
            continue
        yield Due(
            at=card.expires_at,
            lapsed=card.expires_at < now,
            what="signoff",
            text=f"sign-off of {found.item}{f' [{short(card.subject)}]' if card.subject else ''} by {card.principal}",
            holds=_needed(found, card),
            who=card.principal,
            role=card.role,
            item=found.item,
            release=found.release,
            environment=found.environment,
            each=card.subject,
            scope=card.scope,
            record=card.record,
            next=_sign(found, card, usual),
        )


def _needed(found: ItemStanding, card: SignoffCard) -> bool:
    """Whether the quorum is not reached once it has lapsed."""
    rest = [
        other
        for other in found.cards
        if other.subject == card.subject
        and other.state is SignoffState.VALID
        and (other.expires_at is None or (card.expires_at is not None and other.expires_at > card.expires_at))
    ]
    return len(rest) < found.quorum


def _sign(found: ItemStanding, card: SignoffCard, usual: str) -> str:
    words = _command("sign", found.item, found.release, found.environment, usual)
    return f"review it again, then run `{words}{f' --each {shlex.quote(card.subject)}' if card.subject else ''}`"


def _command(verb: str, item: str, release: str, environment: str, usual: str) -> str:
    words = f"readiness {verb} {item}" + (f" --env {environment}" if environment else "")
    return words + (f" --release {shlex.quote(release)}" if release != usual else "")


def _waivers(entries: list[Entry], outline: Checklist, until: datetime) -> Iterator[Due]:
    item_ids = {item.id for item in outline.items}
    in_force = {(e.item, e.release, e.environment) for e in entries if e.state == SignoffState.VALID}
    for entry in entries:
        place = (entry.item, entry.release, entry.environment)
        lapsed = entry.state == SignoffState.EXPIRED and place not in in_force and entry.item in item_ids
        if entry.expires_at is None or not (
            lapsed or (entry.state == SignoffState.VALID and entry.expires_at <= until)
        ):
            continue
        command = _command("waive", entry.item, entry.release, entry.environment, outline.release)
        others = [e for e in entries if (e.item, e.release, e.environment) == place and e.state == SignoffState.VALID]
        yield Due(
            at=entry.expires_at,
            lapsed=lapsed,
            what="waiver",
            text=f"waiver of {short(entry.item)} by {entry.principal}",
            holds=not any(e.expires_at is not None and e.expires_at > entry.expires_at for e in others),
            who=entry.principal,
            role=entry.role,
            item=entry.item,
            release=entry.release,
            environment=entry.environment,
            record=entry.record,
            next=f"fix the item; where it is still waived, run `{command}`",
        )


def _keys(evidence: RecordEvidence, outline: Checklist, needed: Mapping[str, int], until: datetime) -> Iterator[Due]:
    """Keys for records and for evidence that end; `needed` says how many people of each role have to sign records."""
    producers = {item.producer: 1 for item in outline.items if item.producer}
    for holders, roles, kind in (
        (evidence.roster.signers, needed, "key"),
        (evidence.roster.producers, producers, "key for evidence"),
    ):
        kept = [holder for holder in holders if holder.key.blob not in evidence.roster.revoked]
        for due in _last_keys(kept, outline, roles, kind):
            if due.at <= until:
                yield due.model_copy(update={"lapsed": due.at < evidence.now})


def _last_keys(holders: Iterable[Holder], outline: Checklist, needed: Mapping[str, int], kind: str) -> Iterator[Due]:
    """When the last key ends of each person who holds a needed role."""
    ends: dict[str, tuple[datetime, int]] = {}
    for holder in holders:
        before = ends.get(holder.principal)
        if before is None or holder.valid_before > before[0]:
            ends[holder.principal] = (holder.valid_before, holder.line)
    for principal, (at, line) in ends.items():
        roles = sorted(role for role in needed if principal in outline.roles.get(role, ()))
        if not roles:
            continue
        yield Due(
            at=at,
            lapsed=False,
            what="key",
            text=f"last {kind} of {principal}, who holds {', '.join(roles)}",
            holds=any(_short_of(role, needed[role], at, outline, ends) for role in roles),
            who=principal,
            role=roles[0],
            next=f"give the person a new line in {ALLOWED_SIGNERS}, or move valid-before in line {line}",
        )


def _roles(outline: Checklist, standings: Iterable[ItemStanding]) -> dict[str, int]:
    """Roles that somebody has to act in, with the most people that any item asks for."""
    found: dict[str, int] = {}
    for one in standings:
        if one.role:
            found[one.role] = max(found.get(one.role, 0), one.quorum)
    if outline.policy.owners:
        found.setdefault(outline.policy.owners, 1)
    for role in outline.policy.waivers.by if outline.policy.waivers else ():
        found.setdefault(role, 1)
    return found


def _short_of(role: str, quorum: int, at: datetime, outline: Checklist, ends: dict[str, tuple[datetime, int]]) -> bool:
    """Whether too few people of a role can still sign after a moment."""
    able = [name for name in outline.roles.get(role, ()) if name in ends and ends[name][0] > at]
    return len(able) < quorum
