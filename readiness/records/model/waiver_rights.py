"""Who may waive what, and for how long, by the policy of a checklist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase

from readiness.checklist import RESERVED, Checklist, Item, Policy
from readiness.records.model.errors import RecordsError
from readiness.text import did_you_mean

_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class WaiverRights:
    """Who may waive an item."""

    item: Item
    roles: Mapping[str, frozenset[str]]
    """Members by role, for each role that may."""
    longest: timedelta | None
    """None when its severity cannot be waived at all."""

    @property
    def members(self) -> frozenset[str]:
        """Everybody who may."""
        return frozenset().union(*self.roles.values())


def waiver_rights(checklist: Checklist, item: Item) -> WaiverRights:
    """Who may waive an item, by the policy of its checklist; nobody, when it has none."""
    rules = checklist.policy.waivers
    longest = rules.longest.get(item.severity) if rules is not None else None
    return WaiverRights(item, roles(checklist.policy, checklist.roles, item.id), longest)


def roles(policy: Policy, holders: Mapping[str, tuple[str, ...]], item: str) -> dict[str, frozenset[str]]:
    """Members of each role that may waive an item, whether or not the checklist has it still.

    Args:
        policy: What says which roles may.
        holders: Who holds which role.
        item: Id of the item.
    """
    by = policy.waivers.by if policy.waivers is not None else {}
    return {
        role: frozenset(holders.get(role, ()))
        for role, patterns in by.items()
        if any(fnmatchcase(item, pattern) for pattern in patterns)
    }


def latest(signed_at: datetime, longest: timedelta) -> datetime:
    """The last moment at which a waiver may end.

    People write days, and a day means its end: of a length of a day or more the whole last day counts, in UTC.

    Args:
        signed_at: When it was signed.
        longest: As the policy allows.
    """
    try:
        end = signed_at.astimezone(UTC) + longest
    except OverflowError:
        return _NEVER
    return datetime.combine(end.date(), time(23, 59, 59), tzinfo=UTC) if longest >= _DAY else end


def waivable_item(checklist: Checklist, name: str) -> Item:
    """The item that somebody wants to waive.

    Raises:
        RecordsError: There is none of that name, or it guards the rules themselves.
    """
    if name in RESERVED:
        raise RecordsError(f"`{name}` guards the rules themselves: it can never be waived")
    found = next((one for one in checklist.items if one.id == name), None)
    if found is None:
        hint = did_you_mean(name, [one.id for one in checklist.items]) or "see `readiness list items`"
        raise RecordsError(f"the checklist has no item `{name}`", hint)
    return found
