"""A real browser, Debian's Chromium, on the console of a real server: no request may leave the machine, nothing may fail."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from mockface.network import client
from tests.conftest import Server, program, start

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ARTEFACTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
"""Where pictures of the page are kept; not part of the repository."""

LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
Theme = Literal["light", "dark"]
both_languages = pytest.mark.parametrize("language", LANGUAGES)

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = program("chromium")
    # No step of a test is worth a trace of the browser's own, and none may come from the network.
    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def console() -> Iterator[Server]:
    running = start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def api(console: Server) -> client.Client:
    asking = client.Client(console.url)
    asking.post("/_mockface/reset", {})
    return asking


class Opened:
    """A page of the console, and what it asked for and reported."""

    def __init__(self, context: BrowserContext, url: str, forgiven: tuple[str, ...]) -> None:
        self.url = url
        self.requests: list[str] = []
        self.diagnostics: list[str] = []
        self._forgiven = forgiven
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda fault: self.diagnostics.append(str(fault.error)))
        context.on("console", self._said)
        self.page: Page = context.new_page()

    def _said(self, line: ConsoleMessage) -> None:
        # A browser notes each answer of 4xx as an error; from an emulated operation they are what was asked for.
        refused = re.search(r"/(face/\w+|auth/idcard)$", line.location["url"]) and "status of" in line.text
        if line.type in ("error", "warning") and not refused:
            self.diagnostics.append(f"{line.text} ({line.location['url']})")

    def judge(self) -> None:
        """No request left the machine, and the console of the browser is clean."""
        assert {urlsplit(url).netloc for url in self.requests if not url.startswith(("data:", "blob:"))} <= {
            urlsplit(self.url).netloc
        }
        assert [text for text in self.diagnostics if not any(part in text for part in self._forgiven)] == []


Opener = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, console: Server) -> Iterator[Callable[..., Opened]]:
    """Open the console: `opened(view, language=…, size=…, theme=…)`; each is judged at the end."""
    made: list[tuple[BrowserContext, Opened]] = []

    def open_(
        view: str = "calls", *, language: str = "en", size: ViewportSize = DESKTOP, theme: Theme = "light",
        url: str = console.url, forgiven: tuple[str, ...] = (), **options: Any,
    ) -> Opened:  # fmt: skip
        context = browser.new_context(
            viewport=size, locale=LANGUAGES.get(language, language), color_scheme=theme, **options
        )
        context.grant_permissions(["clipboard-read", "clipboard-write", "camera", "microphone"], origin=url)
        new = Opened(context, url, forgiven)
        made.append((context, new))
        new.page.goto(f"{url}/#/{view}")
        expect(new.page.locator(".live.on")).to_be_visible()
        return new

    yield open_
    for context, one in made:
        context.close()
        one.judge()


@pytest.fixture
def visit(opened: Callable[..., Opened]) -> Opener:
    """The same, the page alone."""
    return lambda *given, **named: opened(*given, **named).page
