"""Reads every coverage report in folders, and counts which agree with their own totals, are explained or refused.

    python benchmarks/coverage_accuracy.py FOLDER [FOLDER ...]

A report agrees where its totals are what its raw data give, and is explained where its producer is known to count
otherwise. Each that is refused or explained is printed with the reason, to be judged by hand. Reports of one folder
that measure the same files are held against each other as well.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from readiness.outcome import CheckError
from readiness.testing import context
from readiness_checks.coverage.formats import FORMATS
from readiness_checks.coverage.measured import Measured
from readiness_checks.reading.report_file import ReportFile

_ENDINGS = frozenset((".cov", ".gcov", ".info", ".json", ".lcov", ".out", ".profile", ".xml"))


def reports(folder: Path) -> Iterator[Path]:
    """Files of a folder that may be reports, by their endings."""
    yield from (path for path in sorted(folder.rglob("*")) if path.suffix in _ENDINGS and path.is_file())


def main() -> None:
    """Measure, and print what came out."""
    outcomes: Counter[str] = Counter()
    beside: dict[tuple[Path, frozenset[str]], list[tuple[str, Measured]]] = defaultdict(list)
    for path in (path for folder in sys.argv[1:] for path in reports(Path(folder))):
        try:
            measured = FORMATS.read(ReportFile(context(path.parent.resolve()), path.resolve(), path.read_bytes()))
        except CheckError as error:
            outcomes["refused"] += 1
            print(f"    refused    {path}: {str(error)[-200:]}")
            continue
        said = (*measured.notes, *measured.disputed.values())
        outcomes["explained" if said else "agrees"] += 1
        outcomes[f"    {measured.format}"] += 1
        if said:
            print(f"    explained  {path}: {said[0]}")
        beside[path.parent, frozenset(file.name for file in measured.files)].append((path.name, measured))
    for (folder, _), found in beside.items():
        totals = {measured.total("lines") for _, measured in found if "lines" in measured.metrics}
        outcomes["folders whose reports agree" if len(totals) < 2 else "folders whose reports differ"] += len(found) > 1  # noqa: PLR2004
        if len(totals) > 1:
            shown = ", ".join(f"{name} {measured.total('lines')}" for name, measured in found)
            print(f"    differ     {folder}: {shown}")
    for outcome, many in sorted(outcomes.items()):
        print(f"{outcome}: {many}")


if __name__ == "__main__":
    main()
