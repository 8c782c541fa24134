from itertools import product

import pytest

from readiness.controls import ControlState, standing
from readiness.outcome import Outcome, Status
from readiness.report import Result
from support.report_values import passed, result, waiver

UNKNOWN = [Status.ERROR, Status.PENDING, Status.NOT_APPLICABLE, Status.SKIPPED]


def given(status: Status, *, waived: bool = False, selected: bool = True, severity: str = "blocker") -> Result:
    outcome = passed("fine", 1, "things") if status is Status.PASSED else Outcome(status=status, summary="so it is")
    beside = waiver("x") if waived else None
    return result("x", "X", "c", "S", outcome, selected=selected, waiver=beside, severity=severity)


PASS = given(Status.PASSED)
FAIL = given(Status.FAILED)
EXCEPTED = given(Status.FAILED, waived=True)
UNASKED = given(Status.SKIPPED, selected=False)


@pytest.mark.parametrize(
    ("results", "state"),
    [
        ([PASS], "met"),
        ([PASS, PASS], "met"),
        ([FAIL], "not met"),
        ([PASS, FAIL], "not met"),
        ([EXCEPTED, FAIL], "not met"),
        ([UNASKED, FAIL], "not met"),
        ([EXCEPTED], "waived"),
        ([PASS, EXCEPTED], "waived"),
        ([PASS, UNASKED], "partly assessed"),
        ([EXCEPTED, UNASKED], "partly assessed"),
        ([UNASKED], "not assessed"),
        ([], "not assessed"),
    ],
)
def test_how_a_control_stands(results: list[Result], state: str) -> None:
    assert standing(results) == standing(results[::-1]) == state


@pytest.mark.parametrize("status", UNKNOWN)
@pytest.mark.parametrize("waived", [False, True])
def test_what_was_not_assessed_is_never_met_not_even_under_a_waiver(status: Status, *, waived: bool) -> None:
    assert standing([given(status, waived=waived)]) is ControlState.NOT_ASSESSED
    assert standing([given(status, waived=waived), PASS]) is ControlState.PARTLY_ASSESSED


def test_a_waiver_beside_a_pass_changes_nothing() -> None:
    assert standing([given(Status.PASSED, waived=True)]) is ControlState.MET


def test_a_failed_warning_fails_its_control_too() -> None:
    assert standing([given(Status.FAILED, severity="warning"), PASS]) is ControlState.NOT_MET


def test_it_is_met_exactly_when_all_passed_whatever_stands_together() -> None:
    kinds = [PASS, FAIL, EXCEPTED, UNASKED, *(given(status) for status in UNKNOWN)]
    for number in (1, 2, 3):
        for results in product(kinds, repeat=number):
            assert (standing(results) is ControlState.MET) == all(r is PASS for r in results)
