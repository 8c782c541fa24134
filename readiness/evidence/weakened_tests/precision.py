"""Finds an assertion that compares less closely than it did: tolerances, rounded values, exceptions described less."""

import re
from collections import Counter
from collections.abc import Iterable

from readiness.evidence.weakened_tests.identifiers import without_stop_words
from readiness.evidence.weakened_tests.model import Assertion, Strength
from readiness.evidence.weakened_tests.outline import vocabulary

TOLERANT = re.compile(r"approx|close|almost|delta|within|maxDiff|threshold|toleran|epsilon|precision", re.IGNORECASE)
_DIGITS = re.compile(r"places|decimal|digits|toBeCloseTo|almost", re.IGNORECASE)
_NEGATIVE = re.compile(r"- (?=\d)")
_COARSE = 0.1
_SHARED = 0.5
_BOUND = re.compile(r"\b(?:abs|rel|delta|tolerance|abs_tol|rel_tol) = (\d+(?:\.\d+)?)\b")
_EITHER = re.compile(r"\b(abs|rel|abs_tol|rel_tol) = ([\d.]+(?:[eE][+-]?\d+)?)")
_EXPECTED = re.compile(r"(?:approx|isclose) \((?: [^()]*)? (\d+(?:\.\d+)?)")
_TOLERANCE_WORDS = vocabulary(
    "m f d F M ( ) . = within Within delta abs rel abs_tol rel_tol tolerance epsilon approx pytest places new "
    "offset Offset"
)


def wider(stated: str, one: str) -> str:
    """How much wider the tolerance of an assertion is than that of the one that it took the place of."""
    stated, one = (_NEGATIVE.sub("-", text) for text in (stated, one))
    return _other_kind(stated, one) or _bigger(stated.split(), one.split(), one) or _coarse(stated.split(), one.split())


def _other_kind(stated: str, one: str) -> str:
    """How much wider a tolerance is that became a relative one, or an absolute one."""
    was, now = _EITHER.findall(stated), _EITHER.findall(one)
    expected = _EXPECTED.search(stated)
    if len(was) != 1 or len(now) != 1 or was[0][0] == now[0][0] or expected is None:
        return ""
    sizes = [(kind, number(size)) for kind, size in (*was, *now)]
    width = [
        size * (abs(float(expected[1])) if kind.startswith("rel") else 1) for kind, size in sizes if size is not None
    ]
    return f"{' '.join(was[0])} → {' '.join(now[0])}" if len(width) == len(sizes) and width[1] > width[0] else ""


def _bigger(old: list[str], now: list[str], text: str) -> str:
    """The tolerance is the last number, or follows its keyword."""
    differing = [at for at, (was, is_) in enumerate(zip(old, now, strict=False)) if was != is_]
    if len(now) != len(old) or len(differing) != 1 or re.search(r"\d", "".join(now[differing[0] + 1 :])):
        return ""
    was, is_ = number(old[differing[0]]), number(now[differing[0]])
    if was is None or is_ is None or not TOLERANT.search(text):
        return ""
    digits = _DIGITS.search(text) and not re.search(r"\b(?:delta|abs|rel)\b", text)
    return f"{was:g} → {is_:g}" if ((is_ < was) if digits else (is_ > was)) else ""


def _coarse(old: list[str], now: list[str]) -> str:
    """The same values, compared exactly before and roughly now."""
    extra = list((Counter(now) - Counter(old)).elements())
    gone = [word for word in (Counter(old) - Counter(now)).elements() if re.match(r"\w", word)]
    numbers = [found for word in extra if (found := number(word)) is not None]
    others = [word for word in extra if number(word) is None and word not in _TOLERANCE_WORDS]
    others = [word for word in others if not TOLERANT.search(word)]
    if not numbers or any(TOLERANT.search(word) for word in old):
        return ""
    bound = _BOUND.search(" ".join(now))
    if (
        bound
        and len(without_stop_words(old) & without_stop_words(now))
        >= _SHARED * len(without_stop_words(old) - set(gone))
        > 0
    ):
        return f"exact → {bound[0]}" if float(bound[1]) >= _COARSE else ""
    if len(numbers) != 1 or len(gone) > 1 or len(others) > 1:
        return ""
    named = any(TOLERANT.search(word) or word in {"abs", "rel", "places"} for word in extra)
    compares = re.search(r"[eE]qual", " ".join(old)) and not gone and not others and now[-2:-1] == [f"{numbers[0]:g}"]
    if not named and not compares:
        return ""
    digits = _DIGITS.search(" ".join(extra)) and not re.search(r"\b(?:delta|abs|rel)\b", " ".join(extra))
    wide = numbers[0] < 1 if digits else numbers[0] >= _COARSE
    return f"exact → {' '.join(extra)}" if wide else ""


def number(word: str) -> float | None:
    """A word as a number."""
    try:
        return float(word)
    except ValueError:
        return None


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
