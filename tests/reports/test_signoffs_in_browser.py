"""Who signed what in a real browser: accessible, asking for nothing, printed with a head and a number on each page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser

from readiness.report import Report
from readiness_reports.signoffs import render
from support import reports
from support.chromium import Tabs

KINDS: dict[str, Callable[[], Report]] = {
    "no_go": reports.no_go,
    "governed": reports.governed,
    "hostile": reports.hostile,
    "nearly_empty": reports.nearly_empty,
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_and_nothing_is_asked_for(tabs: Tabs, tmp_path: Path, kind: str, width: int) -> None:
    file = tmp_path / "signoffs.html"
    file.write_text(render(KINDS[kind]()), encoding="utf-8")
    with tabs.opened(file, width, bypass_csp=True) as page:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_its_policy_takes_its_style(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "signoffs.html"
    file.write_text(render(reports.hostile()), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "960px"
    assert page.evaluate("document.scripts.length") == 0
    page.close()


def test_on_paper_each_page_has_its_head_and_no_signature_is_torn(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "signoffs.html"
    file.write_text(render(reports.governed(approved=True)), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert not page.is_visible(".running")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 5
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][.\d]* 84[12][.\d]*\s*\]", printed)
    page.emulate_media(media="print")
    assert page.is_visible(".running")
    head = page.evaluate("getComputedStyle(document.querySelector('thead')).display")
    whole = page.evaluate("[...document.querySelectorAll('ol>li')].map((e) => getComputedStyle(e).breakInside)")
    assert head == "table-header-group"
    assert set(whole) == {"avoid"}
    page.close()
