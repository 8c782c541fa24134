"""`readiness records verify`: whether every record is what its signer wrote, and nothing else lies beside it."""

from pathlib import Path

import click

from readiness.cli.desk import checklist_file, refusing, sit_down
from readiness.cli.errors import INCOMPLETE, NO_GO, OK
from readiness.cli.layout import count
from readiness.cli.streams import emit


@click.command(epilog="Exit codes: 0 all good, 1 something is bad, 2 cannot be read, 3 there was nothing to verify.")
@checklist_file
@click.option("-v", "--verbose", is_flag=True, help="Name the good ones, too.")
def verify(file: Path | None, *, verbose: bool) -> int:
    """Verify every record: form, name, signature, and that its signer may sign.

    Needs no checklist to be right: whether a sign-off still fits its item is what `check` and `records list` tell.
    """
    from readiness.records.proof import prove
    from readiness.records.words import short

    with refusing():
        desk = sit_down(file)
    bad = void = 0
    for record in desk.basis.kept.records:
        standing = prove(record, desk.basis).standing
        if standing is None:
            if verbose:
                emit([f"good     {record.path}: {record.statement.predicate.signer.principal}"])
        elif standing.state.value == "revoked":
            void += 1
            emit([f"void     {record.path}: {short(standing.reason)}"])
        else:
            bad += 1
            emit([f"BAD      {record.path}: {standing.state.value} ({standing.code}): {short(standing.reason)}"])
            emit([f"         next: {short(standing.remedy)}"])
    for problem in desk.basis.kept.problems:
        bad += 1
        emit([f"BAD      {short(problem.path)}: {problem.code}: {short(problem.reason)}"])
        emit([f"         next: {short(problem.remedy)}"])
    total = len(desk.basis.kept.records) + len(desk.basis.kept.problems)
    if total == 0:
        emit(["there is no record below .readiness/records: nothing was verified"])
        return INCOMPLETE
    emit([f"{count(total, 'record')} verified: {total - bad - void} good, {void} void, {bad} bad"])
    return NO_GO if bad else OK
