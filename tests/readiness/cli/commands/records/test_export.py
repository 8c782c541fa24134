"""`readiness records export`: what an auditor can do with it, in a place that has no tool of ours."""

import csv
import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from readiness.cli import main
from readiness.records.model.statement import Signer, Statement, Waiver, item_subject
from readiness.records.storage.work_tree import record_path
from support import bare
from support.made_once import copied
from support.signing import COUNSEL, PARALEGAL, STRANGER, Project, git, key, public, roster_line

CHECKLIST = """\
version: 1
project: deedpro
release: "3.0.0"
environments:
  production: {}
  staging: {}
roles:
  legal: [counsel@example.com, paralegal@example.com]
sections:
  - title: Legal
    items:
      - id: templates-reviewed
        title: Document templates reviewed by legal counsel
        check: signoff
        with: {role: legal, covers: ["templates/**"]}
      - id: builds
        title: It builds
        check: command
        with: {run: touch ran}
      - id: built-and-signed
        title: The build was looked at
        check: signoff
        needs: [builds]
        with: {role: legal}
"""
THEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def export(*args: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["records", "export", *args])
    assert "Traceback" not in result.output
    assert result.exit_code == code, result.output
    return result


def date(hours: int) -> str:
    return (THEN + timedelta(hours=hours)).isoformat()


def build(root: Path) -> Project:
    """Two sign-offs, of which one is revoked; then the roster changes: one leaves, another gets a new key."""
    project = Project(root, covers=["templates/**"])
    project.write("readiness.yaml", CHECKLIST)
    project.commit(date=date(0))
    project.sign(at=THEN + timedelta(hours=1))
    taken_back = project.sign(PARALEGAL, at=THEN + timedelta(hours=2))
    project.commit("Sign", date=date(3))
    project.revoke(taken_back, PARALEGAL, at=THEN + timedelta(hours=4))
    project.commit("Revoke", date=date(5))
    project.enroll(roster_line(COUNSEL, key(COUNSEL)) + roster_line(STRANGER, key("new", "ecdsa256")))
    project.commit("Change the roster", date=date(6))
    return project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = copied(build, tmp_path / "deedpro")
    monkeypatch.chdir(project.root)
    return project


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export("-f", str(copied(build, folder / "deedpro").root / "readiness.yaml"), "-o", str(folder / "audit.zip"))
    return folder / "audit.zip"


