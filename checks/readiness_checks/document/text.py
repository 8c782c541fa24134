"""Reads a document into blocks of visible text and headings: Markdown, reStructuredText, HTML, or plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Literal

from readiness.outcome import CheckError
from readiness_checks.reading.html_input import prepared

Kind = Literal["markdown", "html", "plain"]

_MARKDOWN = frozenset((".md", ".markdown", ".mdx", ".mdown"))
_HTML = frozenset((".html", ".htm", ".xhtml"))
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BINARY = ((b"%PDF-", "a PDF"), (b"PK\x03\x04", "an office document or archive"), (b"\xd0\xcf\x11\xe0", "a Word file"))
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t](.*))?$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_ADORNMENT = re.compile(r"^([=\-~^\"'#*+.:_`])\1{2,}[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
))  # fmt: skip
_INVISIBLE = frozenset(("script", "style", "template", "head", "noscript"))


@dataclass(frozen=True)
class Block:
    """A line of text, or a heading."""

    text: str
    line: int
    level: int = 0
    """1 to 6 for a heading, 0 for text."""
    code: bool = False
    """Whether it is in a block of code."""


@dataclass(frozen=True)
class Text:
    """One document."""

    kind: Kind
    blocks: tuple[Block, ...]
    encoding: str
    """How its bytes were read."""


def read(name: str, data: bytes) -> Text:
    """Read a document; the way is told by its name and its beginning.

    Raises:
        CheckError: It is no text.
    """
    text, encoding = _decode(name, data)
    suffix = PurePosixPath(name).suffix.lower()
    start = text.lstrip()[:200].lower()
    if suffix in _HTML or start.startswith(("<!doctype html", "<html")):
        return Text("html", tuple(_html(text)), encoding)
    if suffix in _MARKDOWN:
        return Text("markdown", tuple(_markdown(text)), encoding)
    return Text("plain", tuple(_plain(text)), encoding)


def _decode(name: str, data: bytes) -> tuple[str, str]:
    for signature, what in _BINARY:
        if data.startswith(signature):
            raise CheckError(
                f"{name} is {what}, which this check cannot look into", "keep its text as Markdown, HTML or plain text"
            )
    codec = next((codec for bom, codec in _BOMS if data.startswith(bom)), "")
    try:
        text, encoding = data.decode(codec or "utf-8"), codec or "utf-8"
    except UnicodeDecodeError as error:
        if codec:
            raise CheckError(f"{name} is no {codec} from byte {error.start} on", "save it as UTF-8") from error
        text, encoding = data.decode("cp1252", errors="replace"), "cp1252"
    if "\0" in text:
        raise CheckError(f"{name} is no text: it has NUL bytes", "name a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _blank(match: re.Match[str]) -> str:
    """What is not visible, replaced by its line ends, so that lines keep their numbers."""
    return "\n" * match[0].count("\n")


def _markdown(text: str) -> Iterator[Block]:
    """Lines and headings of Markdown (CommonMark 0.31: ATX and setext headings, fenced code)."""
    lines = _without_comments(text)
    fence = ""
    skip = False
    for number, line in enumerate(lines, 1):
        if skip:
            skip = False
            continue
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not mark[2].strip()
            if not closes:
                yield Block(line, number, code=True)
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        elif atx := _ATX.match(line):
            yield Block(_heading(atx), number, len(atx[1]))
        else:
            under = _SETEXT.match(lines[number]) if number < len(lines) else None
            skip = under is not None and bool(line.strip()) and not line.startswith(("|", ">", "- ", "* ", "    "))
            yield Block(line, number, (1 if under and under[1][0] == "=" else 2) if skip else 0)


def _without_comments(text: str) -> list[str]:
    """Lines with comments blanked; what looks like one inside fenced code is text."""
    found: list[str] = []
    fence, pending = "", ""
    for line in text.split("\n"):
        mark = None if pending else _FENCE.match(line)
        if fence:
            found.append(line)
            fence = "" if mark and mark[1].startswith(fence) and not mark[2].strip() else fence
            continue
        if mark:
            fence = mark[1]
        whole = _COMMENT.sub("", "<!--" + line if pending else line)
        last = ("<!--" + line if pending else line).rpartition("<!--")
        pending = "<!--" if last[1] and "-->" not in last[2] else ""
        found.append(whole)
    return found


def _heading(atx: re.Match[str]) -> str:
    """Text of a heading, without the signs that may close it."""
    words = (atx[2] or "").strip(" \t")
    bare = words.rstrip("#")
    return bare.rstrip(" \t") if not bare or bare[-1] in " \t" else words


def _plain(text: str) -> Iterator[Block]:
    """Lines of plain text; underlined ones are headings, as in reStructuredText."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        under = _ADORNMENT.match(lines[number]) if number < len(lines) else None
        if _ADORNMENT.match(line):
            continue
        atx = _ATX.match(line)
        if atx and _heading(atx):
            yield Block(line.strip(" #"), number, len(atx[1]))
        else:
            yield Block(line, number, 1 if under and line.strip() and len(under[0].strip()) >= len(line.strip()) else 0)


class _Reader(HTMLParser):
    """Collects visible text, block by block, and headings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._line = 1
        self._level = 0
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _INVISIBLE:
            self._hidden.append(tag)
        if tag not in _INLINE:
            self.flush()
        if re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])
        del attrs

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        if tag not in _INLINE:
            self.flush()
        if re.fullmatch("h[1-6]", tag):
            self._level = 0

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if not self._parts:
            self._line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
            data = data.lstrip()
        if data:
            self._parts.append(data)

    def flush(self) -> None:
        """End a block."""
        text = "".join(self._parts)
        lines = [" ".join(text.split())] if self._level else text.rstrip().split("\n")
        if text.strip():
            self.blocks += [Block(text.strip(), self._line + n, self._level) for n, text in enumerate(lines)]
        self._parts.clear()


def _html(text: str) -> list[Block]:
    reader = _Reader()
    reader.feed(prepared(text))
    reader.close()
    reader.flush()
    return reader.blocks
