"""`people` of the checklist: what `sign` and `waive` write down, and what every report and list prints."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.storage.work_tree import load_records
from support.signing import COUNSEL, PARALEGAL, Project, empty_home, git, key

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
roles:
  legal: [counsel@example.com, paralegal@example.com]
  owners: [paralegal@example.com]
people:
  counsel@example.com: {name: Jo Counsel, title: General Counsel, also: [jo@home.example]}
policy:
  owners: owners
  waivers: {longest: {blocker: 14d}, by: {legal: [fails]}}
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        with: {role: legal, covers: ["templates/**"]}
      - {id: fails, title: It fails, check: size, with: {paths: [readiness.yaml], max_total: 1 B}}
"""
REVIEWED = "Jo Counsel, General Counsel (counsel@example.com)"
MADE_UP = "Dr Anna Boss, Chief Executive"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name, value in (("HOME", str(empty_home())), ("XDG_CONFIG_HOME", str(empty_home()))):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    project = Project(tmp_path / "deedpro")
    project.write("readiness.yaml", CHECKLIST)
    project.commit()
    monkeypatch.chdir(project.root)
    git(project.root, "config", "user.name", MADE_UP)
    return project


def run(*args: str) -> Result:
    result = CliRunner().invoke(main, list(args))
    assert "Traceback" not in result.output
    return result


def read(name: str) -> str:
    return " ".join(Path(name).read_text(encoding="utf-8").split())


WAIVER = ("--reason", "again", "--control", "none", "--expires", "12d", "--requested-by", "dev@example.com", "--yes")


def test_a_reviewed_name_is_signed_and_printed_everywhere(project: Project) -> None:
    signed = run("sign", "templates-reviewed", "--key", str(key(COUNSEL)), "--yes")
    assert f"signed by    {REVIEWED}" in signed.stderr
    assert f"the record gets the reviewed name `Jo Counsel` of {COUNSEL}; git says `{MADE_UP}`" in signed.stderr
    waived = run("waive", "fails", *WAIVER, "--key", str(key(COUNSEL)))
    assert waived.exit_code == 0, waived.output
    project.commit(date=datetime.now(UTC).isoformat())
    names = {record.statement.predicate.signer.name for record in load_records(project.root).records}
    assert names == {"Jo Counsel"}

    pages = ("run.md", "run.html", "run.signoffs.html", "run.json")
    seen = run("check", *(word for name in pages for word in ("-o", name)))
    assert REVIEWED in " ".join(seen.output.split())
    for name in ("run.md", "run.html"):
        assert REVIEWED in read(name).replace("`", ""), name
    page = read("run.signoffs.html")
    assert "<dt>Printed name<dd>Jo Counsel<p>General Counsel<p class=soft>counsel@example.com</div>" in page
    assert MADE_UP not in page
    (card,) = json.loads(read("run.json"))["results"][0]["outcome"]["signoffs"]
    assert (card["printed_name"], card["title"], card["principal"]) == ("Jo Counsel", "General Counsel", COUNSEL)
    assert REVIEWED in run("records", "list").stdout
    assert run("signers", "list").stdout.startswith(f"{REVIEWED}  valid until")
    assert "printed name  Jo Counsel" in run("records", "show", card["record"]).stdout


def test_a_name_that_nobody_reviewed_is_its_signers_word_beside_the_principal(project: Project) -> None:
    signed = run("waive", "fails", *WAIVER, "--key", str(key(PARALEGAL)))
    said = f'{PARALEGAL} (says "{MADE_UP}")'
    assert f"signed by    {said}" in signed.stderr
    project.commit(date=datetime.now(UTC).isoformat())
    pages = ("run.md", "run.html", "run.signoffs.html")
    seen = run("check", *(word for name in pages for word in ("-o", name)))
    assert said in " ".join(seen.output.split())
    assert said.replace('"', "&#34;") in read("run.html")
    assert said in read("run.md").replace("`", "")
    assert f"<dd>not reviewed<p class=soft>{PARALEGAL}, says &#34;{MADE_UP}&#34;</div>" in read("run.signoffs.html")


def test_the_policy_branch_says_what_is_printed_and_a_new_name_weakens_it(project: Project) -> None:
    run("sign", "templates-reviewed", "--key", str(key(COUNSEL)), "--yes")
    project.commit(date=datetime.now(UTC).isoformat())
    git(project.root, "checkout", "-q", "-b", "work")
    project.write("readiness.yaml", CHECKLIST.replace("Jo Counsel", MADE_UP.split(",", maxsplit=1)[0]))
    project.commit("Rename", date=datetime.now(UTC).isoformat())
    run("check", "--policy-ref", "main", "-o", "run.json")
    report = json.loads(read("run.json"))
    assert report["results"][0]["outcome"]["signoffs"][0]["printed_name"] == "Jo Counsel"
    change = next(one for one in report["policy"]["changes"] if one["code"] == "person-renamed")
    assert (change["kind"], change["before"], change["after"]) == ("weakens", "Jo Counsel", "Dr Anna Boss")


def test_validate_tells_a_person_who_can_sign_nothing(project: Project) -> None:
    project.write("readiness.yaml", CHECKLIST.replace("  counsel@example.com: {name", "  cuonsel@example.com: {name"))
    result = run("validate")
    assert result.exit_code == 0, result.output
    assert "`cuonsel@example.com` in `people` holds no role" in result.output
    assert "did you mean `counsel@example.com`?" in result.output
    assert "cuonsel@example.com in `people` holds no role, and has no key" in run("doctor").output
    twin = '  paralegal@example.com: {name: "JO  Counsel", title: Chief Counsel}\npolicy:\n'
    project.write("readiness.yaml", CHECKLIST.replace("policy:\n", twin))
    said = " ".join(run("validate").output.split())
    assert "is printed for two people, `counsel@example.com` and `paralegal@example.com`" in said
    project.write("readiness.yaml", CHECKLIST)
    assert "in `people`" not in run("validate").output
    assert "two people" not in run("validate").output


def test_the_archive_has_the_printed_names_and_what_a_sign_off_holds_for(project: Project) -> None:
    run("sign", "templates-reviewed", "--key", str(key(COUNSEL)), "--yes")
    project.commit(date=datetime.now(UTC).isoformat())
    assert run("records", "export", "-o", "archive.zip").exit_code == 0
    with zipfile.ZipFile("archive.zip") as archive:
        (name,) = (one for one in archive.namelist() if one.endswith("records.csv"))
        (row,) = csv.DictReader(io.TextIOWrapper(archive.open(name), encoding="utf-8"))
    assert (row["printed_name"], row["title"], row["principal"]) == ("Jo Counsel", "General Counsel", COUNSEL)
    assert row["scope"] == "release"
