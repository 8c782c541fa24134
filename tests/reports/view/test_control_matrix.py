from readiness.controls import ControlState
from readiness_reports.view import control_matrix
from support import reports


def test_controls_gather_their_items_those_that_did_not_pass_first() -> None:
    controls = {control.name: control for control in control_matrix.controls(reports.governed())}
    assert list(controls) == sorted(controls)
    found = controls["SOC2:CC8.1"]
    assert [r.item.id for r in found.results] == ["coverage", "user-acceptance", "templates-reviewed"]
    assert (found.state, found.passed) == (ControlState.WAIVED, 2)


def test_a_control_whose_items_were_not_assessed_is_not_met() -> None:
    states = {control.name: control.state for control in control_matrix.controls(reports.incomplete())}
    assert states["GDPR:13"] == "not assessed"
    assert states["SOC2:CC8.1"] == "partly assessed"
    assert states["SOC2:CC7.1"] == "met"
    assert {control.name: control.state for control in control_matrix.controls(reports.no_go())}[
        "GDPR:5.1.e"
    ] == "not met"


def test_controls_are_counted_by_how_they_stand() -> None:
    controls = control_matrix.controls(reports.no_go())
    assert sum(control_matrix.summary(controls).values()) == len(controls)
    assert control_matrix.words(controls) == "9 controls: 2 met, 4 not met, 3 not assessed"


def test_the_grid_has_every_item_that_names_a_control() -> None:
    report = reports.no_go()
    found = control_matrix.grid(control_matrix.controls(report), report)
    assert found is not None
    assert len(found.controls) == 9
    assert [r.item.id for r in found.rows] == [r.item.id for r in report.results if r.item.controls]


def test_there_is_no_grid_where_it_could_not_be_read_or_would_say_nothing() -> None:
    report = reports.no_go()
    controls = control_matrix.controls(report)
    assert control_matrix.grid(controls * 2, report) is None
    assert control_matrix.grid(controls[:1], report) is None
    assert control_matrix.grid(controls, report.model_copy(update={"results": report.results * 8})) is None
