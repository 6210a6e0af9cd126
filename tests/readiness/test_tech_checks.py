"""The technical check: a speaker without an account tries it and says how it went, and who runs the session sees."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionSpeaker, Speaker, SpeakerPart
from dagvandebuurt.readiness.models import TechCheck
from dagvandebuurt.readiness.tech_check_links import token_for


@pytest.fixture
def speaker(make, session):
    made = make.store(Speaker(code="sara", name="Sara Okafor", function="Wijkarts", bio=""))
    make.store(SessionSpeaker(session_id=session.id, speaker_id=made.id, part=SpeakerPart.SPEAKER))
    return made


@pytest.fixture
def link(make, session, speaker):
    with make.context():
        edition = db.session.get_one(Edition, session.edition_id)
        return f"/proef/{token_for(edition, db.session.get_one(Speaker, speaker.id))}"


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def say(browser, link, outcome, note="", op=None):
    return browser.post(link, data={"outcome": outcome, "note": note, "op": op or uuid4().hex})


def test_a_speaker_reads_where_and_when_and_says_that_it_works(make, session, link):
    browser = make.browser()
    page = browser.get(link)

    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Dag Sara Okafor." in words(page)
    assert session.title in words(page)
    assert "donderdag 28 januari 2027 , 13.00 tot 14.00 uur" in words(page)
    assert say(browser, link, "works").status_code == 303

    moderator = make.browser(make.person("Jolien", roles=[("moderator", session.id)]))
    assert "Het werkt bij 1 van 1." in words(moderator.get("/proeven"))
    assert "Het werkt Dat zei je op" in words(browser.get(link))


def test_who_needs_help_is_seen_with_what_they_wrote(make, session, link):
    note = "Mijn microfoon doet het niet.\n<b>Bel</b> na zes uur."
    assert say(make.browser(), link, "needs_help", note).status_code == 303

    for who in (["organiser"], [("host", session.id)], ["moderator"]):
        page = make.browser(make.person("Iemand", roles=who)).get("/proeven")
        assert "Heeft hulp nodig" in words(page)
        assert "&lt;b&gt;Bel&lt;/b&gt; na zes uur." in page.get_data(as_text=True)


def test_the_newest_answer_counts_and_the_same_one_twice_is_one(app, make, link, now, monkeypatch):
    browser, op = make.browser(), uuid4().hex
    say(browser, link, "needs_help", op=op)
    say(browser, link, "needs_help", op=op)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TechCheck)) == 1
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=5))
    say(browser, link, "works")

    assert "Het werkt Dat zei je op" in words(browser.get(link))
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    assert "Het werkt bij 1 van 1." in words(roos.get("/proeven"))


def test_an_incomplete_answer_is_refused_and_what_was_typed_stays(make, link):
    answer = say(make.browser(), link, "", "Het lukt niet.")

    assert answer.status_code == 422
    assert "Kies een van de twee." in answer.text
    assert "Het lukt niet." in answer.text
    assert say(make.browser(), link, "works", "a" * 301).status_code == 422


def test_a_link_ends_with_the_day_and_with_the_part_of_its_speaker(make, session, speaker, link, monkeypatch):
    browser = make.browser()
    assert browser.get(f"{link}x").status_code == 410
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=9))
    assert browser.get(link).status_code == 410
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.starts_at)
    assert browser.get(link).status_code == 200
    with make.context():
        db.session.execute(db.text("DELETE FROM session_speaker"))
        db.session.commit()

    assert browser.get(link).status_code == 410
    assert say(browser, link, "works").status_code == 410


def test_a_moderator_sees_own_sessions_only_and_an_organiser_all(make, session, speaker, link):
    other = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    with make.context():
        there = db.session.get_one(ProgrammeSession, other.id)
        there.edition_id, there.round_id = session.edition_id, session.round_id
        db.session.commit()
    mine = make.browser(make.person("Jolien", roles=[("moderator", other.id)]))
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    path = f"/proeven/{session.id}/{speaker.id}/mail"

    assert "Sara Okafor" not in words(mine.get("/proeven"))
    assert "Een andere zaal" in words(mine.get("/proeven"))
    assert mine.post(path, data={"op": uuid4().hex}).status_code == 403
    assert "Sara Okafor" in words(roos.get("/proeven"))
    assert f"{link}" in roos.get("/proeven").get_data(as_text=True)
    assert make.browser(make.person("Noor")).get("/proeven").status_code == 403


def test_the_link_is_mailed_to_who_has_an_account_once_an_hour(app, make, session, speaker, link):
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    path = f"/proeven/{session.id}/{speaker.id}/mail"
    answer = roos.post(path, data={"op": uuid4().hex}, follow_redirects=True)
    assert "geen e-mailadres bekend" in words(answer)
    with app.app_context():
        sara = make.person("Sara Okafor", email="sara@buurt.example")
        db.session.get_one(Speaker, speaker.id).person_id = sara.id
        db.session.commit()
    for _ in range(2):
        roos.post(path, data={"op": uuid4().hex})

    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert mail.to == "sara@buurt.example"
        assert link in mail.text
    assert roos.post(f"/proeven/{session.id}/{uuid4()}/mail", data={"op": uuid4().hex}).status_code == 404


def test_the_list_ticks_itself_once_every_speaker_is_ready(make, session, link, now, monkeypatch):
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    item = r'id="punt-organiser-checked">.*?</li>'

    assert "Klaar" not in re.search(item, roos.get("/mijn/lijst").text, re.S)[0]
    say(make.browser(), link, "needs_help")
    assert "Klaar" not in re.search(item, roos.get("/mijn/lijst").text, re.S)[0]
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))  # the newest counts
    say(make.browser(), link, "works")

    assert "Klaar" in re.search(item, roos.get("/mijn/lijst").text, re.S)[0]


def test_anybody_tries_it_and_without_a_script_the_instructions_stand_there(make):
    page = make.browser().get("/proef").get_data(as_text=True)

    assert "Hoor je dit?" in page
    assert 'name="live-token"' in page
    assert "ververst niet vanzelf" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_the_stage_is_loaded_only_when_asked_for(app, make, session, link):
    with app.app_context():
        db.session.get_one(
            ProgrammeSession, session.id
        ).stage_url = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
        db.session.commit()
    browser = make.browser()
    before, after = browser.get(link), browser.get(f"{link}?beeld={session.slug}")

    assert "youtube-nocookie" not in before.headers["Content-Security-Policy"]
    assert "<iframe" not in before.text
    assert "frame-src https://www.youtube-nocookie.com" in after.headers["Content-Security-Policy"]
    assert "<iframe" in after.text


def test_an_echo_brings_the_number_back_with_the_servers_time(app, now, inside):
    answer = dispatch.answer(live(), Listener("x", Stranger()), "connection:echo", ({"number": 7},))

    assert answer == {"ok": True, "number": 7, "now": round(now.timestamp() * 1000)}
    refused = dispatch.answer(live(), Listener("x", Stranger()), "connection:echo", ({"number": -1},))
    assert refused["error"]["code"] == "house.invalid_input"
