"""Checks what parts of a checklist say about each other: ids, needs and circles, people, roles and the policy."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from readiness.checklist import PHASES, RESERVED
from readiness.loading.diagnostics import Speller, quoted
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Entry, Map, Node, Scalar, Sequence, Span, text

_SHOWN = 10
"""Ids of a circle that a message shows."""


def check_needs(file: ChecklistFile, items: Iterable[Map]) -> None:
    """Note every mistake in ids and needs."""
    known: dict[str, Span] = {}
    needs: dict[str, list[tuple[str, Span]]] = {}
    for item in items:
        node = item.get("id")
        identifier = text(node)
        if node is None or identifier is None:
            continue
        if identifier in known:
            where = f"the first one is at line {known[identifier].line + 1}"
            file.error(node.span, f"the id {quoted(identifier)} is there twice", where)
        else:
            known[identifier] = node.span
            needs[identifier] = list(_texts(item.get("needs")))
    speller = Speller()
    for identifier, needed in needs.items():
        for other, span in needed:
            if other == identifier:
                file.error(span, f"item {quoted(identifier)} needs itself", "remove it")
            elif other not in known:
                file.error(span, f"no item has the id {quoted(other)}", speller.hint(other, known))
    _circles(file, needs)


def _circles(file: ChecklistFile, needs: dict[str, list[tuple[str, Span]]]) -> None:
    """Walk depth first, without recursion: a chain may be 10,000 items long."""
    done: set[str] = set()
    for start, first in needs.items():
        if start in done:
            continue
        path: dict[str, int] = {start: 0}
        order = [start]
        stack = [iter(first)]
        while stack:
            other, span = next(stack[-1], (None, None))
            if other is None or span is None:
                stack.pop()
                done.add(order[-1])
                del path[order.pop()]
            elif other in path and other != order[-1]:
                _report(file, span, order, path[other])
            elif other in needs and other not in done and other not in path:
                path[other] = len(order)
                order.append(other)
                stack.append(iter(needs[other]))


def _report(file: ChecklistFile, span: Span, order: list[str], begin: int) -> None:
    length = len(order) - begin
    shown = order[begin : begin + _SHOWN]
    if length > _SHOWN:
        shown = [*shown, f"... {length - _SHOWN} more ..."]
    circle = " -> ".join([*shown, order[begin]])
    file.error(span, f"`needs` goes in a circle: {circle}", "remove one of them")


def check_phases(file: ChecklistFile, root: Map, items: Iterable[Map]) -> None:
    """Note every item of a phase that the checklist does not have: no gate would ever ask for it."""
    phases = root.get("phases")
    known = [name for name, _ in _texts(phases)] if phases is not None else list(PHASES)
    nodes = [node for item in items if (node := item.get("phase")) is not None]
    unknown = [(name, node.span) for node in nodes if (name := text(node)) and name not in known]
    speller = Speller()
    hints = {name: speller.hint(name, known) for name, _ in unknown}
    meant = [*known, *(name for name, hint in hints.items() if not hint)]
    for name, span in unknown:
        shown = ", ".join(dict.fromkeys((*meant, name)))
        declare = f"declare it at the top of the checklist: `phases: [{shown}]`"
        note = f"if it is meant, {declare}" if hints[name] else ""
        file.error(span, f"no phase has the name {quoted(name)}", hints[name] or declare, note)


_COMPARISONS = 2_000_000
"""How often a pattern of `waivers` is compared with an id: a few seconds."""


def check_people_and_policy(file: ChecklistFile, root: Map, items: Iterable[Map]) -> None:
    """Note every mistake in `people` and `policy`, and ids that are taken."""
    identifiers = {name: node.span for item in items if (node := item.get("id")) and (name := text(node))}
    for name in RESERVED:
        if name in identifiers:
            file.error(
                identifiers[name], f"the id {quoted(name)} is reserved", "readiness adds an item of this name itself"
            )
    _people(file, root)
    policy = root.get("policy")
    if isinstance(policy, Map):
        _policy(file, policy, set(_entries(root.get("roles"))), identifiers)


def check_members(file: ChecklistFile, root: Map, principals: Iterable[str]) -> None:
    """Note members of roles whom the roster spells in another case: signatures name them as the roster does."""
    there = set(principals)
    spelled = {name.casefold(): name for name in there}
    for entry in _entries(root.get("roles")).values():
        for name, span in _texts(entry.value):
            other = spelled.get(name.casefold())
            if other is not None and name not in there:
                message = f"{quoted(name)} is spelled {quoted(other)} in .readiness/allowed_signers"
                file.error(span, message, f"write {quoted(other)}: case matters in the name of a signer")
    _check_named(file, root, there)


def _check_named(file: ChecklistFile, root: Map, principals: set[str]) -> None:
    """Warn of people whose printed name would stand beside no signature: nobody of that principal can sign."""
    members = {name for entry in _entries(root.get("roles")).values() for name, _span in _texts(entry.value)}
    known, speller = {name.casefold() for name in (*principals, *members)}, Speller()
    named: dict[str, str] = {}
    for principal, entry in _entries(root.get("people")).items():
        name = text(entry.value.get("name")) if isinstance(entry.value, Map) else ""
        other = named.setdefault(" ".join(name.casefold().split()), principal) if name else principal
        if other != principal:
            message = f"{quoted(name)} is printed for two people, {quoted(other)} and {quoted(principal)}"
            file.warn(entry.span, message, "write their names so that a reader can tell them apart")
        if isinstance(entry.value, Map) and principal.casefold() not in known:
            message = f"{quoted(principal)} in `people` holds no role, and has no key in .readiness/allowed_signers"
            hint = speller.hint(principal, principals | members) or "its name is printed beside no signature: remove it"
            file.warn(entry.span, message, hint)


def _policy(file: ChecklistFile, policy: Map, roles: set[str], items: dict[str, Span]) -> None:
    speller = Speller()
    owners = policy.get("owners")
    named = [(text(owners), owners.span)] if owners is not None else []
    waivers = policy.get("waivers")
    by = _entries(waivers.get("by")) if isinstance(waivers, Map) else {}
    named += [(role, entry.span) for role, entry in by.items()]
    for role, span in named:
        if role and role not in roles:
            hint = speller.hint(role, roles) or "add it and its people to `roles`"
            file.error(span, f"no role has the name {quoted(role)}", hint)
    patterns = [pattern for entry in by.values() for pattern in _texts(entry.value)]
    if len(patterns) * len(items) > _COMPARISONS:
        message = f"{len(patterns):,} patterns for {len(items):,} items are too many to compare"
        file.error(policy.span, message, "use fewer patterns: `*` stands for any characters")
        return
    for pattern, span in patterns:
        if not any(fnmatchcase(name, pattern) for name in items):
            hint = speller.hint(pattern, items) or "name an item, or write `*` for any characters"
            file.error(span, f"no item has an id like {quoted(pattern)}", hint)


def _people(file: ChecklistFile, root: Map) -> None:
    """A name belongs to one person, or a quorum could count that person twice."""
    owner: dict[str, tuple[str, Span]] = {}
    for principal, entry in _entries(root.get("people")).items():
        others = entry.value.get("also") if isinstance(entry.value, Map) else entry.value
        for name, span in ((principal, entry.span), *_texts(others)):
            before, place = owner.setdefault(name.casefold(), (principal, span))
            if before != principal:
                where = f"it is given to {quoted(before)} at line {place.line + 1}"
                file.error(span, f"{quoted(name)} is given to two people", f"{where}: keep one")


def _entries(node: Node | None) -> dict[str, Entry]:
    return node.entries if isinstance(node, Map) else {}


def _texts(node: Node | None) -> Iterator[tuple[str, Span]]:
    for entry in node.entries if isinstance(node, Sequence) else ():
        if isinstance(entry, Scalar) and isinstance(entry.value, str):
            yield entry.value, entry.span
