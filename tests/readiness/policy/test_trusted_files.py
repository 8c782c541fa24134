"""Which files of the repository decide beside the checklist: found in the base, compared with the work tree."""

import hashlib
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from readiness import Check, Context, Outcome
from readiness.git import Repository
from readiness.loading.as_written import read_resolved
from readiness.plugins import Description, describe
from readiness.policy.base import find_base
from readiness.policy.trusted_files import committed_digests, in_work_tree, trusted_files
from readiness.strictness import stricter
from support.policies import built_in_checks
from support.proposals import Proposed

FILES = {
    "tools/run.sh": "true\n",
    "tools/more.py": "pass\n",
    "tests/test_a.py": "a\n",
    "ca.pem": "CA\n",
    "osv/1.json": "{}",
}


class Server(BaseModel):
    """One of the servers of `Deep`."""

    model_config = ConfigDict(populate_by_name=True)
    name: Annotated[str, stricter.unknown]
    anchor: Annotated[str | None, Field(alias="ca-file"), stricter.trusted_file] = None


class Deep(Check):
    """Names files inside of its parameters."""

    model_config = ConfigDict(populate_by_name=True)
    main: Annotated[Server | None, stricter.fields()] = None
    servers: Annotated[list[Server], stricter.more_named("name")] = []
    named: Annotated[dict[str, Server], stricter.more_named()] = {}

    def run(self, context: Context) -> Outcome:  # pragma: no cover  only described
        raise NotImplementedError


def asked(check: str, **params: Any) -> str:
    item = {"id": "one", "title": "One", "check": check, "with": params}
    return yaml.safe_dump({"version": 1, "project": "p", "sections": [{"title": "All", "items": [item]}]})


def found(tmp_path: Path, check: str, *, folder: str = "", **params: Any) -> set[str]:
    project = Proposed(tmp_path / "project", asked(check, **params), folder=folder)
    project.on_main()
    for path in FILES:
        project.write(path, "content\n")
    (project.folder / "tools/more.py").chmod(0o755)
    project.commit("Files")
    base = find_base("main", start=project.folder)
    written = read_resolved(base.place, content=base.content)
    checks = {**built_in_checks(), "deep": Description.model_validate_json(describe(Deep).model_dump_json())}
    return set(trusted_files(written, Repository(project.root), base, checks))


@pytest.mark.parametrize(
    ("run", "files"),
    [
        ("tools/run.sh", ["tools/run.sh"]),
        ("./tools/run.sh --fast", ["tools/run.sh"]),
        ("bash -eu tools/run.sh", ["tools/run.sh"]),
        ("make && sh tools/run.sh; python3 ./tools/more.py | tee log", ["tools/more.py", "tools/run.sh"]),
        (["python3.12", "tools/../tools/more.py"], ["tools/more.py"]),
        ("TZ=UTC tools/more.py", ["tools/more.py"]),
        ("cat tools/run.sh", []),
        ("pytest tests", []),
        ("python -m pytest tests/test_a.py", []),
        ("../outside.sh", []),
        ("echo 'unclosed", []),
    ],
    ids=str,
)
def test_scripts_that_a_command_runs(tmp_path: Path, run: Any, files: list[str]) -> None:
    assert sorted(found(tmp_path, "command", run=run)) == files


def test_a_script_is_found_from_the_folder_that_it_runs_in(tmp_path: Path) -> None:
    assert found(tmp_path, "command", folder="app", run="./run.sh", cwd="tools") == {"app/tools/run.sh"}


def test_trust_anchors_and_databases(tmp_path: Path) -> None:
    assert found(tmp_path / "1", "tls", hosts=["a.example.com"], ca_file="ca.pem") == {"ca.pem"}
    assert found(tmp_path / "2", "dependencies", requirements="r.txt", database="osv") == {"osv/1.json"}
    assert found(tmp_path / "3", "tls", hosts=["a.example.com"], ca_file="/etc/ssl/ca.pem") == set()


@pytest.mark.parametrize("key", ["ca-file", "anchor"])
def test_files_that_models_inside_of_parameters_name(tmp_path: Path, key: str) -> None:
    server = {"name": "a", key: "ca.pem"}
    assert found(tmp_path / "1", "deep", main=server) == {"ca.pem"}
    assert found(tmp_path / "2", "deep", servers=[{"name": "a"}, server]) == {"ca.pem"}, "whatever it is called"
    assert found(tmp_path / "3", "deep", named={"x": server}) == {"ca.pem"}
    assert found(tmp_path / "4", "deep", main={"name": "a"}, servers="wrong", named=3) == set()


def test_a_file_that_is_added_to_a_database_counts(tmp_path: Path) -> None:
    project = Proposed(
        tmp_path / "project", asked("dependencies", requirements="r.txt", database="osv", service="offline")
    )
    project.on_main()
    project.write("osv/1.json", "{}")
    project.commit("Database")
    project.write("osv/2.json", "{}")
    base = find_base("main", start=project.folder)
    blobs = trusted_files(
        read_resolved(base.place, content=base.content), Repository(project.root), base, built_in_checks()
    )
    assert blobs["osv/2.json"] == ""
    assert blobs["osv/1.json"]


def test_a_trust_anchor_that_only_the_change_brings_counts(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", asked("tls", hosts=["a.example.com"], ca_file="ca.pem"))
    base = find_base("main", start=project.folder)
    policy = read_resolved(base.place, content=base.content), Repository(project.root), base, built_in_checks()
    project.write("ca.pem", "made by CI, and not in git")
    assert trusted_files(*policy) == {}
    project.commit("Bring it")
    assert trusted_files(*policy) == {"ca.pem": ""}


def test_a_pointer_of_git_lfs_is_what_it_points_to(tmp_path: Path) -> None:
    content = b"a large database"
    digest = hashlib.sha256(content).hexdigest()
    project = Proposed(tmp_path / "project")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    project.write("all.zip", pointer)
    project.write("plain", "plain\n")
    project.commit("Pointer")
    repository = Repository(project.root)
    blobs = {entry.path: entry.blob for entry in repository.tree("HEAD", ["all.zip", "plain"])}
    digests = committed_digests(repository, blobs.values())
    (project.root / "all.zip").write_bytes(content)
    assert digests[blobs["all.zip"]] == digest == in_work_tree(project.root, "all.zip")
    assert digests[blobs["plain"]] == in_work_tree(project.root, "plain")


def test_a_link_and_a_missing_file_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to("file")
    root = tmp_path.resolve()
    assert in_work_tree(root, "file")
    assert in_work_tree(root, "link") == in_work_tree(root, "missing") == in_work_tree(root, ".") == ""
