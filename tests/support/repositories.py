"""Real git repositories for tests, apart from the configuration of whoever runs them."""

import os
import subprocess
from datetime import datetime
from pathlib import Path

_QUICK = ("core.fsync=none", "maintenance.auto=false", "gc.auto=0", "init.templateDir=")
"""Settings of git for repositories that live for moments: nothing is tidied, and no sample hooks are copied."""


def git(root: Path, *args: str, date: datetime | None = None) -> str:
    """Run git with an identity of its own."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    variables |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    if date is not None:
        variables |= {"GIT_AUTHOR_DATE": date.isoformat(), "GIT_COMMITTER_DATE": date.isoformat()}
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
    identity += [word for setting in _QUICK for word in ("-c", setting)]
    done = subprocess.run(
        ["git", *identity, *args], cwd=root, env=variables, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit_all(root: Path, message: str = "Change something", date: datetime | None = None) -> str:
    """Commit everything that is not ignored, in a repository that is made if need be; its object id."""
    if not (root / ".git").exists():
        git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", message, date=date)
    return git(root, "rev-parse", "HEAD")


def commit_literally(root: Path, rest: str) -> str:
    """Commit everything with a header that git itself would not write, such as a date that cannot be read.

    Args:
        root: Top of the repository.
        rest: Of the commit's text, what follows tree and parent.

    Returns:
        Its object id.
    """
    git(root, "add", "-A")
    text = f"tree {git(root, 'write-tree')}\nparent {git(root, 'rev-parse', 'HEAD')}\n{rest}"
    done = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=root, input=text.encode(), capture_output=True, check=True,
    )  # fmt: skip
    commit = done.stdout.decode().strip()
    git(root, "reset", "-q", "--hard", commit)
    return commit
