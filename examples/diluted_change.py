"""Make a repository with a change that passes by diluting its evidence, to look at with `readiness check`.

    python examples/diluted_change.py FOLDER

The branch `main` has an application, three tests and a gate. The branch `change` breaks a function, deletes the two
tests that would notice, leaves the broken lines out of the coverage, and hides a shell injection from bandit.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

OWNER, DEVELOPER = "owner@example.com", "dev@example.com"
CHECKLIST = """\
version: 1
project: prices
roles:
  owners: [owner@example.com]
policy:
  owners: owners
sections:
  - title: Release
    items:
      - id: tests
        title: The tests pass
        check: command
        with: {run: "coverage run -m pytest -q -p no:cacheprovider && coverage json -q"}
      - id: coverage
        title: The tests reach the code
        check: coverage
        needs: [tests]
        with: {sources: [{path: coverage.json, metric: lines, minimum: 90}]}
      - id: insecure-patterns
        title: The code has no insecure pattern
        check: bandit
        with: {paths: [prices.py]}
"""
CODE = '''\
"""Prices in cents."""


def total(prices):
    """The sum."""
    return sum(prices)


def discount(price, percent):
    """What is left of a price."""
    return price - price * percent // 100
'''
BROKEN = '''\
"""Prices in cents."""

import subprocess  # nosec B404


def total(prices):
    """The sum."""
    return sum(prices)


def discount(price, percent):
    """What is left of a price."""
    return price + price * percent // 100


def publish(name):
    """Tell the shop."""
    subprocess.run("publish " + name, shell=True)  # nosec
'''
TESTS = """\
from prices import discount, total


def test_total():
    assert total([1, 2]) == 3


def test_discount():
    assert discount(200, 10) == 180


def test_no_discount():
    assert discount(200, 0) == 200
"""
FEWER = """\
from prices import total


def test_total():
    assert total([1, 2]) == 3
"""
COVERAGE = """\
[run]
source = .
omit = test_*.py
"""
EXCLUDED = """\
[report]
exclude_also =
    def discount
    def publish
    import subprocess
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="Where to make it; it must not exist yet.")
    folder = parser.parse_args().folder
    if folder.exists():
        parser.error(f"{folder} exists already")
    make(folder.resolve())
    sys.stdout.write(f"made {folder}; the key of the owner is beside it\n")
    return 0


def make(root: Path) -> None:
    """Both branches; `change` is checked out."""
    root.mkdir(parents=True)
    key = root.with_name(f"{root.name}-owner")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", OWNER, "-f", key], check=True)
    public = " ".join(key.with_name(f"{key.name}.pub").read_text(encoding="ascii").split()[:2])
    git(root, "init", "-q")
    git(root, "config", "user.name", "dev")
    git(root, "config", "user.email", DEVELOPER)
    git(root, "config", "commit.gpgsign", "false")
    write(root, "readiness.yaml", CHECKLIST)
    write(
        root,
        ".readiness/allowed_signers",
        f'{OWNER} namespaces="signoff@readiness",valid-before="20991231Z" {public}\n',
    )
    write(root, ".gitignore", ".coverage\ncoverage.json\n__pycache__/\n")
    write(root, "prices.py", CODE)
    write(root, "test_prices.py", TESTS)
    write(root, ".coveragerc", COVERAGE)
    commit(root, "Compute prices")
    git(root, "checkout", "-q", "-b", "change")
    write(root, "prices.py", BROKEN)
    write(root, "test_prices.py", FEWER)
    write(root, ".coveragerc", COVERAGE + EXCLUDED)
    commit(root, "Speed up discounts")


def write(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", message)


def git(root: Path, *arguments: str) -> None:
    clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "0"}
    subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments], cwd=root, env={**os.environ, **clean}, check=True
    )


if __name__ == "__main__":
    sys.exit(main())
