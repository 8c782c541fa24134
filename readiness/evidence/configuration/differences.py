"""Finds how a setting of a tool became looser from one value to another, entry by entry where it is a list."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from readiness.evidence.configuration.documents import Data
from readiness.evidence.configuration.tools import Rule
from readiness.evidence.configuration.values import OFF, TRUE, WAYS, entries, shown

_CONDITIONAL = re.compile(r"\s\?\s.+\s:\s|\.\.\.\(?[\w.!]+\s&&\s")
"""An expression of JavaScript in place of a value."""
_NOTHING = "\0"
"""An entry that equals no other, for a list that is gone and whose default is empty."""
_ALTERNATIVES = r"[|\s]+"
_MINUS = {"globs": "!", "signed": "-"}
"""How an entry begins that takes something away."""


class Difference(NamedTuple):
    """How a setting became looser."""

    code: str
    text: str
    before: str
    after: str


def compared(rule: Rule, name: str, before: Data, after: Data) -> Iterator[Difference]:
    """How a setting became looser from one value to another; None stands for an absent one."""
    if before == after:
        return
    if rule.way in {"hides", "takes_in"}:
        switch, entry = ("loose", "ignores") if rule.way == "hides" else ("strict", "selects")
        is_switch = all(one is None or str(one).lower() in TRUE | OFF for one in (before, after))
        rule = rule._replace(way=switch if is_switch else entry)
    if rule.way == "grows":
        if before is None:
            return
        rule = rule._replace(way="ignores")
    if rule.way in {"ignores", "selects", "alternatives", "globs", "signed"}:
        yield from _entries(rule, name, before, after)
        return
    if rule.way == "exact":
        old, new = entries(before, rule.split), entries(after, rule.split)
        first = next((one for one in new if one not in old), "")
        if old and old != new:
            yield Difference(rule.code, f"changes `{name}`", "", shown(first))
        return
    text = WAYS[rule.way](rule, name, before, after)
    if text:
        yield Difference(rule.code, text, shown(before), shown(after))


def _entries(rule: Rule, name: str, before: Data, after: Data) -> Iterator[Difference]:
    split = _ALTERNATIVES if rule.way == "alternatives" else rule.split
    if _CONDITIONAL.search(str(after)) and not _CONDITIONAL.search(str(before)):
        yield Difference(rule.code, f"`{name}` hangs on a condition", shown(before), shown(after))
        return
    was, is_ = ({_plain(one): one for one in entries(value, split)} for value in (before, after))
    default = {_plain(one) for one in entries(rule.default, split)}
    if rule.way == "selects" and rule.default is not None:
        was = {one: one for one in default} if before is None else was
        is_ = {one: one for one in default} if after is None else is_
        is_ = is_ or {_NOTHING: ""}
    for plain, one in is_.items():
        out = rule.way in {"ignores", "alternatives"} or plain.startswith(_MINUS.get(rule.way, "\0"))
        known = plain in was or plain in default or _wider(rule, plain, was)
        if (
            out
            and plain
            and not plain.startswith("...")
            and not known
            and not (rule.free and re.fullmatch(rule.free, one))
        ):
            yield Difference(rule.code, f"`{name}` leaves out {shown(one)}", "", shown(one))
    for plain, one in was.items() if rule.way in {"selects", *_MINUS} else ():
        free = (rule.free and re.fullmatch(rule.free, one)) or plain.startswith(_MINUS.get(rule.way, "\0"))
        some = is_ or (rule.way == "signed" and after is not None)
        if some and plain not in is_ and not free and not _wider(rule, plain, is_):
            yield Difference(rule.code, f"`{name}` no longer has {shown(one)}", shown(one), "")


def _wider(rule: Rule, entry: str, others: "dict[str, str]") -> bool:
    """Whether what a list takes in now takes an entry in, too."""
    if _covered(rule, entry, others):
        return True
    return any(other in {".", "*", "**", "**/*"} or is_below(entry, other) for other in others)


def is_below(path: str, other: str) -> bool:
    """Whether a pattern of paths is one for a folder of another one: `tests/unit/**` of `tests/**`."""
    folder = re.sub(r"(?:/\*\*?)*/?$", "", other)
    return bool(folder) and path.startswith(f"{folder}/") and path != other


def _covered(rule: Rule, entry: str, others: "dict[str, str]") -> bool:
    if rule.prefixes:
        return any(entry.startswith(other) or other.lower() == "all" for other in others)
    return False


def _plain(entry: str) -> str:
    return re.sub(r"^\./|/$|^\(\?[a-z]+\)", "", entry.strip("\"' ")).strip("^$() ")
