import math

import pytest
from pydantic import ValidationError

from readiness.outcome import CheckError, Evidence, Finding, Level, Measurement, Outcome, Status


def test_a_pass_needs_something_examined() -> None:
    with pytest.raises(ValidationError, match="examined nothing"):
        Outcome(status=Status.PASSED, summary="fine")
    assert Outcome(status=Status.PASSED, summary="fine", examined=1).status is Status.PASSED


def test_a_pass_may_not_contradict_its_own_numbers() -> None:
    low = Measurement(name="lines", value=80.0, operator=">=", threshold=95)
    with pytest.raises(ValidationError, match="lines does not meet its threshold"):
        Outcome(status=Status.PASSED, summary="fine", examined=1, measurements=(low,))


def test_a_pass_may_not_contradict_its_own_findings() -> None:
    with pytest.raises(ValidationError, match="findings of level error"):
        Outcome(status=Status.PASSED, summary="fine", examined=1, findings=(Finding(message="bad"),))
    note = Finding(message="meh", level=Level.WARNING)
    assert Outcome(status=Status.PASSED, summary="fine", examined=1, findings=(note,)).findings == (note,)


@pytest.mark.parametrize(
    ("value", "operator", "threshold", "met"),
    [
        (95, ">=", 95, True),
        (94.9, ">=", 95, False),
        (5, "<=", 4, False),
        (5, "<", 5, False),
        (6, ">", 5, True),
        ("1.2", "==", "1.2", True),
        ("1.2", "!=", "1.2", False),
        ("high", ">=", 5, False),
        (None, ">=", 5, False),
        (None, "!=", 5, False),
        (5, "<=", None, False),
        (5, "", None, None),
    ],
)
def test_a_measurement_that_was_not_made_is_not_met(
    value: float | str | None, operator: str, threshold: float | str | None, met: bool | None  # noqa: FBT001  a table of answers
) -> None:  # fmt: skip
    data = {"name": "n", "value": value, "operator": operator, "threshold": threshold}
    assert Measurement.model_validate(data).met is met


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_refuses_numbers_that_are_none(number: float) -> None:
    with pytest.raises(ValidationError, match="finite"):
        Measurement(name="n", value=number)
    with pytest.raises(ValidationError, match="finite"):
        Measurement(name="n", value=1, operator="!=", threshold=number)


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        (Finding(message="m"), ""),
        (Finding(message="m", path="a.py"), "a.py"),
        (Finding(message="m", path="a.py", line=3), "a.py:3"),
        (Finding(message="m", path="a.py", line=3, column=1), "a.py:3:1"),
        (Finding(message="m", url="https://a.test/"), "https://a.test/"),
        (Finding(message="m", host="a.test:443"), "a.test:443"),
    ],
)
def test_a_finding_knows_its_place(finding: Finding, place: str) -> None:
    assert finding.place == place


def test_values_are_closed_and_frozen() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Evidence.model_validate({"name": "n", "color": "red"})
    with pytest.raises(ValidationError, match="frozen"):
        Evidence(name="n").name = "other"  # type: ignore[misc]  # that is what is refused
    with pytest.raises(ValidationError, match="sha256"):
        Evidence(name="n", sha256="ABC")


def test_a_check_error_is_an_error_outcome() -> None:
    error = CheckError("a.xml is empty", "run the tests", findings=(Finding(message="m"),))
    assert str(error) == "a.xml is empty"
    assert (error.outcome.status, error.outcome.summary, error.outcome.remedy) == (
        Status.ERROR,
        "a.xml is empty",
        "run the tests",
    )


def test_names_that_are_no_utf_8_are_spelt_out_in_every_text_of_an_outcome() -> None:
    odd, shown = "caf\udce9.txt", r"caf\xe9.txt"
    outcome = Outcome(
        status=Status.FAILED,
        summary=odd,
        findings=(Finding(message=odd, path=odd, line=1),),
        measurements=(Measurement(name=odd, value=odd),),
        evidence=(Evidence(name=odd, excerpt=odd),),
    )
    [finding], [measurement], [evidence] = outcome.findings, outcome.measurements, outcome.evidence
    assert (outcome.summary, finding.message, finding.place) == (shown, shown, f"{shown}:1")
    assert (measurement.name, measurement.value, evidence.name, evidence.excerpt) == (shown,) * 4
    assert CheckError(odd, odd).outcome.remedy == shown


def test_what_utf_8_cannot_hold_is_spelt_out_in_a_file() -> None:
    odd = Finding(message="no").model_copy(update={"path": "d\udce9"})
    assert Finding.model_validate_json(odd.to_json()).path == r"d\xe9"
    plain = Finding(message="é")
    assert plain.to_json() == plain.model_dump_json().encode()
