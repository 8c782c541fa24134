"""Where the policy is found: in which commit, in which file of it, and why it cannot be."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from readiness.policy.base import PolicyBase, find_base
from readiness.records.model.errors import RecordsError
from support.repositories import commit_all, git
from support.session import once


@dataclass(frozen=True)
class Forked:
    """`main` and `change` have left each other; both have checklists at the top and in folders."""

    root: Path
    start: str
    """Object id of the commit that both come from."""
    main: str


@pytest.fixture
def forked(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Forked:
    def make(folder: Path) -> None:
        root = folder / "app"
        write(root, {"readiness.yaml": "top\n", "services/api/readiness.yml": "api\n", "services/web/app.py": "x\n"})
        start = commit_all(root)
        git(root, "branch", "change")
        write(root, {"readiness.yaml": "top of main\n"})
        main = commit_all(root)
        git(root, "checkout", "--quiet", "change")
        write(root, {"readiness.yaml": "top of the change\n", "services/web/readiness.yaml": "of the change\n"})
        commit_all(root)
        (folder / "commits").write_text(f"{start} {main}")

    folder = once(tmp_path_factory, "find-base", make)
    shutil.copytree(folder / "app", tmp_path / "app", symlinks=True)
    start, main = (folder / "commits").read_text().split()
    return Forked(Path(os.path.realpath(tmp_path / "app")), start, main)


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def refused(start: Path, *, ref: str = "main", file: Path | None = None) -> RecordsError:
    with pytest.raises(RecordsError) as error:
        find_base(ref, start=start, file=file)
    assert error.value.remedy
    return error.value


def found(start: Path, file: Path | None = None) -> tuple[str, bytes]:
    base = find_base("main", start=start, file=file)
    return base.path, base.content


class TestFound:
    def test_the_policy_is_what_its_commit_holds(self, forked: Forked) -> None:
        base = find_base("main", start=forked.root)
        assert base == PolicyBase(
            ref="main",
            commit=forked.main,
            merge_bases=(forked.start,),
            place=forked.root / "readiness.yaml",
            content=b"top of main\n",
            top=forked.root,
            name="refs/heads/main",
        )
        assert (base.root, base.path, base.shown) == (forked.root, "readiness.yaml", "main:readiness.yaml")

    def test_an_object_id_has_no_name(self, forked: Forked) -> None:
        base = find_base(forked.main, start=forked.root)
        assert (base.commit, base.name) == (forked.main, "")

    def test_the_nearest_checklist_of_the_commit_counts(self, forked: Forked) -> None:
        assert found(forked.root / "services/api") == ("services/api/readiness.yml", b"api\n")
        (forked.root / "services/api/src").mkdir()
        assert found(forked.root / "services/api/src") == ("services/api/readiness.yml", b"api\n")
        assert found(forked.root / "services") == ("readiness.yaml", b"top of main\n")

    def test_one_that_only_the_change_has_is_not_put_in_front_of_it(self, forked: Forked) -> None:
        assert (forked.root / "services/web/readiness.yaml").exists()
        assert found(forked.root / "services/web") == ("readiness.yaml", b"top of main\n")

    def test_a_named_one_is_read_wherever_one_is(self, forked: Forked, monkeypatch: pytest.MonkeyPatch) -> None:
        file = forked.root / "services/api/readiness.yml"
        assert found(forked.root.parent, file) == ("services/api/readiness.yml", b"api\n")
        monkeypatch.chdir(forked.root / "services")
        assert found(Path(), Path("api/readiness.yml")) == ("services/api/readiness.yml", b"api\n")
        assert found(Path(), Path("../readiness.yaml")) == ("readiness.yaml", b"top of main\n")

    def test_one_that_is_gone_from_the_work_tree_still_judges(self, forked: Forked) -> None:
        (forked.root / "readiness.yaml").unlink()
        assert found(forked.root) == ("readiness.yaml", b"top of main\n")

    def test_a_link_to_the_repository_leads_there(self, forked: Forked) -> None:
        link = forked.root.parent / "link"
        link.symlink_to(forked.root)
        assert find_base("main", start=link / "services").place == forked.root / "readiness.yaml"
        assert find_base("main", start=link, file=link / "readiness.yaml").place == forked.root / "readiness.yaml"

    def test_every_place_where_the_branches_met_is_a_merge_base(self, forked: Forked) -> None:
        """A criss-cross merge has two."""
        root = forked.root
        tip = git(root, "rev-parse", "change")
        git(root, "merge", "--quiet", "--strategy=ours", "-m", "Take main", forked.main)
        git(root, "checkout", "--quiet", "main")
        git(root, "merge", "--quiet", "--strategy=ours", "-m", "Take the change", tip)
        git(root, "checkout", "--quiet", "change")
        assert sorted(find_base("main", start=root).merge_bases) == sorted((forked.main, tip))


class TestRefused:
    @pytest.mark.parametrize("ref", ["", " "])
    def test_an_empty_ref(self, forked: Forked, ref: str) -> None:
        assert "is empty" in refused(forked.root, ref=ref).summary

    def test_an_unknown_ref(self, forked: Forked) -> None:
        assert "nowhere cannot be resolved" in refused(forked.root, ref="nowhere").summary

    def test_a_folder_without_git(self, tmp_path: Path) -> None:
        assert "there is no git repository" in refused(tmp_path).summary
        assert "there is no git repository" in refused(Path(), file=tmp_path / "readiness.yaml").summary

    def test_a_submodule(self, forked: Forked, tmp_path: Path) -> None:
        outer = tmp_path / "outer"
        write(outer, {"a.txt": "a\n"})
        commit_all(outer)
        git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(forked.root), "app")
        assert "this folder is a submodule" in refused(outer / "app", ref="origin/main").summary

    def test_a_repository_without_a_commit(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet", "--initial-branch=new")
        write(tmp_path, {"readiness.yaml": "x"})
        commit_all(tmp_path)
        git(tmp_path, "symbolic-ref", "HEAD", "refs/heads/none")
        assert "there is no commit to compare" in refused(tmp_path, ref="new").summary

    def test_a_branch_without_common_history(self, forked: Forked) -> None:
        git(forked.root, "checkout", "--quiet", "--orphan", "other")
        head = commit_all(forked.root)
        error = refused(forked.root)
        assert error.summary == f"HEAD ({head[:10]}) and main ({forked.main[:10]}) share no history"
        assert "rebase onto main" in error.remedy

    def test_a_shallow_clone(self, forked: Forked, tmp_path: Path) -> None:
        git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", forked.root.as_uri(), "shallow")
        assert "shallow" in refused(tmp_path / "shallow", ref="origin/main").summary

    def test_a_file_that_the_commit_has_not(self, forked: Forked) -> None:
        error = refused(forked.root, file=forked.root / "services/web/readiness.yaml")
        assert error.summary == f"services/web/readiness.yaml does not exist in main ({forked.main[:10]})"

    def test_a_file_of_a_folder_that_is_gone_from_the_work_tree(
        self, forked: Forked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(forked.root)
        shutil.rmtree("services/api")
        error = refused(Path(), file=Path("services/api/readiness.yml"))
        assert error.summary == "the folder of services/api/readiness.yml is gone from the work tree, or is a link"

    def test_a_file_outside_of_the_repository(
        self, forked: Forked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(forked.root)
        file = tmp_path / "gone/readiness.yaml"
        assert refused(Path(), file=file).summary == f"{file} is not in the repository"

    def test_no_checklist_here_or_above(self, forked: Forked) -> None:
        git(forked.root, "checkout", "--quiet", "-B", "main")
        git(forked.root, "rm", "-r", "--quiet", ".")
        write(forked.root, {"a.txt": "a\n"})
        commit_all(forked.root)
        assert refused(forked.root).summary == "main has no readiness.yaml, here or above"

    def test_two_checklists_in_one_folder(self, forked: Forked) -> None:
        git(forked.root, "checkout", "--quiet", "-B", "main")
        write(forked.root, {"readiness.yml": "two\n"})
        commit_all(forked.root)
        error = refused(forked.root)
        assert error.summary == "main has both readiness.yaml and readiness.yml"
        assert "-f" in error.remedy
        assert found(forked.root, forked.root / "readiness.yml")[1] == b"two\n"

    def test_a_file_of_another_repository(self, forked: Forked, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        assert "main cannot be resolved" in refused(forked.root, file=tmp_path / "readiness.yaml").summary
