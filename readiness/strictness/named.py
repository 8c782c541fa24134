"""Finds the parameters of an item that name files: trust anchors, command lines, evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from readiness.strictness.rules import Undirected
from readiness.strictness.structures import Fields, NamedEntries, Rule


@dataclass(frozen=True)
class NamingParameter:
    """A parameter whose value names files."""

    rule: Undirected
    """What it names, in `names`."""
    value: Any
    """As the checklist gives it; its default where it does not."""
    directions: Mapping[str, Rule]
    """Of the parameters beside it."""
    params: Mapping[str, Any]
    """Values of the parameters beside it."""

    @property
    def texts(self) -> Iterator[str]:
        """The texts of a value that is one, or a list of them."""
        for text in self.value if isinstance(self.value, list) else [self.value]:
            if isinstance(text, str):
                yield text


def naming_parameters(directions: Mapping[str, Rule], params: Mapping[str, Any]) -> Iterator[NamingParameter]:
    """The parameters of an item that name files, those inside of other parameters included."""
    for name, rule in directions.items():
        if isinstance(rule, Fields | NamedEntries):
            yield from _inside(rule, params.get(name))
        elif isinstance(rule, Undirected) and rule.names:
            yield NamingParameter(rule, params.get(name, rule.default), directions, params)


def names_evidence(directions: Mapping[str, Rule]) -> bool:
    """Whether any parameter of a check names files of evidence."""
    return any(map(_evidence, directions.values()))


def _evidence(rule: Rule | None) -> bool:
    if isinstance(rule, Fields):
        return names_evidence(rule.rules)
    if isinstance(rule, NamedEntries):
        return _evidence(rule.entry)
    return isinstance(rule, Undirected) and rule.names == "evidence_files"


def _inside(rule: Fields | NamedEntries, value: Any) -> Iterator[NamingParameter]:
    """Those among the fields of a parameter, or of each of its entries."""
    if isinstance(rule, Fields):
        written = rule.written_out(value)
        if isinstance(written, dict):
            yield from naming_parameters(rule.rules, written)
    elif isinstance(rule.entry, Fields | NamedEntries):
        listed = value if rule.by and isinstance(value, list) else (rule.entries(value) or {}).values()
        for entry in listed:
            yield from _inside(rule.entry, entry)
