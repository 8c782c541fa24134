"""Finds the files of evidence of an item, by what its check declares, and refuses an outcome that rests on bad ones."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.check import ENVELOPE_SUFFIX, Context
from readiness.outcome import Outcome, Status
from readiness.strictness.declared import naming_parameters
from readiness.strictness.structures import Rule


@dataclass(frozen=True)
class Declared:
    """The parameters of an item, and what its check declares about them."""

    params: Mapping[str, Any]
    directions: Mapping[str, Rule]


def evidence_files(context: Context, declared: Declared) -> list[Path]:
    """Files that match a parameter which is declared as `stricter.evidence_files`, each once.

    Args:
        context: The folder that paths are relative to.
        declared: The parameters.
    """
    return list(dict.fromkeys(_matching(context, declared)))


def _matching(context: Context, declared: Declared) -> Iterator[Path]:
    for found in naming_parameters(declared.directions, declared.params):
        if found.rule.names != "evidence_files":
            continue
        for pattern in found.texts:
            try:
                yield from context.glob([pattern])
            except (ValueError, NotImplementedError, OSError):
                continue  # it is no pattern, and the check has said so


def name_from_top(top: Path, file: Path) -> str:
    """What a signed statement calls a file of evidence: its path from the top of the repository, with `/`.

    Args:
        top: The top of the repository.
        file: The file; of one outside of the repository, the statement says the name alone.
    """
    return _below(top, file) or file.name


def own_files(top: Path, files: Iterable[Path]) -> set[str]:
    """Paths from the top of the repository that may differ from its commit: files of evidence, and their statements.

    Args:
        top: The top of the repository.
        files: The files of evidence; one outside of the repository excuses none in it that is called alike.
    """
    names = {name for file in files if (name := _below(top, file))}
    return names | {name + ENVELOPE_SUFFIX for name in names}


def _below(top: Path, file: Path) -> str:
    """Path of a file from the top of the repository; empty outside of it."""
    lexical = Path(os.path.normpath(file.absolute()))
    real = file.parent.resolve() / file.name  # links above the repository, such as `/tmp` of macOS
    for place in (lexical, real):
        for folder in dict.fromkeys((top, top.resolve())):
            if place.is_relative_to(folder):
                return place.relative_to(folder).as_posix()
    return ""


def refused(outcome: Outcome, why: str, remedy: str) -> Outcome:
    """An error in place of an answer; a failure stays one, and no earlier one of the base excuses it.

    Args:
        outcome: What the check answered.
        why: Why its evidence does not count.
        remedy: What to do next.
    """
    if outcome.status in {Status.FAILED, Status.ERROR}:
        return outcome.model_copy(update={"summary": f"{outcome.summary}; {why}", "comparable": False})
    return outcome.model_copy(update={"status": Status.ERROR, "summary": why, "remedy": remedy})
