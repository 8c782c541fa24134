"""New suppressions are found in the spelling of their tools; what was there before, or hides nothing, is free."""

from typing import Any

import pytest

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.suppressions import new_suppressions
from support.suppressions import ADDED, data


def found(before: dict[str, str], after: dict[str, str]) -> list[EvidenceWeakening]:
    """What is found in a change of texts."""

    def content(texts: dict[str, str], path: str) -> bytes | None:
        return texts[path].encode() if path in texts else None

    paths = sorted({*before, *after})
    return list(new_suppressions([ChangedFile(path, content(before, path), content(after, path)) for path in paths]))


@pytest.mark.parametrize(("path", "text"), ADDED, ids=[f"{path} {text.splitlines()[-1]}" for path, text in ADDED])
def test_a_new_suppression_is_found_once(path: str, text: str) -> None:
    (one,) = found({}, {path: text})
    assert one.code == "suppression-added"
    assert one.path == path
    assert one.after
    assert one.line is not None
    words = one.after.replace("\n", " ").split()
    assert words[0] in " ".join(text.splitlines()[one.line - 1 :])


@pytest.mark.parametrize("path", ["a.py", "a.rs", "A.java", "a.yml"])
def test_the_same_file_before_and_after_has_nothing_new(path: str) -> None:
    text = "\n".join(text for of, text in ADDED if of == path)
    assert found({path: text}, {path: text + "\n\n"}) == []


@pytest.mark.parametrize("case", data("honest.yaml"), ids=lambda case: case["title"])
def test_an_honest_change_is_free(case: dict[str, Any]) -> None:
    assert found(case.get("before", {}), case["after"]) == []


@pytest.mark.parametrize(("path", "before", "after"), data("broader.yaml"))
def test_a_broader_suppression_is_new(path: str, before: str, after: str) -> None:
    (one,) = found({path: before}, {path: after})
    assert one.code == "suppression-added"


@pytest.mark.parametrize(("path", "before", "after"), data("grown.yaml"))
def test_code_that_is_added_below_an_old_suppression_is_found(path: str, before: str, after: str) -> None:
    (one,) = found({path: before}, {path: after})
    assert one.code == "code-hidden"
    assert one.line is not None
    assert one.after in " ".join(after.splitlines()[one.line - 1].split())


@pytest.mark.parametrize(("path", "before", "after"), data("not_grown.yaml"))
def test_code_that_is_added_elsewhere_is_free(path: str, before: str, after: str) -> None:
    assert found({path: before}, {path: after}) == []


def test_a_suppression_is_named_with_its_rules_and_place() -> None:
    (one,) = found({}, {"a.py": "import os\n\nos.system(x)  # nosec B605, B607\n"})
    assert (one.text, one.path, one.line) == ("suppresses B605, B607 of bandit", "a.py", 3)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_other_encodings_are_read(encoding: str) -> None:
    content = "class A { } // NOSONAR\n".encode(encoding)
    assert len(list(new_suppressions([ChangedFile("A.cs", None, content)]))) == 1


def test_python_is_read_in_the_encoding_that_it_declares() -> None:
    content = b"# " + b"x" * 300 + b"\n# coding: utf-7\nx() +ACM- nosec\n"
    assert len(list(new_suppressions([ChangedFile("a.py", None, content)]))) == 1


def test_a_suppression_in_what_the_parser_cannot_read_is_found() -> None:
    assert found({}, {"a.py": "def f(:\n    x()  # nosec\n"})


def test_a_suppression_in_a_file_too_long_to_parse_is_found() -> None:
    content = b"x = 123\n" * 600_000 + b"x()  # nosec\n"
    (one,) = new_suppressions([ChangedFile("a.py", None, content)])
    assert one.line == 600_001


def test_a_component_is_read_in_all_its_parts() -> None:
    text = (
        "<template>\n<!-- eslint-disable-next-line vue/no-v-html -->\n<p/></template>\n<script>\n// @ts-ignore\nx()\n"
    )
    text += "</script>\n<style>\n/* stylelint-disable */\n</style>\n"
    assert [one.line for one in found({}, {"A.vue": text})] == [2, 5, 9]


def test_a_hostile_file_costs_seconds() -> None:
    many = "# type: ignore\n" * 20_000
    block = "/*\n" + "* @ts-ignore\n" * 20_000 + "*/\n"
    assert found({"a.py": many}, {"a.py": many + many, "a.ts": block})
