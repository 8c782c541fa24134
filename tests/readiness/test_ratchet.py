"""What is no worse than the base passes, what is worse fails, and no chain of runs can let a number fall."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checklist import Item
from readiness.outcome import Finding, Level, Measurement, Outcome, Status, TestNames
from readiness.ratchet import BaseResults, compare_findings, judge, no_worse_than
from readiness.report import Result

WHERE = "main (0123456789)"


def measured(value: float | None, threshold: float = 80, operator: Any = ">=") -> Measurement:
    return Measurement(name="lines", value=value, unit="%", operator=operator, threshold=threshold)


def finding(message: str = "shell=True", path: str = "a.py", line: int = 1, **rest: Any) -> Finding:
    return Finding(message=message, rule="B602", path=path, line=line, **rest)


def outcome(*findings: Finding, measurements: tuple[Measurement, ...] = (), **rest: Any) -> Outcome:
    bad = any(f.level is Level.ERROR for f in findings) or any(m.met is False for m in measurements)
    status = rest.pop("status", Status.FAILED if bad else Status.PASSED)
    given = {"summary": "S", "examined": 3, "comparable": True, **rest}
    return Outcome(status=status, findings=findings, measurements=measurements, **given)


def test_what_was_already_there_does_not_hold_a_change() -> None:
    judged = no_worse_than(outcome(finding(line=3)), outcome(finding(line=30)), where=WHERE)
    assert judged.status is Status.PASSED
    assert judged.summary == f"no worse than {WHERE} (0 fixed by you, 1 already there, 0 new against {WHERE}): S"
    assert [(f.level, f.message) for f in judged.findings] == [(Level.NOTE, "already there: shell=True")]


def test_a_new_finding_fails_and_stands_before_the_old_ones() -> None:
    base, now = outcome(finding(), finding("gone")), outcome(finding(), finding("new"))
    judged = no_worse_than(base, now, where=WHERE)
    assert judged.status is Status.FAILED
    assert "1 new finding (1 fixed by you, 1 already there, 1 new" in judged.summary
    assert [f.message for f in judged.findings] == ["new", "already there: shell=True"]


def test_the_same_finding_once_more_is_new() -> None:
    diff = compare_findings([finding(line=1)], [finding(line=1), finding(line=9)])
    assert (len(diff.new), len(diff.already_there), len(diff.fixed)) == (1, 1, 0)


def test_a_lower_number_fails_even_above_its_threshold() -> None:
    judged = no_worse_than(
        outcome(measurements=(measured(91.5),)), outcome(measurements=(measured(90.0),)), where=WHERE
    )
    assert judged.status is Status.FAILED
    assert "lines 90.0 %, was 91.5 %" in judged.summary


def test_a_number_below_its_threshold_is_held_to_the_base() -> None:
    judged = no_worse_than(
        outcome(measurements=(measured(60.0),)), outcome(measurements=(measured(61.0),)), where=WHERE
    )
    assert judged.status is Status.PASSED
    assert judged.measurements[0].threshold == 60.0


def test_a_number_that_may_be_at_most_so_much_may_not_grow() -> None:
    base, now = (outcome(measurements=(measured(size, 100, "<="),)) for size in (90.0, 95.0))
    assert no_worse_than(base, now, where=WHERE).status is Status.FAILED
    assert no_worse_than(now, base, where=WHERE).status is Status.PASSED


def test_a_count_that_has_to_be_zero_may_not_grow() -> None:
    """A check shows only its first findings: the count holds for those that it does not show."""
    base, now = (outcome(finding(), measurements=(measured(n, 0, "=="),)) for n in (300, 301))
    assert no_worse_than(base, now, where=WHERE).status is Status.FAILED
    assert no_worse_than(now, base, where=WHERE).status is Status.PASSED


def test_what_is_not_measured_any_more_is_unknown() -> None:
    judged = no_worse_than(outcome(measurements=(measured(91.5),)), outcome(), where=WHERE)
    assert judged.status is Status.ERROR
    assert "has measured lines, which is not measured here" in judged.summary
    no_number = outcome(measurements=(measured(None),))
    assert no_worse_than(outcome(measurements=(measured(91.5),)), no_number, where=WHERE).status is Status.ERROR


@pytest.mark.parametrize("side", ["base", "now"])
def test_an_outcome_that_hides_its_reasons_excuses_nothing(side: str) -> None:
    base = outcome(finding(), comparable=side != "base")
    now = outcome(finding(), comparable=side != "now")
    assert no_worse_than(base, now, where=WHERE).status is Status.FAILED


def test_what_fails_without_a_reason_stays_failed() -> None:
    bare = outcome(status=Status.FAILED)
    assert no_worse_than(bare, bare, where=WHERE).status is Status.FAILED


def test_what_passed_on_the_base_may_not_fail_here() -> None:
    judged = no_worse_than(
        outcome(measurements=(measured(79.0, 70),)), outcome(measurements=(measured(79.0),)), where=WHERE
    )
    assert judged.status is Status.FAILED


@pytest.mark.parametrize("status", [Status.ERROR, Status.PENDING, Status.SKIPPED, Status.NOT_APPLICABLE])
def test_an_unknown_outcome_stays_unknown_and_excuses_nothing(status: Status) -> None:
    unknown = Outcome(status=status, summary="U", examined=1)
    assert no_worse_than(outcome(), unknown, where=WHERE) is unknown
    assert no_worse_than(unknown, outcome(), where=WHERE).status is Status.ERROR


def test_a_pass_that_examined_nothing_is_an_error() -> None:
    nothing = outcome(finding(), examined=0)
    assert no_worse_than(outcome(finding()), nothing, where=WHERE).status is Status.ERROR


ITEM = Item.model_validate({"id": "lint", "title": "T", "check": "bandit", "no_worse_than": "base"})


def base_results(item: Item = ITEM) -> BaseResults:
    return BaseResults(WHERE, {"lint": Result(item=item, section="All", outcome=outcome())})


def test_an_item_that_does_not_ask_is_left_alone() -> None:
    plain = ITEM.model_copy(update={"no_worse_than": ""})
    now = outcome(finding())
    assert judge(plain, now, base_results()) is now


def test_without_a_report_of_the_base_it_is_unknown() -> None:
    judged = judge(ITEM, outcome(), None)
    assert judged.status is Status.ERROR
    assert "--base-report" in judged.remedy


@pytest.mark.parametrize("change", [{"id": "other"}, {"params": {"paths": "src"}}, {"check": "command"}])
def test_an_item_that_was_measured_otherwise_is_unknown(change: dict[str, Any]) -> None:
    item = ITEM.model_copy(update=change)
    assert judge(item, outcome(), base_results()).status is Status.ERROR


MEASURED = st.builds(measured, st.integers(0, 100), st.integers(0, 100), st.sampled_from([">=", "<=", "=="])).map(
    lambda m: m.model_copy(update={"threshold": 0}) if m.operator == "==" else m
)
FINDINGS = st.lists(
    st.builds(finding, st.sampled_from(["a", "b 1", "b 2"]), st.sampled_from(["x", "y"]), st.integers(1, 9))
)


@st.composite
def runs(draw: st.DrawFn) -> list[Outcome]:
    """Three runs of one item: the same operators and thresholds, other values and findings."""
    kinds = draw(st.lists(MEASURED, max_size=2, unique_by=lambda m: m.operator))
    made = []
    for _ in range(3):
        numbers = tuple(
            kind.model_copy(update={"name": kind.operator, "value": draw(st.integers(0, 100))}) for kind in kinds
        )
        made.append(outcome(*draw(FINDINGS), measurements=numbers))
    return made


@given(runs())
def test_a_ratchet_never_loosens(made: list[Outcome]) -> None:
    """What passes is nowhere worse than its base; and over two changes nothing is worse than before the first."""
    first, second, third = made
    passed = [no_worse_than(a, b, where=WHERE).status is Status.PASSED for a, b in ((first, second), (second, third))]
    if passed[0]:
        assert not compare_findings(first.findings, second.findings).new
        assert all(map(not_worse, first.measurements, second.measurements))
    if all(passed):
        assert not compare_findings(first.findings, third.findings).new
        assert all(map(not_worse, first.measurements, third.measurements))


@given(runs())
def test_an_equal_run_is_no_worse(made: list[Outcome]) -> None:
    judged = no_worse_than(made[0], made[0], where=WHERE)
    assert judged.status is Status.PASSED


def not_worse(base: Measurement, now: Measurement) -> bool:
    assert isinstance(base.value, int)
    assert isinstance(now.value, int)
    return now.value >= base.value if now.operator == ">=" else now.value <= base.value


def counted(number: int, *, threshold: int = 1, named: bool = True) -> Outcome:
    ran = Measurement(name="ran", value=number, unit="tests", operator=">=", threshold=threshold)
    names = TestNames(ran="t\tone", counted="ran") if named else None
    return outcome(measurements=(ran,), tests=names)


def test_where_tests_are_compared_by_name_their_number_is_not() -> None:
    """Owners sign a removed test by name: its number would hold the change all the same."""
    assert no_worse_than(counted(10), counted(9), where=WHERE, named=True).status is Status.PASSED


@pytest.mark.parametrize(
    ("base", "now", "named"),
    [
        (counted(10), counted(9), False),
        (counted(10, named=False), counted(9), True),
        (counted(10), counted(9, named=False), True),
        (counted(5, threshold=10), counted(4, threshold=10), True),
    ],
    ids=["not compared", "no names at the base", "no names here", "too few for the threshold"],
)
def test_a_number_is_compared_where_names_are_not(base: Outcome, now: Outcome, *, named: bool) -> None:
    assert no_worse_than(base, now, where=WHERE, named=named).status is Status.FAILED


@pytest.mark.parametrize("named", [False, True])
def test_an_item_is_compared_as_its_base_says(*, named: bool) -> None:
    known = BaseResults(WHERE, {"lint": Result(item=ITEM, section="S", outcome=counted(10))}, named=named)
    assert (judge(ITEM, counted(9), known).status is Status.PASSED) is named
