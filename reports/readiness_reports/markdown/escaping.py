"""Writes text from outside into GitHub flavoured Markdown so that it stays text: no markup, no link, nobody pinged."""

import html
import re
from collections.abc import Sequence

from readiness_reports.view.text import block, line, short, web_address

# What GitHub turns into a link or a notification in any text: mentions, references to issues and pull requests,
# addresses. Inside a code span it leaves them alone, and a reader still sees and copies them as they are.
_LINKING = re.compile(
    r"(?:[\w.+-]{0,64}@[\w./-]*|#\w+|GH-\d+|(?:https?|ftp)://[^\s`|<>\\]*|www\.[^\s`|<>\\]*|mailto:|xmpp:)+",
    re.IGNORECASE,
)
# A name between backticks, as our own texts write it. It may stay a code span where none of the above can touch it.
_NAME = r"(?:(?<=\s)|^)`(?P<name>[^`|\\]+)`(?=[\s,;:)]|$)"
_SPANS = re.compile(f"{_NAME}|{_LINKING.pattern}", re.IGNORECASE)
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$]")
# A backslash before a pipe or inside a table is read in three different ways by three parsers; an entity in one.
_ESCAPES = {
    "\\": "&#92;",
    "`": "&#96;",
    "|": "&#124;",
    "$": "&#36;",
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "*": "\\*",
    "_": "\\_",
    "[": "\\[",
    "]": "\\]",
    "~": "\\~",
}
# What begins a heading, a list, a rule or an underlined heading; an entity never does.
_BEGINNING = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[#+=-]))(.)")
_TRACKED = re.compile(
    r"https?://(?:[\w.-]+\.)?github\.com/[^/]+/[^/]+/(?:issues|pull|discussions|commit)/", re.IGNORECASE
)
_LINK_ESCAPES = {
    "(": "%28",
    ")": "%29",
    "<": "%3C",
    ">": "%3E",
    "|": "%7C",
    "`": "%60",
    "\\": "%5C",
    "*": "%2A",
    "_": "%5F",
}


def prose(text: str, most: int = 300) -> str:
    """One line of text that stays text wherever it stands, also where a heading or a list could begin.

    Names between backticks stay code, because our own sentences write names so.
    """
    text = short(text, most)
    parts, end = [], 0
    for match in _SPANS.finditer(text):
        parts += [_escaped(text[end : match.start()]), f"`{match['name'] or match[0]}`"]
        end = match.end()
    whole = "".join([*parts, _escaped(text[end:])])
    return _BEGINNING.sub(lambda match: f"{match[1]}&#{ord(match[2])};", whole)


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda match: _ESCAPES[match[0]], text)


def summary(text: str, most: int = 160) -> str:
    """Text for inside `<summary>`, where Markdown is not read and code spans cannot protect: it is HTML text.

    Characters that link or ping become their full-width forms, which look the same and do nothing.
    """
    text = short(text, most)
    text = _LINKING.sub(lambda match: match[0].translate(_FULL_WIDTH), text)
    return html.escape(text, quote=False)


_FULL_WIDTH = str.maketrans({"@": "＠", "#": "＃", ":": "：", ".": "．", "-": "－"})


def code(text: str, most: int = 300) -> str:
    """A code span, in a table too; nothing for nothing."""
    text = short(text, most)
    if not text:
        return ""
    if "|" in text or "\\" in text:
        # A pipe would end the cell even inside a code span, and how to escape it there differs between parsers.
        return prose(text, most)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fenced(text: str, most: int) -> str:
    """The end of a log as a block of code."""
    text = block(text).strip("\n")
    if len(text) > most:
        text = "…\n" + text[-most:]
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def link(url: str, most: int = 300) -> str:
    """A link that a reader may follow, or the text of anything else.

    Issues and pull requests are not linked: GitHub would note this page in each of them.
    """
    address = web_address(url)
    if not address or len(address) > most or _TRACKED.match(address):
        return code(url, most)
    target = "".join(_LINK_ESCAPES.get(character, character) for character in address)
    return f"[{_escaped(_host(address))}]({target})"


def _host(address: str) -> str:
    """A label that GitHub would not link by itself."""
    return line(address.split("://", 1)[1].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0].removeprefix("www."))


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines of a table; the cells are Markdown already."""
    lines = [head, tuple("---" for _ in head), *(tuple(cell or "–" for cell in row) for row in rows)]
    return [f"| {' | '.join(row)} |" for row in lines]
