"""What every built-in reporter promises: the same text for the same report, and no hidden character in it."""

from collections.abc import Callable

import pytest

from readiness.outcome import Evidence
from readiness.plugins import BUILT_IN, installed, load_reporter
from readiness.report import Report
from readiness.text import unseen
from support import reports
from support.pages import Page
from support.report_values import digest, evidence_signature, passed, report, result

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


@pytest.mark.parametrize(("name", "more"), [("html", 0), ("html", 300), ("md", 0)])
def test_who_signed_evidence_is_shown(name: str, more: int) -> None:
    evidence = Evidence(name="unit.xml", sha256=digest("unit"), signature=evidence_signature())
    results = [result("a", "Tests", "junit", "All", passed("ran", 1, "tests", evidence=(evidence,)))]
    results += [result(f"j{n}", "T", "junit", "All", passed("ran", 1, "tests")) for n in range(more)]
    text = "".join(Page(load_reporter(REPORTERS[name])(report(results))).text).replace("`", "")
    said = "igned by ci@example.com (tests) on 2026-11-23 10:15:00 UTC, key SHA256:x, statement unit.xml.intoto.json"
    assert said in text


@pytest.mark.parametrize("name", ["html", "md"])
@pytest.mark.parametrize(
    ("confinement", "said"),
    [("none", "wherever their user can"), ("repository", "only to the repository"), ("", None)],
)
def test_where_commands_could_write_is_told(name: str, confinement: str, said: str | None) -> None:
    made = reports.go().model_copy(update={"confinement": confinement})
    text = "".join(Page(load_reporter(REPORTERS[name])(made)).text)
    assert ("Commands could write" in text) is (said is not None)
    assert said is None or said in text
