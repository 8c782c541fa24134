"""YAML as the configuration of other tools uses it: merge keys, aliases, tags, several documents, lines of keys."""

from typing import Any

import pytest

from readiness.evidence.yaml import DEPTH, YamlList, YamlMap, YamlProblem, load_yaml


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("--- \n---\n", None),
        ("a: 1\nb: 1.5\nc: -3\nd: 1e3\n", {"a": 1, "b": 1.5, "c": -3, "d": "1e3"}),
        ("a: yes\nb: true\nc: ~\nd:\ne: 'true'\nf: '1'\n",
         {"a": "yes", "b": True, "c": None, "d": None, "e": "true", "f": "1"}),
        ("a: !reference [x, y]\nb: !!str 3\n", {"a": ["x", "y"], "b": "3"}),
        ("x: &one 3\ny: [*one, *one]\n", {"x": 3, "y": [3, 3]}),
        ("x: *nowhere\n", {"x": None}),
        ("base: &base {a: 1, b: 2}\njob:\n  <<: *base\n  b: 3\n", {"base": {"a": 1, "b": 2}, "job": {"a": 1, "b": 3}}),
        ("job:\n  b: 3\n  <<: {a: 1, b: 2}\n", {"job": {"a": 1, "b": 3}}),
        ("job:\n  <<: [{a: 1}, {a: 2, c: 3}, text]\n", {"job": {"a": 1, "c": 3}}),
        ("? [a, b]\n: 1\n", {"": 1}),
        ("\ta: 1\n", {"a": 1}),
        ("a: 1\n---\nb: 2\n---\n- a list\n", {"a": 1, "b": 2}),
    ],
)  # fmt: skip
def test_what_a_text_holds(text: str, data: Any) -> None:
    assert load_yaml(text) == data


def test_each_key_and_each_entry_knows_its_line() -> None:
    read = load_yaml("# why\nlist:\n  - a\n\n  - b\nmap: {x: 1}\n---\nmore:\n  <<:\n    y: 2\n")
    assert isinstance(read, YamlMap)
    assert read.lines == {"list": 2, "map": 6, "more": 8}
    assert isinstance(read["list"], YamlList)
    assert read["list"].lines == [3, 5]
    assert read["more"].lines == {"y": 9}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "did not find"),
        ("a: 'b\n", "found unexpected end of stream"),
        ("[" * (DEPTH + 1), "nested too deeply"),
        ("- a\n" * 200_001, "too many values"),
        (
            "a: &a [x, x, x, x]\n" + "".join(f"b{n}: &a [{'*a, ' * 20}]\n" for n in range(6)),
            "aliases make it too large",
        ),
    ],
    ids=["open", "quote", "deep", "many", "aliases"],
)
def test_what_cannot_be_read_or_is_too_large_is_refused(text: str, problem: str) -> None:
    with pytest.raises(YamlProblem, match=problem):
        load_yaml(text)


def test_as_deep_as_may_be_is_read() -> None:
    assert load_yaml("[" * DEPTH + "]" * DEPTH) is not None
