"""A corpus of diluted tests is found, and honest changes are left alone."""

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from readiness.evidence.change import ChangedFile
from readiness.evidence.weakened_tests import weakened_tests

HERE = Path(__file__).parent
PATHS = {
    "python": "tests/test_total.py",
    "javascript": "src/total.test.ts",
    "go": "shop/tax_test.go",
    "rust": "src/tax.rs",
    "java": "src/test/java/TaxTest.java",
    "kotlin": "src/test/kotlin/TaxTest.kt",
    "c_sharp": "test/TaxTests.cs",
    "ruby": "spec/tax_spec.rb",
    "php": "tests/TaxTest.php",
}


UNSEEN = ("first", "second", "third", "fourth", "fifth")
"""Lists of dilutions, each written without a look at the code, and tried once before anything was mended."""


class Example(NamedTuple):
    name: str
    code: str
    change: list[ChangedFile]


def examples(folder: str) -> list[Example]:
    found = []
    for path in sorted((HERE / folder).glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            before, after = (files(entry[side], PATHS.get(path.stem, "")) for side in ("before", "after"))
            change = [ChangedFile(one, before.get(one), after.get(one)) for one in sorted({*before, *after})]
            found.append(Example(f"{path.stem}: {entry['name']}", entry.get("code", ""), change))
    return found


def edited(name: str) -> list[Example]:
    """Changes of one file each, told as what is replaced in it; without a code where it is known not to be found."""
    found = []
    for source in yaml.safe_load((HERE / "edits" / f"{name}.yaml").read_text(encoding="utf-8")):
        for entry in source["changes"]:
            text = source["source"]
            for old, new in entry.get("replace", ()):
                assert old in text
                text = text.replace(old, new, 1)
            beside = entry.get("beside", {})
            after = beside | entry.get("adds", {})
            if not entry.get("deletes"):
                after = {**after, entry.get("moves_to", source["path"]): text}
            before, after = files({**beside, source["path"]: source["source"]}, ""), files(after, "")
            change = [ChangedFile(one, before.get(one), after.get(one)) for one in sorted({*before, *after})]
            found.append(Example(f"{name}: {source['path']}: {entry['name']}", entry.get("code", ""), change))
    return found


def files(said: str | dict[str, str | None], path: str) -> dict[str, bytes]:
    named = {path: said} if isinstance(said, str) else said
    return {one: text.encode() for one, text in named.items() if text is not None}


DILUTIONS = [*examples("dilutions"), *(one for name in UNSEEN for one in edited(name))]


@pytest.mark.parametrize("example", [one for one in DILUTIONS if one.code], ids=lambda example: example.name)
def test_a_dilution_is_found(example: Example) -> None:
    found = list(weakened_tests(example.change))
    assert example.code in {one.code for one in found}
    assert all(one.path in {file.path for file in example.change} for one in found)


@pytest.mark.parametrize("example", [one for one in DILUTIONS if not one.code], ids=lambda example: example.name)
def test_what_is_told_as_not_seen_is_not_seen(example: Example) -> None:
    assert list(weakened_tests(example.change)) == []


@pytest.mark.parametrize("example", [*examples("honest"), *edited("honest")], ids=lambda example: example.name)
def test_an_honest_change_is_left_alone(example: Example) -> None:
    assert list(weakened_tests(example.change)) == []


@pytest.mark.parametrize("example", examples("dilutions"), ids=lambda example: example.name)
def test_what_does_not_change_is_left_alone(example: Example) -> None:
    unchanged = [ChangedFile(file.path, file.after, file.after) for file in example.change]
    assert list(weakened_tests(unchanged)) == []


def test_a_hostile_depth_is_read_to_its_end() -> None:
    deep = b"def test_tax():\n    assert " + b"f(" * 20_000 + b"x" + b")" * 20_000 + b"\n"
    change = [ChangedFile("tests/test_tax.py", deep, b"def test_tax():\n    pass\n")]
    assert [found.code for found in weakened_tests(change)] == ["assertions-fewer"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ruby", "define_method { |x| test_ }\ndefine_method() { test_x }\nit { }\nshared_examples\n"),
        (
            "go",
            "package a\nfunc TestX(t *testing.T) { It(); It(func() {}); Expect().To(); FDescribeTable(func() {}) }\n",
        ),
        ("javascript", "test(); it(undefined); t.step(,); expect().toBe(); expect(a).; x.and()\n"),
        ("python", "def test_x():\n    assert ()\n    assert\n    assert round() == 1\n"),
        ("php", "<?php $x = function() {}; expect()->toBe(); $this->assertSame();"),
        ("c_sharp", "class X { [Fact] public void A() { Assert.True(); a.Should().ThrowAsync(); } }"),
        ("kotlin", "class X { @Test fun x() { withData { }; withData() { }; assertEquals() } }"),
    ],
)
def test_calls_that_lack_their_arguments_are_read(language: str, text: str) -> None:
    """Whoever is still typing has not made the comparison fail."""
    for before, after in ((text, ""), ("", text)):
        weakened_tests([ChangedFile(PATHS[language], before.encode(), after.encode())])


def test_a_finding_says_where_and_what() -> None:
    before = b"import shop\n\n\ndef test_tax():\n    assert shop.tax(100) == 19\n"
    (found,) = weakened_tests([ChangedFile("tests/test_tax.py", before, b"import shop\n")])
    assert (found.path, found.line, found.text) == ("tests/test_tax.py", 4, "removes the test test_tax")


def test_no_change_weakens_nothing() -> None:
    assert list(weakened_tests([])) == []
