"""The page in a real browser: accessible, quiet, printable, usable by keyboard, and large ones too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Page, expect

from readiness.report import Report
from readiness_reports.html import render
from support import reports
from support.chromium import Scheme, Tabs
from support.long import LONG

KINDS: dict[str, Callable[[], Report]] = {
    "go": reports.go,
    "no_go": reports.no_go,
    "conditional": reports.conditional,
    "incomplete": reports.incomplete,
    "interrupted": reports.interrupted,
    "hostile": reports.hostile,
    "governed": reports.governed,
    "nearly_empty": reports.nearly_empty,
    "lean": lambda: reports.large(201),
}


@contextmanager
def opened(tabs: Tabs, tmp_path: Path, report: Report, width: int = 1280, **options: Any) -> Iterator[Page]:
    """The page from a file on disk; fails when it asks for anything, complains or raises."""
    file = tmp_path / "report.html"
    file.write_text(render(report), encoding="utf-8")
    with tabs.opened(file, width, **options) as page:
        yield page


def focused(page: Page) -> str:
    """Id of the item whose summary has the focus."""
    return str(page.evaluate("document.activeElement.parentElement.id"))


LOOKS: list[tuple[int, Scheme]] = [(390, "light"), (1280, "dark"), (390, "dark"), (1280, "light")]
EACH = [(kind, *look) for kind in KINDS for look in LOOKS]


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "width", "scheme"), EACH if LONG else [(kind, *LOOKS[n % 2]) for n, kind in enumerate(KINDS)]
)
def test_axe_finds_nothing_with_everything_open(
    tabs: Tabs, tmp_path: Path, kind: str, width: int, scheme: Scheme
) -> None:
    with opened(tabs, tmp_path, KINDS[kind](), width, color_scheme=scheme, bypass_csp=True) as page:
        page.click("#_open")
        assert page.evaluate("document.querySelectorAll('.items>details:not([open])').length") == 0
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_help(tabs: Tabs, tmp_path: Path, scheme: Scheme) -> None:
    with opened(tabs, tmp_path, reports.nearly_empty(), 390, color_scheme=scheme, bypass_csp=True) as page:
        page.keyboard.press("?")
        assert page.is_visible("#_keys")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("kind", KINDS)
def test_it_works_without_javascript(tabs: Tabs, tmp_path: Path, kind: str) -> None:
    report = KINDS[kind]()
    with opened(tabs, tmp_path, report, 390, java_script_enabled=False) as page:
        assert not page.is_visible("#_filter")
        assert not page.is_visible("#_tools")
        first = page.locator(".items>details").first
        first.locator("summary").click()
        assert first.locator("p").first.is_visible()
        assert page.locator(".items>details").count() == len(report.results)


def test_it_asks_for_nothing_and_breaks_no_rule_of_its_own_policy(tabs: Tabs, tmp_path: Path) -> None:
    with opened(tabs, tmp_path, reports.hostile()) as page:
        page.click("#_open")
        page.keyboard.press("j")
        assert focused(page) == "evil-item"
        assert page.evaluate("getComputedStyle(document.body).maxWidth") == "1184px"


def test_its_policy_stops_a_handler_that_got_in_all_the_same(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content(render(reports.go()))
    blocked = page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective));
            document.body.setAttribute('onclick', 'document.title = "broken"');
            document.body.click();
        })"""
    )
    assert blocked == "script-src-attr"
    assert page.title() == "GO: deedpro 3.0.0"
    context.close()


def test_the_filter_finds_by_text_and_by_state(tabs: Tabs, tmp_path: Path) -> None:
    with opened(tabs, tmp_path, reports.no_go()) as page:
        shown = page.locator(".items>details:visible")
        assert page.inner_text("#_shown") == "27 of 27 items"
        page.fill("#_text", "WIZARD.js")
        expect(page.locator("#_shown")).to_have_text("1 of 27 items")
        assert shown.evaluate_all("all => all.map((item) => item.id)") == ["coverage"]
        assert page.locator(".items:visible").count() == 1
        page.press("#_text", "Escape")
        assert shown.count() == 27
        page.check("input[value=pending]")
        page.check("input[value=error]")
        expect(page.locator("#_shown")).to_have_text("3 of 27 items")
        page.fill("#_text", "no such thing")
        page.wait_for_selector("#_none:visible")


