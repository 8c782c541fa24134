import json
from collections.abc import Callable

import pytest

from readiness.report import Report
from readiness_reports import html, markdown
from readiness_reports.json import render
from support import reports

FACTORIES = [
    reports.no_go,
    reports.go,
    reports.conditional,
    reports.incomplete,
    reports.interrupted,
    reports.nearly_empty,
    reports.governed,
    reports.hostile,
]


@pytest.mark.parametrize("make", FACTORIES)
def test_a_report_read_back_renders_the_same_everywhere(make: Callable[[], Report]) -> None:
    report = make()
    written = render(report)
    again = Report.model_validate_json(written)
    assert render(again) == written
    assert markdown.render(again) == markdown.render(report)
    assert html.render(again) == html.render(report)


@pytest.mark.parametrize("make", FACTORIES[:-1])
def test_nothing_is_lost(make: Callable[[], Report]) -> None:
    report = make()
    assert Report.model_validate_json(render(report)) == report


def test_it_is_indented_versioned_and_ends_with_a_line_feed() -> None:
    written = render(reports.go())
    assert written.startswith('{\n  "schema_version": "1",\n  "tool": {')
    assert written.endswith("}\n")
    assert list(json.loads(written)) == list(Report.model_fields)


def test_it_can_be_stored_and_shown_whatever_it_holds() -> None:
    written = render(reports.hostile())
    written.encode("utf-8")
    assert not {"\u2028", "\u2029", "\u202e", "\u200b", "\x1b", "\x7f", "\x07"} & set(written)
    assert "\\u202e" in written


def test_invisible_characters_come_back_as_they_were() -> None:
    report = reports.go()
    text = "a\u2028b\u202ec\U000e0041d\x7f"
    strange = report.model_copy(update={"notices": (text,)})
    written = render(strange)
    assert "\\u2028b\\u202ec\\udb40\\udc41d\\u007f" in written
    assert Report.model_validate_json(written).notices == (text,)


def test_letters_of_all_languages_stay_readable() -> None:
    strange = reports.go().model_copy(update={"notices": ("Prüfung 検査",)})
    assert "Prüfung 検査" in render(strange)


def test_parameters_that_utf_8_cannot_hold_do_not_stop_the_report() -> None:
    report = reports.hostile()
    assert "\ud800" in report.results[0].item.params["x"]
    assert Report.model_validate_json(render(report)).results[0].item.params["x"] == "\\ud800"
