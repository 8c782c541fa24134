"""A file that is made to be slow costs the readers of checks little more than a harmless one of its size."""

from collections.abc import Callable

import pytest

from readiness.outcome import CheckError
from readiness_checks.document import blanks, formats, sections
from readiness_checks.headers.page import _Reader
from readiness_checks.reading.html_input import prepared
from support.costs import cpu_seconds

SIZE = 40_000
DEARER = 12
"""How many times dearer it may be."""
END = "\n\n# Scope\n\nwords\n"


def document(name: str, content: str) -> None:
    read = formats.read(name, content.encode())
    heading, filled = sections.find(read, "Scope")
    assert name.endswith(".html") or (heading and filled)
    list(blanks.blanks(read))


def markup(_name: str, content: str) -> None:
    _Reader(xml=False).feed(prepared(content))


def cost(read: Callable[[str, str], None], name: str, content: str) -> float:
    return cpu_seconds(lambda: read(name, content))


@pytest.mark.parametrize(
    ("name", "start", "hostile", "harmless"),
    [
        ("word.md", "# ", "a", "a b\n"),
        ("under.md", "---\n\n", "b", "a b\n"),
        ("bracket.md", "# ", "[", "a b\n"),
        ("mark.md", "# ", "!", "a b\n"),
        ("blank.md", "# x", " ", "a b\n"),
        ("tick.md", "x ", "`", "a b\n"),
        ("number.txt", "# ", "1.", "a b\n"),
        ("open.md", "# x ", "[a ", "a b\n"),
        ("bold.md", "", "**a\n\n", "a b\n\n"),
        ("stars.md", "**", "a*", "a b\n"),
        ("line.md", "a ", "_", "a b\n"),
        ("dots.md", "a ", ". ", "a b\n"),
        ("braces.md", "a ", "{{", "a b\n"),
        ("quote.md", "a ", "\u201ca [b] ", "a b\n"),
        ("lines.md", "", "[a name]\n", "a b\n"),
        ("capitals.md", "A", "A ", "a b\n"),
        ("same.md", "", "# Scope\n", "# Other\n"),
        ("tag.html", "", "<a ", "<b>a</b>"),
        ("slash.html", "", "<a/", "<b>a</b>"),
        ("quote.html", "", "<a b='", "<b>a</b>"),
        ("comment.html", "", "<!--a>", "<b>a</b>"),
        ("cdata.html", "", "<![CDATA[>", "<b>a</b>"),
        ("script.html", "", "<script", "<b>a</b>"),
        ("sign.html", "", "< ", "<b>a</b>"),
    ],
)
def test_a_document_costs_time_by_its_length(name: str, start: str, hostile: str, harmless: str) -> None:
    plain = cost(document, name, harmless * (SIZE // len(harmless)) + END)
    assert cost(document, name, start + hostile * (SIZE // len(hostile)) + END) < DEARER * plain + 0.2


def test_a_page_of_a_server_costs_time_by_its_length() -> None:
    plain = cost(markup, "", "<b>a</b>" * (SIZE // 8))
    assert cost(markup, "", "<a b='" * (SIZE // 6)) < DEARER * plain + 0.2


@pytest.mark.parametrize(
    "page",
    [
        "<p>a <![foo[b]]> c</p>",
        "<![if IE]><p>a</p><![endif]>",
        "<!x-y><?php a ?></ b>",
        "<!DOCTYPE html [<!ENTITY a 'b'>]>",
        "<!--> <!---> <!-- a --!> <p>",
        "</>",
        "<! >",
        "<p>< ",
    ],
)
def test_broken_markup_is_read_as_browsers_do(page: str) -> None:
    read = formats.read("page.html", f"{page}<h1>Scope</h1>\n<p>words</p>".encode())
    assert sections.find(read, "Scope")[1]


def test_what_a_comment_hides_is_hidden_to_its_end_and_lines_keep_their_numbers() -> None:
    page = "<!-- <h1>Scope</h1>\n --><script>'<!--'</script>\n<h1>Aim</h1><p>words</p><!-- <h1>Open</h1>"
    read = formats.read("page.html", page.encode())
    assert [sections.find(read, name)[1] for name in ("Scope", "Aim", "Open")] == [False, True, False]
    heading = sections.find(read, "Aim")[0]
    assert heading is not None
    assert heading.line == 3


def test_a_blank_far_along_a_line_is_found_and_what_is_no_text_is_an_error() -> None:
    read = formats.read("a.md", b"word " * 5_000 + b"TODO " + b"word " * 5_000)
    assert [found.text for found in blanks.blanks(read)] == ["TODO"]
    with pytest.raises(CheckError):
        formats.read("a.md", b"a\0b")
