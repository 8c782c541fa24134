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
        if (block.level or alone) and aim in _forms(block.text):
            best = best or block
            if _has_body(islice(text.blocks, index + 1, None), block.level, text):
                return block, True
    return best, False


def _has_body(following: Iterable[Block], level: int, text: Text) -> bool:
    """Whether any text comes before the next heading of the same or a higher level."""
    for block in following:
        if block.level and (block.level <= level or (text.kind == "plain" and not level)):
            return False
        if not block.level and re.search(r"\w", block.text):
            return True
    return False


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
