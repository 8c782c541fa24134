"""For authors of checks: declares which way a parameter is stricter.

    minimum: Annotated[float, stricter.higher] = 80
    max_age: Annotated[Duration | None, stricter.lower.measured_as("length")] = None
    exclude: Annotated[list[str], stricter.fewer_entries] = []

The declaration stands in the outermost `Annotated` of a field. The field's default is what its absence means; a number
without a default (or with None) has no limit when it is absent, unless `when_absent` says otherwise. A parameter
without a declaration weakens the policy with every change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from readiness.strictness.measures import MeasureName
from readiness.strictness.rules import Irrelevant, Ordered, Scale, Undirected
from readiness.strictness.structures import Entries, Fields, NamedEntries, Rule


@dataclass(frozen=True)
class Direction:
    """What stands in the `Annotated`. It holds the rule, and is no model: pydantic would take one for a type."""

    rule: Rule


@dataclass(frozen=True)
class ScaleDirection(Direction):
    """The direction of a number, a length of time or a date."""

    rule: Scale

    def measured_as(self, measure: MeasureName) -> "ScaleDirection":
        """Compare by another measure than plain numbers."""
        return ScaleDirection(self.rule.model_copy(update={"measure": measure}))

    def when_absent(self, least: float, most: float | None = None) -> "ScaleDirection":
        """Say what stands where it is absent, in its measure: a number, or something between two.

        Raises:
            ValueError: One is not finite; no limit at all needs no declaration.
        """
        if not (isfinite(least) and (most is None or isfinite(most))):
            raise ValueError("when_absent() takes finite numbers; leave it out where absence means no limit")
        return ScaleDirection(self.rule.model_copy(update={"absent": (least, least if most is None else most)}))


@dataclass(frozen=True)
class ValueDirection(Direction):
    """The direction of a value as a whole."""

    rule: Undirected

    def null_counts(self) -> "ValueDirection":
        """Take null for a value of its own: to leave the parameter out is something else."""
        return ValueDirection(self.rule.model_copy(update={"null_counts": True, "has_default": False}))


@dataclass(frozen=True)
class EntriesDirection(Direction):
    """The direction of a list."""

    rule: Entries

    def when_absent(self, *entries: str | int) -> "EntriesDirection":
        """Say which entries stand where it is absent."""
        return EntriesDirection(self.rule.model_copy(update={"default": entries, "stated": True}))

    def when_absent_anything_but(self, *patterns: str) -> "EntriesDirection":
        """Say that, where a list of what is allowed is absent, anything is allowed but what these patterns find."""
        return EntriesDirection(self.rule.model_copy(update={"unless": patterns}))

    def in_any_case(self) -> "EntriesDirection":
        """Compare entries without regard to case and white space around them."""
        return EntriesDirection(self.rule.model_copy(update={"folded": True}))


@dataclass(frozen=True)
class OrderedDirection(Direction):
    """The direction of one of a few words."""

    rule: Ordered

    def in_any_case(self) -> "OrderedDirection":
        """Compare words without regard to case."""
        return OrderedDirection(self.rule.model_copy(update={"folded": True}))


higher: Final = ScaleDirection(Scale(stricter="higher"))
"""A threshold. In another measure than plain numbers: `higher.measured_as("days")`."""
lower: Final = ScaleDirection(Scale(stricter="lower"))
"""A limit."""
true: Final = Direction(Ordered(words=(False, True)))
"""True is stricter."""
false: Final = Direction(Ordered(words=(True, False)))
"""False is stricter."""
more_entries: Final = EntriesDirection(Entries(stricter="more"))
"""A list of what is required."""
fewer_entries: Final = EntriesDirection(Entries(stricter="fewer"))
"""A list of what is excepted or allowed."""
when_given: Final = ValueDirection(Undirected(has_default=True, given_is_stricter=True))
"""It is stricter to have it than not to have it; every other change weakens."""
unknown: Final = ValueDirection(Undirected())
"""No value is known to be stricter than another: every change weakens."""
irrelevant: Final = Direction(Irrelevant())
"""Words for people: no change matters."""
trusted_file: Final = Direction(Undirected(names="trusted_file"))
"""It names a file or folder that others are judged by, from the folder of the checklist: what that holds is policy, and
every change of it weakens."""
evidence_files: Final = Direction(Undirected(names="evidence_files"))
"""It names files of evidence that other tools wrote, as a path, a glob or a list of them: a file that the judged change
brings itself is no evidence for it. Every change of the parameter weakens."""
command: Final = Direction(Undirected(code="command-changed"))
"""It decides how a command runs: every change weakens."""


def command_line(*, folder: str = "") -> Direction:
    """It is a command line, as a text or a list: the committed scripts that it runs are policy, and what these import.

    Args:
        folder: The parameter that names the folder it runs in; that of the checklist when not given.
    """
    return Direction(Undirected(code="command-changed", names="command_line", folder=folder))


def more_entries_or(weakest: str, *, exceptions: str = "") -> Direction:
    """A list of what is required; or a word in place of it, which is laxer than any list and than none.

    Args:
        weakest: The word.
        exceptions: How entries begin that except something of the others: fewer of them are stricter.
    """
    return Direction(Entries(stricter="more", weakest=weakest, exceptions=exceptions))


def in_order(*words: str | float | None) -> OrderedDirection:
    """One of a few words, the strictest last."""
    return OrderedDirection(Ordered(words=words))


def fields(*, alone: str = "", words: Mapping[str, Any] | None = None) -> Direction:
    """A model whose own fields are declared.

    Args:
        alone: The field that a text, whole number or list stands for, where it is written instead of the map.
        words: Words that stand for a whole map.
    """
    return Direction(Fields(alone=alone, words=dict(words or {})))


def more_named(*by: str, entry: Direction | None = None, unnamed: Mapping[str, Any] | None = None) -> Direction:
    """Named entries that are required: a list of models, a map, or a list of names.

    Args:
        by: For a list of models: the fields that name an entry.
        entry: Compares two entries of one name; when not given, the declarations of the model that they are made of.
        unnamed: How what has no entry is judged all the same, as an entry: one that is added may be less strict. When
            not given, it is not judged at all.
    """
    judged = None if unnamed is None else dict(unnamed)
    return Direction(NamedEntries(stricter="more", by=by, entry=entry.rule if entry else None, unnamed=judged))


def fewer_named(*by: str, entry: Direction | None = None) -> Direction:
    """Named entries that are excepted or allowed; arguments as for `more_named`."""
    return Direction(NamedEntries(stricter="fewer", by=by, entry=entry.rule if entry else None))
