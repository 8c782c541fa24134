"""Searches a text for secrets, in one line."""

from readiness_checks.secrets import detectors
from readiness_checks.secrets.verdict import Hit, Verdict


def scan(text: str, path: str = "app.py", *, binary: bool = False) -> list[Hit]:
    """All that is found in a text, as if it were the file of this path."""
    return list(detectors.scan(path, enumerate(text.split("\n"), start=1), binary=binary))


def secrets_in(text: str, path: str = "app.py", *, binary: bool = False) -> list[str]:
    """The values that hold a release."""
    return [hit.value for hit in scan(text, path, binary=binary) if hit.verdict is Verdict.SECRET]
