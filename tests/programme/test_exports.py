"""Calendar files, parsed by other libraries than the one that wrote them."""

import random
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import vobject
from icalendar import Calendar

from dagvandebuurt.core.text import one_line
from dagvandebuurt.programme.calendar.ical import calendar_of
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus, Theme
from tests.conftest import ONE_O_CLOCK
from tests.programme.calendars import followed

TITLES = [
    "Wie ruimt wat op?",
    "Komma, punt; en \\ streep",
    "Regel\neen",
    "李 en Ø",
    "e\u0301" * 60,
    "x" * 150,
]


def read(answer):
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.data.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    return vobject.readOne(text)


def test_every_session_round_trips_with_times_and_address(make, app):
    edition = make.edition()
    round_ = make.round(edition)
    theme = make.store(Theme(code="groen", label="Straat, groen en afval", summary="Buiten", position=0))
    sessions = [
        make.session(title, round=round_, themes=[theme], sequence=number)
        for number, title in enumerate(TITLES)
    ]

    events = read(make.browser().get("/programma.ics")).vevent_list

    found = {event.uid.value: event for event in events}
    host = urlsplit(app.config["PUBLIC_URL"]).hostname
    assert set(found) == {f"{session.id}@{host}" for session in sessions}
    for session in sessions:
        event = found[f"{session.id}@{host}"]
        door = f"{app.config['PUBLIC_URL']}/sessies/{session.slug}/live"
        assert (event.summary.value, event.dtstart.value, event.dtend.value) == (
            session.title, session.starts_at, session.ends_at,
        )  # fmt: skip
        assert (event.url.value, event.location.value, event.status.value) == (door, door, "CONFIRMED")
        assert event.sequence.value == str(session.sequence)
        assert event.categories.value == ["Straat, groen en afval"]


def test_a_cancelled_session_stays_as_cancelled(make):
    session = make.session(status=SessionStatus.CANCELLED, sequence=3)

    [event] = read(make.browser().get(f"/sessies/{session.slug}.ics")).vevent_list

    assert (event.status.value, event.sequence.value) == ("CANCELLED", "3")


def test_drafts_are_not_in_calendars(make):
    round_ = make.round()
    make.session("Zichtbaar", round=round_)
    make.session("Nog niet", round=round_, status=SessionStatus.DRAFT)

    events = read(make.browser().get("/programma.ics")).vevent_list

    assert [event.summary.value for event in events] == ["Zichtbaar"]


def test_empty_calendar_is_valid(make, app):
    with app.app_context():
        made = calendar_of("Mijn dag", [], source="https://dag.example/x.ics")

    [component] = Calendar.from_ical(made).subcomponents
    assert (component.name, component["tzid"]) == ("VTIMEZONE", "Europe/Amsterdam")
    zone = component.to_tz()
    for month, hours in ((1, 1), (7, 2)):
        assert datetime(2027, month, 1, tzinfo=zone).utcoffset() == timedelta(hours=hours)
    with app.app_context():
        assert calendar_of("Mijn dag", [], source="https://dag.example/x.ics") == made


def test_the_same_data_gives_the_same_bytes(make):
    session = make.session()

    one, other = (make.browser().get(f"/sessies/{session.slug}.ics").data for _ in range(2))

    assert one == other


@pytest.mark.parametrize("hour", [0, 1])
def test_repeated_hour_in_october_is_distinguished(make, hour):
    start = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)  # 02.30 in Amsterdam, twice
    session = make.session(starts_at=start, ends_at=start + timedelta(minutes=45))

    [event] = read(make.browser().get(f"/sessies/{session.slug}.ics")).vevent_list

    assert event.dtstart.value == start


def test_personal_calendar_holds_chosen_sessions_only(make):
    round_ = make.round()
    mine, other = make.session("Gekozen", round=round_), make.session("Niet gekozen", round=round_)
    browser = make.browser(make.person("Noor"))
    browser.post(f"/sessies/{mine.slug}/kiezen")

    events = read(browser.get("/mijn/programma.ics")).vevent_list

    assert [event.summary.value for event in events] == ["Gekozen"]
    assert other.title == "Niet gekozen"


def titles(count, seed=5):
    """Generate titles: many scripts, characters with a meaning in iCalendar, and lengths at which folding
    splits a character.
    """
    chance = random.Random(seed)
    alphabets = (
        "abc XYZ",
        ",;:\\\"'^=",
        "éëïĳŁß’",
        "ığşçö",
        "שלום",
        "سلام",
        "漢字かな",
        "🏘️👩🏽‍🌾🚲",
        "0123456789+-@",
    )
    for _ in range(count):
        letters = "".join(chance.choice(chance.choice(alphabets)) for _ in range(chance.randint(1, 150)))
        yield one_line(f"{letters}.")[:160]


def test_f5_a_thousand_titles_round_trip_in_three_ical_parsers(app, inside):
    moments = [ONE_O_CLOCK + timedelta(minutes=7 * number) for number in range(1000)]
    edition = Edition(contact_email="hallo@buurt.example")
    sessions = {
        f"{session.id}@127.0.0.1": session
        for session in (
            ProgrammeSession(
                slug="s", title=title, summary=title, starts_at=moment, ends_at=moment + timedelta(minutes=45),
                status=SessionStatus.SCHEDULED, sequence=0, changed_at=moment, edition=edition,
            )
            for title, moment in zip(titles(1000), moments, strict=True)
        )
    }  # fmt: skip

    made = calendar_of("Dag; van, de\\Buurt", sessions.values())

    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    assert b"\n" not in made.replace(b"\r\n", b"")
    ours = {
        str(e["uid"]): (str(e["summary"]), e["dtstart"].dt) for e in Calendar.from_ical(made).walk("vevent")
    }
    one = {
        e.uid.value: (e.summary.value, e.dtstart.value) for e in vobject.readOne(made.decode()).vevent_list
    }
    [seen] = followed(made)
    other = {uid: (e["title"], datetime.fromisoformat(e["start"])) for uid, e in seen["events"].items()}
    wanted = {uid: (session.title, session.starts_at) for uid, session in sessions.items()}
    assert wanted == ours == one == other
