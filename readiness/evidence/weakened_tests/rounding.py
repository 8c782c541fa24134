"""Finds a value that is rounded, cut or smoothed before it is compared."""

import re

from readiness.evidence.weakened_tests.model import Assertion, Strength
from readiness.evidence.weakened_tests.outline import vocabulary
from readiness.evidence.weakened_tests.stop_words import without_stop_words

_TO_DIGITS = re.compile(
    r"\b(?:round|toFixed|setScale|toPrecision|Round|number_format) \( "
    r"(?:[^=!<>]{0,300}? )?((?:- )?\d{1,9}) \)(?: [=!<>\d-]|$)"
)
"""What rounds to so many digits, its last argument."""
_TO_WHOLE = re.compile(
    r"\b(?:round|floor|ceil|trunc|int|Math \. \w+|parseInt|intval|to_i|toInt|intValue|Floor|Truncate|Round)\b"
)
_SMOOTHS = vocabulary(
    "lower upper casefold toLowerCase toUpperCase downcase upcase ToLower ToUpper lowercase uppercase equalsIgnoreCase "
    "strtolower strtoupper EqualFold ToLowerInvariant IgnoreCase"
)
"""What makes texts equal that are not."""
_CUTS = re.compile(
    r"\[ : \d+ \]|\b(?:slice|substring|substr|Substring|mb_substr) \( (?:\$ )?(?:\w+ )?0 \d+ \)|\[ 0 \.\."
)
_PARTS = re.compile(r"(?:/ /|%|>>) \d+ ==|(?:/ /|%|>>) \d+ \d+ \)$")
"""What is left of a number is compared with another number."""
_DECIMALS = re.compile(r"\b\d+\.(\d+)\b")


def rounded(stated: Assertion, one: Assertion) -> str:
    """What an assertion does to the value that it compared as it was; empty where nothing."""
    if stated.strength is not Strength.EXACT or not _same_subject(stated, one):
        return ""
    came = set(one.text.split()) - set(stated.text.split())
    if smooths := came & _SMOOTHS:
        return min(smooths)
    if (cut := _CUTS.search(one.text)) and not _CUTS.search(stated.text):
        return cut[0]
    digits = max((len(found) for found in _DECIMALS.findall(stated.text)), default=0)
    if (to := _TO_DIGITS.search(one.text)) and not _TO_DIGITS.search(stated.text):
        return to[0] if "-" in to[1] or int(to[1]) < digits else ""
    if (part := _PARTS.search(one.text)) and not _PARTS.search(stated.text):
        return part[0]
    whole = next((word for word in came if _TO_WHOLE.fullmatch(word) and f"{word} (" in one.text), "")
    return whole if digits else ""


def _same_subject(stated: Assertion, one: Assertion) -> bool:
    """Whether an assertion is about what another was about."""
    said = set(one.text.split())
    parts = [without_stop_words(subject.split()) & stated.names for subject in stated.subjects]
    return any(part and part <= said for part in parts)
