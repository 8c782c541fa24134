"""Judges every lock file in checked-out repositories, and prints each that is an error, to be judged by hand.

    python benchmarks/dependencies_accuracy.py DATABASE FOLDER [FOLDER ...]

DATABASE is what the parameter `database` of the check takes: an all.zip of osv.dev, for instance.
"""

import re
import sys
from collections import Counter
from pathlib import Path

from readiness.testing import evaluate
from readiness_checks.dependencies import Dependencies

_LOCKS = re.compile(
    r"uv\.lock|poetry\.lock|pdm\.lock|pylock(\.[^.]+)?\.toml|Pipfile\.lock|([^/]*-)?conda-lock\.ya?ml|pixi\.lock"
    r"|conda-[a-z0-9-]+\.lock|requirements[^/]*\.txt"
)
_OF_PROJECTS = re.compile(r"(uv|poetry|pdm)\.lock|pylock.*\.toml")


def main() -> None:
    """Measure, and print what came out."""
    database, folders = sys.argv[1], sys.argv[2:]
    outcomes: Counter[tuple[str, str]] = Counter()
    for path in (path for folder in folders for path in sorted(Path(folder).rglob("*"))):
        if not _LOCKS.fullmatch(path.name) or not path.is_file():
            continue
        of_project = _OF_PROJECTS.fullmatch(path.name) and path.with_name("pyproject.toml").is_file()
        source = {"pyproject": "pyproject.toml"} if of_project else {"requirements": path.name}
        outcome = evaluate(
            Dependencies, path.parent.resolve(), service="offline", database=database, max_age="5000d", **source
        )
        outcomes[re.sub(r"[-_.].*", "", path.name), outcome.status.value] += 1
        if outcome.status.value == "error":
            print(f"    {path}: {outcome.summary[:200]}")
    for (kind, status), many in sorted(outcomes.items()):
        print(f"{kind} {status}: {many}")


if __name__ == "__main__":
    main()
