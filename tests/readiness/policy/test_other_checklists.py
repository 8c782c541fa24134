"""A checklist that a change puts where gates find it before the one that judges."""

import shutil
from pathlib import Path

import pytest

from support.proposals import CHECKLIST, OWNER, Proposed
from support.signing import git

WEAK = CHECKLIST.replace("./build.sh", "'true'")


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    """One checklist at the top; code in `services/api` and `services/web`."""
    project = Proposed(tmp_path / "project")
    project.on_main()
    for name in ("api", "web"):
        project.write(f"services/{name}/code.py", "pass\n")
    project.commit("Services", days=9)
    git(project.root, "checkout", "-q", "-B", "change")
    return project


def placed(project: Proposed, *, cwd: Path | None = None) -> list[tuple[str, str, str]]:
    """Kind, code and file of each change that the gate at the top tells."""
    changes = project.check(cwd=cwd).policy["changes"]
    return [(each["kind"], each["code"], (each["source"] or {}).get("file", "")) for each in changes]


@pytest.mark.parametrize(
    "path", ["services/api/readiness.yaml", "services/api/readiness.yml", "services/readiness.yaml", "readiness.yml"]
)
def test_a_nearer_or_second_checklist_weakens(project: Proposed, path: str) -> None:
    project.write(path, WEAK)
    project.commit()
    assert placed(project) == [("weakens", "checklist-added", path)]
    assert placed(project, cwd=project.folder / "services/api") == [("weakens", "checklist-added", path)]
    answer = project.check()
    assert answer.code == 1
    assert answer.weakening["findings"][0]["path"] == path


def test_one_that_is_not_committed_yet_counts(project: Proposed) -> None:
    project.write("services/api/readiness.yaml", WEAK)
    assert placed(project) == [("weakens", "checklist-added", "services/api/readiness.yaml")]
    project.write(".gitignore", "readiness.yaml\n")
    assert placed(project) == [], "what git ignores is not merged"
    git(project.root, "add", "-f", "services/api/readiness.yaml")
    assert placed(project) == [("weakens", "checklist-added", "services/api/readiness.yaml")]


def test_a_link_is_a_checklist_as_well(project: Proposed) -> None:
    project.write("weak.yaml", WEAK)
    (project.folder / "services/api/readiness.yaml").symlink_to("../../weak.yaml")
    project.commit()
    assert placed(project) == [("weakens", "checklist-added", "services/api/readiness.yaml")]


def test_a_new_service_brings_its_own_freely_and_visibly(project: Proposed) -> None:
    project.write("services/new/readiness.yaml", WEAK)
    project.write("services/new/code.py", "pass\n")
    project.commit()
    assert placed(project) == [("neutral", "checklist-added", "services/new/readiness.yaml")]
    assert project.check().code == 0


def test_the_owners_sign_the_very_checklist(project: Proposed) -> None:
    project.write("services/api/readiness.yaml", CHECKLIST)
    project.commit()
    assert project.sign(OWNER)[0] == 0
    project.commit("Approve")
    assert project.check().code == 0
    project.write("services/api/readiness.yaml", WEAK)
    project.commit("Weaken")
    answer = project.check()
    assert answer.code == 1
    assert [card["state"] for card in answer.weakening["signoffs"]] == ["stale"]


def test_a_checklist_that_takes_the_other_name_is_not_a_second_one(project: Proposed) -> None:
    project.on_main()
    project.write("services/api/readiness.yaml", CHECKLIST)
    project.commit("Its own", days=8)
    git(project.root, "checkout", "-q", "-B", "change")
    (project.folder / "services/api/readiness.yaml").rename(project.folder / "services/api/readiness.yml")
    (project.folder / "readiness.yaml").rename(project.folder / "readiness.yml")
    project.commit()
    assert placed(project) == []
    project.write("services/api/readiness.yaml", WEAK)
    assert placed(project) == [("weakens", "checklist-added", "services/api/readiness.yml")]


def test_one_that_the_policy_branch_has_removed_since_is_not_added(project: Proposed) -> None:
    project.on_main()
    project.write("services/api/readiness.yaml", CHECKLIST)
    project.commit("Its own", days=8)
    git(project.root, "checkout", "-q", "-B", "change")
    project.on_main()
    (project.folder / "services/api/readiness.yaml").unlink()
    project.commit("Remove it")
    project.on_change()
    assert placed(project) == []


def test_a_gate_of_a_service_does_not_ask_about_its_neighbours(project: Proposed) -> None:
    project.on_main()
    shutil.copytree(project.folder / ".readiness", project.folder / "services/api/.readiness")
    shutil.copy(project.folder / "build.sh", project.folder / "services/api/build.sh")
    project.write("services/api/readiness.yaml", CHECKLIST)
    project.commit("Its own", days=8)
    git(project.root, "checkout", "-q", "-B", "change")
    project.write("services/web/readiness.yaml", WEAK)
    assert placed(project, cwd=project.folder / "services/api") == []
    assert placed(project) == [("weakens", "checklist-added", "services/web/readiness.yaml")]


def test_gates_that_name_another_file_find_no_other(tmp_path: Path) -> None:
    project = Proposed(tmp_path / "project")
    project.on_main()
    (project.folder / "readiness.yaml").rename(project.folder / "gate.yaml")
    project.commit("Name it", days=9)
    git(project.root, "checkout", "-q", "-B", "change")
    project.write("readiness.yaml", WEAK)
    assert project.check("-f", "gate.yaml").policy["changes"] == []


@pytest.mark.parametrize("own", [False, True])
def test_a_folder_that_becomes_a_link_to_another_checklist(project: Proposed, *, own: bool) -> None:
    """After the merge the link is that of the policy, and a gate follows it."""
    project.on_main()
    project.write("examples/ok/readiness.yaml", WEAK)
    if own:
        project.write("services/web/readiness.yaml", CHECKLIST)
    project.commit("An example", days=8)
    git(project.root, "checkout", "-q", "-B", "change")
    shutil.rmtree(project.folder / "services/web")
    (project.folder / "services/web").symlink_to("../examples/ok")
    assert placed(project) == [("weakens", "folder-became-link", "")]
    (project.folder / "services/web").unlink()
    (project.folder / "services/web").symlink_to("api")
    assert placed(project) == ([("weakens", "folder-became-link", "")] if own else []), "nothing else judges there"
