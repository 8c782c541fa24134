"""Where the checklist of a folder is looked for."""

from pathlib import Path

import pytest

from readiness.loading import ChecklistError, find


def test_it_is_found_in_the_folder_and_above_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    (tmp_path / "readiness.yaml").write_text("planted above the repository")
    with pytest.raises(ChecklistError, match=r"no `readiness\.yaml` here or above"):
        find(inner)
    (tmp_path / "repo" / "readiness.yml").write_text("")
    assert find(inner) == tmp_path / "repo" / "readiness.yml"
    (inner / "readiness.yaml").write_text("")
    assert find(inner) == inner / "readiness.yaml"


def test_outside_a_repository_only_the_folder_itself_counts(tmp_path: Path) -> None:
    (tmp_path / "readiness.yaml").write_text("planted in a shared folder")
    (tmp_path / "mine").mkdir()
    with pytest.raises(ChecklistError) as caught:
        find(tmp_path / "mine")
    assert "readiness init" in caught.value.diagnostics[0].help
    assert find(tmp_path) == tmp_path / "readiness.yaml"


def test_two_checklists_in_one_folder_are_not_guessed_between(tmp_path: Path) -> None:
    for name in ("readiness.yaml", "readiness.yml"):
        (tmp_path / name).write_text("")
    with pytest.raises(ChecklistError, match=r"both `readiness\.yaml` and `readiness\.yml` exist"):
        find(tmp_path)


def test_a_work_tree_of_a_submodule_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "readiness.yaml").write_text("")
    (tmp_path / "module").mkdir()
    (tmp_path / "module" / ".git").write_text("gitdir: ../.git/modules/module\n")
    with pytest.raises(ChecklistError):
        find(tmp_path / "module")
