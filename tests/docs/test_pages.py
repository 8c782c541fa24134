"""Pages that are made from the code are up to date, links lead somewhere, and examples of checklists are valid."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from support.console import ROOT, blocks, follow

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run `python docs/generate.py`:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("https://", "#")):
            assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"


def test_the_checklist_of_the_guide_is_valid(tmp_path: Path) -> None:
    (text,) = [block for block in blocks(ROOT / "docs" / "checklist.md", "yaml") if block.startswith("version: 1")]
    (tmp_path / "readiness.yaml").write_text(text, encoding="utf-8")
    follow("readiness validate", tmp_path)


def test_every_command_is_documented() -> None:
    from readiness.cli import main

    assert isinstance(main, click.Group)
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in main.list_commands(click.Context(main)):
        assert f"readiness {name}" in pages, f"`readiness {name}` is on no page"


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs" / "verdict.md").read_text(encoding="utf-8")
    for code in ("0", "1", "2", "3", "4", "130"):
        assert re.search(rf"\b{code}\b", page)


def test_a_newcomer_writes_a_check(tmp_path: Path) -> None:
    """CONTRIBUTING, step 4, in a virtual environment of its own that sees this one's packages."""
    follow(
        f"""
        {sys.executable} -m venv "$WORK/venv"
        echo 'import site; site.addsitedir("'"$(python -c 'import site; print(site.getsitepackages()[0])')"'")' \
            > "$("$WORK/venv/bin/python" -c 'import site; print(site.getsitepackages()[0])')/parent.pth"
        """,
        ROOT,
        WORK=str(tmp_path),
    )
    steps = "\n".join(f"(\n{block}\n)" for block in blocks(ROOT / "CONTRIBUTING.md", "sh") if "$WORK" in block)
    script = f'export PATH="$WORK/venv/bin:$PATH"\nreadiness() {{ python -P -m readiness "$@"; }}\n{steps}'
    done = follow(script, ROOT, WORK=str(tmp_path))
    assert "names-itself" in done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_pre_commit_calls_the_tools_that_make_lint_and_the_suite_call() -> None:
    import yaml

    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert {hook["id"]: hook["entry"] for hook in repository["hooks"]} == {
        "ruff-check": ".venv/bin/ruff check --force-exclude",
        "ruff-format": ".venv/bin/ruff format --force-exclude",
        "generated-docs": ".venv/bin/python docs/generate.py --check",
    }
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}
