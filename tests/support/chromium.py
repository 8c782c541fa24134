"""The system's Chromium under playwright, told to talk to nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from support.system import need

Scheme = Literal["light", "dark"]
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the length of a block."""
    executable = need("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Tabs:
    """Tabs of a browser, each used by one test after the other; none has storage that an earlier test filled."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[str, Page] = {}
        self._trouble: list[str] = []
        self._asked: list[str] = []

    @contextmanager
    def opened(
        self, file: Path, width: int = 1280, *, color_scheme: Scheme = "light", **options: Any
    ) -> Iterator[Page]:
        """A page from a file on disk; fails when it asks for anything, complains or raises.

        Args:
            file: An HTML file; another one for each call.
            width: Of the window, in pixels.
            color_scheme: What the reader prefers.
            options: Those of a context of playwright, which the tabs share that have the same.
        """
        page = self._page(options)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion="reduce")
        self._trouble.clear()
        self._asked.clear()
        page.goto(file.as_uri())
        try:
            yield page
            assert self._trouble == []
            assert {url.partition("#")[0] for url in self._asked} == {file.as_uri()}
        finally:
            if options.get("java_script_enabled", True):
                page.evaluate("localStorage.clear()")

    def _page(self, options: dict[str, Any]) -> Page:
        key = repr(sorted(options.items()))
        if key not in self._pages:
            page = self._browser.new_context(**options).new_page()
            page.on("console", lambda message: self._trouble.append(message.text))
            page.on("pageerror", lambda error: self._trouble.append(str(error)))
            page.on("request", lambda request: self._asked.append(request.url))
            self._pages[key] = page
        return self._pages[key]
