"""Reads health answers that are no JSON: a word, lines with a word for each check, a page of one colour.

Lines: `[+]etcd ok` of Kubernetes and etcd with `?verbose` (kubernetes.io, "Kubernetes API health endpoints"), and
`database: PASSED …` of OkComputer. Colour: the page of Rails' `/up` (rails/health_controller).
"""

import re
from collections.abc import Iterator

from readiness_checks.health.document import Document, Part
from readiness_checks.health.words import BAD, KNOWN, standing

_LINE = re.compile(r"^\[(?P<sign>[+-])\](?P<name>\S+) (?P<said>.+)$")
_CHECK = re.compile(r"^(?P<name>[^:\n]{1,80}): (?P<word>[A-Z]{2,12}) ")
_END = re.compile(r"^(?:[\w-]+ check (?P<word>passed|failed)|ok)$")
_COLOUR = re.compile(r"<body[^>]*background-color: ?(?P<word>green|red)\b", re.IGNORECASE)


def read(text: str) -> Document | None:
    """Read an answer; None where it is none of these."""
    plain = text.strip().strip('"').rstrip(".!")
    if plain == "false":
        return Document("fail")
    if standing(plain) in KNOWN:
        return Document(standing(plain))
    if colour := _COLOUR.search(text):
        return Document(colour["word"])
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    ends = [match["word"] or "ok" for line in lines if (match := _END.match(line))]
    parts = tuple(_parts(lines))
    headings = sum(line.endswith(":") for line in lines)
    if not lines or len(parts) + len(ends) + headings < len(lines) or headings == len(lines):
        return None
    if ends:
        return Document(ends[-1], parts)
    return Document("fail" if any(standing(part.status) in BAD for part in parts) else "ok", parts)


def _parts(lines: list[str]) -> Iterator[Part]:
    for line in lines:
        if match := _LINE.match(line):
            well = match["sign"] == "+"
            yield Part(match["name"], "ok" if well else "failed", output="" if well else match["said"])
        elif (match := _CHECK.match(line)) and standing(match["word"]) in KNOWN:
            yield Part(match["name"], match["word"], output=line[match.end() :])
