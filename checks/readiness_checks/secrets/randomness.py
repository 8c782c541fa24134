"""Tells values that a machine made from words, names and rows of the keyboard."""

import re
from functools import cache, lru_cache
from itertools import pairwise

_COMMON = {
    "a": "bcdgiklmnprstuvy", "b": "aeilorsu", "c": "acehiklortu", "d": "adeilorsu", "e": "abcdefgilmnpqrstvwxy",
    "f": "aefiloru", "g": "aehinorsu", "h": "aeiortu", "i": "abcdefglmnoprstvxz", "j": "ae", "k": "aeios",
    "l": "adeilostuy", "m": "aeimopuy", "n": "acdefgiknostuv", "o": "abcdfgklmnoprstuvw", "p": "aeiloprstuy",
    "q": "u", "r": "acdegiklmnorstuvy", "s": "acehikopstuy", "t": "acehilorstuy", "u": "abcegilmnprst", "v": "aei",
    "w": "aeio", "x": "cpt", "y": "nps", "z": "e",
}  # fmt: skip
"""The letters that follow a letter in nine of ten places of English words and names in code."""
_PAIRS = frozenset(first + second for first, seconds in _COMMON.items() for second in seconds)
_WORDLIKE = 0.5
"""Share of such pairs from which on a value is made of words; random letters and digits have a quarter."""
_SHORTEST, _RUN, _LONG = 8, 12, 16
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "0123456789abcdef" * 2,
    "zyxwvutsrqponmlkjihgfedcba", "98765432109876543210",
)  # fmt: skip
_ALPHABET = 32
"""Characters, none of them twice, that only the alphabet of an encoder has."""
_ROW = 5
"""Characters in a row of the alphabet or the keyboard that nobody gets by chance."""
_SHORT_ROW, _ROWED = 3, 12
"""Characters of shorter rows, of which a longer value consists as a whole: `asdfqwer1234`."""
_BETWEEN = re.compile(r"[-_.:/ ]+")
_NAME_PART = re.compile(r"[a-z]{4,}|[A-Z]{4,}")
_SHORT_PART = re.compile(r"\d{8}T\d{4,6}|(?:[a-z]+|[A-Z]+|[A-Za-z][a-z]{1,2})\d{0,3}|\d[a-z]{1,2}")
_SENTENCE = 5
"""Words from which on some may begin with a large letter: `Property_0_is_private_in_type_1`."""
_DISGUISES = str.maketrans("013457@$", "oieastas")
_STRETCH = re.compile(r"(.)\1{4,}")
_REPEATED = re.compile(r"(.{1,16}?)\1{3,}.{0,15}", re.DOTALL)
_DOUBLED = re.compile(r"(.{6,64}?)\1+", re.DOTALL)


@lru_cache(maxsize=8192)
def random(value: str) -> bool:
    """Whether a value looks as if a machine or a careful person made it."""
    if len(value) < _SHORTEST or made_up(value) or slug(value):
        return False
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() and char.isascii() for char in value)
    upper = sum("A" <= char <= "Z" for char in value)
    if letters < 3 or (not digits and not (len(value) >= _LONG and 3 <= upper <= letters - 3)):  # noqa: PLR2004 - see `short`
        return False
    if len(value) < _LONG and digits < 2 and not 2 <= upper <= letters - 2:  # noqa: PLR2004 - a version, a number
        return False
    return wordlike(value) < _WORDLIKE


def wordlike(value: str) -> float:
    """Share of the neighbours that are usual in words; small letters before large ones are not."""
    small = value.upper() != value
    usual = sum(
        (first + second).lower() in _PAIRS and not (second.isupper() and small) for first, second in pairwise(value)
    )
    return usual / max(len(value) - 1, 1)


