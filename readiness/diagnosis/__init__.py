"""Finds what is missing to evaluate a checklist: programs, plugins, evidence, signers, variables, hosts."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from readiness.checklist import Checklist
from readiness.diagnosis import machine, needs
from readiness.diagnosis.machine import Line
from readiness.plugins import describe_installed
from readiness.text import count

if TYPE_CHECKING:
    from readiness.loading import ChecklistError

__all__ = ["Line", "diagnose"]

_MOST_MISTAKES = 10


def diagnose(file: Path | None, environment: str, folder: Path) -> Iterator[tuple[str, list[Line]]]:
    """Examine everything that the items of a checklist need; nothing is evaluated, no data is sent.

    Args:
        file: The checklist; looked for from `folder` upwards when not given. Without one only the machine is looked at.
        environment: Whose values the items take.
        folder: Where the user is.

    Yields:
        Titles with what was looked at.

    Raises:
        ChecklistError: The file that was named is not there.
    """
    from readiness.engine.host import Host
    from readiness.loading import ChecklistError, NoChecklistError, find, load

    checklist: Checklist | None = None
    load_error: ChecklistError | None = None
    with Host() as host:
        try:
            checklist = load(file or find(folder), environment=environment, host=host)
        except ChecklistError as error:
            if file is not None and not file.exists():
                raise
            load_error = error
        items = list(checklist.items) if checklist else []
        yield "Machine", machine.machine(items, machine.running_commands(host, items))
        yield "Extras", machine.extras(items)
        yield "Checks and reporters", machine.plugins(host, items)
        described = describe_installed(host, {item.check for item in items})
    if isinstance(load_error, NoChecklistError):
        yield "Checklist", [Line("not_applicable", "none here; `readiness init` writes a first one")]
    elif load_error is not None:
        yield "Checklist", list(_mistakes(load_error))
    if checklist is None:
        return
    root = Path(checklist.root)
    title = f"Checklist {checklist.source}: {count(len(items), 'item')}"
    yield title, needs.repository(root, items)
    here = needs.missing(described, root, items) + needs.unignored(described, root, items)
    yield "Programs of commands and files of evidence", here
    yield "Signers", needs.signers(checklist)
    yield "Manifests", needs.manifests(root, items)
    yield "Environment variables", needs.variables_set(items)
    yield "Hosts", needs.hosts(checklist, items)


def _mistakes(error: "ChecklistError") -> Iterator[Line]:
    for mistake in error.diagnostics[:_MOST_MISTAKES]:
        hint = f" ({mistake.help})" if mistake.help else ""
        yield Line("failed", f"{mistake.place}: {mistake.message}{hint}")
    if len(error.diagnostics) > _MOST_MISTAKES:
        yield Line("failed", f"and {len(error.diagnostics) - _MOST_MISTAKES} more; `readiness validate` shows them")
    yield Line("not_applicable", "its items were not examined; correct it first")
