"""Makes text from outside safe to show in a report, and decides which addresses become links."""

import re
from urllib.parse import urlsplit

from readiness.text import one_line, safe_lines, storable, without_terminal_sequences

_PLAIN_URL = re.compile(r"[!-~]+")


def block(text: str) -> str:
    r"""Keep lines and tabs; remove terminal sequences; spell out what nobody sees as `\u202e`."""
    return safe_lines(without_terminal_sequences(storable(text)))


def line(text: str) -> str:
    """The same on one line: every run of white space becomes one space."""
    return one_line(without_terminal_sequences(storable(text)))


def short(text: str, most: int) -> str:
    """`line`, cut to `most` characters; a cut is marked with `…`."""
    return one_line(without_terminal_sequences(storable(text)), limit=most)


def tail(text: str, most: int) -> str:
    """`block`, its last `most` characters; a cut is marked with `…` on its own line. The end of a log tells why."""
    text = block(text).strip("\n")
    return text if len(text) <= most else "…\n" + text[-most:]


def web_address(url: str) -> str:
    """Give back a URL that a reader may follow: http or https, plain ASCII, no credentials; otherwise nothing."""
    if not _PLAIN_URL.fullmatch(url):
        return ""
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            return ""
    except ValueError:
        return ""
    return url