def slug(value: str) -> bool:
    """Whether a value is put together of words and numbers, as names are: `0013_auto_20221214`, `a-name-2`."""
    parts = [part for part in _BETWEEN.split(value) if part]
    if len(parts) > _SENTENCE:
        parts = [part.lower() if part.istitle() else part for part in parts]
    if len(parts) >= _SENTENCE - 1 and len({part.rstrip("0123456789") for part in parts}) == 1:
        return True  # `Th01_Th02_Th03_Th04`
    words = [part for part in parts if _NAME_PART.fullmatch(part)]
    if len(parts) < 2 or not words or not all(part.isdecimal() or _SHORT_PART.fullmatch(part) for part in parts):  # noqa: PLR2004 - a sign stands between two
        return False
    return all(wordlike(word) >= _WORDLIKE for word in words)


def worded(value: str) -> bool:
    """Whether digits and signs stand for letters in a value of words and numbers: `P4ssw0rd2024!`."""
    return wordlike(re.sub(r"\d{2,}|(?<![!#.])[!#.]++$", "", value).translate(_DISGUISES).lower()) >= _WORDLIKE


def undisguised(value: str) -> str:
    """The words of a value in which digits and signs stand for letters: `-->Pa$$wordH3r3!` says `Password_Here`."""
    words = re.sub(r"^\W+|\W+$", "", value).translate(_DISGUISES)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words)


def row(value: str) -> bool:
    """Whether a value is a row of the alphabet, the digits or the keyboard, or of one character."""
    return len(value) >= _SHORTEST and _in_rows(value.lower()) == len(value)


def random_inside(value: str) -> bool:
    """Whether the longest run of letters and digits looks random, for values of which nothing else says anything."""
    longest = max(re.split(r"[^A-Za-z0-9+/_-]", value), key=len)
    return len(longest) >= _RUN and random(longest) and max(map(len, re.split(r"[_/+-]", longest))) >= _SHORTEST


def irregular(value: str) -> bool:
    """Whether digits stand among letters as in no name, however short the value is."""
    return re.search(r"\d", value) is not None and wordlike(value) < _WORDLIKE


@lru_cache(maxsize=8192)
def made_up(value: str) -> bool:
    """Whether a value is a row, a repetition, or all of few characters, as people type samples."""
    plain = value.lower()
    core = re.sub(r"[^a-z0-9]", "", plain)
    if len(value) >= _ALPHABET and len(set(value)) == len(value):
        return True
    if len(core) < 4 or len(set(core)) < min(6, len(core) // 2):  # noqa: PLR2004 - fewer say nothing
        return True
    letters, digits = re.sub("[0-9]", "", core), re.sub("[^0-9]", "", core)
    if (
        min(len(letters), len(digits)) >= _SHORTEST
        and _in_rows(letters) == len(letters) == len(set(letters))  # eight different ones are more than hex has
        and _in_rows(digits) * 2 >= len(digits)
    ):
        return True  # `1a23bc45def6g7h89`
    if _REPEATED.fullmatch(core) or _DOUBLED.fullmatch(core):
        return True
    return _in_rows(core) * 2 >= len(core) or (len(core) >= _ROWED and _in_rows(core, _SHORT_ROW) == len(core))


def _in_rows(core: str, least: int = _ROW) -> int:
    """How many characters stand in rows and stretches."""
    covered, start, begins = 0, 0, _begins(least)
    while start < len(core):
        length = 0
        if core[start : start + least] in begins:
            length = max(_along(core, start, row, least) for row in _ROWS)
        if core[start] == core[start + 1 : start + 2]:
            stretch = _STRETCH.match(core, start)
            length = max(length, len(stretch[0]) if stretch else 0)
        if length >= least:
            covered += length
            start += length
        else:
            start += 1
    return covered


@cache
def _begins(least: int) -> frozenset[str]:
    """All pieces of the rows of so many characters."""
    return frozenset(row[at : at + least] for row in _ROWS for at in range(len(row) - least + 1))


def _along(core: str, start: int, row: str, least: int) -> int:
    place = row.find(core[start : start + least])
    if place < 0 or len(core) < start + least:
        return 0
    length = least
    while start + length < len(core) and place + length < len(row) and core[start + length] == row[place + length]:
        length += 1
    return length
