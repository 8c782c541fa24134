"""Grammar of the words in a record, so that no two look alike and none can fool a terminal."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from readiness.text import is_blank, unseen_place

_GIT = re.compile(r"(?i)^(\.git|git~[0-9]+)[. ]*$")
_LONGEST_PATH = 1_000


def _seen(text: str) -> str:
    place = unseen_place(text)
    if place.startswith(("\\n ", "\\r ")):
        raise ValueError("holds a line break: write it on one line")
    if place:
        raise ValueError(f"holds the character {place}, which a reader cannot see")
    return text


def _lines_seen(text: str) -> str:
    if "\r" in text:
        raise ValueError("holds a carriage return: let a line feed alone end a line")
    _seen(text.replace("\n", " "))
    return text


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise ValueError("it is blank")
    return text


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


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hex."""
Path = Annotated[str, AfterValidator(path)]
"""Path relative to the root of the checklist."""
Text = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_seen)]
"""Text on one line that a person reads; it may be empty."""
Paragraphs = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_lines_seen)]
"""Text of one or several lines that a person reads; it may be empty."""
RequiredParagraphs = Annotated[Paragraphs, StringConstraints(min_length=1), AfterValidator(_not_blank)]
"""The same, where it has to say something."""
RequiredText = Annotated[Text, StringConstraints(min_length=1), AfterValidator(_not_blank)]
"""Text that says something."""
