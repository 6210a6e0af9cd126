"""Broadcasts: one sentence from the organisers, on every page and in every live room, for as long as it holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.broadcasts import rules
from dagvandebuurt.broadcasts.errors import AlreadyWithdrawn, TooManyBroadcasts
from dagvandebuurt.broadcasts.models import Broadcast
from dagvandebuurt.broadcasts.queries import standing
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.programme.models import Edition, Round

DESK = "/organisatie/omroep"
SENTENCE = "De opening begint tien minuten later."


@pytest.fixture
def organiser(make, session):
    return make.browser(make.person("Roos", roles=["organiser"]))


def beside(make, session, slug):
    """Return another session of the same edition, at the same time."""
    return make.session(
        slug.capitalize(), round=db.session.get_one(Round, session.round_id), slug=slug,
        starts_at=session.starts_at, ends_at=session.ends_at,
    )  # fmt: skip


@pytest.fixture
def other(make, session, inside):
    """Another session of the same edition."""
    return beside(make, session, "elders")


def say(browser, text=SENTENCE, **more):
    return browser.post(DESK, data={"text": text, "text_en": "", "where": "everybody", "lasts": "30"} | more)


def lines(page):
    return page.text.count('class="notice notice--watch broadcast"') - page.text.count(
        'id="broadcast-template"'
    )


def told(session, since=0, audience=Audience.HALL):
    found = items.changes_since(session.id, since).of(audience)
    return [(each.get("text"), each.get("gone", False)) for each in found if each["kind"] == "broadcast"]


@pytest.mark.parametrize("path", ["/", "/programma", "/hulp", "/inloggen", "/organisatie/post"])
def test_everybody_reads_it_on_every_page(make, organiser, session, path):
    visitor = (
        make.browser(make.person("Anna", roles=["organiser"])) if "organisatie" in path else make.browser()
    )
    assert SENTENCE not in visitor.get(path).text

    answer = say(organiser)

    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    page = visitor.get(path)
    assert SENTENCE in page.text
    assert lines(page) == 1


def test_a_page_that_is_cached_shows_it_and_loses_it_again(make, organiser, session, app):
    visitor = make.browser()
    visitor.get("/programma")
    say(organiser)
    assert lines(visitor.get("/programma")) == 1

    with app.app_context():
        said = db.session.scalar(select(Broadcast))
    organiser.post(f"{DESK}/{said.id}/weg")

    assert lines(visitor.get("/programma")) == 0


def test_every_live_room_is_told_and_told_when_it_is_withdrawn(app, make, organiser, session, other):
    before = {each.id: items.state_of(each.id).revision for each in (session, other)}

    say(organiser)

    for each in (session, other):
        assert told(each) == told(each, audience=Audience.DESK) == [(SENTENCE, False)]
        assert told(each, since=before[each.id]) == [(SENTENCE, False)]
        assert items.state_of(each.id).revision > before[each.id]
    after = items.state_of(session.id).revision
    said = db.session.scalar(select(Broadcast))
    organiser.post(f"{DESK}/{said.id}/weg")
    assert told(session, since=after) == [(None, True)]
    assert told(session) == []  # who comes in now never hears of it


def test_a_session_that_was_added_later_tells_it_too(make, organiser, session, inside):
    say(organiser)

    later = beside(make, session, "later")

    assert told(later) == [(SENTENCE, False)]


def test_said_in_some_sessions_it_stands_there_alone(make, organiser, session, other):
    assert f'value="{other.id}" id="sessie-1"><span>Elders</span>' in organiser.get(DESK).text
    say(organiser, where="rooms", sessions=[str(other.id)])

    assert (told(other), told(session)) == ([(SENTENCE, False)], [])
    visitor = make.browser()
    assert lines(visitor.get("/sessies/elders")) == 1
    assert lines(visitor.get(f"/sessies/{session.slug}")) == lines(visitor.get("/programma")) == 0


def test_its_time_ends_by_itself(make, organiser, session, inside, now, monkeypatch):
    say(organiser, lasts="10")
    visitor = make.browser()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=9, seconds=59))
    assert lines(visitor.get("/hulp")) == 1

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=10))

    assert lines(visitor.get("/hulp")) == 0
    assert told(session) == []


def test_who_reads_english_gets_it_in_english_and_else_marked_as_dutch(make, organiser, session):
    visitor = make.browser()
    visitor.post("/taal", data={"taal": "en"})
    say(organiser)
    assert f'lang="nl" dir="auto">{SENTENCE}' in visitor.get("/hulp").text

    say(organiser, text="De lijn is weer goed.", text_en="The line works again.")

    assert 'lang="en" dir="auto">The line works again.' in visitor.get("/hulp").text


def test_it_is_shown_first_and_not_said_when_asked_so(make, organiser, session):
    page = say(organiser, bekijk="1")

    assert page.status_code == 200
    assert "Zo ziet het eruit" in page.text
    assert f'value="{SENTENCE}"' in page.text
    assert SENTENCE not in make.browser().get("/hulp").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "  "}, "Schrijf eerst wat iedereen moet weten."),
        ({"text": "a" * 201}, "200"),
        ({"where": "rooms"}, "Kies ten minste een sessie"),
        ({"lasts": "999999"}, "keuze"),
        ({"where": "elders"}, "keuze"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, organiser, session, typed, sentence):
    page = say(organiser, **({"text": "Wat ik typte"} | typed))

    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{typed.get("text", "Wat ik typte").strip()}"' in page.text
    with app.app_context():
        assert db.session.scalars(select(Broadcast)).all() == []


def test_markup_is_shown_as_it_was_typed(make, organiser, session):
    say(organiser, text="<b>Let op</b> & kom")

    assert "&lt;b&gt;Let op&lt;/b&gt; &amp; kom" in make.browser().get("/hulp").text


@pytest.mark.parametrize("roles", [[], ["moderator"], ["editor"]])
def test_nobody_else_says_or_withdraws_anything(app, make, organiser, session, roles):
    say(organiser)
    browser = make.browser(make.person("Iemand", roles=roles))
    with app.app_context():
        said = db.session.scalar(select(Broadcast))

    answers = [say(browser, text="Kom niet"), browser.get(DESK), browser.post(f"{DESK}/{said.id}/weg")]

    assert [each.status_code for each in answers] == [403, 403, 403]
    assert lines(make.browser().get("/hulp")) == 1


def test_pressed_twice_it_is_said_once(app, organiser, session):
    for _press in range(2):
        assert say(organiser, op="the-same-press").status_code == 303

    with app.app_context():
        assert len(db.session.scalars(select(Broadcast)).all()) == 1


def test_three_stand_at_most_also_when_five_are_said_at_once(app, make, session, inside):
    actors = [make.identity(f"Organisator {number}", roles=["organiser"]) for number in range(5)]

    def act(actor):
        with app.app_context():
            try:
                with transaction():
                    edition = db.session.get_one(Edition, session.edition_id)
                    rules.say(
                        actor, edition, text="Hallo", text_en="", only_in=None,
                        lasts=timedelta(minutes=10), now=clock.now(),
                    )  # fmt: skip
            except TooManyBroadcasts as broken:
                return broken.code
            return "said"

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(act, actors))

    assert sorted(outcomes) == ["broadcasts.too_many"] * 2 + ["said"] * 3
    db.session.rollback()
    assert len(standing(session.edition_id, clock.now())) == 3


def test_withdrawn_twice_the_second_is_told_so_and_others_stay(app, make, organiser, session):
    say(organiser, text="Een")
    say(organiser, text="Twee")
    actor = make.identity("Sem", roles=["organiser"])
    with app.app_context():
        edition = db.session.get_one(Edition, session.edition_id)
        first = db.session.scalar(select(Broadcast).where(Broadcast.text == "Een"))
        with transaction():
            rules.withdraw(actor, first, edition, now=clock.now())
        with pytest.raises(AlreadyWithdrawn), transaction():
            rules.withdraw(actor, first, edition, now=clock.now())

    assert lines(make.browser().get("/hulp")) == 1
    assert "weggehaald om" in organiser.get(DESK).text


def test_a_broadcast_of_another_edition_is_not_found(app, make, organiser, session):
    say(organiser)
    with app.app_context():
        said = db.session.scalar(select(Broadcast))
        elsewhere = make.edition(slug="volgend-jaar", title="Volgend jaar", year=2028)
        said.edition_id = elsewhere.id
        db.session.commit()
        number = said.id

    assert organiser.post(f"{DESK}/{number}/weg").status_code == 404


def test_without_an_edition_pages_and_desk_stay_up(make):
    organiser = make.browser(make.person("Roos", roles=["organiser"]))

    assert make.browser().get("/hulp").status_code == 200
    assert organiser.get(DESK).status_code in {200, 404}
