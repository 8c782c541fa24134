"""What a search of the history costs grows with the number of commits, and not faster."""

import gc
import resource
import subprocess
from pathlib import Path

from readiness.testing import evaluate
from readiness_checks.secrets import Secrets

FEW, TIMES, DEARER = 200, 4, 6
"""Commits of the shorter history, how many times as long the other one is, and how many times as dear it may be."""


def history(root: Path, commits: int) -> Path:
    """A repository whose commits change and add files in turn."""
    stream = []
    for number in range(commits):
        text = "".join(f"line {number} {line}\n" for line in range(20)) + f"password = os.environ['P{number}']\n"
        stream.append(
            f"commit refs/heads/main\ncommitter A <a@example.com> {1_790_000_000 + number} +0000\n"
            f"data 1\n.\nM 644 inline src/{number % 40}.py\ndata {len(text)}\n{text}\n"
        )
    root.mkdir()
    for args in (("init", "-q", "-b", "main"), ("fast-import", "--quiet"), ("reset", "-q", "--hard")):
        subprocess.run(["git", *args], cwd=root, input="".join(stream).encode(), check=True)
    return root


def cost(root: Path) -> float:
    """CPU seconds of one search, with those of git."""
    gc.collect()
    before = spent()
    outcome = evaluate(Secrets, root, history=True)
    assert outcome.status == "passed", outcome.summary
    return spent() - before


def spent() -> float:
    """CPU seconds of this process, and of those that it has waited for."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def test_a_history_of_four_times_the_commits_is_about_four_times_as_dear(tmp_path: Path) -> None:
    short, long = history(tmp_path / "short", FEW), history(tmp_path / "long", TIMES * FEW)
    cost(short)  # what is loaded once
    assert min(cost(long) for _ in range(2)) < DEARER * min(cost(short) for _ in range(3))
