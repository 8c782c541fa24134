"""Reads the values of Secrets of Kubernetes, whose keys need not say that they hold a secret."""

import base64
import binascii
import re
from collections.abc import Iterator

from readiness_checks.secrets.assignments import assignments
from readiness_checks.secrets.names import Telling
from readiness_checks.secrets.places import Place
from readiness_checks.secrets.randomness import made_up, random
from readiness_checks.secrets.values import judge
from readiness_checks.secrets.verdict import Given, Hit, Verdict

_KIND = "Kubernetes Secret"
_DECLARED = re.compile(
    r"(?m)^[ \t]{0,20}[\"']?kind[\"']?:[ \t]{0,4}[\"']?Secret[\"']?[ \t]{0,4},?[ \t]{0,4}(?:#.{0,200})?$"
)
_DOCUMENT = re.compile(r"(?m)^---[ \t]*(?:#.{0,200})?$")
_MAP = re.compile(
    r"(?m)^(?P<indent>[ \t]{0,20})[\"']?(?P<kind>data|stringData)[\"']?:[ \t]{0,4}\{?[ \t]{0,4}(?:#.{0,200})?$"
)
_ENTRY = re.compile(
    r"(?P<indent>[ \t]{0,24})[\"']?(?P<key>[\w.-]{1,253})[\"']?:[ \t]{1,8}(?P<quote>[\"']?)"
    r"(?P<value>[^\s\"'#{\[|>&*!][^\s\"']{0,4000})(?P=quote)"
    r"[ \t]{0,8},?[ \t]{0,8}(?:#.{0,200})?"
)
_ABOUT = re.compile(
    r"(?i)(?:user|username|login|email|host|hostname|address|endpoint|server|url|uri|port|name|database|db|region|type|ca"
    r"|cert|crt|pub)$"
)
"""Last words of keys that hold what only stands beside a secret."""
_SHORTEST = 8
_KEY_LENGTH = 16, 96
"""Bytes of a key that is no text."""
_LINES = 400
"""Lines of a map that are read."""


def of_kubernetes(text: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Values of `data` and `stringData` in Secrets that look random, with their places."""
    if "stringData" not in text and "data" not in text:
        return
    begin = 0
    for end in [*(match.start() for match in _DOCUMENT.finditer(text)), len(text)]:
        if _DECLARED.search(text, begin, end):
            for match in _MAP.finditer(text, begin, end):
                yield from _entries(text, match, end, place)
        begin = end


def _entries(text: str, head: re.Match[str], end: int, place: Place) -> Iterator[tuple[int, Hit]]:
    at = head.end() + 1
    for _ in range(_LINES):
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        if line.strip() and len(line) - len(line.lstrip()) <= len(head["indent"]):
            return
        match = _ENTRY.fullmatch(line)
        hit = _judged(match["key"], match["value"], place, encoded=head["kind"] == "data") if match else None
        if match and hit:
            yield at + match.start("value"), hit
        at = stop + 1
        if at >= end:
            return


def _judged(key: str, written: str, place: Place, *, encoded: bool) -> Hit | None:
    value = _decoded(written) if encoded else written
    if value is None:  # bytes of a key
        return None if _ABOUT.search(key) else Hit(_KIND, written, Verdict.SECRET)
    if re.search(r"[\n\"=]", value.rstrip("=")):
        low = value.lower()
        hits = [hit.verdict for _, hit in assignments(value, low, place)] if len(low) == len(value) else []
        return Hit(_KIND, written, min(hits, key=lambda verdict: verdict.value)) if hits else None
    if len(value) < _SHORTEST or made_up(value) or not random(value) or _ABOUT.search(key):
        return None
    verdict = judge(Given(value, key, Telling.PASSWORD), place)
    return None if verdict is Verdict.NOTHING else Hit(_KIND, written, verdict)


def _decoded(value: str) -> str | None:
    """What stands in base64: a text; None for bytes of a key; empty for other files and for what is no base64."""
    try:
        data = base64.b64decode(value, validate=True)
        return data.decode("utf-8").strip()
    except binascii.Error:
        return ""
    except UnicodeDecodeError:
        return None if _KEY_LENGTH[0] <= len(data) <= _KEY_LENGTH[1] else ""
