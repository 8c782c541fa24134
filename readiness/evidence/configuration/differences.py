"""Finds how a setting of a tool became looser from one value to another: a number, a switch, a level, a list."""

import re
from collections.abc import Callable, Iterator
from operator import lt
from typing import NamedTuple

from readiness.evidence.configuration.code import Several
from readiness.evidence.configuration.documents import Data
from readiness.evidence.configuration.options import looser_options
from readiness.evidence.configuration.tools import LIST, WORDS, Rule
from readiness.evidence.configuration.values import OFF, TRUE, entries, listed, number_in, severity, shown, truth

_MODES = {"off": 0, "none": 0, "basic": 1, "default": 1, "fast": 1, "minimum": 2, "standard": 2, "recommended": 3,
          "strict": 4, "all": 5, "lax": 0, "disable": 6,
          "class": 0, "method": 1, "line": 2, "instruction": 3, "branch": 3, "complexity": 3}  # fmt: skip
_BOUNDS = re.compile(r"max|complexity|depth")
"""Names of rules whose number is a bound."""
_LEVELS = {"info": 0, "low": 1, "minor": 1, "moderate": 2, "medium": 2, "warning": 2, "warn": 2, "major": 3, "high": 3,
           "error": 3, "critical": 4, "blocker": 4, "none": 5, "never": 5, "off": 5}  # fmt: skip
"""From which level on a tool fails."""


def _number(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (number_in(value if value is not None else rule.default) for value in (before, after))
    if (
        rule.way in {"at_least", "targets"}
        and (was or 0) > (is_ or 0)
        and not (rule.way == "targets" and after is not None and is_ is None)
    ):
        return f"lowers `{name}`"
    if rule.way == "at_most" and was is not None and (is_ is None or is_ > was):
        return f"raises `{name}`"
    return ""


def _switch(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = truth(before, rule.default), truth(after, rule.default)
    strict = rule.way == "strict"
    return f"switches `{name}` {'off' if strict else 'on'}" if was != is_ and was == strict else ""


def _lowered(rule: Rule, name: str, before: Data, after: Data) -> str:
    if isinstance(before, Several) or isinstance(after, Several):
        return _lowered_somewhere(name, before, after)
    before, after = (rule.default if one is None else one for one in (before, after))
    was, is_ = severity(before), severity(after)
    if before is None:
        return f"switches `{name}` off" if is_ == 0 else ""
    if after is None:
        return f"removes `{name}`" if was is not None and was > 1 else ""
    if was == is_ and isinstance(before, list) and isinstance(after, list) and _BOUNDS.search(name):
        return _limit(rule, name, before[1:], after[1:])
    return f"lowers `{name}`" if was is not None and is_ is not None and is_ < was else ""


def _limit(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (
        max((number for one in listed(value) if (number := number_in(one)) is not None), default=None)
        for value in (before, after)
    )
    return f"raises `{name}`" if was is not None and is_ is not None and is_ > was else ""


def _lowered_somewhere(name: str, before: Data, after: Data) -> str:
    """Of a rule that several objects of a list name."""
    every = [one if isinstance(one, Several) else [one] for one in (before, after)]
    was, is_ = (sorted(filter(None, map(severity, one))) for one in every)
    fewer = len(is_) < len(was) and max(was, default=0) > 1
    lower = len(is_) == len(was) and any(new < old for old, new in zip(was, is_, strict=True))
    off = [sum(severity(one) == 0 for one in side) for side in every]
    return f"lowers `{name}`" if fewer or lower or (off[1] > off[0] and before is not None) else ""


def _options(rule: Rule, name: str, before: Data, after: Data) -> str:
    tool = name.split(".")[1] if name.startswith("hooks.") else str(rule.default or "pytest")
    before, after = (" ".join(map(str, one)) if isinstance(one, list) else str(one or "") for one in (before, after))
    found = "; ".join(looser_options(f"{tool} {before}", f"{tool} {after}"))
    return f"`{name}` {found}" if found else ""


def _kept(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"removes `{name}`" if before is not None and after is None else ""


def _changed(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"changes `{name}`" if before is not None and after is not None else ""


def _fewer(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = entries(before, rule.split), entries(after, rule.split)
    return (
        f"`{name}` no longer has {shown(next(one for one in was if one not in is_))}"
        if len(is_) < len(set(was))
        else ""
    )


def _warnings(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = entries(before, rule.split), entries(after, rule.split)
    strict = [one for one in was if one.startswith("error")]
    gone = [one for one in strict if one not in is_]
    if gone:
        return f"`{name}` no longer has {shown(gone[0])}"
    more = [one for one in is_ if one.startswith(("ignore", "default")) and one not in was]
    return f"`{name}` leaves out {shown(more[0])}" if strict and more else ""


def _mode(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (rule.default if one is None else one for one in (before, after))
    old, new = ([_MODES.get(str(one).lower(), 2) for one in listed(side)] for side in (was, is_))
    return f"lowers `{name}`" if len(new) == len(old) and any(map(lt, new, old)) else ""


def _narrows(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"narrows `{name}` to {shown(after)}" if after not in (None, "", []) and before != after else ""


def _appears(_: Rule, name: str, before: Data, after: Data) -> str:
    return f"`{name.rpartition('.')[0]}` is new" if before is None and after is not None else ""


def _firm(rule: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = (_LEVELS.get(str(one[0] if isinstance(one, list) and one else one).lower()) for one in (before, after))
    if was is not None and is_ is not None:
        return f"raises `{name}`" if is_ > was else ""
    if before is not None and after is None and truth(before, default=None):
        return f"removes `{name}`"
    return _switch(rule._replace(way="strict"), name, before, after)


def _manual(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = ("manual" in entries(one, WORDS) for one in (before, after))
    return f"runs `{name}` only by hand" if is_ and not was else ""


def _any_true(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = ([one for one in entries(value, LIST) if one.lower() in TRUE] for value in (before, after))
    return f"switches `{name}` on" if len(is_) > len(was) else ""


def _all_true(_: Rule, name: str, before: Data, after: Data) -> str:
    was, is_ = ([one for one in entries(value, LIST) if one.lower() in OFF] for value in (before, after))
    return f"switches `{name}` off" if len(is_) > len(was) else ""


WAYS: dict[str, Callable[[Rule, str, Data, Data], str]] = {
    "at_least": _number, "at_most": _number, "targets": _number, "strict": _switch, "loose": _switch,
    "any_true": _any_true, "all_true": _all_true, "severity": _lowered, "options": _options, "kept": _kept,
    "warnings": _warnings, "fewer": _fewer, "changed": _changed, "modes": _mode, "manual": _manual,
    "narrows": _narrows, "appears": _appears, "firm": _firm, "limit": _limit,
}  # fmt: skip


_CONDITIONAL = re.compile(r"\s\?\s[^\n]{1,500}?\s:\s|\.\.\.\(?[\w.!]{1,500}\s&&\s")
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
