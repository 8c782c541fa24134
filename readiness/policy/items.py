"""How items changed: dropped, added, or other in what they ask."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from readiness.checklist import Checklist, Item
from readiness.loading.as_written import Resolved
from readiness.policy.directions import rule_of
from readiness.report import PolicyChange
from readiness.strictness.change import ABSENT, SettingChange, canonical, same, shown
from readiness.strictness.rules import Fields, Ordered, Remark, Rule, Several

_SEVERITIES = ("info", "warning", "blocker")
_FIELDS: Mapping[str, Rule] = {
    "title": Remark(),
    "severity": Ordered(_SEVERITIES),
    "owner": Remark(),
    "timeout": Remark(),
    "needs": Several(growing=True),
}
_CODES = {
    ("title", "neutral"): "title-changed",
    ("owner", "neutral"): "owner-changed",
    ("timeout", "neutral"): "timeout-changed",
    ("severity", "weakens"): "severity-lowered",
    ("severity", "strengthens"): "severity-raised",
    ("needs", "weakens"): "need-dropped",
    ("needs", "strengthens"): "need-added",
}


def item_changes(before: Resolved, after: Resolved, environments: Sequence[tuple[str, str]]) -> Iterator[PolicyChange]:
    """Compare all items.

    Args:
        before: The policy that judges.
        after: The one that is proposed.
        environments: Which environments of both to compare with each other.
    """
    old, new = ({item.id: item for item in one.checklist.items} for one in (before, after))
    for name, item in old.items():
        if name not in new:
            yield _dropped(item, [other for key, other in new.items() if key not in old])
        else:
            yield from _changed(item, new[name], before, after, environments)
    yield from (_added(item) for name, item in new.items() if name not in old)
    kept = [[name for name in one if name in old and name in new] for one in (old, new)]
    if kept[0] != kept[1]:
        yield PolicyChange(kind="neutral", code="items-reordered", text="puts items into another order")


def _dropped(item: Item, added: Sequence[Item]) -> PolicyChange:
    same_title = next((other for other in added if other.title == item.title and other.check == item.check), None)
    hint = f": `{same_title.id}` has its title, but sign-offs and waivers know it by its id" if same_title else ""
    return PolicyChange(
        kind="weakens", code="item-dropped", text=f"drops the item `{item.id}`{hint}", item=item.id, before=_told(item)
    )


def _added(item: Item) -> PolicyChange:
    return PolicyChange(
        kind="strengthens", code="item-added", text=f"adds the item `{item.id}`", item=item.id, after=_told(item)
    )


def _told(item: Item) -> str:
    return f"{item.severity}: {item.title} ({item.check})"


def _changed(
    old: Item, new: Item, before: Resolved, after: Resolved, environments: Sequence[tuple[str, str]]
) -> Iterator[PolicyChange]:
    for name, rule in _FIELDS.items():
        values = (_plain(getattr(item, name)) for item in (old, new))
        for turn in rule.turns(*values):
            yield _change(old.id, turn, name, code=_CODES.get((name, turn.kind), turn.code))
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
    yield from _section(old, before.checklist, after.checklist)
    yield from _asked(old, new, before, after, environments)


def _controls(old: Item, new: Item) -> Iterator[PolicyChange]:
    """An item that is evidence for a control no more leaves the control without it."""
    for turn in Several(growing=True).turns(_plain(old.controls), _plain(new.controls)):
        weakens = turn.kind == "weakens"
        yield PolicyChange(
            kind="weakens" if weakens else "neutral",
            code="control-dropped" if weakens else "controls-changed",
            text=f"{turn.verb} `controls` of `{old.id}`",
            item=old.id,
            before=turn.before,
            after=turn.after,
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


def _asked(
    old: Item, new: Item, before: Resolved, after: Resolved, environments: Sequence[tuple[str, str]]
) -> Iterator[PolicyChange]:
    def params(one: Resolved, environment: str) -> Any:
        return one.params.get(environment, {}).get(old.id, {})

    if old.check != new.check:
        told = [f"{item.check} {canonical(params(one, environments[0][index]))}"
                for index, (item, one) in enumerate(((old, before), (new, after)))]  # fmt: skip
        yield PolicyChange(
            kind="weakens",
            code="check-changed",
            text=f"has `{old.id}` answered by another check",
            item=old.id,
            before=told[0],
            after=told[1],
        )
        return
    rules = {name: rule_of(old.check, name) for name in {*old.params, *new.params}}
    turned = by_environment(
        environments, lambda one, other: Fields(rules).turns(params(before, one), params(after, other))
    )
    for turn, where in turned:
        yield _change(old.id, turn, "", where=where)
    if not turned and not same(old.params, new.params):
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
        for turn in compare(one, other):
            found.setdefault(turn, []).append(one or other)
    whole = len(environments)
    return [(turn, "" if len(where) == whole else " in " + ", ".join(where)) for turn, where in found.items()]


def _change(item: str, turn: SettingChange, name: str, *, where: str = "", code: str = "") -> PolicyChange:
    path = turn.below(name).path if name else turn.path
    note = f", and {turn.note}" if turn.note else ""
    return PolicyChange(
        kind=turn.kind,
        code=code or turn.code,
        text=f"{turn.verb} {f'`{path}`' if path else 'the parameters'} of `{item}`{where}{note}",
        item=item,
        before=turn.before,
        after=turn.after,
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else ABSENT if value is None else value
