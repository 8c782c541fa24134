"""Grammar of the words in a record, so that no two look alike and none can fool a terminal."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic names and emoji need them, and they reorder nothing
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_GIT = re.compile(r"(?i)^(\.git|git~[0-9]+)[. ]*$")
_LONGEST_PATH = 1_000
_SHOWN = 200


def unseen(text: str) -> str:
    """First character that a reader would not see, or that changes how others are seen; empty when there is none."""
    if text.isascii() and text.isprintable():
        return ""
    return next((c for c in text if unicodedata.category(c) in _UNSEEN and c not in _JOINERS), "")


def printable(text: str, *, limit: int = 0) -> str:
    r"""Spell out every such character as `\u202e`, and cut the text.

    Args:
        text: Text from outside.
        limit: Longest result in characters; 0 for any.
    """
    if unseen(text):
        text = "".join(_spell(c) if unseen(c) else c for c in text)
    return text[: limit - 1] + "…" if 0 < limit < len(text) else text


def short(text: str) -> str:
    """Make text from outside fit for a sentence."""
    return printable(text, limit=_SHOWN)


def _spell(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()


def _seen(text: str) -> str:
    character = unseen(text)
    if character:
        raise ValueError(f"holds the character {_spell(character)}, which a reader cannot see")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank")
    return text


def place(project: str, release: str, environment: str) -> str:
    """What a record was given for."""
    named = f"release {short(release)}" if release else "no release"
    return f"{project}, {named}, {environment or 'no environment'}"


def path(text: str) -> str:
    """Check a path relative to the root of the checklist.

    Raises:
        ValueError: It is empty, absolute, too long, not NFC, leaves the root, touches `.git`, or holds a backslash or
            a character that cannot be seen.
    """
    if not text or len(text) > _LONGEST_PATH:
        raise ValueError(f"a path has 1 to {_LONGEST_PATH} characters")
    _seen(text)
    if "\\" in text or text.startswith("/") or re.match(r"^[A-Za-z]:", text):
        raise ValueError("a path is relative and uses `/`")
    if unicodedata.normalize("NFC", text) != text:
        raise ValueError("a path is in Unicode normal form C")
    for part in text.split("/"):
        if part in {"", ".", ".."}:
            raise ValueError("a path has no empty part, `.` or `..`")
        if _GIT.match(part):
            raise ValueError("a path does not lead into `.git`")
    return text


Principal = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(@[A-Za-z0-9][A-Za-z0-9.-]{0,252})?$")
]
"""Who signs, usually an e-mail address: ASCII, without any of the wildcards of OpenSSH."""
PRINCIPAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}(@[A-Za-z0-9][A-Za-z0-9.-]{0,252})?")
"""The same, for use with `fullmatch`."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hex."""
Path = Annotated[str, AfterValidator(path)]
"""Path relative to the root of the checklist."""
Text = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_seen)]
"""Text on one line that a person reads; it may be empty."""
RequiredText = Annotated[Text, StringConstraints(min_length=1), AfterValidator(_not_blank)]
"""Text that says something."""
