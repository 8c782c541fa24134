"""Compare the evidence over the history of a repository: `evidence_history.py REPOSITORY [COMMITS] [ROOM]`.

Each commit that is no merge is compared with its parent. Prints what is found, one line each, and a summary, so that
a person can judge by hand which findings are right. `ROOM` is `tests`, which is the default, or `settings`:
suppressions and the configuration of tools.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from readiness.evidence.change import ChangedFile, EvidenceWeakening
from readiness.evidence.configuration import looser_configuration
from readiness.evidence.reading import beside, is_read
from readiness.evidence.source import language_of
from readiness.evidence.suppressions import new_suppressions
from readiness.evidence.weakened_tests import weakened_tests

LARGEST = 1 << 20
ABSENT = "0" * 40


def settings(change: Sequence[ChangedFile]) -> Iterable[EvidenceWeakening]:
    """What a change hides from tools, and where it makes them judge less."""
    return [*new_suppressions(change), *looser_configuration(change)]


ROOMS: Mapping[str, Callable[[Sequence[ChangedFile]], Iterable[EvidenceWeakening]]] = {
    "tests": weakened_tests,
    "settings": settings,
}


def main() -> int:
    """Print the findings of each commit, then how many commits have one."""
    repository, number, room = [*sys.argv[1:], *("", "500", "tests")[len(sys.argv) - 1 :]]
    commits = flagged = 0
    slowest = (0.0, "")
    for commit, change in changes(Path(repository), number, sources_only=room == "tests"):
        commits += 1
        start = time.process_time()
        found = list(ROOMS[room](change))
        slowest = max(slowest, (time.process_time() - start, f"{commit[:10]}, {len(change)} files"))
        flagged += bool(found)
        for one in found:
            print(f"{commit[:10]} {one.code} {one.path}:{one.line or ''} {one.text}")
    print(f"# {repository}: {commits} commits, {flagged} with findings; slowest {slowest[0]:.2f} s ({slowest[1]})")
    return 0


def changes(repository: Path, number: str, *, sources_only: bool) -> Iterator[tuple[str, list[ChangedFile]]]:
    """The last commits that are no merges, each with the files that it changes, and those that are read beside them."""
    git = ["git", "-C", str(repository)]
    command = [*git, "log", "--no-merges", "-n", number, "--raw", "--no-renames", "--root", "-z"]
    log = subprocess.run([*command, "--abbrev=40", "--format=%x01%H"], capture_output=True, check=True).stdout
    with subprocess.Popen([*git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as blobs:
        for commit, lines in parsed(log.decode("utf-8", "replace")):
            wanted = {path: sides for path, sides in lines.items() if language_of(path) or not sources_only}
            wanted = {path: sides for path, sides in wanted.items() if is_read(path)}
            change = [ChangedFile(path, *(content(blobs, side) for side in sides)) for path, sides in wanted.items()]
            if not sources_only and any(sides[0] == ABSENT for sides in wanted.values()):
                change += unchanged(git, blobs, commit, list(wanted))
            yield commit, change


def parsed(log: str) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """Each commit of a raw log, with the object ids of both sides of each regular file."""
    for entry in log.split("\x01")[1:]:
        commit, _, changed = entry.partition("\0")
        lines, fields = {}, changed.strip("\n\0").split("\0")
        for facts, path in zip(fields[::2], fields[1::2], strict=False):
            old_mode, new_mode, before, after, _ = facts.strip().removeprefix(":").split(" ")
            regular = ("100644", "100755")
            lines[path] = (before if old_mode in regular else ABSENT, after if new_mode in regular else ABSENT)
        yield commit, lines


def unchanged(
    git: Sequence[str], blobs: "subprocess.Popen[bytes]", commit: str, changed: Sequence[str]
) -> Iterator[ChangedFile]:
    """The files of the parent that are read beside those which a commit adds."""
    tree = subprocess.run([*git, "ls-tree", "-r", "-z", f"{commit}^"], capture_output=True, check=False).stdout
    before = {}
    for entry in tree.decode("utf-8", "replace").split("\0"):
        facts, _, path = entry.partition("\t")
        if facts.startswith("100"):
            before[path] = facts.split(" ")[2]
    for path in beside(changed, before):
        text = content(blobs, before[path])
        yield ChangedFile(path, text, text)


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
