"""Where the policy is read from: every way in which that cannot be told ends with exit code 2, never with a pass."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from readiness.policy.base import find_base
from readiness.records.model.errors import RecordsError
from support.policy_branch import clone
from support.program import readiness
from support.proposals import CHECKLIST, JUNIT, Proposed
from support.signing import git

WEAK = CHECKLIST.replace("./build.sh", "'true'")


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    return Proposed(tmp_path / "project")


def refused(project: Proposed, *words: str, ref: str = "main", cwd: Path | None = None) -> None:
    answer = project.check(ref=ref, cwd=cwd)
    assert answer.code == 2, answer.errors
    assert answer.report == {}
    assert "next: " in answer.errors
    for word in words:
        assert word in answer.errors


@pytest.mark.parametrize(
    "ref", ["origin/main", "--help", "no such", "main/", "mai*", "refs/heads/origin/main", "refs/main", "0" * 40]
)
def test_a_ref_that_is_not_there(project: Proposed, ref: str) -> None:
    answer = project.check(f"--policy-ref={ref}", ref="")
    assert answer.code == 2
    assert "cannot be resolved" in answer.errors
    assert "git fetch origin main" in answer.errors


@pytest.mark.parametrize(
    ("ref", "why"),
    [
        ("main^{commit}", "`^`"),
        ("main^", "`^`"),
        ("main~0", "`~`"),
        ("refs/heads/main~0", "`~`"),
        ("main@{0}", "`@{`"),
        ("@{u}", "`@{`"),
        ("main@{upstream}", "`@{`"),
        ("main:readiness.yaml", "`:`"),
        (":/Begin", "`:`"),
        ("main..change", "`..`"),
        ("main...change", "`..`"),
        ("HEAD", "what is checked out"),
        ("@", "what is checked out"),
        ("FETCH_HEAD", "what is checked out or was fetched last"),
        ("<8>", "an object id must be written in full"),
        ("<39>", "an object id must be written in full"),
    ],
)
def test_a_ref_is_a_name_or_a_full_object_id_and_no_revision(project: Proposed, ref: str, why: str) -> None:
    """Each of them is a commit to git; which one, another ref or a later commit may decide."""
    git(project.root, "branch", "-q", "--set-upstream-to=main", "change")
    git(project.root, "fetch", "-q", ".", "main")
    commit = git(project.root, "rev-parse", "main").strip()
    answer = project.check(ref=re.sub("<([0-9]+)>", lambda digits: commit[: int(digits[1])], ref))
    assert answer.code == 2
    assert why in answer.errors
    assert "next: name the branch (`origin/main`), a ref in full" in answer.errors


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("main", "refs/heads/main"),
        ("heads/main", "refs/heads/main"),
        ("refs/heads/main", "refs/heads/main"),
        ("approved", "refs/tags/approved"),
        ("rules@2", "refs/heads/rules@2"),
        ("origin/main", "refs/remotes/origin/main"),
        ("origin", "refs/remotes/origin/HEAD"),
        ("{id}", ""),
    ],
)
def test_a_report_names_the_one_ref_that_judged(project: Proposed, tmp_path: Path, ref: str, name: str) -> None:
    git(project.root, "tag", "-a", "-m", "Approved", "approved", "main")
    project.folder = project.root = clone(project.root, tmp_path / "ci")
    project.write("junit.xml", JUNIT)  # no commit holds what the tests of the job write
    git(project.root, "branch", "-q", "main", "origin/main")
    git(project.root, "branch", "-q", "rules@2", "origin/main")
    git(project.root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    commit = git(project.root, "rev-parse", "refs/remotes/origin/main").strip()
    answer = project.check(ref=ref.format(id=commit))
    assert answer.code == 0, answer.errors
    assert (answer.policy["name"], answer.policy["commit"]) == (name, commit)


def test_a_branch_that_judges_itself_is_told(project: Proposed) -> None:
    """A runner may have checked out somebody's branch `main` under that name."""
    assert project.check().report["notices"] == []
    project.on_main()
    (notice,) = project.check().report["notices"]
    assert "main is the branch that is checked out" in notice
    git(project.root, "checkout", "-q", "--detach")
    assert project.check().report["notices"] == []


