"""An app of the test's own process, served to a browser, with the clock standing still.

Tests that look at pages need no process of their own: what a factory stores is on the next page, and the
pages are the same on every day.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.conftest import test_settings
from tests.factories import Factory
from tests.houses import house
from tests.served import free_port


class _Silent(WSGIRequestHandler):
    """A handler that writes no line for a request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Write nothing."""


@dataclass
class StandingHouse:
    """A served app in which it is always the same moment."""

    app: Flask
    make: Factory
    url: str
    moment: datetime

    def context(self, browser: Browser, person=None, **how) -> BrowserContext:
        """Open a browser context in which it is that moment too; logged in as `person` if given."""
        context = browser.new_context(
            base_url=self.url, locale="nl-NL", timezone_id="Europe/Amsterdam", **how
        )
        context.clock.set_fixed_time(self.moment)
        self.log_in(context, person)
        return context

    def log_in(self, context: BrowserContext, person=None) -> None:
        """Make the browser that of `person`, or nobody's."""
        context.clear_cookies()
        if person is None:
            return
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = self.make.browser(person).get_cookie(name)
        assert cookie is not None
        context.add_cookies([{"name": name, "value": cookie.value, "url": self.url}])


@contextmanager
def standing_house(
    folder: Path, moment: datetime, *, empty: Path | None = None, **environ: str
) -> Iterator[StandingHouse]:
    """Serve an app that lives in `folder`; `empty` is a database with empty tables, to begin with."""
    port = free_port()
    settings = test_settings(folder, PORT=str(port), DVB_CROWD="0", **environ)
    with pytest.MonkeyPatch.context() as patch, house(settings) as app:
        patch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield StandingHouse(app, Factory(app), f"http://127.0.0.1:{port}", moment)
        finally:
            server.shutdown()
            server.server_close()
