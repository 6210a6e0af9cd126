"""The room by the clock, as a browser without scripts gets it, and applause where no socket gets through."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from dagvandebuurt.pages import LONGEST_LOOK


@pytest.fixture
def later(make, session):
    """A session that begins two hours after the one that is live."""
    round = SimpleNamespace(id=session.round_id, edition_id=session.edition_id)
    begins = session.ends_at + timedelta(hours=1)
    return make.session("Straks", round=round, starts_at=begins, ends_at=begins + timedelta(hours=1))


def at(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


@pytest.mark.parametrize(("early", "seconds"), [(40, 41), (3 * 3600, LONGEST_LOOK)])
def test_closed_room_asks_to_be_looked_at_again_when_it_opens(make, later, monkeypatch, early, seconds):
    at(monkeypatch, later.opens_at - timedelta(seconds=early))
    room = make.browser().get(f"/sessies/{later.slug}/live")

    assert room.headers["Refresh"] == str(seconds)
    assert later.title in room.text
    assert f'data-opens-at="{int(later.opens_at.timestamp() * 1000)}"' in room.text
    assert "Je gaat vanzelf naar binnen" in room.text


@pytest.mark.parametrize("path", ["regie", "podium"])
def test_other_closed_pages_of_a_session_are_not_refreshed(make, later, monkeypatch, path):
    at(monkeypatch, later.opens_at - timedelta(seconds=40))

    assert "Refresh" not in make.browser(make.moderator()).get(f"/sessies/{later.slug}/{path}").headers


@pytest.mark.parametrize("minutes", [-5, 5, 65])
def test_page_that_one_types_in_is_never_refreshed_by_the_browser(make, session, monkeypatch, minutes):
    at(monkeypatch, session.starts_at + timedelta(minutes=minutes))
    page = make.browser(make.identity("Noor")).get(f"/sessies/{session.slug}/live")

    assert page.status_code == 200
    assert "Refresh" not in page.headers
    assert ("Kijk wat er nieuw is" in page.text) == (minutes < 60)
    assert ("Kijk dan hier opnieuw" in page.text) == (minutes < 0)


def test_what_is_next_is_in_the_page_before_the_end(make, session, later):
    room = make.browser(make.identity("Noor")).get(f"/sessies/{session.slug}/live").text
    afterwards = room.partition('<section class="afterwards"')[2]

    assert afterwards.partition(">")[0].endswith(" hidden")
    assert later.title in afterwards.partition("</section>")[0]


def test_applause_is_counted_without_a_socket_and_without_a_script(app, make, session):
    browser, path = make.browser(make.identity("Noor")), f"/sessies/{session.slug}/reactie"
    told = []
    app.extensions["live"].reactions.add = lambda *reaction: told.append(reaction[2])

    quiet = browser.post(path, data={"kind": "applause"}, headers={"Accept": "application/json"})
    plain = browser.post(path, data={"kind": "heart"})
    wrong = browser.post(path, data={"kind": "boo"}, headers={"Accept": "application/json"})

    assert (quiet.status_code, quiet.json) == (200, {"ok": True})
    assert plain.status_code == 303
    assert wrong.status_code == 303
    assert told == ["applause", "heart"]
    assert browser.get(f"/sessies/{session.slug}/live").text.count("Dank je wel. De zaal ziet het.") == 1
