"""Checks what the checklist says about people and about its own rules: known roles, known items, nobody twice."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from readiness.checklist import RESERVED
from readiness.loading.display import quoted
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Entry, Map, Node, Scalar, Sequence, Span, text
from readiness.loading.spelling import Speller


def check(file: ChecklistFile, root: Map, items: Iterable[Map]) -> None:
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
    for entry in by.values():
        for pattern, span in _texts(entry.value):
            if not any(fnmatchcase(name, pattern) for name in items):
                hint = speller.hint(pattern, items) or "name an item, or write `*` for any characters"
                file.error(span, f"no item has an id like {quoted(pattern)}", hint)


def _people(file: ChecklistFile, root: Map) -> None:
    """A name belongs to one person, or a quorum could count that person twice."""
    owner: dict[str, tuple[str, Span]] = {}
    for principal, entry in _entries(root.get("people")).items():
        for name, span in ((principal, entry.span), *_texts(entry.value)):
            before, place = owner.setdefault(name.casefold(), (principal, span))
            if before != principal:
                where = f"it is given to {quoted(before)} at line {place.line + 1}"
                file.error(span, f"{quoted(name)} is given to two people", f"{where}: keep one")


def _entries(node: Node | None) -> dict[str, Entry]:
    return node.entries if isinstance(node, Map) else {}


def _texts(node: Node) -> Iterator[tuple[str, Span]]:
    for entry in node.entries if isinstance(node, Sequence) else ():
        if isinstance(entry, Scalar) and isinstance(entry.value, str):
            yield entry.value, entry.span
