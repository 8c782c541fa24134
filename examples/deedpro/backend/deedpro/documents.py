"""Fills the reviewed templates; every document carries a number that its content decides."""

import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deedpro.legal import DOCUMENT_TYPES, recording_problems

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class Refused(ValueError):
    """The deed would not be recorded; the text says why."""


def number(text: str) -> str:
    """A document number: short, and the same for the same text."""
    return hashlib.md5(text.encode()).hexdigest()[:12].upper()


def generate(deed: dict[str, str]) -> str:
    """Fill the template of a deed.

    Raises:
        Refused: A county recorder would refuse it.
    """
    kind = deed.get("type", "")
    if kind not in DOCUMENT_TYPES:
        raise Refused(f"unknown document type: {kind!r}")
    problems = recording_problems(deed)
    if problems:
        raise Refused("; ".join(problems))
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    body = environment.get_template(f"{kind}.html").render(deed=deed)
    return body.replace("@@NUMBER@@", number(body))
