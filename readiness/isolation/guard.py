"""Guards one run: closes the process, seals its imports, and says at the end whether the installation is as it was."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from readiness.checklist import INSTALLATION_UNCHANGED, Item
from readiness.isolation.installation import Installation
from readiness.isolation.process import adopt_orphans, children, close_memory, end_descendants
from readiness.isolation.seal import sealed
from readiness.outcome import Finding, Outcome, Status
from readiness.plugins import BUILT_IN, installed
from readiness.report import Report, Result
from readiness.text import count, safe
from readiness.verdict import judge

_TITLE = "The installation of readiness is as it was before the run"
_SECTION = "Policy and records"
_SHOWN = 20
_REMEDY = (
    "find out which item did it; give readiness an environment of its own, and install packages before the run, "
    "not in it"
)
_OPEN = (
    "the commands of this run can read the memory of the process that signs: this system does not prevent it; "
    "attest with `readiness collect` and `readiness judge` in two jobs"
)


@dataclass(frozen=True)
class Guard:
    """What is watched during a run."""

    installation: Installation
    closed: bool
    """Whether the memory of this process is closed to others."""
    children: frozenset[int] = frozenset()
    """Processes below this one that were there before the run."""

    def conclude(self, report: Report, *, signs: bool = False) -> Report:
        """End what the run has left behind, and add an item that holds the release when the installation has changed.

        Args:
            report: The run, all of whose workers have ended.
            signs: Whether this process has a key to sign with.
        """
        ended = end_descendants(self.children)
        changes = self.installation.changes()
        if signs and not self.closed:
            report = report.model_copy(update={"notices": (*report.notices, _OPEN)})
        if ended and not changes:
            return report
        results = (*report.results, _changed(changes, ended=ended))
        verdict = judge(results, interrupted=report.interrupted)
        sections = tuple(dict.fromkeys((*report.sections, _SECTION)))
        return report.model_copy(update={"results": results, "verdict": verdict, "sections": sections})


def _changed(changes: list[str], *, ended: bool) -> Result:
    """The item that a run adds when the program that judges may have been touched."""
    if changes:
        what = f"{count(len(changes), 'file')} of readiness, of its dependencies or of Python changed during the run"
    else:
        what = "processes that the run started are still there, and cannot be ended"
    outcome = Outcome(
        status=Status.ERROR,
        summary=f"{what}: no answer of this run can be trusted",
        examined=len(changes),
        unit="files",
        findings=tuple(
            Finding(message=f"{safe(path)} was changed, added or removed", rule="installation-changed")
            for path in changes[:_SHOWN]
        ),
        remedy=_REMEDY if ended else "end them, and run it again",
    )
    item = Item(id=INSTALLATION_UNCHANGED, title=_TITLE, check="installation")
    return Result(item=item, section=_SECTION, outcome=outcome)


@contextmanager
def guarded() -> Iterator[Guard]:
    """Guard what happens in this block; begins before the first command or plugin runs, ends with the process."""
    loaded = {name.partition(".")[0] for name in sys.modules}
    installation = Installation(loaded | _plugin_packages())
    before = children()
    closed = close_memory()
    adopt_orphans()
    with sealed(installation):
        yield Guard(installation, closed, before)


def _plugin_packages() -> set[str]:
    """Packages of the checks and reporters that other people wrote."""
    plugins = [*installed("readiness.checks").values(), *installed("readiness.reporters").values()]
    return {p.entry_point.partition(":")[0].partition(".")[0] for p in plugins if p.distribution != BUILT_IN}
