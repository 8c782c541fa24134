"""Compares rights: roles, people, rules about records and waivers, project and environments."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from readiness.checklist import Checklist, Person, Policy
from readiness.loading.as_written import Resolved
from readiness.policy.items import by_environment
from readiness.report import PolicyChange
from readiness.strictness.change import ABSENT, SettingChange, canonical, same, shown
from readiness.strictness.rules import Irrelevant, Scale, Undirected
from readiness.strictness.structures import Entries, Fields, NamedEntries, Rule

_FEWER = Entries(stricter="fewer")
_SHORTER = Scale(stricter="lower", measure="length")
_MEMBERS = NamedEntries(stricter="fewer", entry=_FEWER)
_LONGEST = NamedEntries(stricter="fewer", entry=_SHORTER)
_RULES: Mapping[str, Rule] = {
    "owners": Undirected(has_default=True, default=""),
    "waivers": Fields(rules={"longest": _LONGEST, "by": _MEMBERS}),
    "ahead": _SHORTER,
    "behind": _SHORTER,
}
_SERVICE = Fields(rules={"timeout": Irrelevant()})
_PERSON = Undirected()


def rights_changes(before: Checklist, after: Checklist) -> Iterator[PolicyChange]:
    """Compare roles, people and rules."""
    for name in dict.fromkeys((*before.roles, *after.roles)):
        yield from _role(name, before, after)
    for name in dict.fromkeys((*before.people, *after.people)):
        persons = [checklist.people.get(name) for checklist in (before, after)]
        yield from _printed(name, *persons)
        one, other = (_others(person) for person in persons)
        for change in _PERSON.changes(one, other):
            note = "a person holds the roles, and counts as, all these names"
            yield _policy_change(change, "weakens", "people-changed", f"{change.verb} other names of `{name}`: {note}")
    one, other = (_rules(checklist.policy) for checklist in (before, after))
    for change in Fields(rules=dict(_RULES)).changes(one, other):
        yield _policy_change(
            change, change.kind, f"policy-{change.code}", f"{change.verb} `policy.{change.path}`{_note(change)}"
        )


def _others(person: tuple[str, ...] | Person | None) -> Any:
    return _listed((person.also or None) if isinstance(person, Person) else person)


def _printed(
    name: str, before: tuple[str, ...] | Person | None, after: tuple[str, ...] | Person | None
) -> Iterator[PolicyChange]:
    """Compare what reports print of a person: to print another name beside earlier signatures weakens."""
    one, other = (person if isinstance(person, Person) else None for person in (before, after))
    old, new = (("", "") if person is None else (person.name, person.title) for person in (one, other))
    if old[0] and new[0] and old[0] != new[0]:
        text = f"prints another name beside the signatures of `{name}`, those given so far included"
        yield _of("weakens", "person-renamed", text, old[0], new[0])
    elif old[0] != new[0]:
        text = f"{'prints a name' if new[0] else 'prints no name any more'} beside the signatures of `{name}`"
        yield _of("neutral", "person-named", text, old[0], new[0])
    if old[1] != new[1]:
        text = f"prints another title beside the signatures of `{name}`"
        yield _of("neutral", "person-titled", text, old[1], new[1])


def plain_changes(before: Checklist, after: Checklist) -> Iterator[PolicyChange]:
    """Compare what the rest of the file says: project, environments, titles of sections."""
    if before.project != after.project:
        text = "renames the project: sign-offs and waivers are bound to its name"
        yield _of("weakens", "project-changed", text, before.project, after.project)
    one, other = before.environments, after.environments
    for name in dict.fromkeys((*one, *other)):
        if name not in other:
            yield _of("weakens", "environment-dropped", f"drops the environment `{name}`", shown(one[name]), "")
        elif name not in one:
            yield _of("neutral", "environment-added", f"adds the environment `{name}`", "", shown(other[name]))
        else:
            yield from _values(name, one[name], other[name])
    if before.phases != after.phases:
        yield _of("neutral", "phases-changed", "declares other phases", *map(shown, (before.phases, after.phases)))
    titles = [[section.title for section in checklist.sections] for checklist in (before, after)]
    if titles[0] != titles[1]:
        yield _of("neutral", "sections-changed", "orders or names sections differently", *map(shown, titles))


def service_changes(
    before: Resolved, after: Resolved, environments: Sequence[tuple[str, str]]
) -> Iterator[PolicyChange]:
    """Compare services: what runs beside the probes decides what they see."""
    for name in dict.fromkeys(name for one in (before, after) for below in one.services.values() for name in below):
        for change, where in by_environment(environments, partial(_service, name, before, after)):
            path = f" `{change.path}` of" if change.path else ""
            text = f"{change.verb}{path} the service `{name}`{where}{_note(change)}"
            yield _policy_change(change, change.kind, "service-changed", text)
    paired = {other for _, other in environments}
    known = {(name, _started(below[name])) for below in before.services.values() for name in below}
    for where in [name for name in after.services if name not in paired]:
        for name, service in after.services[where].items():
            if (name, _started(service)) not in known:
                text = f"starts the service `{name}` in another way in the new environment `{where}`"
                yield _of("weakens", "service-changed", text, "", shown(service))


def _started(service: Any) -> str:
    """All that decides what runs."""
    parts = service if isinstance(service, dict) else {"run": service}
    return canonical({name: value for name, value in parts.items() if name not in {"ready", "timeout"}})


def _service(name: str, before: Resolved, after: Resolved, one: str, other: str) -> Iterator[SettingChange]:
    old, new = before.services.get(one, {}).get(name, ABSENT), after.services.get(other, {}).get(name, ABSENT)
    whole = isinstance(old, dict) and isinstance(new, dict)
    return (_SERVICE if whole else Undirected()).changes(old, new)


def _values(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[PolicyChange]:
    """Values by themselves ask nothing: what they are used for is compared where they are used."""
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key, ABSENT), after.get(key, ABSENT)
        if not same(one, other):
            text = f"changes the value `{key}` of the environment `{name}`; items and services that use it are compared"
            yield _of("neutral", "environment-value-changed", text, shown(one), shown(other))


def _role(name: str, before: Checklist, after: Checklist) -> Iterator[PolicyChange]:
    one, other = (_listed(checklist.roles.get(name)) for checklist in (before, after))
    if one is ABSENT and not other:
        yield _of("neutral", "role-added", f"adds the role `{name}`, which nobody holds", "", shown(other))
    elif other is ABSENT and not one:
        yield _of("neutral", "role-dropped", f"drops the role `{name}`, which nobody holds", shown(one), "")
    for change in _FEWER.changes(one, other):
        if change.kind == "neutral" and ABSENT in (one, other):
            continue
        code = {"weakens": "role-member-added", "strengthens": "role-member-dropped"}.get(change.kind, change.code)
        verb = {"weakens": "gives the role `{}` to", "strengthens": "takes the role `{}` from"}.get(change.kind)
        text = (
            f"{verb.format(name)} {_names(change)}" if verb else f"orders the members of the role `{name}` differently"
        )
        yield _policy_change(change, change.kind, code, text)


def _names(change: SettingChange) -> str:
    return (change.after or change.before).strip("[]").replace('"', "")


def _rules(policy: Policy) -> dict[str, Any]:
    """Rules as they are written."""
    return policy.model_dump(mode="json", exclude_none=True)


def _listed(names: tuple[str, ...] | None) -> Any:
    return ABSENT if names is None else list(names)


def _note(change: SettingChange) -> str:
    return f", and {change.note}" if change.note else ""


def _policy_change(change: SettingChange, kind: Any, code: str, text: str) -> PolicyChange:
    return PolicyChange(kind=kind, code=code, text=text, before=change.before, after=change.after)


def _of(kind: Any, code: str, text: str, before: str, after: str) -> PolicyChange:
    return PolicyChange(kind=kind, code=code, text=text, before=before, after=after)
