"""Recognises keys that name an app or a site to a service, and that its vendor means to be seen by everybody."""

import re

_FIREBASE = re.compile(r"(^|/)google-services\.json$")
_CURRENT_KEY = re.compile(r'"current_key"\s{0,4}:\s{0,4}"$')
_PLIST = re.compile(r"(^|/)GoogleService-Info\.plist$")
_API_KEY = re.compile(r"<key>API_KEY</key>\s{0,20}<string>$")
_ANDROID = re.compile(r"(^|/)res/values[^/]*/[^/]+\.xml$")
_STRING = re.compile(r"<string name=\"google(?:_crash_reporting)?_api_key\"[^<>]{0,60}>$")
_DOCUSAURUS = re.compile(r"(^|/)docusaurus\.config\.(?:[cm]?js|ts)$")
_ALGOLIA = re.compile(r"\balgolia\s?:\s?\{[^{}]{0,400}\bapiKey\s?:\s?[\"']?$")
_BEFORE = 500


def public(path: str, text: str, place: int, kind: str, value: str) -> bool:
    """Whether a key stands where an app or a site has to show it.

    Sources: https://firebase.google.com/docs/projects/api-keys (keys of Firebase identify a project and may be checked
    in), https://docusaurus.io/docs/search#using-algolia-docsearch (`apiKey`: public, safe to commit).

    Args:
        path: Path of the file.
        text: Its text.
        place: Where the value was found, at its beginning or a little before.
        kind: Kind of the finding.
        value: What was found.
    """
    if kind == "Google API Key" and (_FIREBASE.search(path) or _PLIST.search(path)):
        before = text[max(0, place - _BEFORE) : place]
        return (_CURRENT_KEY if _FIREBASE.search(path) else _API_KEY).search(before) is not None
    if kind == "Google API Key" and _ANDROID.search(path):
        return _STRING.search(text[max(0, place - _BEFORE) : place]) is not None
    if _DOCUSAURUS.search(path) and re.fullmatch("[0-9a-f]{32}", value):
        at = text.find(value, place)
        return _ALGOLIA.search(text[max(0, at - _BEFORE) : at]) is not None
    return False
