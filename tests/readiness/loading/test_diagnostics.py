"""How a mistake is drawn: safe, short, with the caret under the right character."""

import pytest

from readiness.checklist import Item
from readiness.loading import ChecklistError, Diagnostic
from readiness.loading.diagnostics import WIDEST, excerpt, quoted, visible
from readiness.loading.structure import keys
from readiness.text import cells
from support.checklists import Loader, with_items


def drawn(loader: Loader, content: str) -> list[str]:
    return loader.mistake(content).render().split("\n")


def test_the_caret_stands_under_the_mistake_behind_tabs_and_wide_characters(loader: Loader) -> None:
    content = "version: 1\nproject: p\nsections: [{title: 漢字\t,\titems: [], x: 1}]\n"
    shown = [one.render().split("\n") for one in loader.refused(content).diagnostics]
    for word, (_, place, line, caret, *_) in zip(("[]", "x"), shown, strict=True):
        before = line[: line.rindex(word)]
        assert caret.index("^") == cells(before)
        assert place.startswith(" --> readiness.yaml:3:")
    assert "漢字    ,    items" in shown[0][2]


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\x07", "\u202eabc", "\u2066", "\x9b31m", "\u200b", "\ufeff", "\u00a0", "\U000e0041"]
)
def test_nothing_in_a_rendering_moves_a_cursor_or_reorders_text(loader: Loader, hostile: str) -> None:
    escaped = "".join(f"\\U{ord(character):08x}" for character in hostile)
    for written in (hostile, f'"{escaped}"'):
        content = f"version: 1\nproject: p\n? {written}\n: [*{'x'}]\nsections: []\n"
        rendering = loader.refused(content).render()
        assert all(character.isprintable() or character == "\n" for character in rendering)


def test_a_long_line_is_cut_around_the_mistake(loader: Loader) -> None:
    item = f"- {{id: a, title: T, check: plain, with: {{note: {'x' * 5000}}}, oops: 1, controls: [{'y' * 90}]}}\n"
    _, place, line, caret, *_ = drawn(loader, with_items(item))
    assert place == f" --> readiness.yaml:6:{6 + item.index('oops') + 1}"
    assert len(line) <= WIDEST + 20
    assert line[caret.index("^") :].startswith("oops")
    assert line.startswith("6 | ...xxx")


def test_a_mistake_longer_than_a_line_is_underlined_as_far_as_it_is_shown() -> None:
    part = excerpt("a: " + "漢" * 1000, 3, 1000)
    assert part.caret == 3
    assert part.caret + part.width <= cells(part.text)
    assert part.text.endswith("...")


@pytest.mark.parametrize("line", ["", "x", "e\u0301\u0301", "\t", "x" * 1000])
@pytest.mark.parametrize("column", [0, 1, 5, 999, 5000])
@pytest.mark.parametrize("length", [0, 1, 5000])
def test_a_caret_never_stands_far_behind_its_line(line: str, column: int, length: int) -> None:
    part = excerpt(line, column, length)
    assert 0 <= part.caret <= cells(part.text) + 1
    assert 1 <= part.width <= max(cells(part.text), 1)


def test_values_in_messages_are_short_and_visible() -> None:
    assert quoted("a\x1bb") == "`a\\x1bb`"
    assert quoted("x" * 100) == f"`{'x' * 80}...`"
    assert visible("a\nb\u2028c\U0010ffff") == "a\\nb\\u2028c\\U0010ffff"


def test_colours_only_when_asked_for(loader: Loader) -> None:
    error = loader.refused(with_items("- {id: a, title: T, check: plain, x: 1}\n"))
    assert "\x1b" not in error.render()
    coloured = error.render(color=True)
    assert coloured.startswith("\x1b[1;31merror\x1b[0m")
    plain = coloured
    for code in ("\x1b[1;31m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"):
        plain = plain.replace(code, "")
    assert plain == error.render() == str(error)


def test_the_gutter_is_as_wide_as_the_number(loader: Loader) -> None:
    content = "\n" * 99 + with_items("- {id: a, title: T, check: plain, foo: 1}\n")
    assert drawn(loader, content) == [
        "error: unknown field `foo`",
        "   --> readiness.yaml:105:41",
        "105 |       - {id: a, title: T, check: plain, foo: 1}",
        f"    | {' ' * 40}^^^ parameters of the check stand under `with`",
        f"    = known fields: {', '.join(keys(Item))}",
    ]


def test_mistakes_without_a_place_come_first() -> None:
    first = Diagnostic(message="no place", file="f", help="do this")
    second = Diagnostic(message="a place", file="f", line=1, column=2, text="abc", caret=1)
    error = ChecklistError([second, first])
    assert error.diagnostics == (first, second)
    assert str(error) == "error: no place\n --> f\n = do this\n\nerror: a place\n --> f:1:2\n1 | abc\n  |  ^"
    assert (first.place, second.place) == ("f", "f:1:2")
