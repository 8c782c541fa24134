"""Says who signed: the reviewed name and title, always with the principal, and the name that the signer gives."""


def printed(principal: str, *, name: str = "", title: str = "", says: str = "") -> str:
    """Who signed, in words: `Jo Counsel, General Counsel (counsel@example.com)`.

    A name that nobody reviewed is marked as the signer's own: `counsel@example.com (says "Jo")`.

    Args:
        principal: As in `.readiness/allowed_signers`; empty when it is not known.
        name: The reviewed name, from `people` of the checklist; may be empty.
        title: The reviewed title; may be empty.
        says: The name in the signed record; may be empty.
    """
    reviewed = ", ".join(filter(None, (name, title))) if name else ""
    own = own_words(name, says)
    if not reviewed:
        return " ".join(filter(None, (principal or "principal not known", own and f"({own})")))
    return f"{reviewed} ({'; '.join(filter(None, (principal or 'principal not known', own)))})"


def own_words(name: str, says: str) -> str:
    """The name that a signer gives, marked as such; empty where it is the reviewed one, or none is given."""
    if not says.strip() or says.casefold().split() == name.casefold().split():
        return ""
    return f'says "{says.translate(_QUOTES).strip()}"'


_QUOTES = dict.fromkeys(map(ord, '"“”„‟«»'), "'")
