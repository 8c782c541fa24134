"""Whose verdicts are trusted; what the judged commit can write counts only where somebody says so."""

from pathlib import Path

import pytest

from readiness.attestation import AttestationError
from readiness.attestation.keys import MOST_KEYS, load_signing_key
from readiness.attestation.trust import NoKeyError, find_trusted_keys
from support.repositories import commit_all, git
from support.verdict_keys import made, private, public


class TestWorkTree:
    """Keys that are named, else those of the environment, else, where that was said, those of the work tree."""

    @pytest.fixture
    def start(self, tmp_path: Path) -> Path:
        """A folder below the top of a repository that keeps a key."""
        (tmp_path / "app/.git").mkdir(parents=True)
        self.write(tmp_path / "app/.readiness/verdict_keys", "kept")
        (tmp_path / "app/deploy").mkdir()
        return tmp_path / "app/deploy"

    def write(self, path: Path, *names: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(public(name=name).read_bytes() for name in names))
        return path

    def ids(self, *names: str) -> set[str]:
        return {load_signing_key(private(name=name)).trusted.id for name in names}

    def found(self, start: Path, *named: Path, **variables: str) -> set[str]:
        return {key.id for key in find_trusted_keys(named, start=start, work_tree=True, variables=variables)}

    def test_those_that_are_named_go_before_all(self, start: Path, tmp_path: Path) -> None:
        one, two = self.write(tmp_path / "one", "first"), self.write(tmp_path / "two", "second", "first")
        assert self.found(start, one, READINESS_VERIFY_KEY=str(two)) == self.ids("first")
        assert self.found(start, one, two) == self.ids("first", "second")

    def test_then_those_of_the_environment(self, start: Path, tmp_path: Path) -> None:
        assert self.found(start, READINESS_VERIFY_KEY=str(self.write(tmp_path / "one", "first"))) == self.ids("first")

    def test_then_those_of_the_repository(self, start: Path) -> None:
        assert self.found(start) == self.ids("kept")
        assert self.found(start, READINESS_VERIFY_KEY="") == self.ids("kept")

    def test_nothing_of_the_work_tree_counts_unless_that_is_said(self, start: Path) -> None:
        with pytest.raises(NoKeyError, match="is in the work tree, where the judged") as caught:
            find_trusted_keys((), start=start, variables={})
        assert "--trust-work-tree" in caught.value.remedy
        (start.parent / ".readiness/verdict_keys").unlink()
        with pytest.raises(NoKeyError, match="and no `--policy-ref`") as caught:
            find_trusted_keys((), start=start, variables={})
        assert "--trust-work-tree" not in caught.value.remedy

    def test_the_nearest_folder_that_keeps_any_counts(self, start: Path) -> None:
        self.write(start / ".readiness/verdict_keys", "nearer")
        assert self.found(start) == self.ids("nearer")

    def test_no_folder_above_the_repository_counts(self, start: Path, tmp_path: Path) -> None:
        (tmp_path / "app/.readiness/verdict_keys").unlink()
        self.write(tmp_path / ".readiness/verdict_keys", "above")
        with pytest.raises(NoKeyError, match="there is no key to verify with") as caught:
            self.found(start)
        assert "--key" in caught.value.remedy

    def test_outside_of_a_repository_only_the_folder_itself_does(self, tmp_path: Path) -> None:
        self.write(tmp_path / ".readiness/verdict_keys", "here")
        (tmp_path / "below").mkdir()
        assert self.found(tmp_path) == self.ids("here")
        with pytest.raises(NoKeyError):
            self.found(tmp_path / "below")

    def test_a_link_that_leads_nowhere_is_not_passed_over(self, start: Path) -> None:
        (start / ".readiness").mkdir()
        (start / ".readiness/verdict_keys").symlink_to("nowhere")
        with pytest.raises(AttestationError, match="cannot be read"):
            self.found(start)

    def test_too_many_in_all_are_refused(self, start: Path, tmp_path: Path) -> None:
        files = [tmp_path / f"keys{number}" for number in range(2)]
        for path, number in zip(files, (MOST_KEYS - 1, 1), strict=True):
            path.write_bytes(b"".join(made() for _ in range(number)))
        assert len(self.found(start, *files)) == MOST_KEYS
        with pytest.raises(AttestationError, match="more than 32"):
            self.found(start, *files, self.write(tmp_path / "one", "first"))


class TestPolicyRef:
    """Keys as a commit has them, whatever the work tree says."""

    @pytest.fixture
    def start(self, tmp_path: Path) -> Path:
        """A folder of a repository whose branch `policy` keeps a key at its top, and other ones nearer elsewhere."""
        root = tmp_path / "app"
        self.keep(root, "first")
        (root / "deploy").mkdir()
        commit_all(root)
        git(root, "branch", "policy")
        self.keep(root / "deploy", "second")
        commit_all(root)
        git(root, "branch", "nearer")
        return root / "deploy"

    def keep(self, folder: Path, name: str) -> None:
        path = folder / ".readiness" / "verdict_keys"
        path.parent.mkdir(parents=True)
        path.write_bytes(public(name=name).read_bytes())

    def found(self, start: Path, ref: str, *named: Path, **variables: str) -> list[str]:
        return [key.id for key in find_trusted_keys(named, start=start, ref=ref, variables=variables)]

    def ids(self, name: str) -> list[str]:
        return [load_signing_key(private(name=name)).trusted.id]

    def test_the_nearest_file_of_its_commit_counts(self, start: Path) -> None:
        assert self.found(start, "policy") == self.ids("first")
        assert self.found(start, "nearer") == self.ids("second")
        assert self.found(start.parent, "nearer") == self.ids("first")
        assert self.found(start, git(start, "rev-parse", "policy")) == self.ids("first")

    def test_what_is_named_goes_before_it(self, start: Path) -> None:
        assert self.found(start, "policy", public(name="third")) == self.ids("third")
        assert self.found(start, "policy", READINESS_VERIFY_KEY=str(public(name="third"))) == self.ids("third")
        assert self.found(start, "none", public(name="third")) == self.ids("third")

    def test_a_link_is_refused(self, start: Path) -> None:
        (start / ".readiness/verdict_keys").unlink()
        (start / ".readiness/verdict_keys").symlink_to("elsewhere")
        commit_all(start.parent)
        with pytest.raises(AttestationError, match=r"the keys of main cannot be read: .* is not a file"):
            self.found(start, "main")

    def test_no_keys_no_such_ref_and_no_repository_are_refused(self, start: Path, tmp_path: Path) -> None:
        (start / ".readiness/verdict_keys").unlink()
        (start.parent / ".readiness/verdict_keys").unlink()
        commit_all(start.parent)
        with pytest.raises(NoKeyError, match=r"main .* has no \.readiness/verdict_keys, here"):
            self.found(start, "main")
        with pytest.raises(AttestationError, match="the keys of none cannot be read"):
            self.found(start, "none")
        with pytest.raises(AttestationError, match="the keys of policy cannot be read"):
            self.found(tmp_path, "policy")