@pytest.mark.parametrize("other", ["refs/heads/origin/main", "refs/tags/origin/main", "refs/origin/main"])
@pytest.mark.parametrize("gone", [False, True], ids=["beside it", "alone"])
def test_a_name_of_a_remote_branch_means_no_other_ref(
    project: Proposed, tmp_path: Path, other: str, *, gone: bool
) -> None:
    """Not even one of the same commit: it may move a moment later."""
    project.folder = project.root = clone(project.root, tmp_path / "ci")
    git(project.root, "update-ref", other, "refs/remotes/origin/main")
    if gone:
        git(project.root, "update-ref", "-d", "refs/remotes/origin/main")
    refused(project, "not only the name of a branch", other, ref="origin/main")


@pytest.mark.parametrize("ref", ["", "  "])
def test_an_empty_ref_is_not_the_work_tree(project: Proposed, ref: str) -> None:
    answer = project.check(f"--policy-ref={ref}", ref="")
    assert answer.code == 2
    assert "--policy-ref is empty" in answer.errors


def test_a_variable_names_the_ref_and_is_not_ignored_when_it_is_empty(project: Proposed) -> None:
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    command = ["check", "-q", "--env", "production"]
    assert readiness(*command, cwd=project.root).returncode == 0
    assert readiness(*command, cwd=project.root, env={"READINESS_POLICY_REF": "main"}).returncode == 1
    empty = readiness(*command, cwd=project.root, env={"READINESS_POLICY_REF": ""})
    assert (empty.returncode, "READINESS_POLICY_REF is empty" in empty.stderr) == (2, True)
    over = readiness(*command, "--policy-ref", "change", cwd=project.root, env={"READINESS_POLICY_REF": "nowhere"})
    assert over.returncode == 1


def test_a_shallow_clone(project: Proposed, tmp_path: Path) -> None:
    project.commit("More")
    project.folder = clone(project.root, tmp_path / "shallow", "--depth", "1", "--no-single-branch")
    refused(project, "shallow clone", "fetch-depth: 0", ref="origin/main")


def test_no_common_history(project: Proposed) -> None:
    git(project.root, "checkout", "-q", "--orphan", "other")
    project.commit("Begin anew")
    refused(project, "share no history", "fetch-depth: 0")


def test_no_repository(project: Proposed) -> None:
    shutil.rmtree(project.root / ".git")
    refused(project, "no git repository")


def test_no_checklist_in_the_base(project: Proposed) -> None:
    project.on_main()
    (project.folder / "readiness.yaml").unlink()
    project.commit("Drop")
    project.on_change()
    refused(project, "has no readiness.yaml", "without --policy-ref")


def test_two_checklists_in_the_base(project: Proposed) -> None:
    project.on_main()
    project.write("readiness.yml", CHECKLIST)
    project.commit("Two")
    project.on_change()
    refused(project, "has both readiness.yaml and readiness.yml", "-f")


def test_a_link_in_the_base(project: Proposed) -> None:
    project.on_main()
    (project.folder / "readiness.yaml").rename(project.folder / "real.yaml")
    (project.folder / "readiness.yaml").symlink_to("real.yaml")
    project.commit("Link")
    git(project.root, "checkout", "-q", "-B", "change")
    refused(project, "is not a file: it is a link")


def test_mistakes_of_the_base_are_told_with_their_place_in_it(project: Proposed) -> None:
    project.on_main()
    project.edit("title: It builds", "titel: It builds")
    project.commit("Mistake")
    git(project.root, "checkout", "-q", "-B", "change")
    answer = project.check()
    assert answer.code == 2
    assert "--> main:readiness.yaml:17:9" in answer.errors
    assert "did you mean `title`?" in answer.errors


def test_a_tag_does_not_go_before_the_branch(project: Proposed, tmp_path: Path) -> None:
    """Git would take refs/tags/origin/main: who may push tags is seldom restricted."""
    project.write("readiness.yaml", WEAK)
    project.commit("Weaken")
    git(project.root, "tag", "origin/main")
    project.folder = clone(project.root, tmp_path / "ci")
    git(project.folder, "checkout", "-q", "change")
    assert project.check(ref="refs/remotes/origin/main").codes == {"command-changed"}
    refused(project, "not only the name of a branch", "refs/tags/origin/main", ref="origin/main")
    git(project.folder, "update-ref", "-d", "refs/remotes/origin/main")
    refused(project, "not only the name of a branch", ref="origin/main")


