"""Reads what is assigned to telling names, in any language."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from readiness_checks.secrets import ways
from readiness_checks.secrets.fallbacks import literal
from readiness_checks.secrets.headers import judge_credentials
from readiness_checks.secrets.occurrences import Occurrence, occurrences
from readiness_checks.secrets.places import Place, Syntax
from readiness_checks.secrets.randomness import irregular, random, wordlike
from readiness_checks.secrets.values import judge
from readiness_checks.secrets.verdict import Given, Hit, Verdict

KIND = "Secret Keyword"
_SETS = re.compile(
    r"(?:^|[\s(;{@$%])(?:set|setx|env|arg|setenv|set\s-g?x|export|define|#define|defvar|defconst|defparameter|setq"
    r"|setq-default|def|const|by|with|var|let|set\s+-\w+|user\s+\S+|requirepass|masterauth|password)\s+\\?[\"'(@$%]?$",
    re.IGNORECASE,
)
"""What stands before a name that is given the value behind it without a sign between them."""
_CALLED = re.compile(
    r"(?:define|set|put|add|env|getenv|get|fetch|property|setting|config|var|secret|param|option|default|header|register"
    r"|Value)\w*\s{0,4}[(\[]\s{0,4}[A-Za-z_. ,]{0,40}[\"'`]$",
    re.IGNORECASE,
)
_SETTER = re.compile(r"(?:^|[._])(?:set|with)[A-Z_]\w*$")
_READS = re.compile(
    r"(?i)get|read|require|find|load|fetch|env|lookup|input|prompt|header|cookie|param|select|query|encod|decod|hash|hmac|digest|format|printf|split|replace|match|join|proc|\bkey\b"
)
"""Calls whose text is the name of a value that is kept elsewhere."""
_BEGINS = re.compile(
    r"\s*(?:-\s+)?(?:(?:export|set|env|ENV|\?)\s+)?[\"']?(?:[\w.*-]+\s*=\s*)?(?://\S+)?(?:.*[\s,{(;]|[\w./:-]+[:/])?[@$%]?"
)
"""What stands before the first name of a line of settings, or before one behind white space."""
_WHOLE_LINE = re.compile(r"[\w.\s-]{1,60}[:=]\s*\S+\s*")
_COMMENT = re.compile(r"(?<!\s)\s++(?:#|//|;|--\s|<!--|/\*).*$")
_SCHEME = re.compile(r"(?i)^(Bearer|Basic|Token|ApiKey|Api-Key|Digest|SSWS|Key|GenieKey|Bot)[ :]+(?:token=)?")
_BARE_WORD, _NO_WORDS = re.compile(r"[\w+/=-]{12,}"), 0.35
_COMPARISONS = {"==", "===", "!=", "!=="}
_FEW, _SHORT_TEXT, _LONG_WORD = 3, 200, 10
_ANOTHER = re.compile(r"[\w.-]{2,60}\s?[=:]\s?[^=\s]")
_MESSAGE = re.compile(r":?\?")
"""What a shell says when a variable is missing: `${NAME:?message}`."""
_FOR_READERS = re.compile(r"\s*(?:-\s+)?(?:name|title|summary|description|msg|message|help)\s*:")
"""What stands before a text in YAML: `- name: Set password ageing`."""
_ECHOED = re.compile(r"\becho\s+(?:-\w+\s+)?(?P<quote>[\"'])(?:(?!(?P=quote)).)*$")
"""What stands before a word of a text that a script prints."""
_DOWNLOAD = re.compile(r"//firebasestorage\.googleapis\.com/[^\s\"'<>]{1,400}[?&]$")
"""The address of one file, which its token makes public: Firebase calls it the download URL."""
_UNTIL = re.compile(r"[?&]e=(?P<time>\d{10})&(?:amp;)?$")
_SIGNED = re.compile(r"[\w-]{40}:[\w-]{27}=")
"""An address that is signed until a time in seconds, as Qiniu does: https://developer.qiniu.com/kodo/1202/download-token"""
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class _Reading:
    """One way to read what follows a name."""

    value: str
    place: int
    quoted: bool = True
    sure: bool = True


