"""What a pull request can try by the files that items are judged by: scripts, trust anchors, lists of revoked keys."""

import json
import shutil
from pathlib import Path

import pytest

from readiness.engine import Host
from readiness.policy.base import find_base
from readiness.policy.proposal import read_proposal
from support.proposals import ATTACKER, CHECKLIST, Proposed
from support.signing import git, key, roster_line


@pytest.fixture
def project(tmp_path: Path) -> Proposed:
    return Proposed(tmp_path / "project")


SCRIPTED = {
    "behind options": ("bash -o pipefail ci/gate.sh", "ci/gate.sh", "exit 0\n"),
    "in another folder": ("cd ci && bash gate.sh", "ci/gate.sh", "exit 0\n"),
    "in a text": ("bash -c 'sh ci/gate.sh'", "ci/gate.sh", "exit 0\n"),
    "that another sources": ("bash ci/gate.sh", "ci/lib.sh", "rule() { true; }\n"),
    "that another imports": ("python3 ci/gate.py", "ci/rules.py", "pass\n"),
    "that comes before what another imports": ("python3 ci/gate.py", "ci/ast.py", "raise SystemExit(0)\n"),
    "of a package": ("python3 -m ci.gate", "ci/gate.py", "pass\n"),
    "that comes before an installed package": ("python3 -m pytest --version", "pytest.py", "pass\n"),
    "of a Makefile": ("make check", "Makefile", "check:\n\ttrue\n"),
    "that comes before a Makefile": ("make check", "GNUmakefile", "check:\n\ttrue\n"),
    "of package.json": ("npm run check", "package.json", '{"scripts": {"check": "true"}}'),
    "that was not there": ("bash ci/late.sh || true", "ci/late.sh", "exit 0\n"),
    "that a pattern names": ("for f in ci/g*.sh; do sh $f; done", "ci/go.sh", "kill $PPID\n"),
    "behind a link": ("bash ci/link.sh", "ci/gate.sh", "exit 0\n"),
}


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Proposed:
    """Scripts of every kind, on `main`."""
    project = Proposed(tmp_path_factory.mktemp("scripted") / "project")
    project.on_main()
    for path, text in {
        "ci/gate.sh": ". ci/lib.sh\nexit 1\n", "ci/lib.sh": "rule() { false; }\n", "ci/other.sh": "true\n",
        "ci/rules.py": "raise SystemExit(1)\n", "ci/gate.py": "import ast, rules\n",
        "Makefile": "check:\n\tsh ci/gate.sh\nbuild:\n\ttrue\n",
        "package.json": '{"scripts": {"check": "sh ci/gate.sh"}}', "src/app.py": "pass\n",
    }.items():  # fmt: skip
        project.write(path, text)
    (project.folder / "ci/link.sh").symlink_to("gate.sh")
    project.commit("Scripts", days=8)
    return project


def judged_by(project: Proposed, run: str, *changed: tuple[str, str]) -> list[tuple[str, str]]:
    """Code and text of every weakening, after files were changed in a policy that runs a command."""
    project.on_main()
    project.write("readiness.yaml", CHECKLIST.replace("run: ./build.sh", f"run: {json.dumps(run)}"))
    project.commit("Run it", days=7)
    git(project.root, "checkout", "-q", "-B", "change")
    for path, text in changed:
        project.write(path, text)
    project.commit()
    with Host() as host:
        proposal = read_proposal(find_base("main", start=project.folder), host)
    assert proposal.unknown == ()
    return [(change.code, change.text) for change in proposal.weakens]


def test_a_script_that_can_no_longer_run_and_a_folder_that_leads_elsewhere_are_told(scripted: Proposed) -> None:
    scripted.on_main()
    scripted.write("services/api/test_all.py", "assert 0\n")
    scripted.write("examples/ok/test_all.py", "assert 1\n")
    (scripted.folder / "ci/other.sh").chmod(0o755)
    scripted.commit("Services", days=8)
    assert judged_by(scripted, "[ ! -x ci/other.sh ] || ci/other.sh; cd services/api && pytest") == []
    (scripted.folder / "ci/other.sh").chmod(0o644)
    shutil.rmtree(scripted.folder / "services/api")
    (scripted.folder / "services/api").symlink_to("../examples/ok")
    scripted.commit("Attack")
    with Host() as host:
        found = read_proposal(find_base("main", start=scripted.folder), host).weakens
    assert [change.text for change in found] == [
        f"changes {name}, by which items are judged" for name in ("ci/other.sh", "services/api (folder)")
    ]


