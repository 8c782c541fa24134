"""Records are written whole or not at all, and nothing odd in their folder is ignored."""

import hashlib
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from readiness.atomic_write import TEMPORARY, atomic_write
from readiness.records.model.errors import RecordsError
from readiness.records.model.statement import LIMIT
from readiness.records.storage.reading import keep_bytes
from readiness.records.storage.work_tree import Records, load_records, newest_digests, record_path, write_record
from readiness.records.writing.agent import SigningKey
from readiness.records.writing.signoff import sign_statement
from support.signing import COUNSEL, Project, git, key, public


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "deedpro")


def problems(project: Project) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in load_records(project.root).problems]


def test_a_folder_that_is_not_there_holds_no_records(tmp_path: Path) -> None:
    assert load_records(tmp_path) == Records()


def test_a_record_is_two_files_named_by_the_digest_of_the_signed_bytes(project: Project) -> None:
    digest = project.sign()
    statement, signature = project.files(digest)
    assert statement.relative_to(project.root).as_posix() == f".readiness/records/{digest[:2]}/{digest}.json"
    assert hashlib.sha256(statement.read_bytes()).hexdigest() == digest
    assert signature.read_bytes().startswith(b"-----BEGIN SSH SIGNATURE-----")
    (record,) = load_records(project.root).records
    assert record.digest == digest
    assert record.signoff is not None
    assert record.signoff.signer.principal == COUNSEL


def test_git_never_changes_line_ends_of_records(project: Project) -> None:
    digest = project.sign()
    project.sign()
    text = (project.root / ".gitattributes").read_text()
    assert text.count(".readiness/** -text\n") == 1
    path = record_path(digest)
    assert git(project.root, "check-attr", "text", "--", path).strip() == f"{path}: text: unset"


def test_lines_of_gitattributes_are_kept(project: Project) -> None:
    project.write(".gitattributes", "*.png binary")
    project.sign()
    assert (project.root / ".gitattributes").read_text() == "*.png binary\n.readiness/** -text\n"


def test_a_linked_gitattributes_is_refused_before_anything_is_written(project: Project) -> None:
    (project.root / ".gitattributes").symlink_to("README.md")
    with pytest.raises(RecordsError, match="is a link"):
        project.sign()
    assert load_records(project.root) == Records()


def test_edited_renamed_and_swapped_files_are_problems(project: Project) -> None:
    digest = project.sign()
    statement, signature = project.files(digest)
    data = statement.read_bytes()
    statement.write_bytes(data.replace(b"production", b"staging"))
    (problem,) = load_records(project.root).problems
    assert (problem.code, problem.claims, problem.digest) == ("wrong-digest", "templates-reviewed", digest)
    statement.unlink()
    assert problems(project) == [("signature-without-record", record_path(digest, "sig"))]
    signature.unlink()
    other = statement.with_name(digest[:2] + "0" * 62 + ".json")
    other.write_bytes(data)
    assert problems(project) == [("wrong-digest", other.relative_to(project.root).as_posix())]


def test_a_missing_or_unreadable_signature_leaves_a_record_without_one(project: Project) -> None:
    signature = project.files(project.sign())[1]
    signature.write_bytes(b"x" * 40_000)
    assert load_records(project.root).records[0].signature is None
    signature.unlink()
    assert load_records(project.root).records[0].signature is None


@pytest.mark.parametrize("name", ["notes.txt", "zz/" + "0" * 64 + ".json", "00/" + "1" * 64 + ".json", "00/x.json"])
def test_foreign_files_are_problems(project: Project, name: str) -> None:
    project.write(f".readiness/records/{name}", "{}")
    ((code, path),) = problems(project)
    assert code == "foreign-file"
    assert f".readiness/records/{name}".startswith(path)


def test_links_folders_and_pipes_in_place_of_records_are_problems(project: Project) -> None:
    digest = project.sign()
    statement, _signature = project.files(digest)
    elsewhere = project.root / "elsewhere.json"
    statement.rename(elsewhere)
    statement.symlink_to(elsewhere)
    assert {code for code, _path in problems(project)} == {"link", "signature-without-record"}
    statement.unlink()
    statement.mkdir()
    assert {code for code, _path in problems(project)} == {"foreign-file", "signature-without-record"}
    statement.rmdir()
    os.mkfifo(statement)
    assert {code for code, _path in problems(project)} == {"foreign-file", "signature-without-record"}


def test_a_linked_shard_is_a_problem(project: Project, tmp_path: Path) -> None:
    digest = project.sign()
    shard = project.files(digest)[0].parent
    shard.rename(tmp_path / "shard")
    shard.symlink_to(tmp_path / "shard")
    assert [code for code, _path in problems(project)] == ["link"]


def test_an_oversized_record_is_a_problem(project: Project) -> None:
    data = b" " * (LIMIT + 1)
    digest = hashlib.sha256(data).hexdigest()
    project.write(record_path(digest), data)
    assert problems(project) == [("unreadable", record_path(digest))]


def test_what_a_crash_leaves_is_a_problem(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def crash(path: Path, data: bytes) -> None:
        if path.suffix == ".json":
            raise KeyboardInterrupt
        written.append(path)
        atomic_write(path, data)

    monkeypatch.setattr("readiness.records.storage.work_tree.atomic_write", crash)
    with pytest.raises(KeyboardInterrupt):
        project.sign()
    assert [path.suffix for path in written] == [".sig"]
    assert [code for code, _path in problems(project)] == ["signature-without-record"]
    project.write(f".readiness/records/00/{TEMPORARY}abc", "half")
    assert {code for code, _path in problems(project)} == {"signature-without-record", "half-written"}


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(project: Project) -> None:
    project.write(".readiness/records", "a file where the folder should be")
    with pytest.raises(RecordsError, match="cannot be written"):
        project.sign()
    assert (project.root / ".readiness/records").read_text() == "a file where the folder should be"


def test_thousands_of_records_are_all_read(project: Project) -> None:
    said = project.draft()
    for number in range(2_000):
        predicate = said.predicate.model_copy(update={"nonce": f"{number:032x}"})
        data = said.model_copy(update={"predicate": predicate}).encode()
        path = project.root / record_path(hashlib.sha256(data).hexdigest())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.with_suffix(".sig").write_bytes(b"x")
    kept = load_records(project.root)
    assert len(kept.records) == 2_000
    assert kept.problems == ()
    assert len(newest_digests(kept.records)) == 8


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can become larger than so many bytes, as where a disk is full or a quota is used up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 700])
def test_a_record_for_which_there_is_no_room_leaves_nothing(project: Project, size: int) -> None:
    """There is room for none of its files, or for the signature alone, which is written first."""
    said = project.draft(meaning="I approve. " * 100)
    signature = sign_statement(said, SigningKey(public(key(COUNSEL)), "test", key(COUNSEL)))
    keep_bytes(project.root)
    assert len(signature) < 700 < len(said.encode())
    with (
        room_for(size),
        pytest.raises(RecordsError, match=r"cannot be written to \.readiness/records: File too large") as no,
    ):
        write_record(project.root, said, signature)
    assert no.value.remedy == "free some space, and sign again: nothing was kept"
    assert load_records(project.root) == Records()
    assert not [place for place in (project.root / ".readiness/records").rglob("*") if place.is_file()]
    write_record(project.root, said, signature)
    assert len(load_records(project.root).records) == 1
