"""Asks the comparison of checklists which way a change of parameters goes."""

from typing import Any

from hypothesis import strategies as st

from readiness.check import Check
from readiness.strictness.declared import directions
from readiness.strictness.structures import Fields

Params = dict[str, Any]


def weakens(check: type[Check], before: Params, after: Params) -> bool:
    """Whether a change of parameters is told as a weakening."""
    rule = Fields(rules=directions(check))
    return any(change.kind == "weakens" for change in rule.changes(before, after))


def free(check: type[Check], before: Params, after: Params) -> bool:
    """Whether it is not."""
    return not weakens(check, before, after)


def given_some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Params]:
    """Maps in which each of these may be left out."""
    return st.fixed_dictionaries({}, optional=fields)
