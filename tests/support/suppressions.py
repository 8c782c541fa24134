"""A corpus of suppressions."""

from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parents[1] / "readiness/evidence/suppressions"


def data(name: str) -> Any:
    """A file of the corpus."""
    return yaml.safe_load((CORPUS / name).read_text(encoding="utf-8"))


ADDED: list[tuple[str, str]] = [(path, text) for path, texts in data("added.yaml").items() for text in texts]
"""Each suppression of the corpus: a path, and the text of a file."""