def assignments(text: str, low: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Secrets that are assigned to telling names, with their places in the text.

    Args:
        text: What is searched.
        low: The same in lower case, as long.
        place: Where it stands.
    """
    for found in occurrences(text, low):
        for reading in _readings(found, place):
            hit = _judged(found, reading, place)
            if hit is not None:
                yield reading.place, hit
                break


def _judged(found: Occurrence, reading: _Reading, place: Place) -> Hit | None:
    scheme = _SCHEME.match(reading.value)
    if scheme and " " in reading.value:
        return judge_credentials(scheme[1], reading.value[scheme.end() :], place)
    sure = reading.sure and not (place.packed and found.in_long_line)
    value = literal(reading.value) or _random_word(reading.value)
    given = Given(value, found.name, found.telling, reading.quoted, sure, found.commented)
    verdict = judge(given, place)
    return None if verdict is Verdict.NOTHING else Hit(KIND, given.value, verdict, name=found.name)


def _random_word(value: str) -> str:
    """The one word of two or three that a machine made; otherwise the whole value."""
    words = value.split() if " " in value and len(value) < _SHORT_TEXT else []
    made = [word for word in words if random(word) and irregular(word)]
    few = 1 < len(words) <= _FEW and not any(word[-1:] in {":", "=", ","} for word in words)
    return made[0] if few and len(made) == 1 and len(made[0]) >= _LONG_WORD else value


def _readings(found: Occurrence, place: Place) -> Iterator[_Reading]:
    yield from _assigned(found)
    yield from _in_markup(found, place)
    yield from _paired(found, place)
    yield from _flag(found)
    yield from _spaced(found, place)
    yield from _bare(found, place)


def _assigned(found: Occurrence) -> Iterator[_Reading]:
    """Read a quoted value behind a sign, or given to a call that sets it."""
    match = ways.ASSIGNED.match(found.text, found.end, found.stop)
    if not match:
        match = ways.GIVEN.match(found.text, found.end, found.stop) if _SETTER.search(found.name) else None
        if match:
            yield _Reading(_string(match), match.start())
        return
    before, separator = found.before, match["separator"]
    if separator in {",", "to"} and before[-1:] not in {'"', "'", "`"}:
        return
    if separator == "," and not _CALLED.search(before):
        return  # the next of a list
    wrapped = match["wrapped"]
    if match["quote"] and before[-1:] == match["quote"] and not match["closed"]:
        return  # the quote is the end of the text in which the name stands: `"NAME=" + value`
    if separator == ":" and wrapped and "\n" in found.text[match.end("separator") : match.start("wrapped")]:
        return  # a statement below `if password:`
    sure = separator not in _COMPARISONS and not (wrapped and _READS.search(wrapped))
    yield _Reading(_string(match), match.start(), sure=sure)


def _in_markup(found: Occurrence, place: Place) -> Iterator[_Reading]:
    match = ways.ATTRIBUTE.match(found.text, found.end, found.stop)
    if match:
        yield _Reading(match["value"], match.start("value"))
    match = ways.ELEMENT.match(found.text, found.end, found.stop)
    if match:
        yield _Reading(match["value"], match.start("value"), quoted=place.syntax is Syntax.CODE)


def _paired(found: Occurrence, place: Place) -> Iterator[_Reading]:
    """Read a value that has a name of its own: `name: NAME`, `value: value`."""
    for pattern in (ways.PAIR_IN_LINE, ways.PAIR, ways.DEFAULT):
        match = pattern.match(found.text, found.end, found.stop)
        if match and not (pattern is ways.DEFAULT and _of_another(found, match)):
            bare = match.groupdict().get("bare")
            if bare and place.code and not _no_name(_line_value(bare)):
                continue
            yield _Reading(_line_value(bare) if bare else _string(match), match.end() - 1, quoted=not bare)
    match = ways.BLOCK.match(found.text, found.end, found.stop)
    if match and place.syntax is Syntax.LINES and not _ANOTHER.match(match["value"]):
        yield _Reading(match["value"].strip(), match.start("value"), quoted=False)


def _of_another(found: Occurrence, match: re.Match[str]) -> bool:
    """Whether a line between a name and a default is not indented deeper: the default belongs to another name."""
    line = found.text[found.line_start : found.end]
    depth = len(line) - len(line.lstrip())
    lines = [*match["lines"].split("\n"), match["indent"].rpartition("\n")[2] + "x"]
    return any(text.strip() and len(text) - len(text.lstrip()) <= depth for text in lines)


def _flag(found: Occurrence) -> Iterator[_Reading]:
    """Read the value of an option of a command."""
    match = ways.FLAG.match(found.text, found.end, found.line_end)
    if match and found.before.endswith(("--", "-D")):
        bare = match["bare"]
        yield _Reading(bare.rstrip("\\,.") if bare else match["value"], match.start(), quoted=not bare)


def _spaced(found: Occurrence, place: Place) -> Iterator[_Reading]:
    """Read a value that only white space parts from its name."""
    before = found.before
    sets = _SETS.search(before) is not None
    starts = place.syntax is not Syntax.SHELL and before.strip() in {"", "@"}  # `@token "…"`: an attribute of Elixir
    match = ways.SPACED.match(found.text, found.end, found.line_end)
    starts = starts and match is not None and match["quote"] != "`"  # prose in a comment
    if match and (sets or starts or found.name.isupper() or before.endswith((" :", "{:"))):
        yield _Reading(_string(match), match.start())
    daemon = found.name.lower() in {"requirepass", "masterauth"}
    if place.spaced or daemon or (sets and place.syntax in {Syntax.SHELL, Syntax.LINES}):
        match = ways.BARE_SPACED.match(found.text, found.end, found.line_end)
        reads = (
            match
            and match["value"].isalpha()
            and (_ECHOED.search(before) or _FOR_READERS.match(found.text, found.line_start))
        )
        if match and not reads:
            yield _Reading(match["value"], match.start("value"), quoted=False)


def _bare(found: Occurrence, place: Place) -> Iterator[_Reading]:
    """Read a value without quotes."""
    before = found.before
    if before.endswith("${") and _MESSAGE.match(found.text, found.end):
        return
    match = ways.DEFAULTED.match(found.text, found.end, found.line_end)
    if match and before.endswith("${"):
        yield _Reading(match["value"], match.start("value"))
        return
    inside = any(before.count(quote) % 2 for quote in "\"'`")
    if place.syntax is Syntax.LINES and not inside and before.rstrip()[-1:] != ";" and _BEGINS.fullmatch(before):
        match = ways.BARE.match(found.text, found.end, found.line_end)
        if match:
            yield _Reading(_line_value(match["value"]), match.start("value"), quoted=False)
            yield from _before_command(found, match)
        return
    match = ways.WITHIN.match(found.text, found.end, found.line_end)
    if match:
        yield from _within(found, match, place, inside=inside)


def _before_command(found: Occurrence, match: re.Match[str]) -> Iterator[_Reading]:
    """Read `NAME=value` in front of a command."""
    first = match["value"].split()[0]
    if _UNICODE.search(first):
        return  # a text: who writes letters as numbers writes settings, and no command
    if found.text[found.end : match.start("value")] == "=" and first != match["value"] and irregular(first):
        yield _Reading(first, match.start("value"), quoted=False)


def _within(found: Occurrence, match: re.Match[str], place: Place, *, inside: bool) -> Iterator[_Reading]:
    """Read a value within a text, in a shell, or in a line of prose that is an assignment alone."""
    name, equals = found.name, found.text[found.end : found.end + 1] == "="
    settings = place.syntax is not Syntax.CODE and equals and (name.isupper() or place.syntax is Syntax.SHELL)
    query = equals and found.before[-1:] in {";", "?", "&"}
    line = found.text[found.line_start : found.line_end]
    if query and (_DOWNLOAD.search(line[: found.start - found.line_start]) or _expired(found, match["value"])):
        return
    if (
        inside
        or settings
        or query
        or (_WHOLE_LINE.fullmatch(line) and (place.syntax is not Syntax.CODE or _no_name(match["value"])))
    ):
        value = re.split(r"[)\]]", match["value"])[0].rstrip(".") if place.syntax is Syntax.TEXT else match["value"]
        sure = equals or settings or (inside and "-" in name)
        yield _Reading(unquote(value) if "%" in value[1:] else value, match.start("value"), inside, sure)


def _no_name(value: str) -> bool:
    """Whether a bare word in code is no name of a variable: it stands in a text of several lines."""
    return _BARE_WORD.fullmatch(value) is not None and random(value) and wordlike(value) < _NO_WORDS


def _expired(found: Occurrence, value: str) -> bool:
    """Whether a token signs an address that is no longer valid."""
    until = _UNTIL.search(found.before)
    return until is not None and int(until["time"]) < time.time() and _SIGNED.match(value) is not None


def _string(match: re.Match[str]) -> str:
    """The content of quotes, without escapes."""
    value = match["value"] if match["value"] is not None else match["evalue"]
    if match["quote"] == "`":
        return str(value).strip()
    value = _ESCAPED.sub(lambda escape: chr(int(escape[1] or escape[2], 16)), value)
    return re.sub(r"\\(.)", r"\1", value).strip()


def _line_value(text: str) -> str:
    """The value of a line of settings, without a comment."""
    text = _UNICODE.sub(lambda escape: chr(int(escape[1], 16)), text)
    return _COMMENT.sub("", text).strip().rstrip(",;").strip("\"'")
