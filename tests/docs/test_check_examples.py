"""The example of each check is valid as it is written, and passes in a fresh folder where it needs no network."""

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from readiness.loading import validate
from readiness.plugins import BUILT_IN, installed, load_check
from readiness.testing import context, evaluate
from support.console import ROOT, blocks
from support.signing import git

PAGES = sorted(
    name
    for name, plugin in installed("readiness.checks").items()
    if plugin.distribution == BUILT_IN and name != "test-results"
)
LONG = "We keep what you give us for as long as the law asks of us, and no day longer.\n"
FOLDERS = {
    "bandit": {"src/shop.py": "def total(prices):\n    return sum(prices)\n", "src/vendored/a.py": "exec(input())\n"},
    "command": {"Makefile": "lint:\n\t@echo clean\n"},
    "coverage": {"src/a.js": "a()\nb()\n", "coverage.info": "SF:src/a.js\nDA:1,1\nDA:2,3\nLF:2\nLH:2\nend_of_record\n"},
    "document": {"PRIVACY.md": f"# Privacy\n\n## Contact\n\n{LONG}\n## Retention\n\n{LONG}"},
    "env": {},
    "junit": {"reports/TEST-a.xml": '<testsuite><testcase classname="checkout" name="pays"/></testsuite>'},
    "secrets": {"README.md": "# Shop\n"},
    "size": {"dist/a.js": "a()\n"},
}
"""What each example finds; the others ask hosts, registries or people."""
ENVIRON = {
    "PATH": "/usr/bin:/bin",
    "SECRET_KEY": "fZ8q-vT2mXw9Lr4Kc7Hn",
    "SITE_URL": "https://shop.deedpro.io",
    "DEBUG": "false",
}


HEAD = """\
version: 1
project: shop
release: "1"
roles: {legal: [jo@deedpro.io]}
sections:
  - title: All
    items:
"""


def items(check: str) -> list[dict[str, Any]]:
    (block,) = blocks(ROOT / "docs" / "checks" / f"{check}.md", "yaml")
    found: list[dict[str, Any]] = yaml.safe_load(block)
    return found


@pytest.mark.parametrize("check", PAGES)
def test_the_example_of_a_check_is_valid_as_it_is_written(tmp_path: Path, check: str) -> None:
    (block,) = blocks(ROOT / "docs" / "checks" / f"{check}.md", "yaml")
    (tmp_path / "readiness.yaml").write_text(HEAD + textwrap.indent(block, " " * 6), encoding="utf-8")
    assert validate(tmp_path / "readiness.yaml") == []
    assert items(check)[0]["check"] == check


@pytest.mark.parametrize("check", FOLDERS)
def test_the_example_of_a_check_passes_where_what_it_names_is_in_order(tmp_path: Path, check: str) -> None:
    git(tmp_path, "init", "-q")
    for name, text in FOLDERS[check].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "all", "--allow-empty")
    model = load_check(installed("readiness.checks")[check])
    outcome = evaluate(model, tmp_path, using=context(tmp_path, environ=ENVIRON), **items(check)[0]["with"])
    assert outcome.status == "passed", outcome
