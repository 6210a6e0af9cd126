"""Polling of polls on a phone with a wrong clock. Without server: the script itself, with a fake clock."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "static"
BEGIN = datetime(2027, 1, 28, 13, 0, tzinfo=UTC)
CLOSES = BEGIN + timedelta(minutes=1)
FORM = '<form><input type="radio" name="choice" value="0"><input type="radio" name="choice" value="1"><button>Kies</button></form>'
POLL = '<article data-poll="p" data-revision="1" data-status="{status}"{closes}><h3>Wie belt?</h3>{form}</article>'
PAGE = """<!doctype html><html lang="nl"><title>x</title><div data-polls data-polls-url="/peilingen">{poll}</div>
<script type="module">import {{ PollPanel }} from "/static/js/polls.js";
window.panel = new PollPanel(document.querySelector("[data-polls]"), {{ spread: 0 }});</script></html>"""


class Phone:
    """Page with one poll that closes after a minute. `ahead` is the offset of its clock from the server's."""

    def __init__(self, browser, ahead, *, is_late=False, has_date=True, script=lambda text: text):
        self.page = browser.new_page()
        self.asked, self.passed, self.is_late, self.has_date, self.script = 0, 0, is_late, has_date, script
        self.page.clock.install(time=BEGIN + ahead)
        self.page.route("**/*", self._answer)
        self.page.goto("http://zaal.test/")
        self.page.wait_for_load_state("networkidle")

    def _answer(self, route):
        path = route.request.url.partition("zaal.test")[2]
        now = BEGIN + timedelta(seconds=self.passed)
        headers = {"Date": format_datetime(now, usegmt=True)} if self.has_date else {}
        if path.startswith("/static/"):
            content = (STATIC / path.removeprefix("/static/")).read_text()
            if path.endswith("/polls.js"):
                content = self.script(content)
            route.fulfill(body=content, content_type="text/javascript")
        elif path == "/peilingen":
            self.asked += 1
            route.fulfill(body=self._poll(now), content_type="text/html", headers=headers)
        else:
            route.fulfill(body=PAGE.format(poll=self._poll(now)), content_type="text/html")

    def _poll(self, now):
        is_open = self.is_late or now < CLOSES
        closes = f' data-closes-at="{CLOSES.isoformat()}"' if is_open else ""
        return POLL.format(
            status="open" if is_open else "closed", closes=closes, form=FORM if is_open else ""
        )

    def wait(self, seconds):
        for _ in range(seconds):
            self.passed += 1
            self.page.clock.run_for(1000)
            # What was asked is answered: the answers come in the order of the requests.
            self.page.evaluate("async () => { await (await fetch('/afterwards')).text() }")


@pytest.mark.parametrize("hours", [-2, 2, 24 * 30])
def test_polling_rate_does_not_depend_on_the_phones_clock(browser, hours):
    phone = Phone(browser, timedelta(hours=hours))

    phone.wait(58)
    early = phone.asked
    phone.wait(7)

    assert early <= 2
    assert phone.asked <= 3
    if hours >= 0:  # one that is behind hears of it from the live line
        assert phone.page.locator('[data-status="closed"]').count() == 1
    phone.page.close()


@pytest.mark.parametrize("has_date", [True, False])
def test_overdue_poll_is_polled_with_backoff(browser, has_date):
    phone = Phone(browser, timedelta(), is_late=True, has_date=has_date)
    phone.wait(61)
    before = phone.asked

    phone.wait(120)

    assert 2 <= phone.asked - before <= 6
    phone.page.close()


WHERE = "() => [document.activeElement.localName, document.activeElement.value ?? document.activeElement.dataset.poll ?? '']"


@pytest.mark.parametrize("has_keeper", [True, False])
def test_focus_stays_in_a_rerendered_or_closing_poll(browser, has_keeper):
    def careless(text):
        return text.replace("keepFocus(this.box, () => {", "(() => {").replace(
            "    });\n    for (const field", "    })();\n    for (const field"
        )

    phone = Phone(browser, timedelta(), script=(lambda text: text) if has_keeper else careless)
    phone.page.locator("input").last.focus()

    phone.page.evaluate("panel.refreshSoon(0)")
    phone.wait(2)

    assert phone.asked == 1
    assert phone.page.evaluate(WHERE) == (["input", "1"] if has_keeper else ["body", ""])
    phone.wait(61)  # it closed: what was chosen in is gone, its card is not
    assert phone.page.evaluate(WHERE) == (["article", "p"] if has_keeper else ["body", ""])
    phone.page.close()


def test_sabotage_no_backoff_and_own_clock_is_detected(browser):
    def hasty(text):
        return text.replace(": this.#patience();", ": 300;").replace(
            "if (Number.isFinite(now)) this.offset", "if (false) this.offset"
        )

    phone = Phone(browser, timedelta(hours=2), script=hasty)

    phone.wait(58)

    assert phone.asked > 10
    phone.page.close()