@pytest.mark.parametrize("case", SCRIPTED)
def test_a_changed_script_is_told_wherever_it_is_named(scripted: Proposed, case: str) -> None:
    run, path, text = SCRIPTED[case]
    found = judged_by(scripted, run, (path, text))
    assert [code for code, _ in found] == ["trusted-file-changed"]
    assert path in found[0][1]


def test_honest_work_beside_scripts_is_free(scripted: Proposed) -> None:
    run = "make check && python3 ci/gate.py src && npm run check && pytest tests/test_app.py"
    changed = {
        "src/app.py": "more\n", "tests/test_app.py": "more\n", "ci/other.sh": "false\n", "README.md": "more\n",
        "Makefile": "check:\n\tsh ci/gate.sh\nbuild:\n\tcc app.c\n",
        "package.json": '{"version": "2", "scripts": {"check": "sh ci/gate.sh", "build": "x"}}',
    }  # fmt: skip
    assert judged_by(scripted, run, *changed.items()) == []


BEHIND = {
    "an older script": ("run: ./build.sh", {"build.sh": "#!/bin/sh\nexit 1\n"}),
    "no script yet": ("run: sh late.sh", {"late.sh": "exit 1\n"}),
    "another certificate": ("run: ./build.sh", {"ca.pem": "another"}),
    "an older database": ("run: ./build.sh", {"osv/1.json": "{}", "osv/2.json": "{}"}),
    "a database of more": ("run: ./build.sh", {"osv/1.json": "(gone)"}),
}
ANCHORED = (
    CHECKLIST
    + """\
      - {id: trust, title: Trusted, severity: info, check: tls, with: {hosts: ["localhost:1"], ca_file: ca.pem}}
      - id: packages
        title: No advisories
        severity: info
        check: dependencies
        with: {requirements: requirements.txt, database: osv, service: offline}
"""
)


@pytest.mark.parametrize("case", BEHIND)
def test_a_branch_that_is_behind_is_not_judged_by_its_older_files(tmp_path: Path, case: str) -> None:
    """The policy branch has replaced what decides; the work tree still holds the older one, which would run."""
    run, newer = BEHIND[case]
    project = Proposed(tmp_path / "project", ANCHORED.replace("run: ./build.sh", run))
    project.on_main()
    for path in ("ca.pem", "osv/1.json"):
        project.write(path, "first")
    project.commit("Files", days=9)
    git(project.root, "checkout", "-q", "-B", "change")
    project.write("code.py", "print()\n")
    project.commit()
    project.on_main()
    for path, text in newer.items():
        project.write(path, text) if text != "(gone)" else (project.folder / path).unlink()
    project.commit("Replace")
    project.on_change()
    answer = project.check()
    assert answer.code != 0, answer.report
    assert answer.weakening["status"] == "error"
    assert {(finding["path"], finding["rule"]) for finding in answer.weakening["findings"]} == {
        (path, "trusted-file-stale") for path in newer
    }
    assert answer.weakening["remedy"] == "rebase onto main, or merge it"
    assert not answer.report["notices"], "nothing says that the newer one judged"
    assert answer.policy["changes"] == []
    git(project.root, "rebase", "-q", "main")
    assert project.check().weakening["status"] == "passed"


def test_a_revoked_key_that_is_taken_off_the_list_is_told(project: Proposed) -> None:
    project.on_main()
    public = " ".join(roster_line(ATTACKER, key(ATTACKER)).split()[-2:])
    project.write(".readiness/revoked_keys", public + "\n")
    project.commit("Revoke")
    git(project.root, "checkout", "-q", "-B", "change")
    project.write(".readiness/revoked_keys", "")
    project.commit()
    answer = project.check()
    assert answer.code == 1
    assert "key-unrevoked" in answer.codes
