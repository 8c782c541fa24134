"""Saved runs that were edited, damaged or made by another version."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.program import checklist, readiness

Edit = Callable[[Any], object]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """A run with one item that passed and one that failed."""
    checklist(tmp_path, "id: good, title: Good, with: $ok", "id: bad, title: Bad, with: $no")
    readiness("check", "-q", "-o", "run.json", cwd=tmp_path, code=1)
    return json.loads((tmp_path / "run.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda run: run["verdict"].update(word="GO"), "its verdict is GO, and from its results follows NO_GO"),
        (lambda run: run["verdict"].update(blockers=[]), "its blockers are []"),
        (lambda run: run["verdict"]["blockers"].append({"item": "nobody"}), "'nobody'"),
        (lambda run: run["verdict"].update(counts={"passed": 2}), "it counts {'passed': 2}"),
        (lambda run: run["verdict"].update(valid_until="2030-01-01T00:00:00Z"), "it is valid until 2030"),
        (lambda run: run["verdict"].update(reason="all 9 blocking items passed"), "its reason is all 9"),
        (lambda run: run["results"].append(run["results"][0]), "the item `good` has more than one result"),
        (lambda run: run["results"].pop(), "from its results follows GO"),
        (lambda run: run.update(interrupted=True), "the run was interrupted"),
    ],
)
def test_a_run_that_contradicts_itself_is_refused(tmp_path: Path, run: Any, edit: Edit, why: str) -> None:
    edit(run)
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    done = readiness("report", "run.json", "-o", "a.html", cwd=tmp_path, code=2)
    assert "contradicts itself" in done.stderr
    assert why in done.stderr
    assert not (tmp_path / "a.html").exists()


def test_another_version_may_word_its_reason_otherwise(tmp_path: Path, run: Any) -> None:
    run["tool"]["version"] = "0.0.1"
    run["verdict"]["reason"] = "one item has failed"
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    assert "ne item has failed" in readiness("report", "run.json", "--format", "md", cwd=tmp_path, code=0).stdout


@pytest.mark.parametrize("text", ["[" * 100_000, '{"duration": 1e999}', "\ud800".encode("utf-8", "surrogatepass")])
def test_damage_is_refused_in_a_few_lines(tmp_path: Path, text: str | bytes) -> None:
    (tmp_path / "run.json").write_bytes(text.encode() if isinstance(text, str) else text)
    done = readiness("report", "run.json", "-o", "a.md", cwd=tmp_path, code=2)
    assert len(done.stderr.splitlines()) <= 5
    assert "-o run.json" in done.stderr


def test_a_file_that_never_ends_is_refused(tmp_path: Path) -> None:
    assert "larger than" in readiness("report", "/dev/zero", "-o", "a.md", cwd=tmp_path, code=2).stderr


def test_a_run_is_found_from_a_folder_below(tmp_path: Path, run: Any) -> None:
    assert run["verdict"]["word"] == "NO_GO"
    (tmp_path / "below").mkdir()
    readiness("report", "../run.json", "-o", "../out/a.md", cwd=tmp_path / "below", code=0)
    assert (tmp_path / "out/a.md").exists()


def test_a_run_of_a_version_whose_cards_had_no_quorum_is_read(tmp_path: Path, run: Any) -> None:
    first, last = "2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"
    card = {"role": "legal", "state": "valid", "reason": "approved"}
    good = run["results"][0]
    good["item"].update(check="signoff")
    good["item"]["with"] = {"role": "legal", "quorum": 2}
    good["outcome"]["signoffs"] = [card | {"expires_at": first}, card | {"expires_at": last}]
    run["results"] = [good]
    flips = [{"at": first, "text": "the sign-off of good lapses"}]
    run["verdict"] = {
        "word": "GO", "reason": "the 1 blocking item passed", "valid_until": first, "flips": flips, "blockers": [],
        "counts": {"passed": 1},
    }  # fmt: skip
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    readiness("report", "run.json", "-o", "a.md", cwd=tmp_path, code=0)
    for signed in good["outcome"]["signoffs"]:
        signed["quorum"] = 1
    (tmp_path / "run.json").write_text(json.dumps(run), encoding="utf-8")
    assert "valid until 2030" in readiness("report", "run.json", "-o", "a.md", cwd=tmp_path, code=2).stderr