def test_every_item_can_be_reached_by_keyboard(tabs: Tabs, tmp_path: Path) -> None:
    with opened(tabs, tmp_path, reports.no_go()) as page:
        seen = []
        for key in ("j", "j", "k", "b", "b", "B"):
            page.keyboard.press(key)
            seen.append(focused(page))
        assert seen == ["components", "coverage", "components", "coverage", "user-acceptance", "coverage"]
        page.keyboard.press("o")
        assert page.locator("#coverage").get_attribute("open") is not None
        page.keyboard.press("Enter")
        assert page.locator("#coverage").get_attribute("open") is None
        page.keyboard.press("/")
        page.keyboard.type("jb/?")
        assert page.input_value("#_text") == "jb/?"
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert page.is_visible("#_keys")
        page.uncheck("#_single")
        page.keyboard.press("Escape")
        assert not page.is_visible("#_keys")
        page.keyboard.press("?")
        assert not page.is_visible("#_keys")


def test_a_link_opens_its_item_and_can_be_copied(tabs: Tabs, tmp_path: Path) -> None:
    with opened(tabs, tmp_path, reports.no_go(), permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(page.url + "#tls")
        page.wait_for_selector("#tls[open]")
        assert focused(page) == "tls"
        assert page.locator("#tls summary").evaluate("e => e.getBoundingClientRect().top < innerHeight")
        page.click("#tls a.id")
        assert page.evaluate("navigator.clipboard.readText()").endswith("report.html#tls")
        assert page.inner_text("#_said") == "Link copied: #tls"
        page.keyboard.press("k")
        page.keyboard.press("y")
        expect(page.locator("#_said")).to_have_text("Link copied: #environment-variables")


def test_the_theme_can_be_chosen_and_is_remembered(tabs: Tabs, tmp_path: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(tabs, tmp_path, reports.go(), color_scheme="light") as page:
        light = page.evaluate(ground)
        page.click("#_theme")
        assert (page.inner_text("#_theme"), page.evaluate(ground)) == ("Theme: light", light)
        page.click("#_theme")
        assert page.inner_text("#_theme") == "Theme: dark"
        assert page.evaluate(ground) != light
        page.reload()
        assert page.inner_text("#_theme") == "Theme: dark"


def test_targets_are_large_enough_for_a_thumb_and_focus_is_seen(tabs: Tabs, tmp_path: Path) -> None:
    with opened(tabs, tmp_path, reports.no_go(), 390) as page:
        heights = page.evaluate(
            "[...document.querySelectorAll('summary,button:not(dialog *),nav a,input[type=search],fieldset label')]"
            ".map((e) => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 38
        page.keyboard.press("j")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_on_paper_everything_is_open_and_nothing_is_a_control(tabs: Tabs, tmp_path: Path) -> None:
    with opened(tabs, tmp_path, reports.no_go()) as page:
        assert page.pdf().startswith(b"%PDF-")
        page.emulate_media(media="print")
        assert page.locator(".items>details .evidence").first.is_visible()
        for control in ("#_filter", "#_tools", "nav"):
            assert not page.is_visible(control)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".items>details[open]").count() == 27
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".items>details[open]").count() == 0


def test_ten_thousand_items_can_be_filtered_and_walked(tabs: Tabs, tmp_path: Path) -> None:
    with opened(tabs, tmp_path, reports.large(10_000)) as page:
        page.fill("#_text", "item-0009999")
        expect(page.locator("#_shown")).to_have_text("1 of 10,000 items")
        page.press("#_text", "Escape")
        for _ in range(3):
            page.keyboard.press("b")
        assert focused(page) == "item-0000023"
        page.goto(page.url + "#item-0007777")
        page.wait_for_selector("#item-0007777[open]")
        assert page.locator("#item-0007777 summary").evaluate("e => e.getBoundingClientRect().top < innerHeight")
