"""The first look passes over a file only where parsing it finds nothing new."""

import pytest

from readiness.evidence.change import ChangedFile
from readiness.evidence.suppressions.untouched import hides_what_it_hid
from support.suppressions import ADDED, data

DOCUMENTED = '"""How to hide.\n\n    call(cmd)  # nosec\n"""\n\nx = 1\n'


def passed_over(path: str, before: str, after: str, encoding: str = "utf-8") -> bool:
    """Whether the first look passes over a change of one file."""
    return hides_what_it_hid(ChangedFile(path, before.encode(encoding), after.encode(encoding)))


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.py", "x = 1\n", "x = 2\n"),
        ("a.py", "import os  # noqa\n\n\n" + "x = 1\n" * 30, "import os  # noqa\n\n\n" + "x = 1\n" * 30 + "y = 2\n"),
        ("a.py", "x = 1\ny()  # noqa\n", 'def f():\n    """What it does."""\n\n\nx = 1\ny()  # noqa\n'),
        ("a.ts", "x()\n// @ts-ignore\n" + "y()\n" * 30, "z()\nx()\n// @ts-ignore\n" + "y()\n" * 30),
        ("README.md", "x\n", "y\n"),
    ],
)
def test_an_edit_far_from_suppressions_is_passed_over(path: str, before: str, after: str) -> None:
    assert passed_over(path, before, after)


@pytest.mark.parametrize(("path", "text"), ADDED)
def test_a_new_suppression_is_looked_at(path: str, text: str) -> None:
    assert not passed_over(path, "", text) or "Code generated" in text  # which is no suppression, and is found before


@pytest.mark.parametrize(("path", "before", "after"), data("broader.yaml"))
def test_a_broader_suppression_is_looked_at(path: str, before: str, after: str) -> None:
    assert not passed_over(path, before, after) or ("Code generated" in after and "Code generated" not in before)


@pytest.mark.parametrize(
    "after",
    [
        DOCUMENTED.replace("    call", '"""\nif x:\n    call').replace('nosec\n"""', 'nosec\n"""x"""'),
        '# """\n' + DOCUMENTED,
        DOCUMENTED.replace('    call(cmd)  # nosec\n"""\n', '"""\ncall(cmd)  # nosec\n'),
        'y = """ # """\n' + DOCUMENTED,
    ],
)
def test_a_text_that_becomes_code_is_looked_at(after: str) -> None:
    assert not passed_over("a.py", DOCUMENTED, after)


def test_a_comment_that_comes_to_the_top_of_its_file_is_looked_at() -> None:
    """Alone above all code, it hides the whole file."""
    assert not passed_over("a.py", "import os\n# type: ignore\n\nx()\n", "# type: ignore\n\nx()\n")


def test_a_rule_far_below_the_beginning_of_its_annotation_is_looked_at() -> None:
    rules = "@SuppressWarnings({\n" + '    "a",\n' * 60
    assert not passed_over("A.java", rules + "})\nclass A {}\n", rules + '    "b"\n})\nclass A {}\n')


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_another_encoding_is_looked_at(encoding: str) -> None:
    assert not passed_over("A.cs", "class A { }\n", "class A { } // NOSONAR\n", encoding)


def test_a_declared_encoding_is_looked_at() -> None:
    before = b"#" * 300 + b"\n# coding: utf-7\nx()\n"
    assert not hides_what_it_hid(ChangedFile("a.py", before, before.replace(b"x()", b"x() +ACM- nosec")))


def test_a_hostile_file_costs_seconds() -> None:
    many = "x(  # noqa\n" * 300_000
    assert not passed_over("a.py", many, many + "x()\n")