def test_grafts_and_replacements_do_not_change_what_a_ref_is(project: Proposed) -> None:
    project.write("readiness.yaml", WEAK)
    weak = project.commit("Weaken")
    git(project.root, "replace", git(project.root, "rev-parse", "main").strip(), weak)
    assert project.check().codes == {"command-changed"}


def test_a_checklist_in_a_folder(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", folder="services/api")
    project.edit("production: {limit: 3}", "production: {limit: 4}")
    project.write("build.sh", "#!/bin/sh\ntrue # still\n")
    project.commit()
    for answer in (project.check(), project.check("-f", "services/api/readiness.yaml", cwd=project.root)):
        assert answer.code == 1
        assert answer.codes == {"limit-raised", "trusted-file-changed"}
        paths = {finding["rule"]: finding["path"] for finding in answer.weakening["findings"]}
        assert paths["trusted-file-changed"] == "build.sh", "as all findings, from the folder of the checklist"
        assert answer.report["subject"]["checklist"] == "readiness.yaml"
    base = find_base("main", start=project.folder)
    assert (base.path, base.shown) == ("services/api/readiness.yaml", "main:services/api/readiness.yaml")


@pytest.fixture
def services(tmp_path: Path) -> Proposed:
    """Two projects, in `apps/strict` and `apps/weak`; the first is the one whose gate runs."""
    project = Proposed(tmp_path / "project", folder="apps/strict")
    project.on_main()
    weak = project.root / "apps/weak"
    shutil.copytree(project.folder, weak)
    (weak / "readiness.yaml").write_text(WEAK, encoding="utf-8")
    (project.root / "latest").symlink_to("apps")
    project.commit("Another project")
    git(project.root, "checkout", "-q", "-B", "change")
    return project


def move_behind_link(project: Proposed) -> None:
    """The folder of the gate becomes a link to the other project."""
    shutil.rmtree(project.folder)
    project.folder.symlink_to("weak")


def move_parent_behind_link(project: Proposed) -> None:
    """A parent of it becomes a link."""
    other = project.root / "other"
    shutil.copytree(project.root / "apps/weak", other / "strict")
    shutil.rmtree(project.root / "apps")
    (project.root / "apps").symlink_to("other")


def move_behind_two_links(project: Proposed) -> None:
    """The folder becomes a link to a link."""
    shutil.rmtree(project.folder)
    (project.root / "between").symlink_to("apps/weak")
    project.folder.symlink_to("../between")


def move_to_the_top(project: Proposed) -> None:
    """The folder becomes a link to the top, where a checklist is put."""
    shutil.rmtree(project.folder)
    project.folder.symlink_to("..")


MOVES = (move_behind_link, move_parent_behind_link, move_behind_two_links, move_to_the_top)


@pytest.mark.parametrize("move", MOVES)
def test_a_link_in_the_place_of_the_folder_of_a_gate_is_not_followed(services: Proposed, move: Any) -> None:
    """Whether the shell says that the folder was entered through it, nobody says so, or the file is named."""
    if move is move_to_the_top:
        services.on_main()
        (services.root / "readiness.yaml").write_text(WEAK, encoding="utf-8")
        services.commit("A checklist at the top")
        git(services.root, "checkout", "-q", "-B", "change")
    move(services)
    services.commit("Attack")
    gate = services.root / "apps/strict"
    answers = [
        services.check(way=gate),
        services.check(cwd=gate),
        services.check("-f", "readiness.yaml", way=gate),
        services.check("-f", "readiness.yaml", cwd=gate),
        services.check("-f", "apps/strict/readiness.yaml", cwd=services.root),
        services.check("-f", str(gate / "readiness.yaml"), cwd=services.root.parent),
    ]
    assert {answer.code for answer in answers} == {2}
    assert services.check("-f", "../strict/../strict/readiness.yaml", way=gate).code == 2
    for answer in answers:
        assert "is a link, and in main it is not the same one" in answer.errors
    assert all("next: undo the link" in answer.errors for answer in answers)


def test_a_link_that_the_policy_has_leads_to_the_checklist_behind_it(services: Proposed) -> None:
    gate = services.root / "latest/strict"
    services.write("code.py", "print()\n")
    services.commit()
    for answer in (
        services.check(way=gate),
        services.check("-f", "readiness.yaml", way=gate),
        services.check("-f", "latest/strict/readiness.yaml", cwd=services.root),
    ):
        assert answer.code == 0, answer.errors
        assert answer.report["subject"]["checklist"] == "readiness.yaml"
    (services.root / "latest").unlink()
    (services.root / "latest").symlink_to("apps/../apps")
    assert services.check(way=gate).code == 2, "not the same link any more"


def test_a_link_outside_of_the_repository_is_none_of_the_change(services: Proposed, tmp_path: Path) -> None:
    for name, target in {"whole": services.root, "part": services.folder}.items():
        (tmp_path / name).symlink_to(target)
    assert services.check(way=tmp_path / "whole/apps/strict").code == 0
    assert services.check(way=tmp_path / "part").code == 0
    move_behind_link(services)
    assert services.check(way=tmp_path / "part").code == 2, "but one in it, behind that"


def test_a_way_that_is_not_the_current_folder_is_not_believed(services: Proposed) -> None:
    answer = services.check(cwd=services.folder, way=services.root / "apps/weak")
    assert answer.code == 0, answer.errors
    assert answer.results["build"]["summary"].startswith("`./build.sh`")


def test_links_that_lead_in_a_circle(services: Proposed) -> None:
    (services.root / "a").symlink_to("b")
    (services.root / "b").symlink_to("a")
    answer = services.check("-f", "a/readiness.yaml", cwd=services.root)
    assert (answer.code, "more than 40 links" in answer.errors) == (2, True)


def test_a_folder_that_git_knows_by_another_case(services: Proposed) -> None:
    """Only where upper and lower case are the same can a gate run there; elsewhere it is another folder."""
    (services.root / "apps/Strict").mkdir()
    refused(services, "apps/Strict is apps/strict in main", cwd=services.root / "apps/Strict")


def test_a_folder_that_becomes_a_submodule(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project", folder="app")
    evil = Proposed(tmp_path / "evil", WEAK)
    shutil.rmtree(project.folder)
    git(project.root, "rm", "-rq", "--cached", "app")
    git(project.root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(evil.root), "app")
    git(project.folder, "branch", "-f", "main", "HEAD")
    project.commit("Attack")
    refused(project, "submodule")


def test_a_folder_that_is_made_into_a_repository_of_its_own(tmp_path: Path) -> None:
    """Files of a bare repository can be committed; git takes a folder that holds them for one, and obeys its config."""
    project = Proposed(tmp_path / "project", folder="app")
    evil = Proposed(tmp_path / "evil", WEAK)
    git(tmp_path, "clone", "-q", "--bare", str(evil.root), str(tmp_path / "bare"))
    project.write("readiness.yaml", WEAK)
    for name in ("HEAD", "objects", "refs", "packed-refs"):
        source = tmp_path / "bare" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, project.folder / name)
    project.write("refs/keep", "")
    project.write("config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n")
    taken = top_by_git(project.folder)
    assert taken == str(project.folder), "git itself is fooled by it, or the test shows nothing"
    project.commit("Attack")
    refused(project, "no git repository", "safe.bareRepository")


def top_by_git(folder: Path) -> str:
    return git(folder, "rev-parse", "--show-toplevel").strip()


def test_a_file_outside_of_the_repository(project: Proposed, tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"no git repository|not in the repository"):
        find_base("main", start=project.root, file=tmp_path / "readiness.yaml")


def test_several_merge_bases(project: Proposed) -> None:
    """A file that is as one of two merge bases had it may still change what it is merged into."""
    project.write("a", "a")
    project.commit("A")
    git(project.root, "branch", "side")
    project.on_main()
    project.edit("production: {limit: 3}", "production: {limit: 2}")
    project.commit("Tighten")
    git(project.root, "branch", "tight")
    git(project.root, "merge", "-q", "--no-ff", "-m", "Cross", "side")
    project.on_change()
    git(project.root, "merge", "-q", "--no-ff", "-m", "Cross", "-s", "ours", "tight")
    assert len(find_base("main", start=project.root).merge_bases) == 2
    assert project.check().codes == {"limit-raised"}
