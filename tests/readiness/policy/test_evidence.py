"""A change that weakens the evidence fails, unless the owners of the policy sign exactly that."""

from pathlib import Path

import pytest

from support.proposals import COUNSEL, OWNER, Proposed

ITEM = "evidence-weakening"


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    made = Proposed(tmp_path / "repository")
    made.on_main()
    made.write("app.py", "import subprocess\n\n\ndef run(line):\n    subprocess.run(line, shell=True)\n")
    made.commit("Run it")
    made.merge_main()
    return made


def suppress(project: Proposed, *, again: bool = False) -> None:
    lines = ["import subprocess", "", "", "def run(line):", "    subprocess.run(line, shell=True)  # nosec B602"]
    lines += ["    subprocess.run(line, shell=True)  # nosec"] if again else []
    project.write("app.py", "\n".join([*lines, ""]))


def test_a_change_that_weakens_no_evidence_passes(project: Proposed) -> None:
    project.write("app.py", "print('nothing to suppress')\n")
    project.commit()
    outcome = project.check().results[ITEM]
    assert outcome["status"] == "passed"
    assert outcome["summary"].startswith("1 file differs from main (")
    assert outcome["examined"] > 3
    assert outcome["unit"] == "files"


def test_a_new_suppression_fails_at_its_line(project: Proposed) -> None:
    suppress(project)
    project.commit()
    answer = project.check()
    assert answer.code == 1
    outcome = answer.results[ITEM]
    assert outcome["status"] == "failed"
    assert "its owners have not signed that off" in outcome["summary"]
    (finding,) = outcome["findings"]
    assert (finding["rule"], finding["path"], finding["line"]) == ("suppression-added", "app.py", 5)
    assert answer.results["policy-weakening"]["status"] == "passed"
    owners = {result["item"]["id"]: result["item"]["owner"] for result in answer.report["results"]}
    assert owners[ITEM] == owners["policy-weakening"] == owners["records-append-only"] == f"owners ({OWNER})"


def test_the_owners_sign_exactly_what_is_there(project: Proposed) -> None:
    suppress(project)
    project.commit()
    code, said = project.sign(OWNER, item=ITEM)
    assert code == 0, said
    assert "app.py:5: " in said
    project.commit("Sign it off")
    answer = project.check()
    assert (answer.code, answer.results[ITEM]["status"]) == (0, "passed")
    assert f"{OWNER} signed exactly that" in answer.results[ITEM]["summary"]

    suppress(project, again=True)
    project.commit()
    answer = project.check()
    assert (answer.code, answer.results[ITEM]["status"]) == (1, "failed")
    assert "stale" in answer.results[ITEM]["summary"]


def test_a_sign_off_holds_for_the_code_that_was_hidden(project: Proposed) -> None:
    suppress(project)
    project.commit()
    assert project.sign(OWNER, item=ITEM)[0] == 0
    project.commit("Sign it off")
    project.edit("run(line, shell", "run(line + line, shell", "app.py")
    project.commit()
    outcome = project.check().results[ITEM]
    assert (outcome["status"], "stale" in outcome["summary"]) == ("failed", True)


def test_an_approval_is_spent_by_the_merge(project: Proposed) -> None:
    suppress(project)
    project.commit()
    assert project.sign(OWNER, item=ITEM)[0] == 0
    project.commit("Sign it off")
    project.merge()
    project.write("app.py", "print(1)\n")
    project.commit()
    project.merge()
    suppress(project)
    project.commit()
    assert project.check().results[ITEM]["status"] == "failed"


def test_who_is_no_owner_cannot_sign_it(project: Proposed) -> None:
    suppress(project)
    project.commit()
    code, said = project.sign(COUNSEL, item=ITEM)
    assert (code, "owners" in said) == (2, True)


def test_where_nothing_weakens_there_is_nothing_to_sign(project: Proposed) -> None:
    code, said = project.sign(OWNER, item=ITEM)
    assert code == 2
    assert "nothing weakens the evidence of main" in said


def test_a_sign_off_needs_a_base_to_compare_with(project: Proposed) -> None:
    answer = project.check(ref="")
    assert any("evidence were not compared" in notice for notice in answer.report["notices"])
    assert ITEM not in answer.results


def test_without_owners_nobody_can_agree(tmp_path: Path) -> None:
    made = Proposed(tmp_path / "repository", CHECKLIST_WITHOUT_OWNERS)
    made.write("app.py", "x = 1  # nosec\n")
    made.commit()
    outcome = made.check().results[ITEM]
    assert outcome["status"] == "failed"
    assert "names no owners" in outcome["summary"]


def test_the_folders_of_other_checklists_are_theirs(tmp_path: Path) -> None:
    """In a repository of several services, a gate looks at its own folder and at what belongs to none."""
    made = Proposed(tmp_path / "repository", folder="services/api")
    other = made.root / "services/web"
    other.mkdir(parents=True)
    made.on_main()
    (other / "readiness.yaml").write_text((made.folder / "readiness.yaml").read_text())
    made.commit("Begin the other service")
    made.merge_main()
    (other / "a.py").write_text("x = 1  # nosec\n")
    made.commit()
    assert made.check().results[ITEM]["status"] == "passed"
    (made.root / "shared.py").write_text("x = 1  # nosec\n")
    made.write("mine.py", "x = 1  # nosec\n")
    made.commit()
    assert [finding["path"] for finding in made.check().results[ITEM]["findings"]] == [
        "services/api/mine.py",
        "shared.py",
    ]


CHECKLIST_WITHOUT_OWNERS = """\
version: 1
project: deedpro
environments: {production: {}}
sections:
  - title: Release
    items:
      - {id: build, title: It builds, check: command, with: {run: ./build.sh}}
"""
