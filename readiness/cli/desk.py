"""What the commands about records share: the checklist, the records beside it, and errors that a person can act on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from readiness.cli.errors import UsageError

if TYPE_CHECKING:
    from readiness.checklist import Checklist
    from readiness.engine.host import Host
    from readiness.records.basis import Basis
    from readiness.records.ledger import Ledger

checklist_file = click.option(
    "-f", "--file", type=click.Path(path_type=Path, dir_okay=False), help="The checklist file beside the records."
)
"""The option of every command that reads records."""


@dataclass(frozen=True)
class Desk:
    """The folder of a checklist, with its roster and records."""

    file: Path
    """The checklist file."""
    root: Path
    """The folder that it is in."""
    basis: "Basis"
    """Roster and records beside it."""

    def checklist(self, environment: str = "", release: str = "") -> "Checklist":
        """Load the checklist.

        Raises:
            ChecklistError: It cannot be loaded, or does not have this environment.
        """
        from readiness.loading import load

        return load(self.file, environment=environment, release=release, host=self._host)

    @cached_property
    def _host(self) -> "Host":
        """Workers that know the checks, started once and stopped with the command."""
        from readiness.engine.host import Host

        return click.get_current_context().with_resource(Host())


@contextmanager
def refusing() -> Iterator[None]:
    """Turn an error of the records into a message and exit code 2."""
    from readiness.records.errors import RecordsError

    try:
        yield
    except RecordsError as error:
        remedy = f"\nnext: {error.remedy}" if error.remedy else ""
        more = [f"  {finding.place}: {finding.message}" for finding in error.findings if len(error.findings) > 1]
        raise UsageError("\n".join([error.summary, *more]) + remedy) from error


def sit_down(file: Path | None) -> Desk:
    """Find the checklist, and read roster and records beside it.

    Args:
        file: The checklist file; looked for from the current folder upwards when not given.

    Raises:
        ChecklistError: There is no checklist.
        RecordsError: Roster or records cannot be read.
    """
    from readiness.loading import find
    from readiness.records.basis import read_basis

    place = (find(Path.cwd()) if file is None else file).absolute()
    return Desk(place, place.parent, read_basis(place.parent, datetime.now(UTC)))


def ledger(desk: Desk) -> "Ledger":
    """Judge the records of a desk by its checklist."""
    from readiness.loading import ChecklistError
    from readiness.records.errors import RecordsError
    from readiness.records.ledger import Ledger

    def load(environment: str, release: str) -> "Checklist":
        try:
            return desk.checklist(environment, release)
        except ChecklistError as error:
            raise RecordsError(f"the checklist cannot be used: {error.diagnostics[0].message}") from error

    return Ledger(desk.basis, load)
