"""Every example runs."""

import json
import runpy
import subprocess
import sys
from typing import Any

import pytest

from support.console import ROOT, environment
from support.tour import Tour


def judged(tour: Tour, verdict: str) -> dict[str, Any]:
    """The run of the example application, as its demonstration wrote it."""
    assert (tour.demo(verdict) / "report.html").stat().st_size > 0
    report: dict[str, Any] = json.loads((tour.demo(verdict) / "run.json").read_text(encoding="utf-8"))
    return report


@pytest.fixture(scope="module")
def report(tour: Tour) -> dict[str, Any]:
    """The run of the example as it is."""
    return judged(tour, "no-go")


def test_the_example_has_honest_faults(report: dict[str, Any]) -> None:
    by_status: dict[str, set[str]] = {}
    for result in report["results"]:
        by_status.setdefault(result["outcome"]["status"], set()).add(result["item"]["id"])
    assert report["verdict"]["word"] == "NO_GO"
    assert by_status == {
        "failed": {
            "components", "coverage", "integration-tests", "environment-variables", "tls", "analytics",
            "privacy-policy", "static-analysis", "vulnerable-packages", "security-headers",
        },
        "pending": {"user-acceptance", "legal-compliance", "accessibility", "templates-reviewed", "data-protection"},
        "skipped": {"security-audit"},
        "passed": {
            "performance", "frontend-environment", "backend-environment", "migrations", "cdn",
            "monitoring", "openai", "titlepoint", "google-places", "error-reporting", "email", "legal-codes", "terms",
            "retention", "unit-tests", "no-secrets",
        },
    }  # fmt: skip


def test_the_checklist_holds_the_27_items_of_the_guide_in_its_four_sections(report: dict[str, Any]) -> None:
    sizes = [sum(result["section"] == title for result in report["results"]) for title in report["sections"]]
    assert sizes[:4] == [8, 7, 6, 6]


def test_no_credential_of_the_example_is_in_a_report(tour: Tour) -> None:
    settings = runpy.run_path(str(ROOT / "examples" / "demo.py"))["settings"]
    made_up = {value for name, value in settings(go=False).items() if name.endswith(("_KEY", "_SECRET", "_DSN"))}
    for name in ("report.html", "report.md", "run.json"):
        text = (tour.demo("no-go") / name).read_text(encoding="utf-8")
        assert not [value for value in made_up if value in text]


def test_mended_and_signed_it_goes(tour: Tour) -> None:
    mended = judged(tour, "go")
    assert mended["verdict"]["word"] == "GO"
    assert mended["subject"]["dirty"] is False
    assert {result["outcome"]["status"] for result in mended["results"]} == {"passed"}


def test_with_one_item_waived_it_goes_on_a_condition(tour: Tour) -> None:
    waived = judged(tour, "conditional")
    assert waived["verdict"]["word"] == "CONDITIONAL_GO"
    assert {result["item"]["id"] for result in waived["results"] if result["waiver"]} == {"accessibility"}


def test_the_python_example(tour: Tour) -> None:
    checklist = tour.demo("no-go") / "readiness.yaml"
    done = subprocess.run(
        [sys.executable, "examples/python_api.py", str(checklist), "staging"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "deedpro: NO_GO" in done.stdout
