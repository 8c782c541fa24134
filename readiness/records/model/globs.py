"""Matches paths of a commit against the patterns of `covers`."""

import re
from collections.abc import Iterable
from functools import lru_cache

from readiness.records.model.words import path as check_path


def validate(pattern: str) -> str:
    """Check a pattern.

    Raises:
        ValueError: It is not a path below the root with `*`, `?`, `[…]` or `**` in it.
    """
    check_path(pattern.removesuffix("/"))
    compiled(pattern)
    return pattern


def root(pattern: str) -> str:
    """The folder, or the file, below which all matches of a pattern lie; `.` when they may lie anywhere.

    The pattern may be as the checklist writes it: a reference such as `${name}` may stand for anything.
    """
    parts: list[str] = []
    for part in pattern.removesuffix("/").split("/"):
        if any(character in part for character in "*?[$\\"):
            break
        parts.append(part)
    return "/".join(parts) or "."


def may_match(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path matches any pattern as the checklist writes it; one with a reference in it may match any path."""
    for pattern in patterns:
        if "$" in pattern:  # it stands for something else in each environment
            return True
        try:
            if compiled(pattern).fullmatch(path):
                return True
        except ValueError:
            continue  # it never covered anything: the item could not be judged
    return False


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Turn a pattern into a regular expression for `fullmatch`.

    `*` and `?` stay within a folder, `**` crosses folders, and a pattern that matches a folder means all files below
    it. Hidden files match like any other: leaving out what nobody sees would be the wrong way round.

    Raises:
        ValueError: A `[` is not closed, or holds nothing.
    """
    groups: list[list[str]] = [[]]
    """Parts between two `**`."""
    for part in pattern.removesuffix("/").split("/"):
        if part != "**":
            groups[-1].append(_segment(part))
        elif groups[-1] or len(groups) == 1:
            groups.append([])
    first, *middle = groups
    if not middle:
        return re.compile("/".join(first) + "(?:/.+)?", re.DOTALL)
    *middle, last = middle
    expression = "".join(f"{part}/" for part in first)
    for group in middle:  # as early as it can: what follows `**` may lie anywhere behind it
        expression += f"(?>{_FOLDERS}{''.join(f'{part}/' for part in group)})"
    return re.compile(expression + (_FOLDERS + "/".join(last) + "(?:/.+)?" if last else ".+"), re.DOTALL)


_FOLDERS = "(?:[^/]++/)*?"


def _segment(part: str) -> str:
    """A part between slashes; each piece between two stars stands as early as it can, and none is tried twice."""
    first, *others = _pieces(part)
    middle = "".join(f"(?>[^/]*?{piece})" for piece in others[:-1] if piece)
    return first + middle + (f"[^/]*{others[-1]}" if others else "")


def _pieces(part: str) -> list[str]:
    """What stands between the stars of a part, as expressions."""
    out, at = [""], 0
    while at < len(part):
        character = part[at]
        at += 1
        if character == "*":
            out.append("")
        elif character == "?":
            out[-1] += "[^/]"
        elif character == "[":
            end = part.find("]", at + (2 if part[at : at + 1] == "!" else 1))
            if end < 0:
                raise ValueError(f"`[` is not closed in `{part}`")
            body = part[at:end]
            negated = body.startswith("!")
            inside = re.sub(r"([\\\[\]^&~|])", r"\\\1", body[1:] if negated else body)
            try:
                re.compile(f"[{inside}]")
            except re.error as error:
                raise ValueError(f"`[{body}]` is not a set of characters") from error
            out[-1] += f"(?!/)[{'^' if negated else ''}{inside}]"
            at = end + 1
        else:
            out[-1] += re.escape(character)
    return out