@pytest.fixture(params=["PATH", "root"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, bare.Shell]:
    if request.param == "root" and not bare.may_unshare():
        pytest.skip("this system lets nobody make a file system of their own")
    (tmp_path / "bare").mkdir()
    return (bare.by_path if request.param == "PATH" else bare.by_root)(tmp_path / "bare")


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> tuple[Path, bare.Shell]:
    """An archive, unpacked where little else is."""
    (tmp_path / "bare").mkdir()
    work, shell = bare.by_path(tmp_path / "bare")
    assert shell(f"unzip -q {archive} -d audit").returncode == 0
    return work / "audit", lambda line: shell(f"cd audit; {line}")


def commands(text: str) -> list[str]:
    """Code blocks of the instructions, as a reader copies them."""
    blocks = re.findall(r"(?m)(?:^    .+\n)+", text)
    return [re.sub(r"(?m)^    ", "", block) for block in blocks]


def test_all_that_the_instructions_say_works_without_any_tool_of_ours(
    project: Project, place: tuple[Path, bare.Shell]
) -> None:
    work, shell = place
    export("-o", str(work / "audit.zip"))
    assert shell("command -v python3 git readiness").returncode != 0
    assert shell("unzip -q audit.zip -d audit").returncode == 0
    text = (work / "audit" / "VERIFY.txt").read_text()
    lines = commands(text)
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


def test_the_page_says_what_the_text_says(unpacked: tuple[Path, bare.Shell]) -> None:
    folder, _shell = unpacked
    page = (folder / "VERIFY.html").read_text()
    assert "<script" not in page
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", page)
    words = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&"}
    shown = re.sub(r"&[a-z0-9#]+;", lambda match: words[match[0]], re.sub(r"<[^>]+>", " ", page))
    for command in commands((folder / "VERIFY.txt").read_text()):
        assert command.strip() in shown


def test_each_record_is_verified_by_the_roster_of_its_time(unpacked: tuple[Path, bare.Shell]) -> None:
    folder, _shell = unpacked
    assert len({line.split()[2] for line in (folder / "index.txt").read_text().splitlines()[1:]}) == 1
    rows = list(csv.DictReader(io.StringIO((folder / "rosters.csv").read_text())))
    assert [row["path"] for row in rows] == [".readiness/allowed_signers"] * 2
    first, second = ((folder / row["file"]).read_text() for row in rows)
    assert PARALEGAL in first
    assert PARALEGAL not in second
    then = json.loads((folder / "records.json").read_text())["records"]
    assert {row["roster"] for row in then} == {rows[0]["sha256"]}
    assert len({row["roster_as_of"] for row in then}) == 2
    gone = [row for row in then if row["principal"] == PARALEGAL and row["action"] == "signoff"]
    assert [row["state"] for row in gone] == ["unauthorised"]


def rewrite(folder: Path) -> None:
    """Make the manifest say what is there, as whoever tampers with an archive would."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "MANIFEST.sha256")
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in files]
    (folder / "MANIFEST.sha256").write_text("".join(lines))


def statement(folder: Path) -> Path:
    return next(p for p in sorted(folder.glob("records/*/*.json")) if COUNSEL in p.read_text())


def edit_record(folder: Path) -> None:
    path = statement(folder)
    path.write_bytes(path.read_bytes().replace(b"approve", b"reject "))


def edit_and_rename_record(folder: Path) -> None:
    path = statement(folder)
    data = path.read_bytes().replace(b"3.0.0", b"4.0.0")
    name = hashlib.sha256(data).hexdigest()
    place = folder / "records" / name[:2]
    place.mkdir(exist_ok=True)
    (place / f"{name}.json").write_bytes(data)
    path.with_suffix(".sig").rename(place / f"{name}.sig")
    path.unlink()
    index = folder / "index.txt"
    index.write_text(index.read_text().replace(path.stem[:2] + "/", name[:2] + "/").replace(path.stem, name))


def edit_signature(folder: Path) -> None:
    path = statement(folder).with_suffix(".sig")
    path.write_bytes(path.read_bytes()[:-60] + b"AAAA" + path.read_bytes()[-56:])


def swap_signatures(folder: Path) -> None:
    one, two = sorted(folder.glob("records/*/*.sig"))[:2]
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def drop_signature(folder: Path) -> None:
    statement(folder).with_suffix(".sig").unlink()


def drop_statement(folder: Path) -> None:
    statement(folder).unlink()


def edit_roster(folder: Path) -> None:
    """Give the key of one person to another."""
    for path in folder.glob("rosters/*/allowed_signers"):
        path.write_text(path.read_text().replace(COUNSEL, "mallory@example.com"))


def let_a_key_lapse(folder: Path) -> None:
    for path in folder.glob("rosters/*/allowed_signers"):
        path.write_text(path.read_text().replace("20350101Z", "20251231Z"))


def empty_roster(folder: Path) -> None:
    for path in folder.glob("rosters/*/allowed_signers"):
        path.write_text("")


def slip_in_record(folder: Path) -> None:
    place = folder / "records" / "00"
    place.mkdir(exist_ok=True)
    (place / f"{'0' * 64}.json").write_bytes(statement(folder).read_bytes())


def cut_index(folder: Path) -> None:
    path = folder / "index.txt"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def empty_index(folder: Path) -> None:
    (folder / "index.txt").write_text("")


TAMPERING = [
    edit_record, edit_and_rename_record, edit_signature, swap_signatures, drop_signature, drop_statement, edit_roster,
    let_a_key_lapse, empty_roster, slip_in_record, cut_index, empty_index,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
@pytest.mark.parametrize("thorough", [False, True], ids=["plain", "with the manifest rewritten"])
def test_an_archive_that_was_tampered_with_does_not_verify(
    unpacked: tuple[Path, bare.Shell],
    tamper: Callable[[Path], None],
    *,
    thorough: bool,
) -> None:
    folder, shell = unpacked
    tamper(folder)
    if thorough:
        rewrite(folder)
    done = shell("sh verify.sh")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "WRONG" in done.stdout or "BAD" in done.stdout
    assert (shell("sha256sum -c MANIFEST.sha256").returncode == 0) is thorough or tamper is slip_in_record


@pytest.mark.parametrize("content", ["", "nonsense\n", None])
def test_a_manifest_that_says_nothing_does_not_verify(unpacked: tuple[Path, bare.Shell], content: str | None) -> None:
    folder, shell = unpacked
    path = folder / "MANIFEST.sha256"
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert shell("sh verify.sh").returncode == (2 if content is None else 1)


def test_a_manifest_with_one_line_less_does_not_verify(unpacked: tuple[Path, bare.Shell]) -> None:
    folder, shell = unpacked
    path = folder / "MANIFEST.sha256"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    done = shell("sh verify.sh")
    assert (done.returncode, "files are here, and the manifest names" in done.stdout) == (1, True)


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


def test_without_its_tools_nothing_passes_for_checked(unpacked: tuple[Path, bare.Shell]) -> None:
    folder, shell = unpacked
    (folder.parent.parent / "bin" / "ssh-keygen").unlink()
    done = shell("sh verify.sh")
    assert (done.returncode, done.stderr) == (2, "cannot check: ssh-keygen is not installed\n")


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
