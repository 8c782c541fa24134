"""Measures how test results that others wrote are read: how many files of each format, and why the rest are refused.

    python benchmarks/results_accuracy.py FOLDER ...

Each folder holds results, or checked-out repositories that do (with their test data). A file belongs to the format that
recognises it. What is read agrees with the totals that the file itself gives: a file whose totals nothing explains is
refused.
"""

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from readiness.outcome import CheckError
from readiness.testing import context
from readiness_checks.junit.formats import FORMATS
from readiness_checks.reading.report_file import ReportFile

_ENDINGS = frozenset((".trx", ".xml", ".json", ".jsonl", ".tap", ".txt", ".out", ""))
_MOST_BYTES = 20_000_000


def main() -> None:
    """Measure, and print what came out."""
    parser = argparse.ArgumentParser(description="Measures how test results that others wrote are read.")
    parser.add_argument("folders", nargs="*", type=Path)
    files: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    refused: dict[str, list[str]] = defaultdict(list)
    for folder in parser.parse_args().folders:
        for path in _files(folder):
            name, read, why = _read(folder, path)
            if name:
                files[name] += 1
                cases[name] += read
                refused[name] += [f"{path.relative_to(folder)}: {why}"] if why else []
    for name in sorted(files):
        print(f"{name}: {files[name] - len(refused[name])} of {files[name]} files read, {cases[name]} cases")
        for why in refused[name]:
            print(f"    {why[-200:]}")


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in {".git", "node_modules"})
        paths = [Path(place, name) for name in sorted(names) if Path(name).suffix.lower() in _ENDINGS]
        yield from (path for path in paths if path.is_file() and path.stat().st_size < _MOST_BYTES)


def _read(folder: Path, path: Path) -> tuple[str, int, str]:
    """The format of a file, how many cases it has, and why it is refused; three times nothing for other files."""
    report = ReportFile(context(folder), path, path.read_bytes())
    name = ""
    try:
        found = [each for each in FORMATS.all() if report.start and each.recognises(report)]
        if len(found) != 1:
            return "", 0, ""
        name = found[0].NAMES
        return name, len(found[0].read(report).cases), ""
    except CheckError as error:
        return name, 0, error.outcome.summary.removeprefix(report.name)


if __name__ == "__main__":
    main()
