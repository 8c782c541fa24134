"""What a verdict is about: a commit that holds all that was judged, and files by their digests."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.subject import artifact_digests, full_commit, pin, still_pinned, tracked
from support.repositories import commit_all, git
from support.session import once

LIBRARY = "vendor/library"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a checklist in a folder, other files, and a submodule."""

    def make(folder: Path) -> None:
        library, app = folder / "library", folder / "app"
        (app / "deploy").mkdir(parents=True)
        library.mkdir()
        (library / "a.py").write_text("a = 1\n")
        (library / "z.py").write_text("z = 1\n")
        commit_all(library)
        for name in ("a.txt", "odd\nname.txt", "z.txt", "deploy/readiness.yaml"):
            (app / name).write_text("first\n")
        (app / ".gitignore").write_text("build/\n")
        commit_all(app)
        git(app, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", "../library", LIBRARY)
        commit_all(app)

    return once(tmp_path_factory, "pinned", make)


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    """The folder of the checklist, which is not the top of its repository."""
    shutil.copytree(template, tmp_path / "all", symlinks=True)
    git(tmp_path / "all/app", "status")  # the copies have other times than the index says
    git(tmp_path / "all/app" / LIBRARY, "status")
    return tmp_path / "all/app/deploy"


def head(root: Path) -> str:
    return git(root, "rev-parse", "HEAD")


def refused(act: Callable[[], object]) -> AttestationError:
    with pytest.raises(AttestationError) as caught:
        act()
    assert caught.value.remedy
    return caught.value


class TestPin:
    def refused(self, root: Path) -> str:
        return refused(lambda: pin(root, "readiness.yaml")).summary

    def test_the_commit_is_named_where_it_holds_all(self, root: Path) -> None:
        assert pin(root, "readiness.yaml") == head(root)

    def test_what_git_ignores_is_no_part_of_it(self, root: Path) -> None:
        (root.parent / "build").mkdir()
        (root.parent / "build/out.txt").write_text("x")
        assert pin(root, "readiness.yaml") == head(root)

    @pytest.mark.parametrize("name", ["a.txt", "odd\nname.txt", "deploy/readiness.yaml", f"{LIBRARY}/a.py"])
    def test_a_changed_file_anywhere_is_told(self, root: Path, name: str) -> None:
        (root.parent / name).write_text("second\n")
        said = self.refused(root)
        assert f"the work tree differs from commit {head(root)[:10]}" in said
        assert (LIBRARY if "vendor" in name else name.replace("\n", "\\n")) in said

    def test_a_new_file_and_a_deleted_one_are_told(self, root: Path) -> None:
        (root.parent / "new.txt").write_text("x")
        (root.parent / "z.txt").unlink()
        said = self.refused(root)
        assert "new.txt" in said
        assert "z.txt" in said

    def test_a_new_file_in_a_submodule_is_told_whatever_its_settings(self, root: Path) -> None:
        git(root.parent, "config", f"submodule.{LIBRARY}.ignore", "all")
        git(root.parent, "config", "status.showUntrackedFiles", "no")
        (root.parent / LIBRARY / "new.py").write_text("x")
        assert LIBRARY in self.refused(root)

    def test_a_renamed_file_is_told_by_both_names(self, root: Path) -> None:
        git(root.parent, "mv", "a.txt", "b.txt")
        said = self.refused(root)
        assert said.endswith("a.txt, b.txt")

    def test_of_many_the_first_five_are_named(self, root: Path) -> None:
        for number in range(5):
            (root / f"new{number}").write_text("x")
        assert "more" not in self.refused(root)
        for number in range(5, 7):
            (root / f"new{number}").write_text("x")
        assert self.refused(root).endswith("deploy/new4 and 2 more")

    @pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
    @pytest.mark.parametrize("name", ["a.txt", "odd\nname.txt", "z.txt"])
    def test_a_mark_that_hides_changes_is_told_wherever_the_file_stands(self, root: Path, mark: str, name: str) -> None:
        git(root.parent, "update-index", mark, name)
        said = self.refused(root)
        assert "git was told to ignore changes" in said
        assert said.endswith(name.replace("\n", "\\n"))

    @pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
    def test_a_mark_in_a_submodule_is_told(self, root: Path, mark: str) -> None:
        git(root.parent / LIBRARY, "update-index", mark, "z.py")
        (root.parent / LIBRARY / "z.py").write_text("z = 2\n")
        assert f"{LIBRARY}/z.py" in self.refused(root)

    def test_a_file_of_the_same_size_and_date_is_compared_whatever_git_is_told_to_look_at(self, root: Path) -> None:
        git(root.parent, "config", "core.checkStat", "minimal")
        git(root.parent, "config", "core.trustctime", "false")
        path = root.parent / "a.txt"
        os.utime(path, (1_700_000_000, 1_700_000_000))
        git(root.parent, "update-index", "--refresh")
        other = root.parent / "build"  # a file of its own: within one second, its time of change would be the same
        other.write_text("other\n")
        os.utime(other, (1_700_000_000, 1_700_000_000))
        other.rename(path)
        assert git(root.parent, "status", "--porcelain") == ""
        assert "a.txt" in self.refused(root)

    def test_another_work_tree_than_the_judged_folder_is_refused(self, root: Path, tmp_path: Path) -> None:
        shutil.copytree(root.parent, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
        git(root.parent, "config", "core.worktree", str(tmp_path / "copy"))
        (root.parent / "a.txt").write_text("second\n")
        assert "another folder" in self.refused(root)

    @pytest.mark.parametrize(
        "name", ["readiness.yaml", ".readiness/allowed_signers", ".readiness/revoked_keys", ".readiness/records/ab/x"]
    )
    def test_a_policy_that_git_ignores_is_refused(self, root: Path, name: str) -> None:
        (root.parent / ".git/info").mkdir(exist_ok=True)
        (root.parent / ".git/info/exclude").write_text("readiness.yaml\n.readiness\n")
        if name == "readiness.yaml":
            git(root, "rm", "-q", "--cached", name)
            commit_all(root.parent)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
        said = self.refused(root)
        assert "git ignores what judges" in said
        assert said.endswith(name)

    def test_an_ignored_file_of_another_name_is_no_policy(self, root: Path) -> None:
        (root.parent / ".git/info").mkdir(exist_ok=True)
        (root.parent / ".git/info/exclude").write_text("readiness.yaml\n")
        (root.parent / "readiness.yaml").write_text("x")
        assert pin(root, "readiness.yaml") == head(root)

    def test_without_a_commit_there_is_nothing_to_attest(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        assert "there is no commit yet" in self.refused(tmp_path)

    def test_outside_of_git_there_is_none_either(self, tmp_path: Path) -> None:
        assert "git knows of none here" in self.refused(tmp_path)


class TestStillPinned:
    def refused(self, root: Path, commit: str) -> str:
        return refused(lambda: still_pinned(root, commit)).summary

    def test_what_a_run_made_is_no_part_of_the_commit(self, root: Path) -> None:
        (root / "report.html").write_text("x")
        still_pinned(root, head(root))

    @pytest.mark.parametrize("name", ["a.txt", f"{LIBRARY}/z.py"])
    def test_a_tracked_file_that_changed_is_told(self, root: Path, name: str) -> None:
        (root.parent / name).write_text("second\n")
        assert (LIBRARY if "vendor" in name else name) in self.refused(root, head(root))

    def test_a_change_that_the_run_told_git_to_ignore_is_told(self, root: Path) -> None:
        commit = head(root)
        git(root.parent, "update-index", "--assume-unchanged", "z.txt")
        (root.parent / "z.txt").write_text("second\n")
        assert "z.txt" in self.refused(root, commit)

    def test_another_commit_is_told(self, root: Path) -> None:
        before = head(root)
        (root / "more").write_text("x")
        after = commit_all(root.parent)
        assert self.refused(root, before) == f"HEAD moved from {before[:10]} to {after[:10]} during the run"

    def test_a_branch_without_a_commit_is_told(self, root: Path) -> None:
        before = head(root)
        git(root.parent, "symbolic-ref", "HEAD", "refs/heads/none")
        assert f"from {before[:10]} to nothing" in self.refused(root, before)

    def test_a_repository_that_is_gone_is_told(self, root: Path) -> None:
        before = head(root)
        shutil.rmtree(root.parent / ".git")
        assert "git does not answer any more" in self.refused(root, before)


def test_a_file_of_the_index_is_tracked(root: Path, tmp_path: Path) -> None:
    assert tracked(root / "readiness.yaml")
    assert tracked(root.parent / "odd\nname.txt")
    (root / "new").write_text("x")
    assert not tracked(root / "new")
    assert not tracked(tmp_path / "anything")


class TestArtifacts:
    A, B = (
        "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7",
        "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f",
    )

    def test_they_are_called_as_they_were_given(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "dist").mkdir()
        (tmp_path / "dist/a").write_text("a\n")
        (tmp_path / "b").write_text("b\n")
        assert artifact_digests([Path("dist/a"), Path("b")]) == {"dist/a": self.A, "b": self.B}
        assert artifact_digests([]) == {}

    def test_by_their_name_alone_where_that_says_more_than_the_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "a").write_text("a\n")
        monkeypatch.chdir(tmp_path / "in")
        assert artifact_digests([tmp_path / "a"]) == {"a": self.A}
        assert artifact_digests([Path("../a")]) == {"a": self.A}

    def test_two_of_one_name_are_refused(self, tmp_path: Path) -> None:
        for folder in ("x", "y"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "a").write_text(folder)
        assert "called `a`" in refused(lambda: artifact_digests([tmp_path / "x/a", tmp_path / "y/a"])).summary

    def test_what_is_no_file_or_cannot_be_read_is_refused(self, tmp_path: Path) -> None:
        assert "No such file" in refused(lambda: artifact_digests([tmp_path / "none"])).summary
        assert "its name is refused" in refused(lambda: artifact_digests([Path("nul\0byte")])).summary
        assert "Is a directory" in refused(lambda: artifact_digests([tmp_path])).summary
        assert "is no file" in refused(lambda: artifact_digests([Path("/dev/null")])).summary


class TestFullCommit:
    def test_a_full_object_id_needs_no_repository(self, tmp_path: Path) -> None:
        for name in ("ab" * 20, "cd" * 32):
            assert full_commit(name, tmp_path) == name
            assert full_commit(f" {name.upper()}\n", tmp_path) == name

    @pytest.mark.parametrize("name", ["abcd", "ab" * 19 + "a", "ab" * 20 + "a", "ab" * 31])
    def test_an_abbreviated_one_is_refused(self, root: Path, name: str) -> None:
        assert f"`{name}` is no full object id" in refused(lambda: full_commit(name, root)).summary

    def test_a_ref_is_looked_up(self, root: Path) -> None:
        assert full_commit("HEAD", root) == head(root)
        git(root.parent, "tag", "abc")
        assert full_commit("abc", root) == head(root), "three digits are fewer than git takes for an object id"

    def test_an_unknown_one_is_refused(self, root: Path, tmp_path: Path) -> None:
        assert "`nowhere` names no commit here" in refused(lambda: full_commit("nowhere", root)).summary
        assert "`HEAD` names no commit here" in refused(lambda: full_commit("HEAD", tmp_path)).summary
        assert "names no commit here" in refused(lambda: full_commit("nul\0byte", root)).summary
