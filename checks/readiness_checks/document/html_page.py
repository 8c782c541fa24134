"""Reads an HTML page as a reader sees it: visible text, block by block, and headings."""

import re
from itertools import takewhile

from readiness_checks.document.text import Block
from readiness_checks.reading.html_input import PageReader, prepared

_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "label", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
))  # fmt: skip
_BOLD = frozenset(("b", "strong"))
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_INVISIBLE = frozenset(("script", "style", "template", "head", "noscript"))


class _Reader(PageReader):
    """Collects visible text, block by block, and headings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._parts: list[tuple[str, bool]] = []
        self._line = 1
        self._level = 0
        self._styled: list[tuple[str, bool]] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _INVISIBLE:
            self._hidden.append(tag)
        if tag not in _INLINE:
            self.flush()
        if re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])
        if tag in _BOLD or tag == "span":
            self._styled.append((tag, tag in _BOLD or _HEAVY.search(dict(attrs).get("style") or "") is not None))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        if tag not in _INLINE:
            self.flush()
        if re.fullmatch("h[1-6]", tag):
            self._level = 0
        if self._styled and self._styled[-1][0] == tag:
            self._styled.pop()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if not self._parts:
            self._line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
            data = data.lstrip()
        if data:
            self._parts.append((data, any(bold for _, bold in self._styled)))

    def flush(self) -> None:
        """End a block; an empty one keeps it apart from the next."""
        text = "".join(part for part, _ in self._parts)
        if text.strip():
            lines = [" ".join(text.split())] if self._level else text.rstrip().split("\n")
            lead = "" if self._level else " ".join(self._bold_start().split())
            whole = len(lines) == 1 or lead == " ".join(text.split())
            if lead and whole:
                lines = [" ".join(text.split())]
            self.blocks += [
                Block(line.strip(), self._line + n, self._level, lead="" if n else lead) for n, line in enumerate(lines)
            ]
            self.blocks.append(Block("", self._line + len(lines) - 1))
        self._parts.clear()

    def _bold_start(self) -> str:
        """What the block begins with in bold type."""
        bold = takewhile(lambda part: part[1] or not part[0].strip(), self._parts)
        return "".join(part for part, _ in bold)


def blocks(text: str) -> list[Block]:
    """Visible text of a page and its headings, also those that are only set in bold type."""
    reader = _Reader()
    reader.feed(prepared(text))
    reader.close()
    reader.flush()
    return reader.blocks
