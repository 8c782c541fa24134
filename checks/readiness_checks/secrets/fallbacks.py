"""Finds what is written within and beside references: what `${NAME:-value}` falls back to when nothing is set."""

import re

from readiness_checks.secrets.randomness import irregular, random, random_inside

_OPENS = ("${", "$(", "{{", "<%", "#{", "%{")
_CLOSED = re.compile(r"\$\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{\{[^{}]*\}\}|<%[^%]*%>|[#%]\{[^{}]*\}|\$\([^()]*\)")
_FALLBACK = re.compile(
    r"\$\{[A-Za-z_][\w.]{0,80}:?[-=+?](?P<bare>[^\s}\"'`${]{8,200})\}"
    r"|(?:\bdefault\s{0,4}\(?|\|\||\?\?|\bor\b|,)\s{0,4}(?P<quote>[\"'`])(?P<quoted>[^\s\"'`]{8,200})(?P=quote)"
)
"""Shells (POSIX.1-2024, XCU 2.6.2) and Compose; `default` of Jinja and Helm; `||` of GitHub Actions."""
_LONGEST = 1000


def literal(value: str) -> str:
    """What looks random in a value that begins with a reference; empty when nothing does."""
    if not value.startswith(_OPENS) or len(value) > _LONGEST:
        return ""
    for found in _FALLBACK.finditer(value):
        said = found["bare"] or found["quoted"]
        if random(said) and irregular(said):
            return said
    beside = _CLOSED.sub(" ", value).split()
    return next((word for word in beside if beside != [value] and random_inside(word) and irregular(word)), "")
