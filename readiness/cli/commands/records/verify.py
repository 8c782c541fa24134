"""`readiness records verify`: whether every record is what its signer wrote, and none was ever edited or deleted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click

from readiness.cli.errors import INCOMPLETE, NO_GO, OK, UsageError
from readiness.cli.options import RecordsSource, TrustedKeys, file_option, flag
from readiness.cli.output.streams import emit
from readiness.cli.typed_options import takes
from readiness.cli.workspace import Workspace, open_workspace, tell_when
from readiness.text import count

if TYPE_CHECKING:
    from readiness.attestation.earlier_verdict import Loss
    from readiness.attestation.keys import TrustedKey
    from readiness.records.export.second_opinion import Comparison, OpenSSH
    from readiness.records.judging.evidence import RecordEvidence
    from readiness.records.storage.work_tree import Record


@dataclass(frozen=True)
class VerifyOptions:
    """What `records verify` takes."""

    source: RecordsSource
    against: Annotated[
        Path | None,
        file_option(
            "--against",
            about="An earlier attested verdict of this branch; fail when a record or commit that it relied on is gone.",
        ),
    ]
    keys: TrustedKeys
    stock: Annotated[bool, flag("--stock", about="Also verify each signature with OpenSSH's ssh-keygen, and compare.")]
    verbose: Annotated[bool, flag("-v", "--verbose", about="Also list the good records.")]


@click.command(epilog="Exit codes: 0 all good, 1 something is bad, 2 cannot be read, 3 there was nothing to verify.")
@takes(VerifyOptions)
def verify(asked: VerifyOptions) -> int:
    """Verify every record: form, name, signature, date, the right to sign, and that no record was ever removed.

    Whether a sign-off still fits its item is not checked here: see `check` and `records list`.
    """
    from readiness.text import short

    workspace = open_workspace(asked.source)
    evidence = workspace.evidence
    tell_when(workspace)
    good, void, bad = _verify_each(evidence, verbose=asked.verbose)
    second = _second_opinion(evidence, verbose=asked.verbose) if asked.stock else None
    harmless = [problem for problem in evidence.kept.problems if problem.harmless]
    for found in harmless:
        emit([f"note     {short(found.path)}: {found.reason}"])
    for found in (*(problem for problem in evidence.kept.problems if not problem.harmless), *evidence.violations):
        _tell_bad(found.path, found.code, found.reason, found.remedy)
    lost = _lost(workspace, asked.against, asked.keys)
    for loss in lost:
        _tell_bad("history", loss.code, loss.text, loss.remedy)
    problems = len(evidence.kept.problems) - len(harmless)
    total = good + void + bad + problems
    wrong = bad + problems + len(evidence.violations) + len(lost) + (second.disagreements if second else 0)
    if total + wrong == 0:
        emit(["there is no record below .readiness/records: nothing was verified"])
        return INCOMPLETE
    emit([f"{count(total, 'record')} verified: {good} good, {void} void, {bad + problems} bad", _history(evidence)])
    if second is not None:
        emit([second.summary])
    return NO_GO if wrong else OK


def _verify_each(evidence: "RecordEvidence", *, verbose: bool) -> tuple[int, int, int]:
    """How many are good, void and bad."""
    from readiness.records.judging.signature import check_signature
    from readiness.text import short

    good = void = bad = 0
    for record in evidence.kept.records:
        standing = check_signature(record, evidence).standing
        if standing is None:
            good += 1
            if verbose:
                emit([f"good     {record.path}: {_whose(record)}"])
        elif standing.state.value in {"revoked", "stale"}:
            void += 1
            emit([f"void     {record.path}: {short(standing.reason)}"])
        else:
            bad += 1
            _tell_bad(record.path, f"{standing.state.value} ({standing.code})", standing.reason, standing.remedy)
    return good, void, bad


def _whose(record: "Record") -> str:
    from readiness.records.model.statement import WHATEVER, for_content

    said = record.statement.predicate
    return said.signer.principal + (f", for {WHATEVER}" if for_content(said) else "")


def _tell_bad(path: str, code: str, reason: str, remedy: str) -> None:
    from readiness.text import short

    emit([f"BAD      {short(path)}: {code}: {short(reason)}", f"         next: {short(remedy)}"])


def _history(evidence: "RecordEvidence") -> str:
    if not evidence.dated:
        return "there is no git history, so nothing is known about when they came or what is missing"
    if not evidence.violations:
        return f"{count(evidence.commits, 'commit')} examined: nothing was edited, deleted or brought back"
    return f"{count(evidence.commits, 'commit')} examined: {count(len(evidence.violations), 'violation')}"


def _lost(workspace: Workspace, against: Path | None, keys: tuple[Path, ...]) -> "tuple[Loss, ...]":
    """What an earlier attested verdict rested on, and that is gone.

    Raises:
        AttestationError: The verdict cannot be read, or no trusted key has signed it: it says nothing then.
    """
    if against is None:
        if keys:
            raise UsageError("`--key` says whose verdict to trust\nnext: name the verdict: `--against FILE`")
        return ()
    from readiness.attestation.earlier_verdict import losses, read_earlier_verdict
    from readiness.git import Repository

    said = read_earlier_verdict(against, _trusted(workspace, keys))
    return losses(said, workspace.evidence, Repository(workspace.root))


def _trusted(workspace: Workspace, keys: tuple[Path, ...]) -> "tuple[TrustedKey, ...]":
    """Whose verdicts count: like the roster, the keys come from the policy's commit, or from the work tree."""
    from readiness.attestation.trust import find_trusted_keys

    ref = workspace.evidence.policy or None
    return find_trusted_keys(keys, start=workspace.root, ref=ref, work_tree=ref is None)


@dataclass(frozen=True)
class _SecondOpinion:
    """What OpenSSH says about all signatures."""

    disagreements: int
    summary: str


def _second_opinion(evidence: "RecordEvidence", *, verbose: bool) -> _SecondOpinion:
    """Verify every record through `ssh-keygen` alone, and name each about which it and readiness differ.

    Raises:
        RecordsError: There is no usable `ssh-keygen`.
    """
    from readiness.records.export.second_opinion import compare, find_openssh

    openssh = find_openssh()
    words, good = Counter[str](), 0
    for each in compare(evidence, openssh):
        words[each.word] += 1
        good += each.answer.word == "good"
        if verbose or each.word != "agree":
            emit(_difference(each))
    return _SecondOpinion(words["disagree"], _agreement(openssh, words, good))


def _agreement(openssh: "OpenSSH", words: Counter[str], good: int) -> str:
    version = openssh.version or "OpenSSH of unknown version"
    of_all = f"{good} of {count(words.total(), 'signature')} good"
    summary = f"{version} alone: {of_all}; readiness says the same about {words['agree']}"
    summary += f", is stricter about {words['stricter']}" if words["stricter"] else ""
    return summary + (f", DISAGREES about {words['disagree']}" if words["disagree"] else "")


def _difference(each: "Comparison") -> Iterable[str]:
    from readiness.text import short

    path, word = each.record.path, each.answer.word
    theirs = word if word == "good" else f"{word}: {short(each.answer.said)}"
    if each.word == "agree":
        return [f"OpenSSH  {path}: {theirs}"]
    ours = "good" if each.standing is None else f"{each.standing.code}: {short(each.standing.reason)}"
    if each.word == "stricter":
        return [f"STRICTER {path}: OpenSSH says {theirs}; readiness refuses it ({ours})"]
    return [
        f"DISAGREE {path}: OpenSSH says {theirs}; readiness says {ours}",
        "         next: trust neither; keep the record, and report this as a defect of readiness",
    ]
