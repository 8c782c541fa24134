"""Recognises values that were meant to be replaced: `changethis`, `your-key`, `GA-XXXXXXXXX`, `user:password@host`."""

import re

_SIGNS: tuple[tuple[str, str], ...] = (
    (r"change[-_ ]?(this|me|it)", "it asks to be changed"),
    (r"replace[-_ ]?(this|me|it|with)", "it asks to be replaced"),
    (r"(?<![a-z])(insert|put|add|enter|paste)[-_ ](your|the|here|a|key|secret|token)", "it asks for a value"),
    (r"(?<![a-z])your[-_ ]+[a-z]", "it says `your …`"),
    (
        r"(?<![a-z])your(domain|company|app|name|password|secret|key|token|site|project|api|org|host|server)",
        "it says `your…`",
    ),
    (r"(?<![a-z])my[-_ ]?(super[-_ ]?)?(secret|password|api[-_ ]?key|token)(?![a-z])", "it says `my …`"),
    (r"(goes|is)?[-_ ]here$", "it says `… here`"),
    (r"(?<![a-z0-9])x{3,}(?![a-z0-9])|x{5,}", "it has a run of x"),
    (r"^(ua|ga?)-0{4,}", "it is an id of zeros"),
    (r"^<[^<>]*>$|^\[[a-z][^\[\]]*\]$|^\{\{.*\}\}$|^%[a-z_]+%$|^\{[a-z_ -]+\}$", "it is a blank of a template"),
    (r"://<[^<>]*>|://[^/\s]*[<>{}]", "its address has a blank of a template"),
    (r"://user(name)?:pass(word|wd)?@", "it says `user:password`"),
    (r"@(host|hostname|server)(:|/|$)|:(port)(/|$)", "it says `host` or `port`"),
    (r"super[-_ ]?secret", "it says `super secret`"),
    (r"placeholder", "it says `placeholder`"),
    (r"(?<![a-z])example[-_ ]?(public|secret|private|api)?[-_ ]?(key|token|secret|password)", "it says `example`"),
    (r"[A-Z0-9]EXAMPLE(KEY)?$", "it ends in EXAMPLE"),
    (
        r"(^|[@./])example\.(com|net|org)(?![a-z0-9-]|\.[a-z])|\.(example|invalid)(?=[:/]|$)",
        "its domain is reserved for examples (RFC 2606)",
    ),
    (r"^(todo|tbd|tba|fixme|undefined|n/a|\.{3,}|…|\?+|\*{3,})$", "it stands for a missing value"),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _SIGNS)
_LONGEST = 4096


def placeholder(value: str) -> str:
    """Say why a value is a placeholder; empty when it does not look like one."""
    text = value.strip()[:_LONGEST]
    return next((reason for pattern, reason in _COMPILED if pattern.search(text)), "")
