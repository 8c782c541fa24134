r"""Text for people: safe to show, on one line, counted, and the word that was probably meant.

What a reader cannot see is spelt out as `\u202e`. The ranges are written out, because what `unicodedata` knows differs
between versions of Python, and the same text has to be judged and shown the same everywhere. They hold
Default_Ignorable_Code_Point (Unicode Standard Annex #44), control, private and surrogate characters, noncharacters,
what reorders its neighbours (CVE-2021-42574), and letters that are drawn as blanks.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError

_NONCHARACTERS = "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0x10000, 0x100000, 0x10000))
UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidirectional controls
    "\u2800\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001345f\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    f"\U000e0000-\U000e0fff\U000f0000-\U0010ffff{_NONCHARACTERS}"
)
"""Characters that show nothing or change how others are shown: the body of a character class."""
# Where such a character is part of ordinary writing. Persian and Indic words need joiners, Khmer and Thai mark the
# ends of words, Japanese names and emoji choose a shape, and Braille has a blank.
_JOINING = (
    "\u0600-\u061b\u061d-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\u1a20-\u1c4f\ua800-\uabff"
    "\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
)
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff\u1950-\u19df\u1a20-\u1aaf"
_HAN = "\u3001\u3002\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01\uff0c\uff0e\uff1a\uff1b\uff1f\U00020000-\U0002fffd"
_HAN += "\U00030000-\U0003fffd"
_SYMBOL = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2a00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001fbff"
)
_ORDINARY = "|".join((
    f"(?<=[{_JOINING}])[\u200c\u200d]",
    f"(?<![{UNSEEN}])[\u200c\u200d](?=[{_JOINING}])",  # a Persian ending after `PDF`, a bracket or a digit
    f"(?:(?<=[{_SYMBOL}])|(?<=[{_SYMBOL}]\ufe0f))\u200d(?=[{_SYMBOL}])",
    f"(?<=[{_SPACELESS}])\u200b(?=[{_SPACELESS}])",
    f"(?<=[{_SYMBOL}])[\ufe00\ufe0e\ufe0f]",
    "(?<=[#*0-9])\ufe0f(?=\u20e3)",
    f"(?<=[{_HAN}])[\ufe00-\ufe02\U000e0100-\U000e01ef]",
    "(?<=[\u1000-\u109f\ua840-\ua877\uaa60-\uaa7f])\ufe00",
    "(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]",
    "(?<=[\u2801-\u28ff])\u2800(?=[\u2801-\u28ff])",
))  # fmt: skip
_FLAGS = "|".join(  # of England, Scotland and Wales: Unicode Technical Standard #51, annex C
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_OUT_OF_PLACE = re.compile(f"{_FLAGS}|((?!{_ORDINARY})[{UNSEEN}])")
_OUT_OF_PLACE_IN_LINES = re.compile(f"{_FLAGS}|((?!{_ORDINARY}|[\t\n])[{UNSEEN}])")
_NOTHING = re.compile(rf"[\s{UNSEEN}]*")
_IDLE = r"\s\u200b-\u200d\u2800\ufe00-\ufe0f\U000e0020-\U000e01ef"
_TRAILING = re.compile(rf"(?<![{_IDLE}])[{_IDLE}]++$")
"""What means nothing at an end: white space, what is ordinary only before another character, parts of a flag."""
_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"  # none inside another
    r"|\x1b[ -/]*[0-Z\\`-~]"
)
_LONE = re.compile("[\ud800-\udfff]")
_BYTE = 0xDC00
"""What PEP 383 adds to a byte that is no UTF-8."""
_SHORT = 200
_SPELLED = 20
_LONGEST_MESSAGE = 1_000
_LONGEST_WORD = 100
_MOST_WORDS = 200_000


def unseen(text: str) -> str:
    """The first character that a reader cannot see, or that changes how others are shown; empty when there is none.

    A joiner in a Persian word, the variation selector after an emoji and the like are part of what is seen.
    """
    found = _first_unseen(text)
    return found[1] if found else ""


def unseen_place(text: str) -> str:
    r"""Name the character that `unseen` finds, and where: `\u202e at place 3 of 9`; empty when there is none."""
    found = _first_unseen(text)
    return f"{spelled(found[1])} at place {found.start() + 1} of {len(text)}" if found else ""


def _first_unseen(text: str) -> re.Match[str] | None:
    if text.isascii() and text.isprintable():
        return None
    return next((match for match in _OUT_OF_PLACE.finditer(text) if match[1]), None)


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing at all: only white space and characters that show nothing."""
    return _NOTHING.fullmatch(text) is not None


def blank_note(text: str) -> str:
    r"""Say what a text that `is_blank` holds, for the end of a message: ` (\u3164 shows nothing)`; empty for none."""
    text = text.strip(" ")
    return f" ({spelled(text[:_SPELLED])} shows nothing)" if text else ""


