"""The policy of a run: the checklist, results and waivers that are known before it begins, and their source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from readiness.checklist import Checklist
from readiness.provenance import producer
from readiness.ratchet import BaseResults
from readiness.report import PolicyFact, Result, WaiverFact


@dataclass(frozen=True)
class Again:
    """A result of the policy that is judged again after the run."""

    result: Result
    notices: tuple[str, ...] = ()
    """What a reader has to know beside it."""


@dataclass(frozen=True)
class RunPolicy:
    """What a run judges by; the engine takes it whole."""

    checklist: Checklist
    """Resolved for an environment."""
    root: Path
    """Folder of the work tree that is judged; the paths of the checklist are relative to it."""
    given: tuple[Result, ...] = ()
    """Results that are known before the run, for instance of the policy itself: judged and reported with the others,
    whatever is selected, and never waived."""
    waivers: tuple[WaiverFact, ...] = ()
    """All waivers, in any state; those that are valid and have not lapsed are applied."""
    fact: PolicyFact | None = None
    """Which policy judges; None when it is that of the work tree."""
    after_run: Callable[[Sequence[Result]], Again] | None = None
    """Judges one of `given` again, by what came of the items."""
    base: BaseResults | None = None
    """What items with `no_worse_than: base` are compared with."""
    notices: tuple[str, ...] = ()
    """What a reader has to know beside the results."""
    producers: producer.Producers = producer.nobody
    """Holds an outcome to the `producer` of its item; by default, what names one is an error."""

    @property
    def commit(self) -> str:
        """Where the checklist was read from; empty for the work tree."""
        return self.fact.commit if self.fact is not None else ""

    @classmethod
    def of_checklist(cls, checklist: Checklist) -> "RunPolicy":
        """Judge by a checklist alone, in the folder of its file; in the current folder when it was made by hand."""
        return cls(checklist, Path(checklist.root or "."))
