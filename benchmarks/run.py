"""Measure speed as ratios against a baseline measured in the same run: `make bench`.

Absolute times say more about the machine than about the tool, so every row names what it is held against.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import long_history
import many_files
import many_releases

ROUNDS = 5
ITEMS = 1_000
COMMITS = 50_000
RECORDS = 10_000
SIGNED = 3_000
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        small, large = root / "small", root / "large"
        write_checklist(small, 1)
        write_checklist(large, ITEMS)
        long_history.make(root / "long", commits=COMMITS, records=RECORDS)
        many_files.make(root / "many")
        many_releases.make(root / "releases", records=SIGNED)
        python = command([sys.executable, "-c", "pass"], root)
        one = command(readiness("check"), small)
        rows = [
            ("start: readiness --version", command(readiness("--version"), root), "an empty Python", python),
            ("start: readiness --help", command(readiness("--help"), root), "an empty Python", python),
            ("validate 1 item", command(readiness("validate"), small), "an empty Python", python),
            ("check 1 item", one, "an empty Python", python),
            (f"check {ITEMS:,} items", command(readiness("check"), large), "check 1 item", one),
            (
                f"records verify, {RECORDS:,} records, {COMMITS:,} commits",
                command(readiness("records", "verify"), root / "long"),
                "`git log --raw` of the records",
                command(["git", "log", "--raw", "--format=%H", "--", ".readiness/records"], root / "long"),
            ),
            *(
                (
                    f"records {' '.join(args)}, {SIGNED:,} records",
                    command(readiness("records", *args), root / "releases"),
                    "records verify of the same",
                    command(readiness("records", "verify"), root / "releases"),
                )
                for args in (
                    ("list",),
                    ("list", "--item", "item-3", "--release", "1.3"),
                    ("due",),
                    ("history", "item-3"),
                )
            ),
            (
                f"compare the evidence, {many_files.FILES:,} files, {many_files.CHANGED} changed",
                command([sys.executable, many_files.__file__, str(root / "many")], root),
                "`git diff` of it, with words",
                command(["git", "diff", "--word-diff", "main"], root / "many"),
            ),
        ]
        measured = [(name, *pairs(run, baseline), against) for name, run, against, baseline in rows]
    print("| what | times the baseline | baseline |\n|---|---:|---|")
    for name, median, low, high, against in measured:
        print(f"| {name} | {median:.1f} ({low:.1f}–{high:.1f}) | {against} |")
    return 0


def readiness(*args: str) -> list[str]:
    """The command line of the tool."""
    return [sys.executable, "-P", "-m", "readiness", *args]


def command(args: list[str], folder: Path) -> Callable[[], float]:
    """A function that runs a command once and returns its seconds."""

    def run() -> float:
        started = time.perf_counter()
        subprocess.run(args, cwd=folder, env=ENVIRONMENT, capture_output=True, check=True)
        return time.perf_counter() - started

    return run


def pairs(run: Callable[[], float], baseline: Callable[[], float]) -> tuple[float, float, float]:
    """Median, lowest and highest ratio over interleaved rounds, after one that does not count."""
    run(), baseline()
    ratios = [run() / baseline() for _ in range(ROUNDS)]
    return statistics.median(ratios), min(ratios), max(ratios)


def write_checklist(folder: Path, items: int) -> None:
    """Write a checklist whose items read one small file each."""
    folder.mkdir()
    (folder / "notes.md").write_text("# Notes\n\nEverything is written down.\n", encoding="utf-8")
    lines = ["version: 1", "project: benchmark", "sections:", "  - title: All", "    items:"]
    lines += [
        f"      - {{id: i{number}, title: Item {number}, check: document, with: {{paths: [notes.md]}}}}"
        for number in range(items)
    ]
    (folder / "readiness.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
