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
from readiness.policy import digests as contents
from readiness.policy.base import find_base
from readiness.policy.commands.sections import Part
from readiness.policy.digests import committed_digests, index_modes
from readiness.policy.trusted_files import _from_top, _product, _tree, trusted_files
from readiness.strictness import stricter
from support.policies import built_in_checks
from support.proposals import Proposed
from support.signing import git


def in_work_tree(repository: Repository, part: Part) -> str:
    """What stands for a part in the work tree."""
    return contents.in_work_tree(repository, part, index_modes(repository))


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
    return {str(part) for part in trusted_files(written, Repository(project.root), base, checks)}


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
        ("cd tools && bash run.sh", ["tools (folder)", "tools/run.sh"]),
        ("cd tests && pytest", ["tests (folder)"]),
        (["bash", "-c", "tools/run.sh --strict"], ["tools/run.sh"]),
    ],
    ids=str,
)
def test_scripts_that_a_command_runs(tmp_path: Path, run: Any, files: list[str]) -> None:
    assert sorted(found(tmp_path, "command", run=run)) == files


def test_a_script_is_found_from_the_folder_that_it_runs_in(tmp_path: Path) -> None:
    assert found(tmp_path, "command", folder="app", run="./run.sh", cwd="tools") == {
        "app/tools/run.sh",
        "app/tools (folder)",
    }


def test_a_script_that_a_variable_of_the_item_names_is_found(tmp_path: Path) -> None:
    env = {"SCRIPT": "tools/run.sh"}
    assert found(tmp_path, "command", run='sh "$SCRIPT"', env=env) == {"tools/run.sh"}


