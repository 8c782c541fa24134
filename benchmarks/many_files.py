"""A repository of many files and a branch that changes some of them, and the comparison of its evidence.

`many_files.py REPOSITORY` compares what is checked out with the branch `main`, as `check --policy-ref main` does.
"""

import subprocess
import sys
from pathlib import Path

from readiness.evidence.reading import find_weakenings, read_change
from readiness.git import Repository

FILES, CHANGED = 5_000, 200
_EACH = 4
"""Of so many files, one is a test."""
_SOURCES = Path(__file__).resolve().parents[1]


def main() -> int:
    """Compare, and print how much."""
    repository = Repository(Path(sys.argv[1]))
    change = read_change(repository, repository.resolve("main"))
    print(len(change.files), len(find_weakenings(change.files)))
    return 0


def make(root: Path, *, files: int = FILES, changed: int = CHANGED) -> None:
    """Write copies of this project's own sources and tests; in the changed ones, a function more and a line more."""
    sources = sorted((_SOURCES / "readiness").rglob("*.py"))
    tests = sorted((_SOURCES / "tests/readiness").rglob("test_*.py"))
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    paths = []
    for number in range(files):
        kind, name = (tests, "test_m") if number % _EACH == 0 else (sources, "m")
        path = root / f"pkg{number % 50}" / f"{name}{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(kind[number % len(kind)].read_bytes())
        paths.append(path)
    commit(root)
    git(root, "checkout", "-q", "-b", "change")
    for path in paths[:: files // changed]:
        lines = path.read_text(encoding="utf-8").split("\n")
        lines[len(lines) // 2 : len(lines) // 2] = ["# one line more"]
        path.write_text("\n".join([*lines, "def one_more() -> int:", "    return 1", ""]), encoding="utf-8")
    commit(root)


def commit(root: Path) -> None:
    """Commit everything."""
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x")


def git(root: Path, *args: str) -> None:
    """Run git."""
    subprocess.run(["git", "-C", str(root), *args], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
