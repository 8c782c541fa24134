"""Makes text from outside harmless to look at: nothing invisible, no reordering, nothing that a terminal obeys."""

import re
from urllib.parse import urlsplit

# Whole terminal sequences (ECMA-48: CSI, OSC and other string sequences); one that is cut short falls to the next rule.
_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-Z\\`-~]"
)
# Characters that nobody sees or that change how their neighbours are shown. The ranges are written out, because what
# `unicodedata` knows differs between versions of Python, and the same report has to render the same everywhere.
INVISIBLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, without tab and line feed
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, separators of lines, bidirectional controls
    "\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Body of a character class of a regular expression."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_PLAIN_URL = re.compile(r"[!-~]+")


def block(text: str) -> str:
    """Keep lines and tabs; remove terminal sequences; show every invisible character as `[U+202E]`."""
    if text.isascii() and text.isprintable():
        return text
    text = _TERMINAL.sub("", text).replace("\r\n", "\n")
    text = _SURROGATE.sub("\ufffd", text)
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def line(text: str) -> str:
    """The same on one line: every run of white space becomes one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    # A separator of lines is white space to `\s`, so it becomes a space before it could be shown as invisible.
    spaced = _SPACE.sub(" ", _TERMINAL.sub("", text))
    return block(spaced).strip()


def short(text: str, most: int) -> str:
    """`line`, cut to `most` characters; a cut is marked with `…`."""
    text = line(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


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
