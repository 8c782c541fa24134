"""A corpus of changes of configuration, and what is found in them."""

from pathlib import Path
from typing import Any

import yaml

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration import looser_configuration

CORPUS = Path(__file__).parents[1] / "readiness/evidence/configuration"


def data(name: str) -> Any:
    """A file of the corpus."""
    return yaml.safe_load((CORPUS / name).read_text(encoding="utf-8"))


def found(before: dict[str, str], after: dict[str, str]) -> list[EvidenceWeakening]:
    """What is found in a change of texts."""

    def content(texts: dict[str, str], path: str) -> bytes | None:
        return texts[path].encode() if path in texts else None

    paths = sorted({*before, *after})
    return list(
        looser_configuration([ChangedFile(path, content(before, path), content(after, path)) for path in paths])
    )


def texts(path: str, text: str | None) -> dict[str, str]:
    """The texts of a change by path; a text that is None is not there."""
    return {} if text is None else {path: text}
