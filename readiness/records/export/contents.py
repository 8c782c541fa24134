"""Puts together what an auditor gets: records, the rosters of their time, the population, and how to check it all."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files as resources

from readiness.git import Repository
from readiness.moment import show
from readiness.records.export.instructions import About, Example, as_html, as_text
from readiness.records.export.population import Row, as_csv, as_json, problem_row, row, version_row
from readiness.records.export.rosters import Rosters
from readiness.records.judging.evidence import RecordEvidence
from readiness.records.judging.signature import check_signature
from readiness.records.model.errors import RecordsError
from readiness.records.review.ledger import Entry
from readiness.records.storage.reading import read_committed, read_file
from readiness.records.storage.work_tree import FOLDER, Problem, Record, record_name, record_path, size_limit

INDEX = "index.txt"
CHECKLIST = "checklist/readiness.yaml"
_HEAD = "# record, its signature, its roster below rosters/, when it came (- where that takes nothing from it)\n"
_OPENSSH = "%Y%m%d%H%M%SZ"


@dataclass(frozen=True)
class Export:
    """The content of an archive, and what there is to say about it."""

    files: Mapping[str, bytes]
    records: int
    left_out: int
    """Records that the filters left out."""
    bad: int
    """Records that do not count, whatever they are for: what `records verify` calls bad."""
    problems: int
    """Files that are no records, and what was done to records in the history."""


@dataclass
class _Collection:
    """What is collected along the way."""

    files: dict[str, bytes] = field(default_factory=dict)
    index: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    example: Example | None = None


def choose(evidence: RecordEvidence, entries: Sequence[Entry], wanted: Iterable[Entry]) -> list[tuple[Record, Entry]]:
    """Records that go into the archive: those wanted, with all that was ever said against them.

    Args:
        evidence: All records.
        entries: All of them, as the ledger has them.
        wanted: Those asked for.
    """
    chosen = {entry.record for entry in wanted}
    known = {entry.record for entry in entries}
    against = {
        entry.record for entry in entries if entry.target in chosen or (entry.target and entry.target not in known)
    }
    pairs = zip(evidence.kept.records, entries, strict=True)
    return [pair for pair in pairs if pair[1].record in chosen | against]


def collect(
    evidence: RecordEvidence,
    chosen: Sequence[tuple[Record, Entry]],
    *,
    checklist: bytes,
    narrowed: str = "",
    extra: Mapping[str, bytes] | None = None,
) -> Export:
    """Collect everything.

    Args:
        evidence: All records.
        chosen: Those that go into the archive.
        checklist: The checklist file.
        narrowed: By which filters the records were chosen; empty when all are.
        extra: Further files by name: reports, an attestation.

    Raises:
        RecordsError: The history of the roster cannot be read.
    """
    rosters = Rosters(evidence)
    collection = _Collection({**(extra or {}), CHECKLIST: checklist})
    for record, entry in chosen:
        _add_record(collection, evidence, rosters, record, entry)
    problems = [problem_row(each, _add_problem(collection, evidence, rosters, each)) for each in _odd(evidence)]
    history = _add_history(collection, rosters)
    left_out = len(evidence.kept.records) - len(chosen)
    about = _about(evidence, collection, narrowed, left_out=left_out, problems=len(problems))
    collection.files |= {
        INDEX: (_HEAD + "".join(sorted(collection.index))).encode(),
        "revoked_keys": evidence.roster.revoked_keys,
        "records.csv": as_csv(collection.rows, Entry.model_fields),
        "records.json": as_json(about.as_json(), collection.rows, problems=problems, rosters=history),
        "problems.csv": as_csv(problems, problem_row(Problem("", "", ""), "")),
        "rosters.csv": as_csv(history, ("at", "commit", "author", "path", "what", "sha256", "file")),
        **_instructions(about),
    }
    bad = sum(_is_bad(record, evidence) for record, _entry in chosen)
    return Export(collection.files, len(chosen), left_out, bad, len(problems))


def _instructions(about: About) -> dict[str, bytes]:
    program = resources(__package__).joinpath("verify.sh").read_bytes()
    return {"VERIFY.txt": as_text(about), "VERIFY.html": as_html(about), "verify.sh": program}


def _add_history(collection: _Collection, rosters: Rosters) -> list[Row]:
    """Add every version of the roster and of the revoked keys that there ever was; a row for each."""
    rows = []
    for version in rosters.history():
        name = f"rosters/{version.sha256}/{version.path.rpartition('/')[2]}" if version.content is not None else ""
        collection.files |= {name: version.content} if version.content is not None else {}
        rows.append(version_row(version, name))
    return rows


def _is_bad(record: Record, evidence: RecordEvidence) -> bool:
    standing = check_signature(record, evidence).standing
    return standing is not None and standing.state.value not in {"revoked", "stale"}


def _add_record(
    collection: _Collection, evidence: RecordEvidence, rosters: Rosters, record: Record, entry: Entry
) -> None:
    path = _name(record_path(record.digest))
    signature = _free(collection, _name(record_path(record.digest, "sig")))
    collection.files[path] = record.data
    if record.signature is not None:
        collection.files[signature] = record.signature
    vouching = rosters.of(record.digest, record.signature)
    collection.files[f"rosters/{vouching.sha256}/allowed_signers"] = vouching.content
    seen = evidence.seen.get(record.digest)
    rejection = record.signoff is not None and record.signoff.decision == "reject"
    moment = None if seen is None or record.withdrawal is not None or rejection else seen.at
    collection.index.append(_line(record.digest, signature, vouching.sha256, moment))
    files = {"file": path, "signature_file": signature, "roster": vouching.sha256, "roster_as_of": vouching.as_of}
    collection.rows.append(row(entry, record, files))
    if collection.example is None and check_signature(record, evidence).standing is None:
        said = record.statement.predicate
        collection.example = Example(
            path, signature, vouching.sha256, vouching.as_of, said.signer.principal, said.signed_at.strftime(_OPENSSH)
        )


def _add_problem(collection: _Collection, evidence: RecordEvidence, rosters: Rosters, problem: Problem) -> str:
    """Add the bytes of what is no sound record, so that it can be looked at; its name in the archive."""
    digest = record_name(problem.path)
    data = _present(evidence, problem.path) if digest else None
    if data is None:
        return ""
    path, sibling = (_name(record_path(digest, suffix)) for suffix in ("json", "sig"))
    name = _name(problem.path)
    if collection.files.get(name, data) != data:
        name = f"odd/{hashlib.sha256(data).hexdigest()}"
    elif name not in collection.files:
        collection.index.append(_line(digest, sibling, rosters.of(digest, None).sha256, None))
        collection.files[f"rosters/{rosters.of(digest, None).sha256}/allowed_signers"] = rosters.of(
            digest, None
        ).content
        signature = _present(evidence, record_path(digest, "sig")) if name == path else None
        collection.files |= {sibling: signature} if signature is not None else {}
    collection.files[name] = data
    return name


def _present(evidence: RecordEvidence, path: str) -> bytes | None:
    """Bytes of a file as they are in the work tree, or else in the commit of the policy; None where they are not."""
    limit = size_limit(path)
    commit = evidence.content or evidence.policy
    try:
        data = None if evidence.content else read_file(evidence.root, path, limit=limit)
        return read_committed(Repository(evidence.root), commit, path, limit) if data is None and commit else data
    except RecordsError:
        return None


def _odd(evidence: RecordEvidence) -> list[Problem]:
    return [*evidence.kept.problems, *evidence.violations]


def _name(path: str) -> str:
    return "records" + path.removeprefix(FOLDER)


def _free(collection: _Collection, name: str) -> str:
    """A name that is not taken: of a withdrawal, every signature counts that it ever had."""
    number, free = 1, name
    while free in collection.files:
        number += 1
        free = f"{name.removesuffix('.sig')}.{number}.sig"
    return free


def _line(digest: str, signature: str, roster: str, came: datetime | None) -> str:
    return f"{digest} {signature} {roster} {came.strftime(_OPENSSH) if came else '-'}\n"


def _about(evidence: RecordEvidence, collection: _Collection, narrowed: str, *, left_out: int, problems: int) -> About:
    head = ""
    if evidence.dated:
        repository = Repository(evidence.root)
        head = evidence.content or repository.head
    return About(
        at=show(evidence.now.replace(microsecond=0)),
        policy=evidence.policy or head,
        examined=evidence.commits,
        records=len(collection.rows),
        left_out=left_out,
        narrowed=narrowed,
        problems=problems,
        has=tuple(sorted(collection.files)),
        example=collection.example,
    )