def spelled(character: str) -> str:
    r"""A character as an escape: `\u202e`, `\x1b`, `\n`."""
    return character.encode("unicode_escape", "surrogatepass").decode()


def storable(text: str) -> str:
    r"""Spell out what UTF-8 cannot hold, so that the text can leave the process.

    A byte of a name or a variable that is no UTF-8 (PEP 383) becomes `\xe9`, half of a surrogate pair `\ud83d`.
    """
    return text if text.isascii() else _LONE.sub(_spelled_byte, text)


def storable_data(value: Any) -> Any:
    """Make every text in plain data storable, in mappings and lists of any depth."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {storable_data(key): storable_data(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        inner = map(storable_data, value)
        return list(inner) if isinstance(value, list) else tuple(inner)
    return value


def _spelled_byte(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code - _BYTE:02x}" if _BYTE + 0x80 <= code <= _BYTE + 0xFF else f"\\u{code:04x}"


def safe(text: str, *, limit: int = 0) -> str:
    r"""Spell out every character that a reader cannot see or that a terminal would obey, line ends included.

    Args:
        text: Text from outside.
        limit: Longest result in characters, the `…` of a cut included; 0 for any.
    """
    return _spelled_out(_OUT_OF_PLACE, text, limit)


def safe_lines(text: str, *, limit: int = 0) -> str:
    """Make text of many lines safe: as `safe`, but tabs and line ends stay, these as line feeds."""
    return _spelled_out(_OUT_OF_PLACE_IN_LINES, text.replace("\r\n", "\n"), limit)


def one_line(text: str, *, limit: int = 0) -> str:
    """Make text safe on one line: every run of white space becomes one space.

    Args:
        text: Text from outside.
        limit: Longest result in characters, the `…` of a cut included; 0 for any.
    """
    return safe(" ".join(text.split()), limit=limit)


def short(text: str) -> str:
    """Make text from outside safe, and fit for a sentence."""
    return safe(text, limit=_SHORT)


def told(text: str) -> str:
    """Make what somebody wrote safe, and fit for a sentence: its lines become one."""
    return one_line(text, limit=_SHORT)


def indented(text: str, width: int) -> str:
    """Make text of many lines safe, each further line so far to the right that none can pass for a row of its own."""
    return safe_lines(text).replace("\n", "\n" + " " * width)


def without_terminal_sequences(text: str) -> str:
    """Remove colours, movements of the cursor, titles and links (ECMA-48); an unfinished sequence stays."""
    return _TERMINAL.sub("", text)


def count(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: `1 file`, `2 files`, `1,204 entries`.

    Args:
        number: How many.
        noun: In the singular.
        plural: Where it is not the singular and an `s`.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def nearest(word: str, words: Collection[str]) -> str:
    """Find the word that was most likely meant.

    Returns:
        One of the words; empty when none is near, when there are too many to compare, and for numbers, where being near
        means nothing.
    """
    if len(word) > _LONGEST_WORD or len(words) > _MOST_WORDS or not any(map(str.isalpha, word)):
        return ""
    import difflib

    folded: dict[str, str] = {}
    for candidate in words:
        folded.setdefault(candidate.casefold(), candidate)
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    return folded[near[0]] if near else ""


def did_you_mean(word: str, words: Collection[str]) -> str:
    """Ask for the nearest word: "did you mean `severity`?"; empty when none is near."""
    near = nearest(word, words)
    return f"did you mean `{short(near)}`?" if near else ""


def mistakes(error: "ValidationError", most: int) -> list[str]:
    """Say what is wrong with a value that a model refused: `predicate.item: Field required`.

    Args:
        error: What pydantic raised.
        most: How many are told.
    """
    found = error.errors(include_url=False, include_input=False)[:most]
    places = [short(".".join(map(str, one["loc"]))) for one in found]
    messages = [safe(one["msg"].removeprefix("Value error, "), limit=_LONGEST_MESSAGE) for one in found]
    return [f"{place}: {message}" if place else message for place, message in zip(places, messages, strict=True)]


def first_mistake(error: "ValidationError") -> str:
    """Say the first thing that is wrong with a value that a model refused."""
    return mistakes(error, 1)[0]


def cells(text: str) -> int:
    """Columns of a terminal that a text takes (Unicode Standard Annex #11)."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _spelled_out(pattern: re.Pattern[str], text: str, limit: int) -> str:
    more = 0 < limit < len(text)
    if more:
        text = text[:limit]
    if not (text.isascii() and text.isprintable()):
        text = pattern.sub(lambda match: spelled(match[1]) if match[1] else match[0], text)
    if not more and not 0 < limit < len(text):
        return text
    return _TRAILING.sub("", text[: limit - 1]) + "…"
