"""Finds an expected exception that is described less exactly than before."""

import re
from collections.abc import Iterable

from readiness.evidence.weakened_tests.model import Assertion

RAISES = re.compile(r"raises|throw|to raise_error|expectException|reject|assertFails|\bCatch\b", re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:Exception|BaseException|Throwable|StandardError|RuntimeException"
    r"|Error|RuntimeException"
    r"|\w*ThrowAny|ThrowsAny\w*|Catch|assertFails)\b(?! \\)"
)
_MESSAGE = re.compile(r"[mM]essage|\bmatch\b|HaveMessage|withMessage")
"""What pins down the message of an exception."""


def is_wider(stated: Assertion, gained: list[Assertion]) -> bool:
    """Whether an exception may be of any class now, or its message any."""
    if len(gained) != 1 or not (RAISES.search(stated.text) and RAISES.search(gained[0].text)):
        return False
    one = gained[0]
    any_class = _ANY.search(one.text) is not None and _ANY.search(stated.text) is None
    narrower = stated.text.split()[0] == one.text.split()[0] and set(one.operands) < set(stated.operands)
    unsaid = _MESSAGE.search(stated.text) is not None and _MESSAGE.search(one.text) is None
    silent = unsaid and not literals(stated) & set(one.text.split())
    return any_class or narrower or silent


def stands_in_another(stated: Assertion, gained: list[Assertion], elsewhere: Iterable[str]) -> bool:
    """Whether another test says the text that this one no longer says of an exception."""
    said = {word for one in gained for word in one.text.split()}
    lost = {word for word in literals(stated) if word not in said}
    return (
        len(lost) > 1
        and RAISES.search(stated.text) is not None
        and any(RAISES.search(one.text) for one in gained)
        and any(lost <= set(text.split()) for text in elsewhere)
    )


def literals(stated: Assertion) -> set[str]:
    """The words of an assertion that stand in strings, and its numbers."""
    return {word for word in stated.text.split() if re.match(r"\w", word)} - stated.names
