"""What every built-in reporter promises: the same text for the same report, and no hidden character in it."""

from collections.abc import Callable

import pytest

from readiness.plugins import BUILT_IN, installed, load_reporter
from readiness.report import Report
from readiness.text import unseen
from support import reports

REPORTERS = {
    name: plugin for name, plugin in installed("readiness.reporters").items() if plugin.distribution == BUILT_IN
}
FACTORIES = [
    reports.no_go,
    reports.go,
    reports.conditional,
    reports.incomplete,
    reports.interrupted,
    reports.nearly_empty,
    reports.hostile,
]


@pytest.mark.parametrize("make", FACTORIES, ids=lambda make: make.__name__)
@pytest.mark.parametrize("name", REPORTERS)
def test_a_report_becomes_the_same_visible_text_each_time(name: str, make: Callable[[], Report]) -> None:
    render = load_reporter(REPORTERS[name])
    text = render(make())
    assert text.strip()
    assert text == render(make())
    assert [unseen(line) for line in text.replace("\t", " ").splitlines() if unseen(line)] == []
