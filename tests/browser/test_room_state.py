"""An open page shows that its session moved or ended, and keeps typed text."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import ProgrammeSession
from tests.browser.test_hour import enter
from tests.browser.test_walk import Person
from tests.visitors import house_of

pytestmark = pytest.mark.browser
TYPED = "Komt er een bankje bij de bushalte?"


def test_open_page_shows_that_its_session_moved_and_ended(browser, served, tmp_path):
    ellen = Person(browser, served, tmp_path, viewport={"width": 320, "height": 800})
    ellen.demo_login("Ellen Bosvelt")
    page = enter(ellen, "live")
    page.get_by_label("Schrijf hier je vraag, idee of signaal").fill(TYPED)
    app = house_of(served.folder, served.environ)
    slug = page.url.split("/sessies/")[1].split("/")[0]
    line = page.locator("[data-room-state]")

    def at(**shift):
        for _ in range(20):  # the server writes too
            with app.app_context():
                try:
                    session = db.session.query(ProgrammeSession).filter_by(slug=slug).one()
                    for name, hours in shift.items():
                        setattr(session, name, getattr(session, name) + timedelta(hours=hours))
                    db.session.commit()
                    return
                except OperationalError:
                    db.session.rollback()
        pytest.fail("the database stayed locked")

    at(starts_at=1, ends_at=1)
    line.get_by_text("Deze sessie is verplaatst").wait_for(timeout=20_000)
    at(starts_at=-9, ends_at=-9)
    line.get_by_text("Deze sessie is afgelopen").wait_for(timeout=20_000)
    assert page.get_by_label("Schrijf hier je vraag, idee of signaal").input_value() == TYPED
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    at(starts_at=8, ends_at=8)
    line.wait_for(state="hidden", timeout=20_000)
    with app.app_context():
        db.engine.dispose()
