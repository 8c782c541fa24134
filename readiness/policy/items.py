"""Compares the items of two policies: dropped, added or changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from readiness.checklist import Checklist, Item
from readiness.loading.as_written import Resolved
from readiness.plugins import names_of
from readiness.report import PolicyChange
from readiness.strictness.change import ABSENT, SettingChange, canonical, same, shown
from readiness.strictness.rules import Irrelevant, Ordered, Undirected
from readiness.strictness.structures import Entries, Fields, NamedEntries, Rule

_SEVERITIES = ("info", "warning", "blocker")
_FIELDS: Mapping[str, Rule] = {
    "title": Irrelevant(),
    "severity": Ordered(words=_SEVERITIES),
    "owner": Irrelevant(),
    "timeout": Irrelevant(),
    "memory": Irrelevant(),
    "needs": Entries(stricter="more"),
    "no_worse_than": Undirected(),
    "producer": Undirected(given_is_stricter=True),
}
_CODES = {
    ("title", "neutral"): "title-changed",
    ("owner", "neutral"): "owner-changed",
    ("timeout", "neutral"): "timeout-changed",
    ("memory", "neutral"): "memory-changed",
    ("severity", "weakens"): "severity-lowered",
    ("severity", "strengthens"): "severity-raised",
    ("needs", "weakens"): "need-dropped",
    ("needs", "strengthens"): "need-added",
    ("producer", "weakens"): "producer-changed",
    ("producer", "strengthens"): "producer-added",
}


@dataclass(frozen=True)
class Comparison:
    """Two checklists, and what is known for comparing them."""

    before: Resolved
    """Of the policy that judges."""
    after: Resolved
    """Of the one that is proposed."""
    environments: Sequence[tuple[str, str]]
    """Which environments of both to compare with each other."""
    directions: Mapping[str, Mapping[str, Rule]]
    """Which way parameters are stricter, by check and parameter."""


def item_changes(compared: Comparison) -> Iterator[PolicyChange]:
    """Compare all items."""
    old, new = ({item.id: item for item in one.checklist.items} for one in (compared.before, compared.after))
    for name, item in old.items():
        if name not in new:
            yield _dropped(item, [other for key, other in new.items() if key not in old])
        else:
            yield from _changed(item, new[name], compared)
    yield from (_added(item, compared) for name, item in new.items() if name not in old)
    yield from (change for name, item in new.items() if name in old for change in _elsewhere(item, compared))
    kept = [[name for name in one if name in old and name in new] for one in (old, new)]
    if kept[0] != kept[1]:
        yield PolicyChange(kind="neutral", code="items-reordered", text="puts items into another order")


def _dropped(item: Item, added: Sequence[Item]) -> PolicyChange:
    names = names_of(item.check)
    same_title = next((other for other in added if other.title == item.title and other.check in names), None)
    hint = f": `{same_title.id}` has its title, but sign-offs and waivers know it by its id" if same_title else ""
    return PolicyChange(
        kind="weakens", code="item-dropped", text=f"drops the item `{item.id}`{hint}", item=item.id, before=_line(item)
    )


def _added(item: Item, compared: Comparison) -> PolicyChange:
    """An item more is free, unless it runs code in the job that judges: as little as an added service is that."""
    given = {where: params.get(item.id, {}) for where, params in compared.after.params.items()}
    if not any(runs_code(compared.directions.get(item.check), params) for params in given.values()):
        return PolicyChange(
            kind="strengthens", code="item-added", text=f"adds the item `{item.id}`", item=item.id, after=_line(item)
        )
    each = dict.fromkeys(map(canonical, given.values()))
    return PolicyChange(
        kind="weakens",
        code="command-added",
        text=f"adds the item `{item.id}`, which runs a command in the job that judges",
        item=item.id,
        after=f"{_line(item)} {' '.join(each)}",
    )


def _elsewhere(item: Item, compared: Comparison) -> Iterator[PolicyChange]:
    """A new environment in which an item runs another command than in any that there was."""
    known = {canonical(params.get(item.id, {})) for params in compared.before.params.values()}
    paired = {name for _, name in compared.environments}
    for name, params in compared.after.params.items():
        given = params.get(item.id, {})
        runs = any(map(_runs, compared.directions.get(item.check, {}).values()))
        if name in paired or canonical(given) in known or not runs:
            continue
        yield PolicyChange(
            kind="weakens",
            code="command-added",
            text=f"has `{item.id}` run another command in the new environment `{name}`",
            item=item.id,
            after=canonical(given),
        )


def runs_code(directions: Mapping[str, Rule] | None, params: Mapping[str, Any]) -> bool:
    """Whether an item may run code that its parameters choose.

    Args:
        directions: What its check declares; None when that is not known.
        params: Those of the item. One without a declaration may be a command as well as anything else.
    """
    return not directions or any(map(_runs, directions.values())) or bool(params.keys() - directions.keys())


def _runs(rule: Rule | None) -> bool:
    if isinstance(rule, Undirected):
        return rule.names == "command_line" or rule.code == "command-changed"
    if isinstance(rule, Fields):
        return any(map(_runs, rule.rules.values()))
    return isinstance(rule, NamedEntries) and _runs(rule.entry)


def _line(item: Item) -> str:
    return f"{item.severity}: {item.title} ({item.check})"


def _changed(old: Item, new: Item, compared: Comparison) -> Iterator[PolicyChange]:
    for name, rule in _FIELDS.items():
        for change in rule.changes(_value(old, name), _value(new, name)):
            yield _change(old.id, change, name, code=_CODES.get((name, change.kind), change.code))
    if old.phase != new.phase:
        yield PolicyChange(
            kind="weakens",
            code="phase-changed",
            text=f"moves `{old.id}` to another phase: a gate of the earlier one does not see it any more",
            item=old.id,
            before=old.phase,
            after=new.phase,
        )
    yield from _controls(old, new)
    yield from _section(old, compared.before.checklist, compared.after.checklist)
    yield from _parameters(old, new, compared)


def _controls(old: Item, new: Item) -> Iterator[PolicyChange]:
    """An item that is evidence for a control no more leaves the control without it."""
    for change in Entries(stricter="more").changes(_plain(old.controls), _plain(new.controls)):
        weakens = change.kind == "weakens"
        yield PolicyChange(
            kind="weakens" if weakens else "neutral",
            code="control-dropped" if weakens else "controls-changed",
            text=f"{change.verb} `controls` of `{old.id}`",
            item=old.id,
            before=change.before,
            after=change.after,
        )


def _section(item: Item, before: Checklist, after: Checklist) -> Iterator[PolicyChange]:
    """An item that moves into another section escapes a gate that asks for the earlier one, where that one is left."""
    old, new = (next(s.title for s in one.sections if any(i.id == item.id for i in s.items)) for one in (before, after))
    if old != new:
        left = any(section.title == old for section in after.sections)
        yield PolicyChange(
            kind="weakens" if left else "neutral",
            code="section-changed" if left else "section-renamed",
            text=f"moves `{item.id}` to another section" if left else f"gives the section of `{item.id}` another title",
            item=item.id,
            before=old,
            after=new,
        )


def _parameters(old: Item, new: Item, compared: Comparison) -> Iterator[PolicyChange]:
    def params(checklist: Resolved, environment: str) -> Any:
        return checklist.params.get(environment, {}).get(old.id, {})

    if new.check not in names_of(old.check):
        first = compared.environments[0]
        yield PolicyChange(
            kind="weakens",
            code="check-changed",
            text=f"has `{old.id}` answered by another check",
            item=old.id,
            before=f"{old.check} {canonical(params(compared.before, first[0]))}",
            after=f"{new.check} {canonical(params(compared.after, first[1]))}",
        )
        return
    if old.check != new.check:
        yield PolicyChange(
            kind="neutral",
            code="check-renamed",
            text=f"calls the check of `{old.id}` by another of its names",
            item=old.id,
            before=old.check,
            after=new.check,
        )
    rule = Fields(rules=dict(compared.directions.get(old.check, {})))
    changes = by_environment(
        compared.environments,
        lambda one, other: rule.changes(params(compared.before, one), params(compared.after, other)),
    )
    for change, where in changes:
        yield _change(old.id, change, "", where=where)
    if not changes and not same(old.params, new.params):
        yield PolicyChange(
            kind="neutral",
            code="spelled-differently",
            text=f"writes the parameters of `{old.id}` differently",
            item=old.id,
            before=shown(old.params),
            after=shown(new.params),
        )


def by_environment(
    environments: Sequence[tuple[str, str]], compare: Callable[[str, str], Iterator[SettingChange]]
) -> list[tuple[SettingChange, str]]:
    """Compare in every environment; what changes in all of them counts once.

    Returns:
        Each change, and in which environments; in words, empty for all of them.
    """
    found: dict[SettingChange, list[str]] = {}
    for one, other in environments:
        for change in compare(one, other):
            found.setdefault(change, []).append(one or other)
    whole = len(environments)
    return [(change, "" if len(where) == whole else " in " + ", ".join(where)) for change, where in found.items()]


def _change(item: str, change: SettingChange, name: str, *, where: str = "", code: str = "") -> PolicyChange:
    path = change.below(name).path if name else change.path
    note = f", and {change.note}" if change.note else ""
    return PolicyChange(
        kind=change.kind,
        code=code or change.code,
        text=f"{change.verb} {f'`{path}`' if path else 'the parameters'} of `{item}`{where}{note}",
        item=item,
        before=change.before,
        after=change.after,
    )


def _value(item: Item, name: str) -> Any:
    """A field as rules compare it; an item without a producer has none."""
    return ABSENT if name == "producer" and not item.producer else _plain(getattr(item, name))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else ABSENT if value is None else value
