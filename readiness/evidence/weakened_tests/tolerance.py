"""Finds an assertion that compares less closely than it did."""

import re
from collections import Counter

from readiness.evidence.weakened_tests.outline import vocabulary
from readiness.evidence.weakened_tests.stop_words import without_stop_words

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
