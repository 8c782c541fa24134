"""Accepts evidence of an item with a `producer` only where a key of that role has signed the bytes that were examined.

What the check says that it examined is compared, and not what the files hold now: a file may be replaced while the
check reads it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from readiness.check import ENVELOPE_SUFFIX, Context
from readiness.git import GitError, Repository
from readiness.git_marks import marked_files
from readiness.outcome import Evidence, EvidenceSignature, Finding, Outcome, Status
from readiness.provenance.files import Declared, evidence_files, name_from_top, own_files, refused
from readiness.records.model.errors import RecordsError
from readiness.records.storage.reading import read_file
from readiness.text import count, short, storable

ENVELOPE_LIMIT = 64 * 1024
"""Bytes of a signed statement about one file; it takes 1 KiB."""
_SHOWN = 20
_SIGN = "let the job that made it sign it: `readiness attest-evidence {} --key FILE`"


class UnsignedError(Exception):
    """A file of evidence is not signed as it has to be.

    Args:
        rule: Stable code.
        message: Why, as the rest of a sentence about the file.
        remedy: What to do next.
    """

    def __init__(self, rule: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.rule, self.message, self.remedy = rule, message, remedy


@dataclass(frozen=True)
class Claim:
    """A file of evidence that an item was answered by, and the statement beside it."""

    role: str
    """The role whose key has to have signed."""
    name: str
    """Of the file, from the top of the repository."""
    sha256: str
    """Digest of the bytes that were examined."""
    commit: str
    """The commit that is judged."""
    envelope: bytes
    """Content of the file with the signed statement."""
    beside: str
    """Name of that file, as a report shows it."""


Verify = Callable[[Claim], EvidenceSignature]
"""Finds out who signed a claim; raises UnsignedError where it does not hold."""
Producers = Callable[[Outcome, Context, Declared], Outcome]
"""Holds the outcome of an item to the producer that it names."""


def nobody(outcome: Outcome, context: Context, _declared: Declared) -> Outcome:
    """For a run that knows no producers: what needs one is an error."""
    if not context.item.producer:
        return unclaimed(outcome)
    return refused(unclaimed(outcome), "this run does not know who may sign evidence", "use `readiness check`")


def later(outcome: Outcome, _context: Context, _declared: Declared) -> Outcome:
    """For a job that collects outcomes: `readiness judge` verifies signatures."""
    return unclaimed(outcome)


def unclaimed(outcome: Outcome) -> Outcome:
    """The outcome without signatures that a check, or another job, claims."""
    if all(one.signature is None for one in outcome.evidence):
        return outcome
    return outcome.model_copy(
        update={"evidence": tuple(one.model_copy(update={"signature": None}) for one in outcome.evidence)}
    )


def judged(outcome: Outcome, context: Context, declared: Declared, verify: Verify) -> Outcome:
    """The outcome of an item; an error where it rests on evidence that its producer has not signed for this commit.

    Args:
        outcome: What the check answered.
        context: The run.
        declared: The parameters of the item.
        verify: Finds out who signed a file.
    """
    outcome = unclaimed(outcome)
    if not context.item.producer or outcome.status not in {Status.PASSED, Status.FAILED}:
        return outcome
    files = evidence_files(context, declared)
    repository = context.repository
    if repository is None or not context.subject.commit:
        why = "evidence is signed for a commit, and there is none here"
        return refused(outcome, why, "judge a commit in a git repository")
    other = _not_the_commit(context.subject.commit, repository, files)
    if other:
        return refused(outcome, other, "judge the commit itself, alone and without changes")
    if not files:
        return refused(outcome, "no file of evidence is there that a producer could have signed", "produce it, sign it")
    return _compared(outcome, context, _Files(context, repository.top, files, outcome.evidence), verify)


def _not_the_commit(commit: str, repository: Repository, files: Sequence[Path]) -> str:
    """Why the work tree is not that of the judged commit, but for the evidence itself; empty when it is."""
    how = ("--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=untracked", "--untracked-files=no")
    own = own_files(repository.top, files)
    try:
        out = repository.read("-C", str(repository.top), "status", *how)
        marked = [name for name in marked_files(repository) if name not in own]
    except GitError as error:
        return f"git cannot tell whether the work tree is that of the commit: {short(str(error))}"
    if repository.head != commit:
        return "HEAD moved during the run, so its evidence is for another commit"
    changed = [entry[3:] for entry in out.split("\0") if entry and entry[3:] not in own]
    if changed:
        return f"evidence is signed for commit {commit[:10]}, and the work tree differs from it: {_first(changed)}"
    if marked:
        return f"git was told not to look at changes of {_first(marked)}, so they may differ from commit {commit[:10]}"
    return ""


def _first(names: Sequence[str]) -> str:
    return ", ".join(map(short, names[:3])) + (", …" if len(names) > 3 else "")  # noqa: PLR2004


@dataclass(frozen=True)
class _Files:
    """The files of evidence of an item, and what the check says that it examined."""

    context: Context
    top: Path
    files: Sequence[Path]
    evidence: Sequence[Evidence]

    def signed(self, file: Path, verify: Verify) -> EvidenceSignature:
        """Who signed what was examined of a file.

        Raises:
            UnsignedError: Nobody who may, or not that.
        """
        context, name = self.context, _name(self.context, file)
        sign = _SIGN.format(name)
        if file.is_symlink():
            raise UnsignedError("link", "is a link: it could lead elsewhere in the next moment", "put the file there")
        digests = {one.sha256 for one in self.evidence if one.name == name and one.sha256}
        if len(digests) != 1:
            what = (
                "changed while it was examined" if digests else "was not examined, or the check does not say its digest"
            )
            raise UnsignedError("not-examined", what, "let one file hold the results, and let nothing write to it then")
        beside = file.with_name(file.name + ENVELOPE_SUFFIX)
        claim = Claim(
            role=context.item.producer,
            name=name_from_top(self.top, file),
            sha256=digests.pop(),
            commit=context.subject.commit,
            envelope=_read(beside, context.name(beside), sign),
            beside=context.name(beside),
        )
        return verify(claim)

    def others(self) -> Iterator[str]:
        """What the check examined beside these files."""
        names = {_name(self.context, file) for file in self.files}
        yield from dict.fromkeys(one.name for one in self.evidence if one.sha256 and one.name not in names)


def _compared(outcome: Outcome, context: Context, files: _Files, verify: Verify) -> Outcome:
    """The outcome with who signed its evidence; an error where a file is not signed as it has to be."""
    found: dict[str, EvidenceSignature] = {}
    findings: list[Finding] = []
    for file in files.files:
        name = _name(context, file)
        try:
            found[name] = files.signed(file, verify)
        except UnsignedError as error:
            findings.append(_finding(name, error))
    for name in files.others():
        why = "was examined, too, and its parameter does not say that it is evidence"
        findings.append(_finding(name, UnsignedError("not-evidence", why, "leave out `producer`, or tell its authors")))
    evidence = tuple(one.model_copy(update={"signature": found.get(one.name)}) for one in outcome.evidence)
    outcome = outcome.model_copy(update={"evidence": evidence})
    if findings:
        shown = (*outcome.findings, *findings[:_SHOWN])
        bad = f"{len(findings)} of {count(len(files.files), 'file')} of evidence not accepted: {findings[0].message}"
        return refused(outcome.model_copy(update={"findings": shown}), bad, findings[0].remedy)
    return outcome.model_copy(update={"summary": f"{outcome.summary}; {_by(context.item.producer, found)}"})


def _name(context: Context, file: Path) -> str:
    """Name of a file as outcomes have it."""
    return storable(context.name(file))


def _by(role: str, found: Mapping[str, EvidenceSignature]) -> str:
    people = sorted({one.principal for one in found.values()})
    return f"{count(len(found), 'file')} of evidence signed by {', '.join(people)} ({role})"


def _finding(name: str, error: UnsignedError) -> Finding:
    return Finding(message=f"{name} {error.message}", rule=error.rule, path=name, remedy=error.remedy)


def _read(path: Path, name: str, sign: str) -> bytes:
    """The signed statement beside a file.

    Raises:
        UnsignedError: There is none, or it is no plain file of a fit size.
    """
    if path.is_symlink():
        raise UnsignedError("unsigned", f"is not signed: {short(name)} is a link", sign)
    try:
        data = read_file(path.parent, path.name, limit=ENVELOPE_LIMIT)
    except RecordsError as error:
        raise UnsignedError("unsigned", f"is not signed: {error.summary}", sign) from error
    if data is None:
        raise UnsignedError("unsigned", f"is not signed: there is no {short(name)}", sign)
    return data
