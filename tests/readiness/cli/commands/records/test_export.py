"""`readiness records export`: what an auditor can do with it, in a place that has no tool of ours."""

import csv
import io
import json
import re
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from readiness.cli import main
from readiness.records.model.statement import Signer, Statement, Waiver, item_subject
from readiness.records.storage.work_tree import record_path
from support import bare
from support.exported import CHECKLIST, THEN, build, date, export, instructed
from support.made_once import copied
from support.signing import COUNSEL, Project, git, key, public


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = copied(build, tmp_path / "deedpro")
    monkeypatch.chdir(project.root)
    return project


@pytest.fixture(params=["PATH", "root"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, bare.Shell]:
    if request.param == "root" and not bare.may_unshare():
        pytest.skip("this system lets nobody make a file system of their own")
    (tmp_path / "bare").mkdir()
    return (bare.by_path if request.param == "PATH" else bare.by_root)(tmp_path / "bare")


def test_all_that_the_instructions_say_works_without_any_tool_of_ours(
    project: Project, place: tuple[Path, bare.Shell]
) -> None:
    work, shell = place
    export("-o", str(work / "audit.zip"))
    assert shell("command -v python3 git readiness").returncode != 0
    assert shell("unzip -q audit.zip -d audit").returncode == 0
    text = (work / "audit" / "VERIFY.txt").read_text()
    lines = instructed(text)
    assert [line.split()[0] for line in lines] == ["sh", "sha256sum", "sha256sum", "ssh-keygen", "git"]
    for line in lines[:-1]:
        done = shell(f"cd audit; {line}")
        assert done.returncode == 0, done.stdout + done.stderr
        if line.startswith("sh "):
            assert done.stdout == "3 records: 3 good, 0 void, 0 bad; files that are not as they should be: 0\n"
        if line.startswith("ssh-keygen"):
            assert f'Good "signoff@readiness" signature for {COUNSEL}' in done.stdout
    compared = subprocess.run(["sh", "-c", lines[-1]], cwd=project.root, capture_output=True, text=True, check=True)
    assert compared.stdout.split()[0] == lines[-1].split()[-1]


def test_what_a_key_signed_that_was_revoked_later_is_void(project: Project, tmp_path: Path) -> None:
    project.write(".readiness/revoked_keys", public(key(COUNSEL)).line + "\n")
    project.commit("A key was stolen", date=date(7))
    (tmp_path / "bare").mkdir()
    work, shell = bare.by_path(tmp_path / "bare")
    export("-o", str(work / "audit.zip"))
    done = shell("unzip -q audit.zip && sh verify.sh")
    assert done.returncode == 0, done.stdout
    assert "3 records: 2 good, 1 void, 0 bad" in done.stdout


def test_a_key_that_was_taken_off_the_list_of_revoked_keys_is_in_it_all_the_same(
    project: Project, tmp_path: Path
) -> None:
    line = public(key(COUNSEL)).line
    for text, days in ((f"{line}\n", 7), ("", 6)):
        project.write(".readiness/revoked_keys", text)
        project.commit("Change the list", date=date(days))
    export("-o", str(tmp_path / "audit.zip"))
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive:
        assert line.encode() in archive.read("revoked_keys")


def files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def test_the_population_holds_every_record_with_all_that_it_says(project: Project) -> None:
    export("-o", "audit.zip")
    found = files(Path("audit.zip"))
    rows = list(csv.DictReader(io.StringIO(found["records.csv"].decode())))
    told = json.loads(found["records.json"])
    assert [row["record"] for row in rows] == [row["record"] for row in told["records"]]
    assert [row["action"] for row in rows] == ["signoff", "signoff", "revoke"]
    for row in rows:
        assert found[row["file"]] == (project.root / record_path(row["record"])).read_bytes()
        assert found[row["signature_file"]] == (project.root / record_path(row["record"], "sig")).read_bytes()
    first = rows[0]
    assert (first["principal"], first["state"], first["item_text"]) == (COUNSEL, "valid", project.title)
    assert json.loads(first["subjects"]).keys() == {"templates/grant_deed.html", "templates/tax_deed.html"}
    assert first["seen_commit"] == git(project.root, "log", "--format=%H", "--grep=^Sign").strip()
    assert found["checklist/readiness.yaml"].decode() == CHECKLIST


def test_the_report_is_of_the_sign_offs_alone_and_no_command_runs(project: Project) -> None:
    export("-o", "audit.zip", "--env", "production")
    report = json.loads(files(Path("audit.zip"))["report.json"])
    status = {result["item"]["id"]: (result["selected"], result["outcome"]["status"]) for result in report["results"]}
    assert status == {
        "templates-reviewed": (True, "passed"),
        "builds": (False, "skipped"),
        "built-and-signed": (False, "skipped"),
    }
    assert any("sign-offs alone" in notice for notice in report["notices"])
    assert "2 of 3 items were not selected" in report["verdict"]["reason"]
    assert not (project.root / "ran").exists()
    assert b"Document templates reviewed" in files(Path("audit.zip"))["report.html"]


def waive(project: Project, hours: int) -> str:
    """A waiver of the item that builds."""
    item_digest = "sha256:" + "ab" * 32
    predicate = Waiver(
        project=project.name,
        role="legal",
        release="3.0.0",
        environment="production",
        item="builds",
        item_text="It builds",
        item_digest=item_digest,
        requested_by="dev@example.com",
        reason="The compiler is broken.",
        compensating_control="=The last build is deployed.",
        meaning="I accept the risk.",
        signer=Signer(principal=COUNSEL),
        signed_at=THEN + timedelta(hours=hours),
        expires_at=THEN + timedelta(days=9),
        nonce="0" * 32,
    )
    return project.keep(Statement(subject=(item_subject("builds", item_digest),), predicate=predicate), key(COUNSEL))


def test_a_waiver_goes_in_with_its_control_and_no_cell_is_a_formula(project: Project, tmp_path: Path) -> None:
    digest = waive(project, 7)
    project.commit("Waive", date=date(8))
    (tmp_path / "bare").mkdir()
    work, shell = bare.by_path(tmp_path / "bare")
    export("-o", str(work / "audit.zip"))
    rows = list(csv.DictReader(io.StringIO(files(work / "audit.zip")["records.csv"].decode())))
    told = next(row for row in rows if row["record"] == digest)
    assert (told["action"], told["requested_by"]) == ("waive", "dev@example.com")
    assert told["compensating_control"] == "'=The last build is deployed."
    assert "4 records: 4 good" in shell("unzip -q audit.zip && sh verify.sh").stdout


@pytest.mark.usefixtures("project")
def test_a_saved_run_gives_the_report(tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    CliRunner().invoke(main, ["check", "--env", "production", "-o", str(saved)])
    (tmp_path / "verdict.json").write_bytes(b'{"payload": ""}')
    export("-o", "audit.zip", "--run", str(saved), "--attestation", str(tmp_path / "verdict.json"))
    found = files(Path("audit.zip"))
    assert json.loads(found["report.json"]) == json.loads(saved.read_bytes())
    assert found["attestation.json"] == b'{"payload": ""}'


def test_filters_leave_out_records_but_never_what_was_said_against_one_that_stays(project: Project) -> None:
    project.environment = "staging"
    other = project.sign(at=THEN + timedelta(hours=7))
    project.commit("Sign for staging", date=date(8))
    told = export("-o", "audit.zip", "--env", "production", "--until", "2026-11-20")
    assert "1 record left out by the filters" in told.output
    found = files(Path("audit.zip"))
    rows = json.loads(found["records.json"])
    assert [row["action"] for row in rows["records"]] == ["signoff", "signoff", "revoke"]
    assert other not in {row["record"] for row in rows["records"]}
    assert (rows["filter"], rows["left_out"]) == ("environment production, until 2026-11-20", 1)
    assert b"NOT ALL RECORDS ARE HERE: 1 record left out." in found["VERIFY.txt"]
    export("-o", "none.zip", "--until", "2026-11-19", code=3)
    assert not Path("none.zip").exists()


def test_records_that_are_not_in_order_go_in_and_are_counted(project: Project, tmp_path: Path) -> None:
    edited = min((project.root / ".readiness/records").rglob("*.json"))
    edited.write_bytes(edited.read_bytes() + b" ")
    (edited.parent / "notes.txt").write_text("nothing")
    (tmp_path / "bare").mkdir()
    work, shell = bare.by_path(tmp_path / "bare")
    told = export("-o", str(work / "audit.zip"))
    assert "not in order" in told.output
    found = files(work / "audit.zip")
    problems = list(csv.DictReader(io.StringIO(found["problems.csv"].decode())))
    codes = {row["code"] for row in problems}
    assert {"wrong-digest", "foreign-file"} <= codes
    odd = next(row for row in problems if row["code"] == "wrong-digest")
    assert found[odd["file"]] == edited.read_bytes()
    assert shell("unzip -q audit.zip && sh verify.sh").returncode == 0, "the committed records are still in order"


def test_a_record_that_is_damaged_where_no_commit_has_it_is_bad(project: Project, tmp_path: Path) -> None:
    fresh, _signature = project.files(project.sign(at=THEN + timedelta(hours=7)))
    fresh.write_bytes(fresh.read_bytes() + b" ")
    (tmp_path / "bare").mkdir()
    work, shell = bare.by_path(tmp_path / "bare")
    export("-o", str(work / "audit.zip"))
    done = shell("unzip -q audit.zip && sh verify.sh")
    assert done.returncode == 1
    assert "its name is not the digest of its content" in done.stdout
    assert "4 records: 3 good, 0 void, 1 bad" in done.stdout


def test_what_the_history_lost_is_told(project: Project) -> None:
    lost = min((project.root / ".readiness/records").rglob("*.json"))
    lost.unlink()
    lost.with_suffix(".sig").unlink()
    project.commit("Clean up", date=date(7))
    export("-o", "audit.zip")
    problems = list(csv.DictReader(io.StringIO(files(Path("audit.zip"))["problems.csv"].decode())))
    assert {(row["record"], row["code"], row["author"]) for row in problems} == {
        (lost.stem, "record-deleted", "dev@example.com")
    }


@pytest.mark.usefixtures("project")
def test_the_same_records_give_the_same_bytes_and_the_zip_holds_plain_files_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Clock":
            return cls(2026, 11, 21, 12, 0, tzinfo=UTC) if tz else cls(2026, 11, 21, 12, 0)

    monkeypatch.setattr("readiness.cli.workspace.datetime", Clock)
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    export("-o", str(one))
    export("-o", str(two))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as pack:
        for entry in pack.infolist():
            assert entry.external_attr >> 16 in {0o100644, 0o100755}
            assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", entry.filename)
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_only_a_zip_is_written_and_nothing_when_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path / "empty", covers=["templates/**"])
    project.write("readiness.yaml", CHECKLIST)
    monkeypatch.chdir(project.root)
    assert "does not end with .zip" in export("-o", "readiness.yaml", code=2).output
    assert (project.root / "readiness.yaml").read_text() == CHECKLIST
    assert "there is no record" in export("-o", "audit.zip", code=3).output
    assert not Path("audit.zip").exists()
    assert "no environment" in export("-o", "audit.zip", "--env", "prodution", code=2).output
