"""Write a project whose checklist accepts only test results that its CI has signed, to try out by hand.

    python examples/signed_results.py FOLDER

There is no key and no commit yet: docs/signed-evidence.md walks through both.
"""

import argparse
import sys
from pathlib import Path

FILES = {
    "readiness.yaml": """\
version: 1
project: prices
roles:
  ci: [ci@example.com]
sections:
  - title: Release
    items:
      - id: tests
        title: The tests pass
        check: junit
        producer: ci
        with: {paths: ["reports/*.xml"]}
""",
    "prices.py": '''\
"""Prices in cents."""


def total(prices):
    """The sum."""
    return sum(prices)
''',
    "test_prices.py": """\
from prices import total


def test_total():
    assert total([1, 2]) == 3
""",
    ".gitignore": "/reports/\n__pycache__/\n",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="Where to write it; it must not exist yet.")
    folder = parser.parse_args().folder
    if folder.exists():
        parser.error(f"{folder} exists already")
    for name, text in FILES.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    sys.stdout.write(f"made {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
