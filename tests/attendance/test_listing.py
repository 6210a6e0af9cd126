"""Opt-out of the attendance list: counted, but not named in any output."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.attendance.models import CountedVisit, Unlisted, Visit
from dagvandebuurt.attendance.queries import crowds_of, visitors_by_session
from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people import jobs
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import current_edition
from tests.organisation.files import with_names

CANARY, ADDRESS = "Kanarie Verhoeven", "kanarie@buurt.example"


@pytest.fixture
def noor(make):
    return make.person(CANARY, email=ADDRESS)


@pytest.fixture
def bas(make):
    return make.person("Bas Lommerijk")


@pytest.fixture
def beat(app):
    presence = app.extensions["live"].presence
    return lambda session, *people: [presence.beat(session.id, person.id) for person in people]


def choose(make, person, listed):
    answer = make.browser(person).post("/mijn/aanwezigheid", data={"lijst": "ja" if listed else "nee"})
    assert answer.status_code == 303


DESKS_OF_OTHERS = (
    "/agenda/regie",
    "/lessen/regie",
    "/organisatie/videosites",
    "/wijkwijzer/regie",
)  # knocked on all the same


def everything_seen_by(app, browser, session):
    """Return every page and file that organisers and moderators can read, as one text; spreadsheets unpacked."""
    seen = []
    for rule in app.url_map.iter_rules():
        named = re.match("/organisatie(/|$)", rule.rule) or "/regie" in rule.rule
        of_another = re.search("<(slug|int)", rule.rule) and not re.match(
            "/(sessies|organisatie)/", rule.rule
        )
        if any(f"/{each}/<" in rule.rule for each in ("versies", "tafels", "markt")):
            continue  # of a text that nobody wrote yet, a table at which nobody sits, a stand that nobody made
        if "GET" not in rule.methods or not named or "<uuid" in rule.rule or of_another:
            continue
        is_named = "POST" in rule.methods and ":form>" in rule.rule
        for form in ("csv", "xlsx") if ":form>" in rule.rule else ("",):
            path = (
                rule.rule.replace("<slug>", session.slug)
                .replace("<any(csv, xlsx):form>", form)
                .replace("<kind:kind>", "ronden")
                .replace("<any(home, about, help, access, privacy, cookies, mail):code>", "mail")
                .replace("<accent>-<second>", "a03a2c-0f5e63")
                .replace("<any(vragen, peilingen, meldingen, sessiekeuzes, berichten):what>", "vragen")
            )
            answer = with_names(browser, path) if is_named else browser.get(path)
            assert answer.status_code == (403 if path.startswith(DESKS_OF_OTHERS) else 200), path
            if form == "xlsx":
                with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
                    seen += [parts.read(name).decode() for name in parts.namelist()]
            else:
                seen.append(answer.get_data(as_text=True))
    assert len(seen) > 12
    return "\n".join(seen)


def counted(app, session):
    with app.app_context():
        here = db.session.get(ProgrammeSession, session.id)
        [crowd] = crowds_of([here], since=session.starts_at)
        assert visitors_by_session([session.id]) == {session.id: crowd.visitors}
        return crowd.present, crowd.visitors, crowd.peak


def test_unlisted_person_is_in_no_list_or_export(app, make, session, noor, bas, beat):
    organiser = make.browser(make.person("Roos", roles=["organiser", ("moderator", session.id)]))
    beat(session, noor, bas)
    seen = everything_seen_by(app, organiser, session)
    assert CANARY in seen
    assert ADDRESS in seen
    assert counted(app, session) == (2, 2, 2)

    choose(make, noor, listed=False)
    beat(session, noor, bas)

    seen = everything_seen_by(app, organiser, session)
    assert CANARY not in seen
    assert ADDRESS not in seen
    assert bas.name in seen
    assert counted(app, session) == (2, 2, 2)
    assert "2 mensen zijn binnen." in make.browser(noor).get(f"/sessies/{session.slug}/live").text
    with app.app_context():
        assert db.session.scalars(select(Visit.person_id)).all() == [bas.id]
        [visit] = db.session.scalars(select(CountedVisit)).all()
        assert noor.id.hex not in visit.visitor_key


def test_heartbeat_concurrent_with_opt_out_stores_no_name(app, make, session, noor, beat, monkeypatch):
    with monkeypatch.context() as gathering:  # as in a process that gathers beats
        gathering.setattr(BackgroundThread, "is_running", True)
        beat(session, noor)
        choose(make, noor, listed=False)

    app.extensions["live"].presence.flush()

    with app.app_context():
        assert db.session.scalars(select(Visit)).all() == []
        assert len(db.session.scalars(select(CountedVisit)).all()) == 1


def test_undoing_the_opt_out_counts_nobody_twice(app, make, session, noor, beat):
    choose(make, noor, listed=False)
    beat(session, noor)
    choose(make, noor, listed=True)
    beat(session, noor)

    with app.app_context():
        assert [visit.person_id for visit in db.session.scalars(select(Visit))] == [noor.id]
        assert db.session.scalars(select(CountedVisit)).all() == []
        assert db.session.scalars(select(Unlisted)).all() == []
    assert counted(app, session) == (1, 1, 1)


def test_opt_out_does_not_affect_others(app, make, session, noor, bas, beat):
    for person in (noor, bas):
        choose(make, person, listed=False)
    beat(session, noor, bas)

    choose(make, noor, listed=True)

    with app.app_context():
        assert [visit.person_id for visit in db.session.scalars(select(Visit))] == [noor.id]
        assert len(db.session.scalars(select(CountedVisit)).all()) == 1
    assert counted(app, session) == (2, 2, 2)


def test_two_devices_of_an_unlisted_person_count_as_one(app, make, session, noor, beat):
    choose(make, noor, listed=False)
    beat(session, noor)
    with app.app_context(), transaction():
        [first] = db.session.scalars(select(CountedVisit))
        db.session.add(
            CountedVisit(
                session_id=session.id, visitor_key=first.visitor_key,
                first_seen_at=first.first_seen_at - timedelta(minutes=5), last_seen_at=first.last_seen_at,
            )
        )  # fmt: skip

    assert counted(app, session) == (1, 1, 1)


def test_unlisted_visits_are_exported_and_erased_with_the_account(app, make, session, noor, bas, beat):
    for person in (noor, bas):
        choose(make, person, listed=False)
    beat(session, noor, bas)

    with app.app_context():
        assert [set(row) for row in my_data(noor.id)["visit"]] == [{"id", "first_seen_at", "last_seen_at"}]
        with transaction():
            erase(noor.id, now=session.ends_at)
        assert len(db.session.scalars(select(CountedVisit)).all()) == 1
        assert "visit" not in my_data(noor.id)


def test_unlisted_visits_are_untraceable_without_the_room_key(app, make, session, noor, beat):
    choose(make, noor, listed=False)
    beat(session, noor)
    with app.app_context():
        assert "visit" in my_data(noor.id)
        pseudonyms.destroy_key(session.id)

        assert "visit" not in my_data(noor.id)
    choose(make, noor, listed=True)
    assert counted(app, session) == (1, 1, 1)
    with app.app_context():
        assert db.session.scalars(select(Visit)).all() == []
        assert not pseudonyms.exists(session.id)


def test_after_thirty_days_visits_become_one_number(app, make, session, noor, bas, beat, monkeypatch):
    choose(make, noor, listed=False)
    beat(session, noor, bas)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=31))

    jobs.tidy(app)

    with app.app_context():
        assert db.session.get(ProgrammeSession, session.id).visitors == 2
        assert db.session.scalars(select(CountedVisit)).all() == []


def test_opt_out_is_offered_in_the_room_and_on_the_personal_page(app, make, session, noor):
    browser = make.browser(noor)
    room = f"/sessies/{session.slug}/live"
    assert "op een lijst dat je hier bent" in browser.get(room).text
    assert "op een lijst" not in make.browser().get(room).text  # a stranger is on none
    assert "dan krijg je geen bewijs van deelname" in browser.get("/mijn/instellingen/aanmelding").text

    answer = browser.post("/mijn/aanwezigheid", data={"lijst": "nee", "verder": room})

    assert (answer.status_code, answer.location) == (303, room)
    assert "Je telt hier mee en staat op geen lijst." in browser.get(room).text
    assert "Zet mij toch op de lijst" in browser.get("/mijn/instellingen/aanmelding").text
    with app.app_context():
        assert current_edition() is not None
        assert db.session.get(Person, noor.id).name == CANARY
