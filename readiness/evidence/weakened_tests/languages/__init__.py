"""One module for each language: how its frameworks declare, collect and skip tests, and what they call assertions."""

from functools import cache
from importlib import import_module
from typing import cast

from readiness.evidence.weakened_tests.dialect import Dialect

_MODULES = {
    "python": "python",
    "javascript": "javascript", "typescript": "javascript", "tsx": "javascript",
    "go": "go", "rust": "rust", "java": "java", "kotlin": "kotlin", "c_sharp": "c_sharp",
    "ruby": "ruby", "php": "php",
}  # fmt: skip


@cache
def dialect_of(language: str) -> Dialect | None:
    """What a language says about tests; None when none is known for it."""
    module = _MODULES.get(language)
    if module is None:
        return None
    return cast("Dialect", import_module(f"readiness.evidence.weakened_tests.languages.{module}").DIALECT)
