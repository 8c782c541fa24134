"""Nothing of what is judged becomes a part of the program that judges, whatever PYTHONPATH and PATH say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from readiness import judged_tree, processes
from support.judge_attacks import attack
from support.program import checklist, readiness, readiness_process, variables
from support.repositories import commit_all

GOOD = "id: good, title: Good, with: $ok"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository that has a module of the name of a dependency, and one of the standard library."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("click", "typing", "pydantic"):
        (root / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n", encoding="utf-8")
    (root / "inner").mkdir()
    checklist(root, GOOD)
    commit_all(root)
    return root


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("", "inside"),
        (".", "inside"),
        ("src", "inside"),
        ("{root}", "inside"),
        ("{root}/src", "inside"),
        ("{root}x", "outside"),
        ("/", "outside"),
    ],
)
def test_a_path_leads_into_the_tree_or_not(root: Path, path: str, where: str) -> None:
    assert judged_tree.inside(path.format(root=root), str(root)) is (where == "inside")


def test_a_link_into_the_tree_leads_into_it(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert judged_tree.inside(str(tmp_path / "link/src"), str(root))


@attack("A step before the run sets GIT_DIR, or another variable by which git looks at another repository")
def test_variables_lead_git_to_no_other_repository(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    checklist(other, GOOD)
    commit_all(other)
    checklist(root, "id: bad, title: Bad, with: $no")
    commit_all(root)
    env = variables(GIT_DIR=str(other / ".git"), GIT_WORK_TREE=str(other), GIT_INDEX_FILE=str(other / ".git/index"))
    done = readiness("check", "-q", "--policy-ref", "main", cwd=root, env=env)
    assert done.returncode == 1, done.stdout + done.stderr


def test_our_own_programs_are_none_of_the_tree(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bash", "sh", "git", "ssh-keygen"):
        (root / name).write_text("#!/bin/true\n", encoding="utf-8")
        (root / name).chmod(0o755)
    monkeypatch.chdir(root)
    for path in (f".:{os.environ['PATH']}", f"{root}:{os.environ['PATH']}", str(root)):
        monkeypatch.setenv("PATH", path)
        assert Path(processes.shell_command("false")[0]).parent != root
        found = [judged_tree.program(name) for name in ("git", "ssh-keygen")]
        assert all(one is None or Path(one).parent != root for one in found)


def test_an_environment_in_the_tree_is_none_of_its_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(root / ".venv"))
    assert not judged_tree.inside(str(root / ".venv/lib/python3/site-packages"), str(root))


def test_the_tree_is_the_repository_of_a_folder(root: Path, tmp_path: Path) -> None:
    assert judged_tree.tree(str(root / "inner")) == str(root)
    (tmp_path / "alone").mkdir()
    assert judged_tree.tree(str(tmp_path / "alone")) == str(tmp_path / "alone")


def test_a_search_path_loses_the_parts_that_lead_into_the_tree(root: Path) -> None:
    value = os.pathsep.join(["", ".", "/usr/bin", f"{root}/bin", "bin", "/bin"])
    assert judged_tree.outside(value, str(root)) == os.pathsep.join(["/usr/bin", "/bin"])


def run(root: Path, *command: str, folder: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
    # coverage.py imports `typing` before the program begins, where it measures processes
    environ = {name: value for name, value in variables(**env).items() if not name.startswith("COVERAGE_")}
    return subprocess.run(
        [sys.executable, *command], cwd=root / folder, env=environ, capture_output=True, text=True, check=False
    )


@attack("A change has modules with names of dependencies, and PYTHONPATH or `python -m` names the current folder")
@pytest.mark.parametrize("folder", ["", "inner"])
@pytest.mark.parametrize("path", [".", "..", "/nowhere:", ":", "{root}", "{root}/inner:{root}"])
def test_no_module_of_the_tree_is_imported_through_pythonpath(
    root: Path, tmp_path: Path, path: str, folder: str
) -> None:
    done = run(root, "-P", "-m", "readiness", "check", "-q", folder=folder, PYTHONPATH=path.format(root=root))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "ran").exists()


def test_no_module_of_the_tree_is_imported_by_python_dash_m(root: Path, tmp_path: Path) -> None:
    done = run(root, "-m", "readiness", "check", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "ran").exists()


def test_commands_keep_the_pythonpath_that_they_had(root: Path, tmp_path: Path) -> None:
    checklist(root, f"id: seen, title: S, with: {{run: 'echo \"$PYTHONPATH\" > {tmp_path}/seen'}}")
    assert run(root, "-P", "-m", "readiness", "check", "-q", PYTHONPATH=".:/nowhere").returncode == 0
    assert (tmp_path / "seen").read_text(encoding="utf-8") == ".:/nowhere\n"


@attack("A change has a start-up file of Python, and PYTHONPATH names the current folder")
def test_a_start_up_file_of_the_tree_is_refused(root: Path, tmp_path: Path) -> None:
    (root / "sitecustomize.py").write_text(f"open({str(tmp_path / 'began')!r}, 'a').write('x')\n", encoding="utf-8")
    done = run(root, "-P", "-m", "readiness", "check", "-q", PYTHONPATH=".")
    assert done.returncode == 2
    assert "Python has imported 1 file of what is judged: " in done.stderr
    assert "unset PYTHONPATH" in done.stderr
    assert (tmp_path / "began").read_text(encoding="utf-8") == "x"  # by this process, which refused; by no worker


def test_modules_of_the_tree_of_a_checklist_elsewhere_are_refused(root: Path) -> None:
    (root / "sitecustomize.py").write_text("", encoding="utf-8")
    done = run(root, "-P", "-m", "readiness", "check", "-q", "-f", str(root / "readiness.yaml"), folder="..",
               PYTHONPATH=str(root))  # fmt: skip
    assert done.returncode == 2
    assert "of what is judged" in done.stderr


@attack("A change has a program `git`, and PATH names the current folder")
@pytest.mark.parametrize("path", ["", ".", "programs", "{root}/programs"])
def test_a_program_of_the_tree_with_the_name_of_git_is_not_run(root: Path, tmp_path: Path, path: str) -> None:
    (root / "programs").mkdir()
    for place in (root / "git", root / "programs/git"):
        place.write_text(f"#!/bin/sh\necho ran >> {tmp_path / 'ran'}\n", encoding="utf-8")
        place.chmod(0o755)
    search = f"{path.format(root=root)}{os.pathsep}{os.environ['PATH']}"
    readiness_process("check", "-q", cwd=root, env={"PATH": search}, code=0)
    assert not (tmp_path / "ran").exists()
