"""The report of `make mutants`: how many faults were noticed, and why each of the others may stay."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutation.mutants import Mutant
from mutation.trial import Tried

BAR = 90
"""Percent of the mutants of a target that the tests have to notice."""
_NOTICED = {"killed", "timeout"}
_AROUND = 25
"""Characters around a change that are shown with it."""


@dataclass(frozen=True)
class Target:
    """One target, and what became of its mutants."""

    name: str
    mutants: tuple[Mutant, ...]
    tried: Mapping[str, Tried]
    """By identity of the mutant."""

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Those that no test noticed."""
        return tuple(m for m in self.mutants if m.identity in self.tried and not self._noticed(m.identity))

    @property
    def untried(self) -> int:
        """How many were not tried."""
        return sum(mutant.identity not in self.tried for mutant in self.mutants)

    @property
    def killed(self) -> int:
        """How many were noticed."""
        return len(self.mutants) - self.untried - len(self.survivors)

    @property
    def percent(self) -> float:
        """Of those that were tried, how many were noticed; 0 when none was."""
        tried = len(self.mutants) - self.untried
        return 100 * self.killed / tried if tried else 0.0

    def _noticed(self, identity: str) -> bool:
        return self.tried[identity].fate in _NOTICED


def explanations(path: Path) -> Mapping[str, str]:
    """Why a mutant may survive, by its identity.

    Raises:
        ValueError: A reason is missing, or a mutant is explained twice.
    """
    found: dict[str, str] = {}
    for entry in tomllib.loads(path.read_text()).get("survivor", ()):
        if not entry["reason"].strip() or entry["id"] in found:
            raise ValueError(f"{path.name}: {entry['id']} needs one reason")
        found[entry["id"]] = entry["reason"]
    return found


def written(targets: Sequence[Target], explained: Mapping[str, str]) -> str:
    """The report as Markdown."""
    head = ("target", "mutants", "noticed", "survived", "not tried", "noticed, %")
    rows = [(t.name, len(t.mutants), t.killed, len(t.survivors), t.untried, f"{t.percent:.1f}") for t in targets]
    table = [head, ("---", *("--:",) * (len(head) - 1)), *rows]
    lines = ["# Mutants", "", *("| " + " | ".join(map(str, row)) + " |" for row in table)]
    for target in targets:
        lines += ["", f"## {target.name}", ""]
        for mutant in target.survivors:
            reason = explained.get(mutant.identity, "**not explained**")
            place = f"{mutant.path}:{mutant.lines[0]} {mutant.function}"
            lines.append(f"- `{mutant.identity}` {place}: `{shortened(mutant.change)}`. {reason}")
    return "\n".join([*lines, ""])


def shortened(change: str) -> str:
    """A change without most of what is the same before and after."""
    before, _, after = change.partition(" → ")
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    start, end = max(0, start - _AROUND), max(0, end - _AROUND)
    cut = [text[start : len(text) - end] for text in (before, after)]
    return " → ".join(f"{'…' if start else ''}{text}{'…' if end else ''}" for text in cut)


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def failures(targets: Sequence[Target], explained: Mapping[str, str], *, enough: int, everything: bool) -> list[str]:
    """What keeps the run from passing, one sentence each.

    Args:
        targets: What was tried.
        explained: Reasons by identity.
        enough: How many mutants of a target are to be tried at least, where it has so many.
        everything: Whether all targets are there, so that an explanation of an unknown mutant is stale.
    """
    found = [f"error: {t.name}: {t.percent:.1f} % noticed, less than {BAR} %" for t in targets if t.percent < BAR]
    found += [
        f"error: {t.name}: {t.untried} mutants were not tried"
        for t in targets
        if t.untried > max(0, len(t.mutants) - enough)
    ]
    survivors = {mutant.identity for target in targets for mutant in target.survivors}
    known = {mutant.identity for target in targets for mutant in target.mutants}
    untried = known - {identity for target in targets for identity in target.tried}
    found += [f"error: {identity} survived and is not explained" for identity in sorted(survivors - set(explained))]
    for identity in sorted(set(explained) - survivors - untried):
        if identity in known or everything:
            why = "does not survive any more" if identity in known else "is gone"
            found.append(f"error: {identity} is explained, and {why}: take it out of explained.toml")
    return found
