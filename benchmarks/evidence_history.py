"""Run the search for weakened tests over the history of a repository: `evidence_history.py REPOSITORY [COMMITS]`.

Each commit that is no merge is compared with its parent. Prints what is found, one line each, and a summary, so that
a person can judge by hand which findings are right.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from readiness.evidence.change import ChangedFile
from readiness.evidence.source import language_of
from readiness.evidence.weakened_tests import weakened_tests

LARGEST = 1 << 20
ABSENT = "0" * 40


def main() -> int:
    """Print the findings of each commit, then how many commits have one."""
    repository, number = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "500"  # noqa: PLR2004
    commits = flagged = 0
    slowest = (0.0, "")
    for commit, change in changes(repository, number):
        commits += 1
        start = time.perf_counter()
        found = list(weakened_tests(change))
        slowest = max(slowest, (time.perf_counter() - start, f"{commit[:10]}, {len(change)} files"))
        flagged += bool(found)
        for one in found:
            print(f"{commit[:10]} {one.code} {one.path}:{one.line or ''} {one.text}")
    print(f"# {repository}: {commits} commits, {flagged} with findings; slowest {slowest[0]:.2f} s ({slowest[1]})")
    return 0


def changes(repository: Path, number: str) -> Iterator[tuple[str, list[ChangedFile]]]:
    """The last commits that are no merges, each with the source files that it changes."""
    command = ["git", "-C", str(repository), "log", "--no-merges", "-n", number, "--raw", "--no-renames", "--root"]
    log = subprocess.run([*command, "--abbrev=40", "--format=%x00%H"], capture_output=True, text=True, check=True)
    with subprocess.Popen(
        ["git", "-C", str(repository), "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as blobs:
        for entry in log.stdout.split("\0")[1:]:
            commit, *lines = entry.strip().split("\n")
            yield commit, [file for line in lines if (file := changed(blobs, line)) is not None]


def changed(blobs: "subprocess.Popen[bytes]", line: str) -> ChangedFile | None:
    """One line of the raw log, with the contents on both sides; None for what is no source file."""
    if not line.startswith(":"):
        return None
    facts, path = line.split("\t", 1)
    _, _, before, after, _ = facts.split(" ")
    if not language_of(path):
        return None
    return ChangedFile(path, content(blobs, before), content(blobs, after))


def content(blobs: "subprocess.Popen[bytes]", digest: str) -> bytes | None:
    """One blob; None when there is none, or it is too large."""
    assert blobs.stdin is not None
    assert blobs.stdout is not None
    if digest == ABSENT:
        return None
    blobs.stdin.write(digest.encode() + b"\n")
    blobs.stdin.flush()
    header = blobs.stdout.readline().split()
    if len(header) < 3 or header[1] != b"blob":  # noqa: PLR2004
        return None
    found = blobs.stdout.read(int(header[2]))
    blobs.stdout.read(1)
    return found if len(found) <= LARGEST else None


if __name__ == "__main__":
    sys.exit(main())
