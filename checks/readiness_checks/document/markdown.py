"""Reads Markdown and plain text: lines and headings, also those that are only set in bold type or capitals."""

import re
from collections.abc import Iterator

from readiness_checks.document.text import Block

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t](.*))?$")
_TAGGED = re.compile(r"^ {0,3}<h([1-6])(?:\s[^<>]*)?>(.*)</h\1>\s*$", re.IGNORECASE)
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_ADORNMENT = re.compile(r"^([=\-~^\"'#*+.:_`])\1{2,}[ \t]*$")
_NUMBER = r"(?:(?:\d+(?:\.\d+)*|[A-Za-z]|[ivxlcIVXLC]+)\\?[.)]?\s+)?"
_LEAD = re.compile(
    rf"^ {{0,3}}(?P<lead>{_NUMBER}"
    r"(?:(?P<mark>\*\*\*?|__)(?=\S).+?(?<=\S)(?P=mark)|<(?P<tag>b|strong|u)>.+?</(?P=tag)>):?)"
    r"\s*(?P<rest>.*)$"
)
"""What a line begins with in bold type, its number included."""
_CAPITALS = re.compile(rf"^ {{0,3}}{_NUMBER}[A-ZÀ-ÞА-ЯЁ][A-ZÀ-ÞА-ЯЁ0-9 ,'’&/().:-]{{3,98}}$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


def markdown(text: str) -> Iterator[Block]:
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
        elif tagged := _TAGGED.match(line):
            yield Block(tagged[2], number, int(tagged[1]))
        else:
            under = _SETEXT.match(lines[number]) if number < len(lines) else None
            skip = under is not None and bool(line.strip()) and not line.startswith(("|", ">", "- ", "* ", "    "))
            level = (1 if under and under[1][0] == "=" else 2) if skip else 0
            apart = number == 1 or not lines[number - 2].strip() or bool(_ATX.match(lines[number - 2]))
            yield Block(line, number, level, lead=_lead(line) if apart and not level else "")


def _lead(line: str) -> str:
    """What the first line of a paragraph begins with in bold type; all of a line in bold or in capitals."""
    if _CAPITALS.match(line) and line.upper() == line:
        return line
    found = _LEAD.match(line)
    if found is None:
        return ""
    return found["lead"] if re.search(r"\w", found["rest"]) else line


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


def plain(text: str) -> Iterator[Block]:
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
