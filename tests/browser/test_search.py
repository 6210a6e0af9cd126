"""Search on an old phone, embedding of the programme by another site, and safe data in a page."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.pages import sticks_out, violations, wrong_markup
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser


def test_search_with_a_typing_error_without_javascript(browser, demo_house, tmp_path):
    phone = Person(
        browser, demo_house, tmp_path, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    wide = Person(browser, demo_house, tmp_path, viewport={"width": 1400, "height": 900})

    page = phone.go("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("searchbox", name="Zoek op de hele site").fill("buurthius")
    page.keyboard.press("Enter")
    page.get_by_text("Je ziet wat we vonden met:").wait_for()
    assert page.locator("mark").first.text_content().lower().startswith("buurthui")
    assert sticks_out(page) <= 0
    page.get_by_text("Filter").click()
    page.get_by_role("navigation", name="Soort").get_by_role("link", name="Sessies").click()
    page.get_by_role("link", name="Haal weg: Sessies").wait_for()
    assert sticks_out(page) <= 0
    (tmp_path / "chosen.html").write_text(page.content())

    page = wide.go("/zoeken")
    wide.check("empty")
    field = page.get_by_label("Waar zoek je naar?")
    field.fill('"*NEAR( <script>')
    field.press("Enter")
    page.get_by_text("Niets gevonden.").wait_for()
    wide.check("none")
    page.get_by_label("Waar zoek je naar?").fill("bewoners")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.locator("mark").first.wait_for()
    wide.check("found")
    page.get_by_role("navigation", name="Soort").get_by_role("link", name="Lessen").click()
    page.locator(".result__title a").first.click()
    page.wait_for_url("**/lessen/*")
    told = json.loads(page.locator("script[type='application/ld+json']").text_content())
    assert told["@type"] == "Article"
    wide.go("/sessies/rommel-op-straat")
    wide.go("/api/v1")
    wide.check("guide")
    assert wide.complaints == []  # the policy says nothing of data in a page either
    assert wrong_markup(sorted(tmp_path.glob("*.html"))) == []


@contextmanager
def another_site(page: bytes):
    """Serve another origin with nothing but this page."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_only_the_programme_can_be_embedded_by_another_site(browser, demo_house):
    paths = ("/embed/programma", "/programma")
    frames = "".join(f'<iframe src="{demo_house.url}{path}"></iframe>' for path in paths)
    context = browser.new_context(locale="nl-NL", viewport={"width": 320, "height": 700})
    page = context.new_page()
    with another_site(frames.encode()) as elsewhere:
        page.goto(elsewhere)

        shown, refused = (page.frame_locator(f"iframe >> nth={place}") for place in (0, 1))
        shown.get_by_role("heading", name="Programma").wait_for()
        assert shown.get_by_role("link", name="Buurtmarkt").count() == 1
        assert refused.locator("main").count() == 0
        assert context.cookies() == []
    for path in ("/embed/programma", "/embed/lessen"):
        page.goto(f"{demo_house.url}{path}")
        assert violations(page) == []
        assert sticks_out(page) <= 0
    context.close()
