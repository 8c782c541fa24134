"""Finds required sections in a document, however their headings are numbered, decorated or garbled."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

from readiness_checks.document.text import Block, Text

_NUMBERING = re.compile(
    r"^(?:(?:section|article|part|chapter|appendix|§+)\s*)?(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])[.):]?(?:\s+|$)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|[*`~]+|\{#[^}]*\}|<[^>]*>|(?<!\w)_+|_+(?!\w)")
_GARBLED = re.compile("ð[\x80-\xbf\u0178ŸžšœŒŽŠ˜™›‘’“”•–—]|[ÃÂ][\x80-\xbf]|â€|ï¸|\ufffd")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W_]+)*")
_SIGNS_AT_END = re.compile(r"(?<!\W)\W++\Z")
_LONGEST_LINE = 100
_LONGEST_HEADING = 500


def find(text: Text, wanted: str) -> tuple[Block | None, bool]:
    """The heading of a section, and whether there is text below it.

    In a plain document a line of its own that says just this counts as a heading, too.
    """
    best: Block | None = None
    aim = _normal(wanted)
    for index, block in enumerate(text.blocks):
        alone = text.kind == "plain" and 0 < len(block.text) <= _LONGEST_LINE
        if _runs_in(block) and aim in _forms(block.lead):
            return block, True
        if (block.level or block.bold or alone) and aim in _forms(block.text):
            best = best or block
            if _has_body(islice(text.blocks, index + 1, None), block.level):
                return block, True
    return best, False


def _has_body(following: Iterable[Block], level: int) -> bool:
    """Whether any text comes before the next heading of the same or a higher level.

    Below a heading a line in bold type is text; below another line in bold type it is the next heading.
    """
    for block in following:
        if block.bold and not level:
            return False
        if block.level and (not level or block.level <= level):
            return False
        if not block.level and re.search(r"\w", block.text):
            return True
    return False


def _runs_in(block: Block) -> bool:
    """Whether a paragraph begins with its heading: bold words that a point or colon ends, with text behind them."""
    rest = block.text[len(block.lead) :]
    end = _SIGNS_AT_END.search(block.lead)
    ends = (end and {".", ":"} & set(end[0])) or re.match(r"\s*[.:–—-]", rest)
    return bool(block.lead) and not block.bold and bool(ends)


def words(text: Text) -> int:
    """Words outside of headings; where no spaces are written, as in Chinese and Japanese, each character is one.

    A line in bold type is a heading only where the format has no other.
    """
    formal = any(block.level for block in text.blocks)
    visible = "\n".join(block.text for block in text.blocks if not block.level and (formal or not block.bold))
    return len(_WORD.findall(visible))


def _forms(heading: str) -> set[str]:
    """All that a heading may be called: as it is, without its number, mended, and without what is garbled.

    A line that is longer than any heading is called nothing: the patterns would look at all of it from each place.
    """
    if len(heading) > _LONGEST_HEADING:
        return set()
    forms = set()
    for form in (heading, mended(heading), re.sub(r"\S*[^\x00-\x7f]\S*", " ", heading)):
        forms.add(_normal(form))
        forms.add(_normal(_NUMBERING.sub("", _plain(form))))
    return forms - {""}


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda match: match[1] or "", text).strip()


def _normal(text: str) -> str:
    """Without markup, emoji, punctuation around it, case and extra white space."""
    plain = unicodedata.normalize("NFKC", _plain(text)).casefold()
    return " ".join(re.sub(r"^\W+|\W+$", "", plain).split())


def garbled(line: str) -> bool:
    """Whether a line was decoded wrongly somewhere on its way (`â€™` for `’`)."""
    return _GARBLED.search(line) is not None


def mended(line: str) -> str:
    """A line whose UTF-8 was taken for Windows-1252, put right as far as possible."""
    data = bytearray()
    for character in line:
        if ord(character) < 0x100:  # noqa: PLR2004  # the range of one byte
            data.append(ord(character))
        else:
            try:
                data += character.encode("cp1252")
            except UnicodeEncodeError:
                return line
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return line
