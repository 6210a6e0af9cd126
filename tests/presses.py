"""Presses in a browser that end when the page they led to is loaded, and a network that is slow on purpose.

A click waits by itself until a page that it opened has *begun*: its document may still be empty. What reads
the page at once (axe, `count()`, `content()`) then reads nothing, or an old page, on a busy machine only.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page

DEEDS = ("click", "dblclick", "tap", "press", "check", "uncheck", "set_checked", "select_option")


@contextmanager
def presses_that_wait() -> Iterator[None]:
    """Let each press wait for the `load` of the page it led to; where it led nowhere, that costs nothing."""
    patch = pytest.MonkeyPatch()
    for name in DEEDS:
        patch.setattr(Locator, name, _waiting(getattr(Locator, name)))
    try:
        yield
    finally:
        patch.undo()


def _waiting(deed: Any) -> Any:
    @functools.wraps(deed)
    def press(locator: Locator, *arguments: Any, **named: Any) -> Any:
        done = deed(locator, *arguments, **named)
        page = locator.page
        if not named.get("no_wait_after") and not page.is_closed():
            page.wait_for_load_state("load")
        return done

    return press


def slow_down(browser: Browser, milliseconds: int) -> None:
    """Delay every answer to the pages of this browser: what a test forgets to wait for, it then misses."""
    lines: dict[BrowserContext, list[CDPSession]] = {}

    def emulate(line: CDPSession, *, offline: bool) -> None:
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": offline, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1},
        )

    def page_opened(page: Page) -> None:
        line = page.context.new_cdp_session(page)
        lines.setdefault(page.context, []).append(line)
        emulate(line, offline=False)

    def set_offline(context: BrowserContext, offline: bool) -> None:
        own_set_offline(context, offline)
        for line in lines.get(context, []):  # what was emulated last counts
            emulate(line, offline=offline)

    own_set_offline = BrowserContext.set_offline
    BrowserContext.set_offline = set_offline  # type: ignore[method-assign]
    browser.on("context", lambda context: context.on("page", page_opened))
