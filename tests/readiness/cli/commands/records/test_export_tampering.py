"""What the instructions of an archive find: whether each record verifies, and every tampering with the archive."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support import bare
from support.exported import build, export, instructed
from support.made_once import copied
from support.signing import COUNSEL, PARALEGAL


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export("-f", str(copied(build, folder / "deedpro").root / "readiness.yaml"), "-o", str(folder / "audit.zip"))
    return folder / "audit.zip"


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> tuple[Path, bare.Shell]:
    """An archive, unpacked where little else is."""
    (tmp_path / "bare").mkdir()
    work, shell = bare.by_path(tmp_path / "bare")
    assert shell(f"unzip -q {archive} -d audit").returncode == 0
    return work / "audit", lambda line: shell(f"cd audit; {line}")


def test_the_page_says_what_the_text_says(unpacked: tuple[Path, bare.Shell]) -> None:
    folder, _shell = unpacked
    page = (folder / "VERIFY.html").read_text()
    assert "<script" not in page
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", page)
    words = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&"}
    shown = re.sub(r"&[a-z0-9#]+;", lambda match: words[match[0]], re.sub(r"<[^>]+>", " ", page))
    for command in instructed((folder / "VERIFY.txt").read_text()):
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


def test_without_its_tools_nothing_passes_for_checked(unpacked: tuple[Path, bare.Shell]) -> None:
    folder, shell = unpacked
    (folder.parent.parent / "bin" / "ssh-keygen").unlink()
    done = shell("sh verify.sh")
    assert (done.returncode, done.stderr) == (2, "cannot check: ssh-keygen is not installed\n")