def test_a_file_that_is_added_where_a_pattern_finds_it_counts(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", asked("command", run="sh checks/*.sh"))
    project.on_main()
    project.write("checks/one.sh", "true\n")
    project.commit("Files")
    base = find_base("main", start=project.folder)
    policy = read_resolved(base.place, content=base.content), Repository(project.root), base, built_in_checks()
    project.write("checks/two.sh", "false\n")
    project.write("checks/two.txt", "no script\n")
    git(project.root, "add", "-A")
    assert {str(part) for part in trusted_files(*policy)} >= {"checks/one.sh", "checks/two.sh"}
    assert Part("checks/two.txt") not in trusted_files(*policy)


def test_a_file_that_is_too_large_to_follow_is_read_as_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Proposed(tmp_path / "project")
    repository = Repository(project.root)
    tree = _tree(repository, {entry.path: entry for entry in repository.tree("HEAD")})
    assert tree.read("build.sh") == "#!/bin/sh\ntrue\n"
    monkeypatch.setattr("readiness.policy.trusted_files.LARGEST", 10)
    assert tree.read("build.sh") == ""


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
    repository = Repository(project.root)
    parts = trusted_files(read_resolved(base.place, content=base.content), repository, base, built_in_checks())
    assert parts == [Part("osv/1.json"), Part("osv/2.json")]
    digests = committed_digests(repository, base.commit, parts)
    assert digests[parts[0]] == in_work_tree(repository, parts[0])
    assert (digests[parts[1]], bool(in_work_tree(repository, parts[1]))) == ("", True)


def test_a_trust_anchor_that_only_the_change_brings_counts(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", asked("tls", hosts=["a.example.com"], ca_file="ca.pem"))
    base = find_base("main", start=project.folder)
    policy = read_resolved(base.place, content=base.content), Repository(project.root), base, built_in_checks()
    project.write("ca.pem", "made by CI, and not in git")
    assert trusted_files(*policy) == []
    project.commit("Bring it")
    assert trusted_files(*policy) == [Part("ca.pem")]


def test_a_pointer_of_git_lfs_is_what_it_points_to(tmp_path: Path) -> None:
    content = b"a large database"
    digest = hashlib.sha256(content).hexdigest()
    project = Proposed(tmp_path / "project")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    project.write("all.zip", pointer)
    project.write("plain", "plain\n")
    project.commit("Pointer")
    repository = Repository(project.root)
    large, plain = Part("all.zip"), Part("plain")
    digests = committed_digests(repository, "HEAD", [large, plain])
    (project.root / "all.zip").write_bytes(content)
    assert digests[large] == digest == in_work_tree(repository, large)
    assert digests[plain] == in_work_tree(repository, plain)


def test_what_stands_for_the_content_of_a_part(tmp_path: Path) -> None:
    """The same in a commit and in the work tree; and never the same for a file and a link, or a link and another."""
    project = Proposed(tmp_path / "project")
    project.write("scripts/run.sh", "true\n")
    (project.root / "link").symlink_to("scripts/run.sh")
    project.write("package.json", '{"version": "1", "scripts": {"test": "jest"}}')
    project.commit()
    repository = Repository(project.root)
    parts = [Part("scripts/run.sh"), Part("link"), Part("package.json", "script test"), Part("scripts", "folder")]
    parts += [Part("missing"), Part("scripts")]
    digests = committed_digests(repository, "HEAD", parts)
    assert [digests[part] for part in parts] == [in_work_tree(repository, part) for part in parts]
    assert len({digests[part] for part in parts}) == 5
    assert digests[parts[-1]] == digests[parts[-2]] == ""

    project.write("package.json", '{"version": "2", "scripts": {"build": "x", "test": "jest"}}')
    assert in_work_tree(repository, parts[2]) == digests[parts[2]], "another part of the file"
    project.write("package.json", '{"scripts": {"pretest": "x", "test": "jest"}}')
    assert in_work_tree(repository, parts[2]) != digests[parts[2]]
    (project.root / "scripts/run.sh").chmod(0o755)
    git(project.root, "add", "-A")
    assert in_work_tree(repository, parts[0]) == f"{digests[parts[0]]} executable"
    (project.root / "link").unlink()
    project.write("link", "scripts/run.sh")
    assert in_work_tree(repository, parts[1]) != digests[parts[1]], "a file that says where a link led"
    (project.root / "scripts").rename(project.root / "elsewhere")
    (project.root / "scripts").symlink_to("elsewhere")
    assert [in_work_tree(repository, part) for part in (parts[0], parts[3])] == ["", ""] or in_work_tree(
        repository, parts[3]
    ).startswith("link:")


def test_the_project_itself_is_not_what_it_is_judged_by(tmp_path: Path) -> None:
    """What a script imports counts, unless it is below `src`, the package of the project, or a large one."""
    project = Proposed(tmp_path / "project", asked("command", run="python check.py"))
    project.on_main()
    project.write("pyproject.toml", '[project]\nname = "Deed-Pro"\n')
    project.write("check.py", "import helper, deed_pro.app, src.more, large.one, small.one\n")
    for path in ("helper.py", "deed_pro/app.py", "src/more.py", "small/one.py"):
        project.write(path, "")
    for number in range(50):
        project.write(f"large/{number or 'one'}.py", "")
    project.commit("Files")
    base = find_base("main", start=project.folder)
    written = read_resolved(base.place, content=base.content)
    parts = trusted_files(written, Repository(project.root), base, built_in_checks())
    assert {str(part) for part in parts} == {"check.py", "helper.py", "small/one.py"}


@pytest.mark.parametrize(
    ("folder", "path", "found"),
    [
        ("", "a.sh", "a.sh"),
        ("app", "../a.sh", "a.sh"),
        ("app", "..", ""),
        ("app", ".", "app"),
        ("", "..", None),
        ("app", "../..", None),
        ("app", "../../a.sh", None),
        ("", "/bin/sh", None),
        ("", "a\0b", None),
        ("", "..a", "..a"),
    ],
)
def test_a_path_is_told_from_the_top_or_leads_outside(folder: str, path: str, found: str | None) -> None:
    assert _from_top(folder, path) == found


@pytest.mark.parametrize(
    ("path", "home", "product"),
    [
        ("src/a.py", "", True),
        ("app/src/a.py", "app", True),
        ("my_shop/a.py", "", True),
        ("large/a.py", "", True),
        ("large/a.py", "large", False),
        ("small/a.py", "", False),
        ("a.py", "", False),
        ("src.py", "", False),
    ],
)
def test_what_is_judged_is_told_from_what_judges_it(path: str, home: str, *, product: bool) -> None:
    modes = {"pyproject.toml": "100644", **{f"large/m{n}.py": "100644" for n in range(200)}, "small/m.py": "100644"}
    is_product = _product(modes, lambda _path: '[project]\nname = "My-Shop"\n')
    assert is_product(path, home) is product


@pytest.mark.parametrize("text", ["not toml", 'project = "text"', "", "[project]\n", "[tool]\npoetry = 1\n", None])
def test_a_project_file_that_names_nothing_or_is_missing_leaves_src(text: str | None) -> None:
    is_product = _product({} if text is None else {"pyproject.toml": "100644"}, lambda _path: text or "")
    assert is_product("src/a.py", "")
    assert not is_product("other/a.py", "")
