"""The check `secrets` on real git repositories: what is tracked, what was ever added, and never a value shown."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from readiness.outcome import Outcome
from readiness.testing import context, evaluate
from readiness_checks.secrets import Secrets
from support.made_up import PASSWORD, TOKENS, private_key

GITHUB = TOKENS["github"]


def git(root: Path, *args: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(root: Path, message: str = "Change", **files: str | bytes) -> str:
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "Begin", README_dot_md="# Hello\n")
    return tmp_path


def places(outcome: Outcome, level: str = "error") -> list[str]:
    return [finding.place for finding in outcome.findings if finding.level == level]


def test_a_repository_without_secrets_passes_and_says_what_was_searched(repo: Path) -> None:
    commit(repo, src__app_dot_py="x = 1\n")
    outcome = evaluate(Secrets, repo)
    assert (outcome.status, outcome.examined, outcome.unit, outcome.findings) == ("passed", 2, "files", ())


def test_a_secret_is_found_with_its_place_and_shown_by_its_fingerprint_only(repo: Path) -> None:
    commit(repo, src__app_dot_py=f'# key\nTOKEN = "{GITHUB}"\n', key_dot_pem=private_key())
    using = context(repo)
    outcome = Secrets().run(using)
    assert (outcome.status, sorted(places(outcome))) == ("failed", ["key.pem:1", "src/app.py:2"])
    assert GITHUB not in outcome.model_dump_json()
    assert GITHUB in using.redactor.values
    assert all(len(finding.fingerprint) == 32 and finding.remedy for finding in outcome.findings)


def test_fingerprints_are_stable_over_moves_in_the_file_but_not_over_files(repo: Path) -> None:
    def fingerprint() -> str:
        return evaluate(Secrets, repo, paths=["a.py"]).findings[0].fingerprint

    commit(repo, a_dot_py=f'T = "{GITHUB}"\n', b_dot_py=f'T = "{GITHUB}"\n')
    first = fingerprint()
    commit(repo, a_dot_py=f'\n\n\nT = "{GITHUB}"\n')
    assert fingerprint() == first
    assert evaluate(Secrets, repo, paths=["b.py"]).findings[0].fingerprint != first


def test_uncommitted_changes_of_tracked_files_are_searched_and_untracked_files_are_not(repo: Path) -> None:
    (repo / "README.md").write_text(f"token {GITHUB}\n")
    (repo / "untracked.txt").write_text(f"token {GITHUB}\n")
    assert places(evaluate(Secrets, repo)) == ["README.md:1"]


def test_a_tracked_file_that_the_work_tree_lacks_is_read_from_the_index(repo: Path) -> None:
    commit(repo, a_dot_txt=f"token {GITHUB}\n")
    (repo / "a.txt").unlink()
    assert places(evaluate(Secrets, repo)) == ["a.txt:1"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "utf-32"])
def test_encodings_line_ends_and_odd_names_hide_nothing(repo: Path, encoding: str) -> None:
    text = f"gr\u00fc\u00df\r\ntoken {GITHUB}\r\n"
    names: dict[str, Any] = {"gr\u00fc\u00df und so_dot_txt": text.encode(encoding)}
    commit(repo, **names)
    assert places(evaluate(Secrets, repo)) == ["gr\u00fc\u00df und so.txt:2"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f'T = "{GITHUB}"\n\0password = "{PASSWORD}"\n'.encode(), id="NUL"),
        pytest.param(b"\xff" + f'T = "{GITHUB}"\npassword = "{PASSWORD}"\n\0'.encode(), id="NUL in Latin-1"),
        pytest.param(f'T = "{GITHUB}"\npassword = "{PASSWORD}"\n'.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(f'T = "{GITHUB}"\npassword = "{PASSWORD}"\n'.encode("utf-16-be"), id="UTF-16, the other order"),
    ],
)
def test_a_nul_byte_hides_neither_a_token_nor_a_password(repo: Path, content: bytes) -> None:
    commit(repo, a_dot_py=content)
    outcome = evaluate(Secrets, repo)
    assert places(outcome) == ["a.py:1", "a.py:2"]
    assert {m.name: m.value for m in outcome.measurements}["binary files, searched for tokens only"] == 0


def test_a_binary_file_is_searched_for_tokens(repo: Path) -> None:
    commit(repo, a_dot_bin=bytes(range(256)) * 9 + f' {GITHUB} password="{PASSWORD}" '.encode())
    outcome = evaluate(Secrets, repo)
    assert len(places(outcome)) == 1
    assert {m.name: m.value for m in outcome.measurements}["binary files, searched for tokens only"] == 1


def test_links_are_not_followed(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text(f"token {GITHUB}\n")
    (repo / "link.txt").symlink_to(outside)
    commit(repo)
    outcome = evaluate(Secrets, repo)
    assert (outcome.status, outcome.examined) == ("passed", 1)


def test_a_text_file_that_is_too_large_is_an_error(repo: Path) -> None:
    commit(repo, big_dot_txt=b"hello world\n" * (16 * 2**20 // 12 + 2))
    outcome = evaluate(Secrets, repo)
    assert (outcome.status, places(outcome)) == ("error", ["big.txt"])


def test_without_git_all_files_are_searched(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text(f"token {GITHUB}\n")
    assert places(evaluate(Secrets, tmp_path)) == ["sub/a.txt:1"]


def test_no_file_at_all_is_an_error(tmp_path: Path) -> None:
    assert evaluate(Secrets, tmp_path).status == "error"
    git(tmp_path, "init", "-q")
    assert evaluate(Secrets, tmp_path).status == "error"


def test_a_path_that_matches_nothing_is_an_error(repo: Path) -> None:
    (repo / "untracked.txt").write_text("x")
    for path in ("missing", "untracked.txt", "*.rs"):
        outcome = evaluate(Secrets, repo, paths=["README.md", path])
        assert (outcome.status, path in outcome.summary) == ("error", True)


@pytest.mark.parametrize("key", ["fingerprint", "path", "pattern"])
def test_an_allowed_finding_passes_and_its_reason_is_reported(repo: Path, key: str) -> None:
    commit(repo, docs__a_dot_md=f"token {GITHUB}\n")
    fingerprint = evaluate(Secrets, repo).findings[0].fingerprint
    value = {"fingerprint": fingerprint, "path": "docs/**", "pattern": "^ghp_"}[key]
    outcome = evaluate(Secrets, repo, allow=[{key: value, "reason": "revoked long ago"}])
    assert outcome.status == "passed"
    assert [(f.rule, "revoked long ago" in f.message) for f in outcome.findings] == [("allowed", True)]


def test_all_that_an_entry_gives_has_to_match_and_an_unused_entry_is_noted(repo: Path) -> None:
    commit(repo, a_dot_py=f'T = "{GITHUB}"\n')
    outcome = evaluate(Secrets, repo, allow=[{"path": "docs/**", "pattern": "^ghp_", "reason": "x"}])
    assert (outcome.status, outcome.findings[-1].rule) == ("failed", "unused-allow")


@pytest.mark.parametrize(
    "params",
    [
        {"paths": []},
        {"paths": [" "]},
        {"allow": [{"path": "a"}]},
        {"allow": [{"path": "a", "reason": " "}]},
        {"allow": [{"reason": "x"}]},
        {"allow": [{"pattern": "(", "reason": "x"}]},
        {"histroy": True},
        {"history": True, "since": "main"},
    ],
)
def test_parameters_that_make_no_sense_are_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        evaluate(Secrets, tmp_path, **params)


def test_history_finds_what_a_later_commit_removed_and_names_the_commit(repo: Path) -> None:
    guilty = commit(repo, src__a_dot_py=f'\nT = "{GITHUB}"\n')
    commit(repo, src__a_dot_py="T = read()\n")
    assert evaluate(Secrets, repo).status == "passed"
    outcome = evaluate(Secrets, repo, history=True)
    assert (outcome.status, places(outcome)) == ("failed", ["src/a.py:2"])
    assert guilty[:12] in outcome.findings[0].message
    assert {m.name: m.value for m in outcome.measurements}["commits searched"] == 3


def test_what_is_still_in_the_file_is_not_reported_again_from_history(repo: Path) -> None:
    commit(repo, a_dot_py=f'T = "{GITHUB}"\n')
    commit(repo, a_dot_py=f'\nT = "{GITHUB}"\n')
    assert places(evaluate(Secrets, repo, history=True)) == ["a.py:2"]


def test_history_finds_what_only_a_merge_added(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "side")
    commit(repo, side_dot_txt="side\n")
    git(repo, "checkout", "-q", "main")
    commit(repo, main_dot_txt="main\n")
    git(repo, "merge", "-q", "--no-commit", "--no-ff", "side")
    evil = commit(repo, "Merge", main_dot_txt=f"main\ntoken {GITHUB}\n", evil_dot_txt=f"password = '{PASSWORD}'\n")
    commit(repo, main_dot_txt="main\n", evil_dot_txt="gone\n")
    outcome = evaluate(Secrets, repo, history=True)
    assert sorted(places(outcome)) == ["evil.txt:1", "main.txt:2"]
    assert all(evil[:12] in finding.message for finding in outcome.findings)


def test_attributes_and_odd_names_do_not_hide_history(repo: Path) -> None:
    commit(repo, _dot_gitattributes="*.py -diff\n*.txt binary\n")
    commit(repo, a_dot_py=f'T = "{GITHUB}"\n', **{'sp "a" \u00fc_dot_txt': f"+++ b/x\n@@ -1 +1 @@\ntoken {GITHUB}\n"})
    git(repo, "rm", "-q", "-r", "--", "*.py", "*.txt")
    commit(repo)
    assert sorted(places(evaluate(Secrets, repo, history=True))) == ["a.py:1", 'sp "a" \u00fc.txt:3']


def test_history_that_is_cut_off_or_absent_is_an_error(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    commit(repo, a_dot_txt="1\n")
    shallow = tmp_path_factory.mktemp("clone") / "shallow"
    git(repo, "clone", "-q", "--depth=1", f"file://{repo}", str(shallow))
    outcome = evaluate(Secrets, shallow, history=True)
    assert (outcome.status, "shallow" in outcome.summary) == ("error", True)
    plain = tmp_path_factory.mktemp("plain")
    (plain / "a.txt").write_text("x")
    assert evaluate(Secrets, plain, history=True).status == "error"
    git(plain, "init", "-q")
    git(plain, "add", "a.txt")
    assert evaluate(Secrets, plain, history=True).status == "error"


def test_a_secret_that_git_writes_to_the_work_tree_in_another_encoding_is_found(repo: Path) -> None:
    commit(repo, _dot_gitattributes="*.conf working-tree-encoding=IBM1140\n")
    commit(repo, a_dot_conf=f"token = {GITHUB}\n".encode("cp1140"), b_dot_txt="b\n")
    assert GITHUB not in (repo / "a.conf").read_text("latin-1")
    assert GITHUB in git(repo, "show", "HEAD:a.conf")
    outcome = evaluate(Secrets, repo)
    assert (outcome.status, places(outcome)) == ("failed", ["a.conf:1"])


def test_since_finds_what_a_change_adds_and_not_what_was_there(repo: Path) -> None:
    commit(repo, old_dot_py=f'T = "{GITHUB}"\n', both_dot_py=f'x = 1\nT = "{GITHUB}"\n')
    git(repo, "checkout", "-q", "-b", "side")
    commit(
        repo, both_dot_py=f'x = 2\n\nT = "{GITHUB}"\npassword = "{PASSWORD}"\n', new_dot_py=f'password = "{PASSWORD}"\n'
    )
    git(repo, "checkout", "-q", "main")
    commit(repo, main_dot_py=f'T = "{GITHUB}"\n')
    git(repo, "checkout", "-q", "side")
    (repo / "old.py").write_text(f'T = "{GITHUB}"\nsecret = "{PASSWORD}"\n')
    outcome = evaluate(Secrets, repo, since="main")
    assert sorted(places(outcome)) == ["both.py:4", "new.py:1", "old.py:2"]
    assert {m.name: m.value for m in outcome.measurements}["commits searched"] == 1


def test_since_finds_what_a_commit_of_the_change_added_and_a_later_one_removed(repo: Path) -> None:
    base = commit(repo, a_dot_py="x = 1\n")
    guilty = commit(repo, a_dot_py=f'T = "{GITHUB}"\n')
    commit(repo, a_dot_py="x = 1\n")
    outcome = evaluate(Secrets, repo, since=base)
    assert (outcome.status, guilty[:12] in outcome.findings[0].message) == ("failed", True)
    assert evaluate(Secrets, repo, since="HEAD").status == "passed"


def test_since_a_ref_that_says_nothing_is_an_error(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    git(repo, "checkout", "-q", "--orphan", "other")
    commit(repo, a_dot_txt="1\n")
    plain = tmp_path_factory.mktemp("plain")
    (plain / "a.txt").write_text("x")
    for root, since in ((repo, "main"), (repo, "missing"), (plain, "main")):
        outcome = evaluate(Secrets, root, since=since)
        assert (outcome.status, "since" in outcome.remedy) == ("error", True)


def test_a_large_binary_file_is_searched_in_part_and_that_is_told(repo: Path) -> None:
    commit(repo, data_dot_bin=b"\0\0\1\2\3\x80\xfe" * (3 * 2**20), small_dot_bin=b"\0\1\2" * 9)
    outcome = evaluate(Secrets, repo)
    assert (outcome.status, places(outcome, "warning")) == ("passed", ["data.bin"])
    assert "16 MiB" in outcome.findings[0].message
    assert {m.name: m.value for m in outcome.measurements}["binary files, searched in part only"] == 1
