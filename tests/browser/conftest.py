"""A real browser on the real server. A test that uses `page` ends with no error in the console.

Browser tests run on SQLite alone unless marked `@pytest.mark.engines("sqlite", "postgresql")`.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response, sync_playwright

from annotator.accounts.models import User
from tests.browser.patience import teach_patience
from tests.conftest import missing
from tests.servers import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MISSING = "No browser was found. Install Chromium (Debian: apt-get install chromium)."
ARGUMENTS = (
    "--disable-dev-shm-usage", "--disable-gpu", "--disable-smooth-scrolling", "--font-render-hinting=none",
    "--hide-scrollbars",
)  # fmt: skip
DESKTOP, PHONE = (1280, 900), (390, 844)
SignIn = Callable[[User], None]


class Complaints:
    """What went wrong on the pages of a test, but for what it expects (`allow`)."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Complaints that match are meant to come, such as `status of 409`."""
        self._allowed.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        return [said for said in self._found if not any(re.search(pattern, said) for pattern in self._allowed)]

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._found.append(f"uncaught: {error.error}"))
        context.on("response", self._look)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._found.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _look(self, response: Response) -> None:
        if response.status >= 500:
            self._found.append(f"server: {response.status} {response.url}")


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    # Playwright keeps an event loop in this thread, which Django takes for a danger to its connections.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(_playwright: Playwright) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None) or _playwright.chromium.executable_path
    if not Path(path).exists():
        missing(MISSING)
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else list(ARGUMENTS)
    browser = _playwright.chromium.launch(executable_path=path, args=arguments)
    with pytest.MonkeyPatch.context() as patch:
        teach_patience(patch)
        yield browser
    browser.close()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    found = Complaints()
    yield found
    assert found.unexpected == []


@pytest.fixture
def context(chromium: Browser, server: Server, complaints: Complaints) -> Iterator[BrowserContext]:
    width, height = DESKTOP
    one = chromium.new_context(base_url=server.url, viewport={"width": width, "height": height})
    one.set_default_timeout(30_000)
    complaints.listen(one)
    yield one
    one.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of a new browser, at nobody's session; `page.goto("/sign-in/")` knows the server."""
    return context.new_page()


@pytest.fixture
def sign_in(context: BrowserContext, server: Server) -> SignIn:
    """Give the browser somebody's session, without the way through the sign-in page."""

    def act(user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])

    return act


def barriers(page: Page) -> list[str]:
    """What keeps people from using the page, as axe finds it: rule, impact, places."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {', '.join(str(node['target']) for node in one['nodes'])}" for one in found
    ]
