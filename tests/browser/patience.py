"""Hands wait for a new page: what comes before its modules run and the browser has given the first focus goes
nowhere, and no person is that quick. Held for keys, mouse, finger and every locator of every page."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Locator, Page

AT_REST = """() => new Promise((settled) => {
  requestAnimationFrame(() => requestAnimationFrame(settled));
  setTimeout(settled, 1000);  // a page out of sight draws no frames
})"""
OF_LOCATORS = (
    "check", "click", "dblclick", "fill", "focus", "hover", "press", "press_sequentially", "select_option",
    "set_input_files", "tap", "uncheck",
)  # fmt: skip
OF_PAGES = {
    "keyboard": ("down", "insert_text", "press", "type"),
    "mouse": ("click", "dblclick", "down", "move", "wheel"),
    "touchscreen": ("tap",),
}

_new: WeakSet[Page] = WeakSet()
"""Pages that came to an address and that nobody has touched there."""


def wait_until_ready(page: Page) -> None:
    """Before places on the page are measured, too: until it is loaded they move."""
    while page in _new:
        _new.discard(page)
        page.wait_for_load_state()
        with suppress(Error):  # it went on to another address meanwhile, and is new again
            page.evaluate(AT_REST)


def teach_patience(patch: pytest.MonkeyPatch) -> None:
    new_context = Browser.new_context

    def watched(browser: Browser, *, java_script_enabled: bool = True, **options: Any) -> BrowserContext:
        context = new_context(browser, java_script_enabled=java_script_enabled, **options)
        if java_script_enabled:  # else there is nothing to wait for, and nothing that could
            context.on("page", _watch_page)
        return context

    patch.setattr(Browser, "new_context", watched)
    for name in OF_LOCATORS:
        patch.setattr(Locator, name, _patient(getattr(Locator, name), lambda locator, *_: locator.page))


def _watch_page(page: Page) -> None:
    def moved(frame: Frame) -> None:
        if frame == page.main_frame:
            _new.add(page)

    _new.add(page)
    page.on("framenavigated", moved)
    for device, names in OF_PAGES.items():
        for name in names:
            hand = getattr(page, device)
            setattr(hand, name, _patient(getattr(hand, name), lambda *_: page))


def _patient(act: Callable[..., Any], page_of: Callable[..., Page]) -> Callable[..., Any]:
    def wait_and_act(*given: Any, **how: Any) -> Any:
        wait_until_ready(page_of(*given))
        return act(*given, **how)

    return wait_and_act
