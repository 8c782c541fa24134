"""Which parameters of an item name files, wherever they stand."""

from collections.abc import Mapping
from typing import Any

import pytest

from readiness.strictness.declared import names_evidence, naming_parameters
from readiness.strictness.rules import Irrelevant, Undirected
from readiness.strictness.structures import Fields, NamedEntries, Rule

ANCHOR = Undirected(names="trusted_file", has_default=True, default="ca.pem")
REPORT = Undirected(names="evidence_files")
SERVER = Fields(rules={"anchor": ANCHOR, "port": Undirected()}, alone="anchor")


def found(directions: Mapping[str, Rule], params: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    return [(one.rule, one.value) for one in naming_parameters(directions, params)]


def test_a_parameter_that_names_files_comes_with_its_value_or_its_default() -> None:
    directions: Mapping[str, Rule] = {"ca": ANCHOR, "limit": Undirected(), "title": Irrelevant()}
    assert found(directions, {"ca": "own.pem", "limit": 3}) == [(ANCHOR, "own.pem")]
    assert found(directions, {}) == [(ANCHOR, "ca.pem")]
    (one,) = naming_parameters(directions, {"limit": 3})
    assert (one.directions, one.params) == (directions, {"limit": 3})


def test_the_texts_of_a_value_are_those_of_one_or_of_a_list() -> None:
    def texts(value: Any) -> list[str]:
        return [text for one in naming_parameters({"ca": ANCHOR}, {"ca": value}) for text in one.texts]

    assert (texts("a"), texts(["a", 3, "b"]), texts({"a": "b"})) == (["a"], ["a", "b"], [])


@pytest.mark.parametrize(
    ("rule", "value", "files"),
    [
        (SERVER, {"anchor": "a"}, ["a"]),
        (SERVER, "a", ["a"]),
        (SERVER, None, ["ca.pem"]),
        (SERVER, 1.5, []),
        (NamedEntries(stricter="more", by=("name",), entry=SERVER), [{"name": "x", "anchor": "a"}, "b"], ["a", "b"]),
        (NamedEntries(stricter="more", by=("name",), entry=SERVER), 3, []),
        (NamedEntries(stricter="more", entry=SERVER), {"x": {"anchor": "a"}, "y": "b"}, ["a", "b"]),
        (NamedEntries(stricter="more", entry=SERVER), 1.5, []),
        (NamedEntries(stricter="more", entry=Irrelevant()), {"x": "a"}, []),
        (NamedEntries(stricter="more"), {"x": "a"}, []),
    ],
)
def test_those_inside_of_other_parameters_are_found(rule: Rule, value: Any, files: list[str]) -> None:
    assert found({"servers": rule}, {"servers": value}) == [(ANCHOR, file) for file in files]


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (REPORT, True),
        (ANCHOR, False),
        (Irrelevant(), False),
        (Fields(rules={"a": Irrelevant(), "b": REPORT}), True),
        (Fields(rules={"a": ANCHOR}), False),
        (NamedEntries(stricter="more", entry=Fields(rules={"b": REPORT})), True),
        (NamedEntries(stricter="more"), False),
    ],
)
def test_a_check_that_reads_evidence_says_so_at_any_depth(rule: Rule, *, names: bool) -> None:
    assert names_evidence({"first": Irrelevant(), "other": rule}) is names
