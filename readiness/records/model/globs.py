"""Matches paths of a commit against the patterns of `covers`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from readiness.records.model.words import path as check_path

OUT = "!"
"""How a pattern begins that leaves files out."""


def validate(pattern: str) -> str:
    """Check a pattern.

    Raises:
        ValueError: It is not a path below the root with `*`, `?`, `[…]` or `**` in it.
    """
    path = pattern.removeprefix(OUT)
    check_path(path.removesuffix("/"))
    compiled(path)
    return pattern


@dataclass(frozen=True)
class Chosen:
    """The files that the patterns of `covers` choose: those of any pattern, but none that one with a `!` leaves out.

    The order of the patterns makes no difference: what is left out stays out.
    """

    taken: tuple[str, ...]
    left_out: tuple[str, ...]
    """Patterns without their `!`."""

    def takes(self, path: str) -> bool:
        """Whether a file is chosen."""
        return any(compiled(one).fullmatch(path) for one in self.taken) and not self.leaves_out(path)

    def leaves_out(self, path: str) -> bool:
        """Whether a file is left out, whatever else names it."""
        return any(compiled(one).fullmatch(path) for one in self.left_out)

    @property
    def roots(self) -> tuple[str, ...]:
        """Folders and files below which everything lies that is chosen."""
        return tuple(sorted({root(pattern) for pattern in self.taken}))


@lru_cache(maxsize=256)
def chosen(patterns: tuple[str, ...]) -> Chosen:
    """What some patterns choose."""
    return Chosen(
        tuple(pattern for pattern in patterns if not pattern.startswith(OUT)),
        tuple(pattern.removeprefix(OUT) for pattern in patterns if pattern.startswith(OUT)),
    )


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
        if pattern.startswith(OUT):
            continue
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
