"""Finds blanks that nobody filled in: `[Your …]`, `TODO`, `lorem ipsum`, `{{…}}`, `XX/XX/XXXX`, `<company>`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from readiness_checks.document.text import Block, Text

_FILL = (
    "your|insert|enter|add|put|fill|specify|describe|replace|provide|choose|select|name|names|company|company name|"
    "date|effective date|e-?mail|e-?mail address|phone|phone number|telephone|address|city|state|country|contact|"
    "title|role|organi[sz]ation|client|customer|vendor|signature|jurisdiction|website|url|domain|number|amount|version|"
    "year|tbd|todo|tba|placeholder|blank|product|product name|project|project name|team|owner"
)
_OPENING = r"(?:your|insert|enter|fill in|specify|describe|replace|provide)\b"
_ELEMENTS = frozenset((
    "a", "abbr", "address", "article", "aside", "audio", "b", "bdi", "bdo", "blockquote", "body", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "dialog",
    "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label",
    "legend", "li", "link", "main", "map", "mark", "math", "menu", "meta", "nav", "noscript", "object", "ol",
    "optgroup", "option", "output", "p", "param", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp",
    "script", "section", "select", "small", "source", "span", "strong", "strike", "style", "sub", "summary", "sup",
    "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track",
    "tt", "u", "ul", "var", "video", "wbr",
))  # fmt: skip
_BRACKETS = re.compile(r"(?<![\w\]\\!\[])\[([A-Za-z][^\[\]\n]{0,79})\](?![\[(\]])")
_ANGLES = re.compile(r"(?<![\w<\\])<([A-Za-z][A-Za-z _-]{0,59})>(?!>)")
_REFERENCE = re.compile(r"^ {0,3}\[([^\]]+)\]:\s*<?\S*[/#.]\S*")
"""The definition of a link, as in CommonMark 0.31 §4.7."""
_ALWAYS: tuple[tuple[str, str], ...] = (
    (r"(?<![\w./-])(?:TODO|TBD|TBA|TBC|FIXME|TKTK)(?![\w/-])", "it is still to be done"),
    (r"\bto be (?:determined|decided|confirmed|defined|announced|completed|added|written)[\s.)|\]]*$", "it is open"),
    (r"(?i)\blorem ipsum\b", "it is filler text"),
    (r"(?i)\b(?:coming soon|under construction)\s*[.!]*\s*$", "it is not written yet"),
    (r"\bX{2,4}([/.\-])X{2,4}\1X{2,4}\b|\bX{4,}\b", "it is a run of X"),
    (r"\b(?:DD|MM|YYYY)([/.\-])(?:MM|DD)\1(?:YYYY|DD)\s*$", "it is the form of a date, not a date"),
    (r"\bINSERT\b[A-Z0-9 ,'-]{1,60}\bHERE\b", "it asks for a text"),
    (r"(?i)\b(?:insert|fill in|replace|enter|put) (?:your|the|a|an)\b[\w ,'-]{1,40}\bhere\b", "it asks for a text"),
    (r"(?i)\b(?:change|replace)[-_]?me\b|\bchangethis\b", "it asks to be changed"),
    (r"\bPLACEHOLDER\b|(?i:\bplaceholder text\b)", "it says so"),
    (r"(?i)\byour[-_]?[a-z]+(?:-[a-z]+)*\.(?:com|org|net|io|app|dev|onrender\.com|vercel\.app)\b", "it says `your…`"),
    (r":\s*(?:_{4,}|\.{5,}|\?{2,})\s*$", "it is left blank"),
)  # fmt: skip
_PROSE: tuple[tuple[str, str], ...] = (
    (r"(?<![$\\])\{\{[^{}\n]{0,120}\}\}", "it is a blank of a template"),
    (r"(?<![\w\]\\!])\[(?i:your|insert|enter|fill in|specify|describe)\b[^\]\n]*$", "it is a blank in brackets"),
    (r"(?i)(?:@|://)(?:www\.)?example\.(?:com|net|org)\b", "the domain is reserved for examples (RFC 2606)"),
)
"""Not in code, where such things are meant."""
_COMPILED = [(re.compile(pattern), why, True) for pattern, why in _ALWAYS]
_COMPILED += [(re.compile(pattern), why, False) for pattern, why in _PROSE]
_WINDOW, _OVERLAP = 4_000, 300
"""Characters searched at once, and those of them that are searched twice."""
_CODE_SPAN = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Blank:
    """One place that was left to be filled in."""

    text: str
    why: str
    line: int


def blanks(text: Text) -> Iterator[Blank]:
    """All places in a document that were left to be filled in, in its order; each line's first only."""
    labels = {label.casefold() for block in text.blocks for label in _REFERENCE.findall(block.text)}
    for block in text.blocks:
        found = next(chain.from_iterable(_in_block(part, text, labels) for part in _parts(block)), None)
        if found is not None:
            yield found


def _parts(block: Block) -> Iterator[Block]:
    """A long line in pieces that overlap: the patterns would take time by its square."""
    if len(block.text) <= _WINDOW:
        yield block
        return
    for start in range(0, len(block.text) - _OVERLAP, _WINDOW - _OVERLAP):
        yield replace(block, text=block.text[start : start + _WINDOW])


def _in_block(block: Block, text: Text, labels: Iterable[str]) -> Iterator[Blank]:
    line = block.text
    prose = "" if block.code else line
    if text.kind == "markdown":
        prose = _CODE_SPAN.sub(lambda match: " " * len(match[0]), prose)
    for match in _BRACKETS.finditer(prose):
        if match[1].casefold() not in labels and _asks(match[1]):
            yield Blank(match[0], "it is a blank in brackets", block.line)
    for match in _ANGLES.finditer(prose):
        if match[1].casefold().split(" ")[0] not in _ELEMENTS:
            yield Blank(match[0], "it is a blank in brackets", block.line)
    for pattern, why, in_code in _COMPILED:
        searched = pattern.search(line if in_code else prose)
        if searched:
            yield Blank(searched[0].strip()[:80], why, block.line)


def _asks(inside: str) -> bool:
    """Whether a text in square brackets asks to be replaced: `[Your Team Lead]`, `[DevOps Team]`, `[COMPANY_NAME]`."""
    if re.fullmatch(rf"(?i:{_FILL})", inside) or re.match(rf"(?i:{_OPENING})", inside):
        return True
    if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", inside):
        return True
    words = re.split(r"[ /&-]+", inside)
    titled = all(word[:1].isupper() for word in words if len(word) > 3) and words[0][:1].isupper()  # noqa: PLR2004  # "of", "and"
    return len(words) > 1 and titled and all(re.fullmatch(r"[A-Za-z'’.]+", word) for word in words)
