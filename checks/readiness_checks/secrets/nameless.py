"""Finds values that look random and are given to a name that tells nothing."""

import re
from collections.abc import Iterator

from readiness_checks.secrets.encoded import encodes_text
from readiness_checks.secrets.places import Place, Syntax
from readiness_checks.secrets.randomness import random
from readiness_checks.secrets.verdict import Hit, Verdict

_VALUE = re.compile(r"(?=[^\n]*[A-Z])(?=[^\n]*[a-z])(?=[^\n]*[0-9])[A-Za-z0-9+/_-]{32,88}={0,2}")
_COORDINATE = re.compile(r"[\"'](?:x|y|n|x5t|kid)[\"']\s{0,8}:\s{0,8}$")
"""The public parts of a key as JSON (RFC 7517, RFC 7518)."""
_PRIVATE = re.compile(r"[\"']d[\"']\s{0,8}:\s{0,8}$")
"""The private part of one, beside its `kty`."""
_ASSIGNED = re.compile(r"(?:^|[\s{,(])[\"']?[A-Za-z_][\w.-]{0,60}[\"']?\s{0,8}(?::=|=>|=|:)\s{0,8}$")
_DIGEST = re.compile(
    r"(?i)sha-?\d|md5|digest|checksum|integrity|fingerprint|etag|blake|hash|commit|revision|nonce|signature|sig\b|cert|public|pub_?key|pem|x5c|thumb|alphabet|chars|charset|base\d\d|uuid|guid|\bid\b|_id|Id\b|url|font|image|path|cursor|sitekey|site_key|client_id|measurement|encrypted|csrf|mint\b|program|address|challenge|verif|proof|polic|state\b|code\b"
)


def nameless(text: str, words: str, place: Place) -> Iterator[tuple[int, Hit]]:
    """Random values in quotes, assigned to any name, with their places."""
    if place.digests or place.aside or place.syntax is Syntax.TEXT:
        return
    for word in words.split("\n"):
        core = word.strip("=:,.;$@%&?~")
        core += "=" * (word.count("=") if word.endswith("=") else 0)
        if not _VALUE.fullmatch(core) or core[:1] == "/" or core[:2] == "0x" or not random(core) or encodes_text(core):
            continue
        for quote in "\"'":
            at = text.find(f"{quote}{core}{quote}")
            if at >= 0:
                begin = max(text.rfind("\n", 0, at) + 1, at - 120)
                before = text[begin:at]
                if (
                    _ASSIGNED.search(before)
                    and before.lstrip()[:1] != "*"
                    and not _COORDINATE.search(before)
                    and not _DIGEST.search(before)
                ):
                    private = _PRIVATE.search(before) is not None and '"kty"' in text
                    yield at, Hit("Random Value", core, Verdict.SECRET if private else Verdict.ASIDE)
                break
