"""Measures what the check `secrets` finds, and its alarms in repositories that are known to be clean.

    python benchmarks/accuracy.py [--seed N] [FOLDER ...]

Without folders it makes up secrets: tokens of every family in places without a telling name, and every way to write an
assignment with every kind of value. Each folder is a checked-out repository whose alarms (findings of level error) are
counted and shown, to be judged by hand.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from secret_samples.samples import Case, assignments, production, tokens

from readiness_checks.secrets.contents import lines_of
from readiness_checks.secrets.detectors import scan
from readiness_checks.secrets.verdict import Hit, Verdict

_EACH = 5
_SHOWN = 20
_PATTERN = r"(password|secret|token)[\"']?[[:space:]]*[:=][[:space:]]*[\"'][^\"']+[\"']"
"""What somebody would look for by hand."""
_LEAST = 8
"""Characters of a finding that show that it is the secret, and not a word of it."""


def main() -> None:
    """Measure, and print what came out."""
    parser = argparse.ArgumentParser(description="Measures what the check `secrets` finds, and its alarms.")
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("folders", nargs="*", type=Path)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)  # noqa: S311 - made-up secrets have to be the same in every run
    _recall("families of tokens", tokens(rng, _EACH))
    _recall("ways to write an assignment", assignments(rng, 2))
    _recall("settings and sources of production", production(rng))
    if asked.folders:
        _alarms(asked.folders)


def _recall(title: str, cases: Iterable[Case]) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    kinds: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        found = _found(case)
        groups[case.group].append(found)
        kinds[case.kind].append(found)
    everything = [found for group in groups.values() for found in group]
    never = sum(not any(group) for group in groups.values())
    print(f"{title}: {_share(everything)} in {len(groups)} groups, of which {never} are never found")
    worst = sorted(groups.items(), key=lambda group: sum(group[1]) / len(group[1]))
    for name, group in [*worst[:_SHOWN], *(kinds.items() if len(kinds) < len(groups) else ())]:
        if not all(group):
            print(f"    {_share(group)}  {name}")


def _share(found: list[bool]) -> str:
    return f"{sum(found)} of {len(found)} ({sum(found) / len(found):.1%})"


def _found(case: Case) -> bool:
    hits = scan(case.path, enumerate(case.text.split("\n"), start=1))
    values = [hit.value for hit in hits if hit.verdict is Verdict.SECRET]
    least = min(_LEAST, len(case.secret))
    return any(len(value) >= least and (value in case.secret or case.secret in value) for value in values)


def _alarms(folders: list[Path]) -> None:
    total = files = 0
    begun = time.process_time()
    for folder in folders:
        hits, count = [], 0
        for path in _files(folder):
            count += 1
            hits += [(path, hit) for hit in _hits(folder, path)]
        print(f"{folder.name}: {len(hits)} alarms in {count} files")
        for path, hit in hits:
            print(f"    {path}:{hit.line}  {hit.kind}  {hit.value[:4]}…")
        total, files = total + len(hits), files + count
    spent, files = time.process_time() - begun, max(files, 1)
    print(f"alarms: {total} in {files} files, {total / files * 1000:.2f} per 1,000")
    print(
        f"{spent:.1f} s of CPU, {spent / files * 5000:.1f} s for 5,000 files, {spent / _grep(folders):.1f} times grep"
    )


def _grep(folders: list[Path]) -> float:
    """CPU seconds of grep with one pattern over the same files."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["grep", "-rIE", "--exclude-dir=.git", _PATTERN, *folders], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _files(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _hits(folder: Path, path: str) -> list[Hit]:
    lines, binary = lines_of((folder / path).read_bytes())
    found = scan(path, enumerate(lines, start=1), binary=binary)
    return [hit for hit in found if hit.verdict is Verdict.SECRET]


if __name__ == "__main__":
    main()
