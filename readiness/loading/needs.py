"""Checks what items say about each other: ids used twice, needs of unknown items, circles."""

from collections.abc import Iterable

from readiness.loading.display import quoted
from readiness.loading.file import ChecklistFile
from readiness.loading.nodes import Map, Scalar, Sequence, Span, text
from readiness.loading.spelling import Speller

_SHOWN = 10
"""Ids of a circle that a message shows."""


def check(file: ChecklistFile, items: Iterable[Map]) -> None:
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
            needs[identifier] = list(_needed(item))
    speller = Speller()
    for identifier, needed in needs.items():
        for other, span in needed:
            if other == identifier:
                file.error(span, f"item {quoted(identifier)} needs itself", "remove it")
            elif other not in known:
                file.error(span, f"no item has the id {quoted(other)}", speller.hint(other, known))
    _circles(file, needs)


def _needed(item: Map) -> Iterable[tuple[str, Span]]:
    node = item.get("needs")
    for entry in node.entries if isinstance(node, Sequence) else ():
        if isinstance(entry, Scalar) and isinstance(entry.value, str):
            yield entry.value, entry.span


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
