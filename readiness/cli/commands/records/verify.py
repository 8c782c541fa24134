"""`readiness records verify`: whether every record is what its signer wrote, and none was ever edited or deleted."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.commands.records.against import comparing, lost
from readiness.cli.commands.records.second_opinion import compared
from readiness.cli.errors import INCOMPLETE, NO_GO, OK
from readiness.cli.output.streams import emit
from readiness.cli.workspace import as_of, checklist_file, open_workspace, policy_ref, refusing, tell_when
from readiness.text import count, short

if TYPE_CHECKING:
    from readiness.records.judging.evidence import RecordEvidence


@click.command(epilog="Exit codes: 0 all good, 1 something is bad, 2 cannot be read, 3 there was nothing to verify.")
@checklist_file
@as_of
@policy_ref
@comparing
@click.option("--stock", is_flag=True, help="Have each signature verified by OpenSSH's ssh-keygen as well.")
@click.option("-v", "--verbose", is_flag=True, help="Name the good ones, too.")
def verify(
    file: Path | None, when: str, ref: str, against: Path | None, keys: tuple[Path, ...], *, stock: bool, verbose: bool
) -> int:
    """Verify every record: form, name, signature, date, that its signer may sign, and that none was ever taken away.

    Needs no checklist to be right: whether a sign-off still fits its item is what `check` and `records list` tell.
    """
    with refusing():
        workspace = open_workspace(file, ref, when)
        evidence = workspace.evidence
        tell_when(workspace)
        good, void, bad = _verify_each(evidence, verbose=verbose)
        second = compared(evidence, verbose=verbose) if stock else None
    for found in (*evidence.kept.problems, *evidence.violations):
        _tell_bad(found.path, found.code, found.reason, found.remedy)
    gone = list(lost(workspace, against, keys))
    for loss in gone:
        _tell_bad("history", loss.code, loss.text, loss.remedy)
    wrong = (
        bad
        + len(evidence.kept.problems)
        + len(evidence.violations)
        + len(gone)
        + (second.disagreements if second else 0)
    )
    total = good + void + bad + len(evidence.kept.problems)
    if total + wrong == 0:
        emit(["there is no record below .readiness/records: nothing was verified"])
        return INCOMPLETE
    emit(
        [f"{count(total, 'record')} verified: {good} good, {void} void, {total - good - void} bad", _history(evidence)]
    )
    if second is not None:
        emit([second.told])
    return NO_GO if wrong else OK


def _verify_each(evidence: "RecordEvidence", *, verbose: bool) -> tuple[int, int, int]:
    """How many are good, void and bad."""
    from readiness.records.judging.signature import check_signature

    good = void = bad = 0
    for record in evidence.kept.records:
        standing = check_signature(record, evidence).standing
        if standing is None:
            good += 1
            if verbose:
                emit([f"good     {record.path}: {record.statement.predicate.signer.principal}"])
        elif standing.state.value == "revoked":
            void += 1
            emit([f"void     {record.path}: {short(standing.reason)}"])
        else:
            bad += 1
            _tell_bad(record.path, f"{standing.state.value} ({standing.code})", standing.reason, standing.remedy)
    return good, void, bad


def _tell_bad(path: str, code: str, reason: str, remedy: str) -> None:

    emit([f"BAD      {short(path)}: {code}: {short(reason)}", f"         next: {short(remedy)}"])


def _history(evidence: "RecordEvidence") -> str:
    if not evidence.dated:
        return "there is no git history, so nothing is known about when they came or what is missing"
    if not evidence.violations:
        return f"{count(evidence.commits, 'commit')} examined: nothing was edited, deleted or brought back"
    return f"{count(evidence.commits, 'commit')} examined: {count(len(evidence.violations), 'violation')}"
