"""A text that is made to be slow costs little more than a harmless one of its size."""

from collections.abc import Callable

import pytest

from readiness.evidence.change import ChangedFile
from readiness.evidence.configuration.pipeline_changes import older_tools
from readiness.evidence.configuration.text import without_block_comments, without_comments_of_json
from readiness.evidence.reading import find_weakenings
from readiness.evidence.weakened_tests.model import Assertion, Strength
from readiness.evidence.weakened_tests.precision import rounded
from readiness.evidence.weakened_tests.stubs import stubs
from readiness.evidence.weakened_tests.trivial import is_of_itself
from support.costs import costs_at_most

SIZE = 100_000
DEARER = 8
"""How many times dearer it may be."""


def judging(path: str, text: str) -> Callable[[], object]:
    """Judges a change to a text of this beginning, repeated up to the size."""
    content = (text * (SIZE // len(text))).encode()
    find_weakenings([ChangedFile(path, b"x = 1\n", text.encode())])  # the first call imports what reads it
    return lambda: find_weakenings([ChangedFile(path, b"x = 1\n", content)])


@pytest.mark.parametrize(
    ("path", "hostile", "harmless"),
    [
        ("src/a.test.ts", "spyOn(", "a\n"),
        ("Jenkinsfile", "/* \n", "a b\n"),
        ("build.gradle", "/* \n", "a b\n"),
        ("tsconfig.json", "/* \n", "123\n"),
        ("mix.exs", "\n", "a\n"),
        ("CMakeLists.txt", "\n", "a\n"),
        ("CMakeLists.txt", "set_tests_properties(a ", "# properties(a\n"),
        ("tsconfig.json", '"\\', "123\n"),
        ("pom.xml", "<!DOCTYPE ", "a\n"),
        ("mix.exs", "aB", "a\n"),
        ("ci.sh", "set -a ", "cat -a "),
        ("ci.sh", "a" + " " * 9_999, "a" + " b" * 5_000),
        ("ci.sh", "--min-", "--min "),
        ("Rakefile", "\n", "a\n"),
        ("Jenkinsfile", "sh ", "a "),
        ("a.test.ts", "try { a() } catch (" + "|" * 9_980 + "", "a()\n"),
        ("ATest.java", "class A { " + "static( " * 2_000, "a();\n"),
        ("a.rb", "=begin\n # rubocop:disable A\n", "x = 1\n # rubocop:disable A\n"),
        ("a.py", '""" # noqa ', "x = 1  # noqa\n"),
        ("a.rs", "#[allow(a, ", "fn a() {} // allow\n"),
        ("a.c", "// LCOV_EXCL_START\n", "// LCOV_EXCL_START_\n"),
        ("a.html", "{# nosemgrep ", "<!-- nosemgrep -->\n"),
        ("a.html", "@* nosemgrep ", "<!-- nosemgrep -->\n"),
        ("a.html", "<script nosemgrep ", "<!-- nosemgrep -->\n"),
    ],
)
def test_a_hostile_file_costs_little_more_than_a_harmless_one(path: str, hostile: str, harmless: str) -> None:
    assert costs_at_most(DEARER, judging(path, hostile), judging(path, harmless))


def test_blank_lines_are_read_once() -> None:
    blank, full = "\n" * SIZE, "ab = 1\n" * (SIZE // 7)
    assert not stubs(blank)
    assert not stubs(full)
    assert costs_at_most(DEARER, lambda: stubs(blank), lambda: stubs(full))


def test_comments_leave_their_line_breaks_and_stay_when_they_are_not_closed() -> None:
    assert without_block_comments("a /* b\n*/ c /* d */\n/*/ e /* f") == "a \n c \n/*/ e /* f"
    assert without_comments_of_json('{"/*": 1, /* b\n*/ // c\n} /*/ e') == '{"/*": 1,     \n       \n} /*/ e'


@pytest.mark.parametrize("word", ["x", "equal"])
def test_a_long_word_is_read_once(word: str) -> None:
    long = Assertion(f"{word * (SIZE // len(word))} ( a b )", 1, Strength.EXACT)
    short = Assertion("x ( a b ) " * (SIZE // 10), 1, Strength.EXACT)
    assert not is_of_itself(long, {})
    assert not is_of_itself(short, {})
    assert costs_at_most(DEARER, lambda: is_of_itself(long, {}), lambda: is_of_itself(short, {}))


@pytest.mark.parametrize("text", ["assertEqual ( a a )", "reflect . DeepEqual ( t a a )", "isEqualTo ( a . b a . b )"])
def test_a_comparison_with_itself_is_seen(text: str) -> None:
    assert is_of_itself(Assertion(text, 1, Strength.EXACT), {})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "ruff=={}\n"),
        (".pre-commit-config.yaml", "repos:\n- repo: https://example.com/ruff-pre-commit\n  rev: v{}\n"),
    ],
)
def test_a_version_of_thousands_of_digits_is_none(path: str, text: str) -> None:
    before, after = (text.format(version).encode() for version in ("2" * 5_000, "1" * 5_000))
    assert not list(older_tools([ChangedFile(path, before, after)]))


def test_a_tolerance_that_is_no_number_is_none() -> None:
    sides = (f"def test_x():\n    assert approx(3, {bound}) == f(1)\n".encode() for bound in ("abs=1", "rel=."))
    find_weakenings([ChangedFile("tests/test_x.py", *sides)])


def test_rounding_to_thousands_of_digits_is_read_without_counting_them() -> None:
    was, now = "f ( 1 )", f"round ( f ( 1 ) , {'9' * 5_000} )"
    stated, one = (
        Assertion(f"{value} == 1.23", 1, Strength.EXACT, (value, "1.23"), (value,), frozenset({"f"}))
        for value in (was, now)
    )
    assert rounded(stated, one) == "round"


def test_a_number_of_examples_with_thousands_of_digits_is_not_few() -> None:
    text = "@settings(max_examples={})\n@given(st.integers())\ndef test_x(v):\n    assert f(v) == 1\n"
    sides = (text.format(number).encode() for number in ("100", "9" * 5_000))
    assert not find_weakenings([ChangedFile("tests/test_x.py", *sides)])


def test_long_lines_that_coverage_looks_away_from_are_compared_by_their_words() -> None:
    def change(line: str) -> Callable[[], object]:
        sides = [f"/* istanbul ignore file */\n{line}{name}\n{name}\n".encode() for name in ("a", "bc")]
        return lambda: find_weakenings([ChangedFile("a.js", *sides)])

    assert costs_at_most(4 * DEARER, change("};({" * 1_500), change("x = 1;" * 1_000))


def test_lines_that_are_everywhere_do_not_align_a_file() -> None:
    def change(many: int) -> Callable[[], None]:
        blocks = "void f{0}() {{{1}\n  a{0}();{2}\n}}\n"
        marks = (("  // NOSONAR", ""), ("", "  // NOSONAR"))
        sides = ("".join(blocks.format(at, *two) for at in range(many)).encode() for two in marks)
        file = ChangedFile("A.java", *sides)

        def judged() -> None:
            assert len(find_weakenings([file])) == many

        return judged

    assert costs_at_most(4 * DEARER, change(600), change(150))


def test_demands_are_looked_for_among_the_words_of_a_manifest() -> None:
    """Each name once, however long the manifest is."""

    def change(names: int) -> Callable[[], None]:
        source = f"#![deny({', '.join(f'a{at}' for at in range(names))})]\n".encode()
        files = [ChangedFile("src/lib.rs", source, b"\n"), ChangedFile("Cargo.toml", b"", b"# x y z\n" * 20_000)]

        def judged() -> None:
            assert len(find_weakenings(files)) == names

        return judged

    assert costs_at_most(DEARER, change(200), change(1))
