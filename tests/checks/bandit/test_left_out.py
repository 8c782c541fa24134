"""Python outside of `.py` files: notebooks, scripts, submodules; and what is named as not examined."""

import json
from pathlib import Path
from typing import Any

import pytest

from readiness.outcome import Level, Outcome, Status
from readiness.testing import context, evaluate
from readiness_checks.bandit import Bandit, notebooks
from support.repositories import commit_all, git

EVAL = "eval(input())\n"


def bandit(root: Path, **params: Any) -> Outcome:
    return evaluate(Bandit, root, using=context(root), **params)


def notebook(*cells: str, language: str = "python", **metadata: Any) -> str:
    written = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    about = {"language_info": {"name": language}} if language else {}
    return json.dumps({"cells": written, "metadata": about | metadata, "nbformat": 4, "nbformat_minor": 5})


def rules(outcome: Outcome) -> list[tuple[str, str]]:
    return [(finding.rule, finding.path) for finding in outcome.findings]


def test_cells_of_a_notebook_are_examined_and_told_by_number(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(notebook("x = 1", "%matplotlib inline\n!ls\ny = !ls\nx?\n" + EVAL))
    outcome = bandit(tmp_path)
    assert outcome.status is Status.FAILED
    assert rules(outcome) == [("B307", "a.ipynb")]
    assert outcome.findings[0].message.startswith("cell 2, line 5: ")
    assert (outcome.findings[0].line, outcome.examined) == (None, 1)


def test_a_clean_notebook_passes_and_nosec_counts_in_it_too(tmp_path: Path) -> None:
    cells = ("x = 1", "await x\nfor y in x:\n    !ls\n", "%%time\nx = 2", "  f(x)", "pip install x", "timeit f(x)")
    (tmp_path / "a.ipynb").write_text(notebook(*cells))
    assert bandit(tmp_path).status is Status.PASSED
    (tmp_path / "a.ipynb").write_text(notebook("import pickle  # nosec"))
    outcome = bandit(tmp_path)
    assert outcome.status is Status.PASSED
    assert outcome.findings[0].message.startswith("suppressed by `# nosec`: cell 1, line 1: ")


def test_other_languages_are_named_as_not_examined(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(notebook("x = 1", "%%bash\nrm -rf $X", "%%sql\nselect 1"))
    (tmp_path / "b.ipynb").write_text(notebook("x <- 1", language="R"))
    outcome = bandit(tmp_path)
    assert outcome.status is Status.PASSED
    assert rules(outcome) == [("other-language", "a.ipynb"), ("other-language", "b.ipynb")]
    assert "bash, sql" in outcome.findings[0].message
    assert "2 notebook parts" in outcome.summary


def test_a_cell_of_its_own_language_is_named(tmp_path: Path) -> None:
    content = json.loads(notebook("x = 1", "project: x"))
    content["cells"][1]["metadata"] = {"vscode": {"languageId": "yaml"}}
    (tmp_path / "a.ipynb").write_text(json.dumps(content))
    assert rules(bandit(tmp_path)) == [("other-language", "a.ipynb")]


def test_a_notebook_of_nbformat_3_is_examined(tmp_path: Path) -> None:
    sheet = {"cells": [{"cell_type": "code", "input": EVAL}, {"cell_type": "markdown", "source": "text"}]}
    (tmp_path / "a.ipynb").write_text(json.dumps({"worksheets": [sheet], "metadata": {}, "nbformat": 3}))
    assert rules(bandit(tmp_path)) == [("B307", "a.ipynb")]


@pytest.mark.parametrize("text", [notebook("x = ("), "{", "[]", "", notebook(), notebook("x <- 1", language="R")])
def test_what_is_no_notebook_or_has_no_python_is_never_passed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ipynb").write_text(text)
    assert bandit(tmp_path).status is Status.ERROR


@pytest.mark.parametrize(
    ("name", "start", "mode"),
    [
        ("deploy", "#!/usr/bin/env -S uv run --script\n", 0o644),
        ("deploy", "#!/usr/bin/env python3\n", 0o644),
        ("deploy", "#!/usr/bin/pypy3\n", 0o644),
        ("deploy", "#!/usr/bin/env -S pipx run\n", 0o644),
        ("deploy", "# /// script\n# dependencies = []\n# ///\n", 0o644),
        ("deploy.cgi", "#!/usr/bin/python3\n", 0o755),
        ("deploy.pyw", "", 0o644),
    ],
)
def test_scripts_are_known_by_their_beginning(tmp_path: Path, name: str, start: str, mode: int) -> None:
    (tmp_path / name).write_text(start + EVAL)
    (tmp_path / name).chmod(mode)
    assert rules(bandit(tmp_path)) == [("B307", name)]


@pytest.mark.parametrize("name", ["deploy.py.in", "deploy.j2", "notes.txt"])
def test_templates_and_texts_are_no_scripts(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("#!/usr/bin/env python3\n{{ x }} (\n")
    (tmp_path / name).chmod(0o755 if name != "notes.txt" else 0o644)
    assert bandit(tmp_path).status is Status.NOT_APPLICABLE


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    """A repository with a submodule that holds the only insecure code."""
    inner = tmp_path / "vendored"
    inner.mkdir()
    (inner / "e.py").write_text(EVAL)
    commit_all(inner)
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / ".gitmodules").write_text('[submodule "vendored"]\n\tpath = vendored\n\turl = ./vendored\n')
    commit_all(tmp_path)
    return tmp_path


def test_a_submodule_is_named_and_examined_where_a_path_names_it(nested: Path) -> None:
    outcome = bandit(nested)
    assert outcome.status is Status.PASSED
    assert rules(outcome) == [("submodule", "vendored")]
    assert outcome.findings[0].level is Level.NOTE
    assert "1 submodule" in outcome.summary
    assert rules(bandit(nested, paths=["plain.py"])) == []
    for paths in (["vendored"], ["vendored/e.py"], [".", "vendored"]):
        assert ("B307", "vendored/e.py") in rules(bandit(nested, paths=paths))


def test_a_repository_whose_python_is_in_a_submodule_says_so(nested: Path) -> None:
    git(nested, "rm", "--quiet", "plain.py")
    outcome = bandit(nested)
    assert outcome.status is Status.NOT_APPLICABLE
    assert "1 submodule not examined" in outcome.summary


def test_places_of_a_notebook_are_those_of_its_cells() -> None:
    book = notebooks.read("a.ipynb", notebook("a\nb", "%%bash\nx", "c").encode())
    assert [book.place(line) for line in (1, 2, 3)] == ["cell 1, line 1", "cell 1, line 2", "cell 3, line 1"]
