"""Finds the place of each problem that a validator reports, and settles what it says about alternatives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from readiness.loading import wording
from readiness.loading.diagnostics import Speller, quoted
from readiness.loading.nodes import Map, Node, Scalar, Span
from readiness.loading.nodes import Sequence as SequenceNode
from readiness.loading.wording import Words
from readiness.plugins import Problem


@dataclass(slots=True)
class Target:
    """What was validated."""

    node: Node
    value: Any
    """Its plain value, of the same shape as the node."""
    name: str
    """What a reader calls the whole of it, for instance "`with`"."""
    span: Span
    """Where something missing at its top belongs."""
    ignored: set[Span]
    """Scalars about which nothing is reported."""
    speller: Speller
    label: str = "field"
    """What a reader calls one of its keys."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Where some keys belong that do not stand at its top, in words."""


class Mistake(NamedTuple):
    """What to note in the file."""

    span: Span
    message: str
    help: str
    note: str


@dataclass(slots=True)
class _Step:
    name: str | int
    branch: bool = False
    """Whether it names one of several alternatives, not a place."""


@dataclass(slots=True)
class _Located:
    problem: Problem
    steps: list[_Step]
    alternatives: tuple[str, ...] = ()
    """Kinds of all alternatives, where none fits."""


def mistakes(target: Target, problems: Iterable[Problem]) -> Iterator[Mistake]:
    """Each problem with its place and in words."""
    for located in _settle([_Located(problem, _steps(target.node, problem)) for problem in problems]):
        yield from _Words(target, located).mistake()


def _steps(node: Node | None, problem: Problem) -> list[_Step]:
    """Walk down; a step that leads nowhere is the validator's name for an alternative."""
    steps: list[_Step] = []
    for index, name in enumerate(problem.location):
        if name == "[key]" and not (isinstance(node, Map) and "[key]" in node.entries):
            continue
        if index == len(problem.location) - 1 and problem.kind == "missing":
            steps.append(_Step(name))
        elif isinstance(node, Map) and isinstance(name, str) and name in node.entries:
            steps.append(_Step(name))
            node = node.get(name)
        elif isinstance(node, SequenceNode) and isinstance(name, int) and 0 <= name < len(node.entries):
            steps.append(_Step(name))
            node = node.entries[name]
        else:
            steps.append(_Step(name, branch=True))
    return steps


def _settle(located: Sequence[_Located]) -> list[_Located]:
    """Keep, of the alternatives at a place, the one that was most likely meant."""
    settled: list[_Located] = []
    groups: dict[tuple[str | int, ...], dict[str | int, list[_Located]]] = {}
    for one in located:
        at = next((i for i, step in enumerate(one.steps) if step.branch), None)
        if at is None:
            settled.append(one)
            continue
        place = tuple(step.name for step in one.steps[:at])
        inner = _Located(one.problem, one.steps[:at] + one.steps[at + 1 :])
        groups.setdefault(place, {}).setdefault(one.steps[at].name, []).append(inner)
    for place, alternatives in groups.items():
        resolved = [_settle(group) for group in alternatives.values()]
        fitting = [group for group in resolved if not any(_hopeless(one, len(place)) for one in group)]
        if fitting:
            best: list[_Located] = min(fitting, key=len)
            settled += best
        else:
            first = resolved[0][0]
            kinds = [kind for group in resolved for one in group for kind in (one.alternatives or (one.problem.kind,))]
            settled.append(_Located(first.problem, first.steps, tuple(kind for kind in kinds if wording.is_type(kind))))
    return settled


def _hopeless(one: _Located, depth: int) -> bool:
    return len(one.steps) == depth and wording.is_type(one.problem.kind)


class _Words:
    """Turns one located problem into a mistake with place and words."""

    def __init__(self, target: Target, located: _Located) -> None:
        self._target, self._problem, self._located = target, located.problem, located
        self._path = [step.name for step in located.steps if not step.branch]

    def mistake(self) -> Iterator[Mistake]:
        """The mistake; none when nothing is to be said about that place."""
        target, problem = self._target, self._problem
        if problem.kind == "missing":
            span, _, _ = self._at(self._path[:-1])
            parent = self._name(self._path[:-1])
            where = f" in {parent}" if len(self._path) > 1 or target.name else ""
            yield self._mistake(span, Words(f"{quoted(self._path[-1])} is missing{where}"))
            return
        span, node, value = self._at(self._path)
        if (node is not None and node.span in target.ignored) or self._false_short(value):
            return
        key = self._key_span()
        if problem.kind == "extra_forbidden":
            name = str(self._path[-1]) if self._path else ""
            top = len(self._path) == 1
            help_ = (target.elsewhere.get(name) if top else "") or target.speller.hint(name, problem.choices)
            note = "" if help_ or not problem.choices else f"known: {', '.join(sorted(problem.choices))}"
            yield self._mistake(key or span, Words(f"unknown {target.label} {quoted(name)}", help_), note)
        elif problem.location[-1:] == ("[key]",):
            name, value = f"the name {quoted(self._path[-1])}", self._path[-1]
            yield self._mistake(key or span, self._words(name, value))
        elif kinds := self._located.alternatives or ((problem.kind,) if wording.is_type(problem.kind) else ()):
            written = node.text if isinstance(node, Scalar) else ""
            span = key or span if isinstance(node, Scalar) and node.value is None else span
            yield self._mistake(span, wording.wrong_type(self._name(self._path), kinds, value, written))
        else:
            yield self._mistake(span, self._words(self._name(self._path), value))

    def _false_short(self, value: Any) -> bool:
        """Whether a list is called too short only because some of its entries were refused."""
        limit = wording.limit(self._problem.message)
        return self._problem.kind == "too_short" and isinstance(value, list) and len(value) >= float(limit)

    def _words(self, name: str, value: Any) -> Words:
        problem = self._problem
        return wording.wrong_value(name, problem.kind, problem.message, value, problem.choices, self._target.speller)

    @staticmethod
    def _mistake(span: Span, words: Words, note: str = "") -> Mistake:
        return Mistake(span, words.message, words.help, note)

    def _name(self, path: Sequence[str | int]) -> str:
        """What a reader calls the value at a path: `paths`, entry 2 of `paths`."""
        keys = [index for index, name in enumerate(path) if isinstance(name, str)]
        base = quoted(path[keys[-1]]) if keys else self._target.name
        numbers = path[keys[-1] + 1 :] if keys else path
        return "".join(f"entry {int(number) + 1} of " for number in reversed(numbers)) + base

    def _key_span(self) -> Span | None:
        if not self._path:
            return None
        _, parent, _ = self._at(self._path[:-1])
        entry = parent.entries.get(str(self._path[-1])) if isinstance(parent, Map) else None
        return None if entry is None else entry.span

    def _at(self, path: Sequence[str | int]) -> tuple[Span, Node | None, Any]:
        """Place, node and value at a path."""
        node: Node | None = self._target.node
        value, span = self._target.value, self._target.span
        for name in path:
            if isinstance(node, Map) and isinstance(name, str) and name in node.entries:
                node, value = node.entries[name].value, value[name]
            elif isinstance(node, SequenceNode) and isinstance(name, int):
                node, value = node.entries[name], value[name]
            else:
                break
            span = node.span
        if not path:
            span = self._target.span
        return span, node, value
