"""Compares an outcome with that of the base branch: what was bad there may stay, and nothing may get worse. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from readiness.checklist import Item
from readiness.outcome import Finding, Level, Measurement, Outcome, Status
from readiness.report import Result
from readiness.text import count

_NUMBER = re.compile(r"\d+")
_UPWARDS = frozenset({">=", ">"})
_DOWNWARDS = frozenset({"<=", "<"})
_REMEDY = "mend what is new; what was there before may stay until you get to it"


@dataclass(frozen=True)
class BaseResults:
    """The results of a run on the base branch."""

    where: str
    """The base in words, for instance `main (0123456789)`."""
    results: Mapping[str, Result]
    """By id of the item."""
    named: bool = False
    """Whether names of tests are compared with it, and not only how many there are."""
    ahead: bool = False
    """Whether it is about a commit that the change has not taken over yet: a test may be newer than the change."""


@dataclass(frozen=True)
class FindingsDiff:
    """Findings of level error, against those of the base."""

    new: tuple[Finding, ...]
    already_there: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    """Those of the base that are gone."""


def judge(item: Item, now: Outcome, base: BaseResults | None) -> Outcome:
    """Judge the outcome of an item against the base, where the item asks for that.

    Args:
        item: With its `no_worse_than`.
        now: What came of it.
        base: Of the base; None when no report of it was given.
    """
    if not item.no_worse_than or now.status not in {Status.PASSED, Status.FAILED}:
        return now
    if base is None:
        remedy = "give the report of the base: `--policy-ref origin/main --base-report base.json`"
        return _error(now, "whether it is worse than the base is not known: there is no report of the base", remedy)
    before = base.results.get(item.id)
    if before is None or (before.item.check, before.item.params) != (item.check, item.params):
        return _error(now, f"{base.where} has not evaluated this item with these parameters")
    return no_worse_than(before.absolute or before.outcome, now, where=base.where, named=base.named)


def no_worse_than(base: Outcome, now: Outcome, *, where: str, named: bool = False) -> Outcome:
    """Judge an outcome against that of the base.

    It passes where nothing is worse: no measurement that has a direction, and no finding of level error that the base
    does not have. It stays failed where the base had passed, or where its check does not say that it is comparable.
    What is neither passed nor failed stays as it is.

    Args:
        base: What came of the same item on the base.
        now: What came of it here.
        where: The base in words, for instance `main (0123456789)`.
        named: Whether names of tests are compared elsewhere; then the number of those that both sides name is not.

    Returns:
        The outcome, with the findings that were already there as notes.
    """
    if now.status not in {Status.PASSED, Status.FAILED}:
        return now
    if base.status not in {Status.PASSED, Status.FAILED}:
        return _error(now, f"there are no numbers of {where} to compare with: {base.status.value}: {base.summary}")
    lost = _lost(base.measurements, now.measurements)
    if lost:
        return _error(now, f"{where} has measured {', '.join(lost)}, which is not measured here")
    pairs = zip(*_paired(base.measurements, now.measurements), strict=True)
    worse = [text for was, one in pairs if not (named and _by_name(one, base, now)) and (text := _worse(was, one))]
    diff = compare_findings(base.findings, now.findings)
    if worse or diff.new:
        return _worsened(now, worse, diff, where)
    if now.status is Status.FAILED and not _explained(base, now, diff):
        return now
    return now.model_copy(
        update={
            "status": Status.PASSED if now.examined else Status.ERROR,
            "summary": f"no worse than {where} ({_told(diff)} against {where}): {now.summary}",
            "measurements": _lowered(base.measurements, now.measurements),
            "findings": _with_notes(now.findings, diff.already_there),
            "remedy": "",
        }
    )


def _worsened(now: Outcome, worse: Sequence[str], diff: FindingsDiff, where: str) -> Outcome:
    """The outcome as failed, with the measurements that are worse and the findings that are new."""
    why = "; ".join((*worse, *([count(len(diff.new), "new finding")] if diff.new else [])))
    return now.model_copy(
        update={
            "status": Status.FAILED,
            "summary": f"worse than {where}: {why} ({_told(diff)} against {where})",
            "findings": _with_notes(now.findings, diff.already_there),
            "remedy": now.remedy or _REMEDY,
        }
    )


def compare_findings(base: Sequence[Finding], now: Sequence[Finding]) -> FindingsDiff:
    """Tell new findings from those that were already there, and which ones are fixed.

    Two findings are the same when their fingerprints are, or else rule, file, URL, host and message without its
    numbers; a line may move. Each of the base counts once.
    """
    left = Counter(map(_identity, _errors(base)))
    new, there = [], []
    for finding in _errors(now):
        name = _identity(finding)
        if left[name]:
            left[name] -= 1
            there.append(finding)
        else:
            new.append(finding)
    fixed = []
    for finding in _errors(base):
        if left[_identity(finding)]:
            left[_identity(finding)] -= 1
            fixed.append(finding)
    return FindingsDiff(tuple(new), tuple(there), tuple(fixed))


def _errors(findings: Iterable[Finding]) -> Iterable[Finding]:
    return (finding for finding in findings if finding.level is Level.ERROR)


def _identity(finding: Finding) -> tuple[str, ...]:
    if finding.fingerprint:
        return (finding.fingerprint,)
    return (finding.rule, finding.path, finding.url, finding.host, _NUMBER.sub("#", finding.message))


def _numbers(measurements: Sequence[Measurement]) -> Mapping[str, Measurement]:
    """Measurements with a direction, by name. What has to be zero is a count of something bad."""
    return {one.name: one for one in measurements if _directed(one) and isinstance(one.value, int | float)}


def _directed(one: Measurement) -> bool:
    return one.operator in _UPWARDS | _DOWNWARDS or (one.operator == "==" and one.threshold == 0)


def _lost(base: Sequence[Measurement], now: Sequence[Measurement]) -> list[str]:
    there = _numbers(now)
    return sorted(name for name in _numbers(base) if name not in there)


def _paired(base: Sequence[Measurement], now: Sequence[Measurement]) -> tuple[list[Measurement], list[Measurement]]:
    before, after = _numbers(base), _numbers(now)
    names = [name for name in before if name in after]
    return [before[name] for name in names], [after[name] for name in names]


def _by_name(one: Measurement, base: Outcome, now: Outcome) -> bool:
    """Whether both sides name what a measurement counts: then the names are compared, in `evidence-weakening`.

    A number that misses its threshold is compared all the same: that of the base is what may excuse it.
    """
    if base.tests is None or now.tests is None or one.met is False:
        return False
    return one.name == base.tests.counted == now.tests.counted


def _worse(base: Measurement, now: Measurement) -> str:
    """How a measurement is worse than that of the base; empty where it is not."""
    was, value = _value(base), _value(now)
    if value >= was if now.operator in _UPWARDS else value <= was:
        return ""
    unit = f" {now.unit}" if now.unit else ""
    return f"{now.name} {now.value}{unit}, was {base.value}{unit}"


def _value(measurement: Measurement) -> float:
    """The number; what is none is worse than anything."""
    value = measurement.value
    return float(value) if isinstance(value, int | float) else float("nan")


def _explained(base: Outcome, now: Outcome, diff: FindingsDiff) -> bool:
    """Whether what made the item fail here is what made it fail on the base, and nothing beside it is hidden."""
    if not (base.comparable and now.comparable and base.status is Status.FAILED):
        return False
    unmet = [one for one in now.measurements if one.met is False]
    compared = _numbers(base.measurements)
    reasons = len(unmet) + len(diff.already_there)
    return reasons > 0 and all(one.name in compared for one in unmet)


def _lowered(base: Sequence[Measurement], now: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """The measurements; those that miss their threshold are held to the value of the base instead."""
    before = _numbers(base)
    return tuple(
        one.model_copy(
            update={"threshold": before[one.name].value, "operator": ">=" if one.operator in _UPWARDS else "<="}
        )
        if one.met is False and one.name in before
        else one
        for one in now
    )


def _with_notes(findings: Sequence[Finding], already_there: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, the new ones first; those that were already there are notes."""
    there = set(map(id, already_there))
    return (
        *(finding for finding in findings if id(finding) not in there),
        *(
            finding.model_copy(update={"level": Level.NOTE, "message": f"already there: {finding.message}"})
            for finding in already_there
        ),
    )


def _told(diff: FindingsDiff) -> str:
    return f"{len(diff.fixed)} fixed by you, {len(diff.already_there)} already there, {len(diff.new)} new"


def _error(now: Outcome, why: str, remedy: str = "evaluate the base again, with the checklist that judges") -> Outcome:
    return now.model_copy(update={"status": Status.ERROR, "summary": why, "remedy": remedy})
