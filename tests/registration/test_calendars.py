"""Personal calendar: a feed that follows the programme, and invitations by mail."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import vobject
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.parts.mail.sender import send_due
from dagvandebuurt.people import notifications
from dagvandebuurt.people.lifecycle import erasure
from dagvandebuurt.programme.editing import rules as programme_rules
from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.registration.models import CalendarSettings
from tests.programme.calendars import followed
from tests.servers import smtp_server


@pytest.fixture
def part(make, now):
    """A session of tomorrow, from three o'clock."""
    start = now + timedelta(days=1, minutes=105)
    edition = make.edition(starts_at=start - timedelta(hours=1), ends_at=start + timedelta(hours=3))
    return make.round(edition, starts_at=start)


@pytest.fixture
def hall(make, part):
    return make.session("De haag", round=part, starts_at=part.starts_at, ends_at=part.ends_at)


@pytest.fixture
def noor(make):
    return make.person('Noor, de "Vries" & Zn', email="noor@buurt.example")


@pytest.fixture
def noors(make, noor):
    return make.browser(noor)


@pytest.fixture
def organiser(make):
    return make.identity("Roos", roles=["organiser"])


def change(app, organiser, session, now, note="Daarom.", **values):
    """Draft and publish new values of a session."""
    with app.app_context(), transaction():
        edition = db.session.get_one(Edition, session.edition_id)
        programme_rules.save_draft(
            organiser,
            edition,
            kind=RecordKind.SESSION,
            thing_id=session.id,
            values=values,
            seen=None,
            now=now,
        )
        programme_rules.publish(organiser, edition, note=note, now=now)


def open_feed(noors, **wanted):
    """The address of one's own feed, from the page."""
    noors.post("/mijn/kalender", data={"wekker": "1"} | wanted)
    page = noors.get("/mijn/instellingen/berichten").text
    return re.search(r'value="https?://[^/]+(/kalender/[\w-]{22}\.ics)"', page)[1]


def mails(app):
    with app.app_context():
        return db.session.scalars(select(Mail).order_by(Mail.made_at, Mail.subject)).all()


def test_the_feed_shows_moves_cancellations_and_reinstatements(app, make, noors, organiser, hall, now):
    noors.post(f"/sessies/{hall.slug}/kiezen")
    feed, stranger = open_feed(noors), make.browser()
    later = hall.starts_at + timedelta(minutes=30)
    files = [stranger.get(feed).data]
    for values in (
        {"abstract": "Beter gezegd."},
        {"starts_at": later.isoformat()},
        {"status": "cancelled"},
        {"status": "scheduled", "title": "De haag, nu echt"},
    ):
        change(app, organiser, hall, now, **values)
        files.append(stranger.get(feed).data)

    seen = followed(*files)

    uid = f"{hall.id}@127.0.0.1"
    entries = [each["events"][uid] for each in seen]
    assert [e["sequence"] for e in entries] == [0, 0, 1, 2, 3]
    assert [e["status"] for e in entries] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [e["start"][11:16] for e in entries] == ["14:00", "14:00", "14:30", "14:30", "14:30"]
    assert [e["alarm"] for e in entries] == ["-PT15M", "-PT15M", "-PT15M", None, "-PT15M"]
    assert entries[-1]["title"] == "De haag, nu echt"
    room = f"{app.config['PUBLIC_URL']}/sessies/{hall.slug}/live"
    assert {(e["location"], e["url"]) for e in entries} == {(room, room)}
    assert (seen[0]["refresh"], seen[0]["method"]) == ("PT30M", "PUBLISH")
    assert seen[0]["source"].endswith(feed)


def test_left_sessions_leave_the_feed_and_waiting_ones_are_tentative(app, make, noors, part, hall, now):
    other = make.session("Vol", round=part, starts_at=hall.ends_at,
                         ends_at=hall.ends_at + timedelta(hours=1), capacity=1, taken=1)  # fmt: skip
    feed = open_feed(noors)
    empty = noors.get(feed).data
    noors.post(f"/sessies/{hall.slug}/kiezen")
    noors.post(f"/sessies/{other.slug}/kiezen")
    both = noors.get(feed).data
    noors.post(f"/sessies/{hall.slug}/loslaten")

    first, second, third = (each["events"] for each in followed(empty, both, noors.get(feed).data))

    assert first == {}
    assert {(e["title"], e["status"]) for e in second.values()} == {
        ("De haag", "CONFIRMED"), ("Wachtlijst: Vol", "TENTATIVE"),
    }  # fmt: skip
    assert [e["title"] for e in third.values()] == ["Wachtlijst: Vol"]


def test_an_unchanged_feed_returns_304(app, noors, organiser, hall, now):
    noors.post(f"/sessies/{hall.slug}/kiezen")
    feed = open_feed(noors)
    tag = noors.get(feed).headers["ETag"]

    assert noors.get(feed, headers={"If-None-Match": tag}).status_code == 304
    change(app, organiser, hall, now, starts_at=(hall.starts_at + timedelta(minutes=5)).isoformat())
    assert noors.get(feed, headers={"If-None-Match": tag}).status_code == 200


def test_renewing_the_feed_invalidates_the_old_address(make, noors, hall):
    old = open_feed(noors)
    assert make.browser().get(old).status_code == 200

    noors.post("/mijn/kalender/nieuw-adres")
    new = open_feed(noors)

    assert new != old
    assert [make.browser().get(each).status_code for each in (old, new)] == [404, 200]
    assert make.browser().get(new[:-5] + "x.ics").status_code == 404


def test_the_address_is_not_in_the_database_and_not_in_the_log(app, noors, make, hall, caplog, monkeypatch):
    feed = open_feed(noors)
    secret = feed.split("/")[-1].removesuffix(".ics")
    make.browser().get(feed)
    with app.app_context():
        rows = " ".join(str(row) for row in db.session.execute(select(CalendarSettings.__table__)))
    assert secret not in rows

    def broken(*_args):
        raise RuntimeError("broken on purpose")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("dagvandebuurt.registration.routes.programme_of", broken)
    assert make.browser().get(feed).status_code == 500
    assert "broken on purpose" in caplog.text  # something was logged
    assert secret not in caplog.text


def test_a_guest_has_a_feed_and_gets_no_mail(app, make, hall):
    guest = make.browser(make.person("Gast", email=None))
    guest.post(f"/sessies/{hall.slug}/kiezen")

    feed = open_feed(guest, uitnodigingen="1")

    assert len(followed(guest.get(feed).data)[0]["events"]) == 1
    assert mails(app) == []


def invitations(app):
    """The attachments, parsed by another parser: (METHOD, SEQUENCE, status) in the order of sending."""
    found = []
    for mail in mails(app):
        if mail.calendar:
            calendar = vobject.readOne(mail.calendar)
            event = calendar.vevent
            found.append((calendar.method.value, event.sequence.value, event.status.value))
            assert mail.calendar_method == calendar.method.value
            assert event.attendee.value == "mailto:noor@buurt.example"
            assert event.organizer.value == "mailto:hallo@dagvandebuurt.example"
            assert event.attendee.params["CN"] == ["Noor, de ^'Vries^' & Zn"]  # RFC 6868
    return found


def test_calendar_invitations_cover_choice_move_and_cancellation(
    app, noors, organiser, hall, now, monkeypatch
):
    def at(minutes):
        moment = now + timedelta(minutes=minutes)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        return moment

    noors.post(f"/sessies/{hall.slug}/kiezen")
    assert mails(app) == []  # nobody gets them unasked

    at(1)
    noors.post("/mijn/kalender", data={"uitnodigingen": "1"})
    change(app, organiser, hall, at(2), note="De spreker komt later.",
           starts_at=(hall.starts_at + timedelta(minutes=30)).isoformat())  # fmt: skip
    change(app, organiser, hall, at(3), note="De spreker is ziek.", status="cancelled")
    change(app, organiser, hall, at(4), note="Hij is beter.", status="scheduled")
    at(5)
    noors.post(f"/sessies/{hall.slug}/loslaten")
    at(6)
    noors.post(f"/sessies/{hall.slug}/kiezen")

    assert invitations(app) == [
        ("REQUEST", "0", "CONFIRMED"),
        ("REQUEST", "1", "CONFIRMED"),
        ("CANCEL", "2", "CANCELLED"),
        ("REQUEST", "3", "CONFIRMED"),
        ("CANCEL", "3", "CANCELLED"),
        ("REQUEST", "3", "CONFIRMED"),
    ]
    sent = mails(app)
    assert [mail.subject for mail in sent] == [
        "Voor je agenda: De haag", "Andere tijd: De haag", "Gaat niet door: De haag",
        "Gaat toch door: De haag", "Uit je agenda: De haag", "Voor je agenda: De haag",
    ]  # fmt: skip
    assert "De spreker komt later." in sent[1].text
    assert "De spreker is ziek." in sent[2].text
    stamps = [vobject.readOne(mail.calendar).vevent.dtstamp.value for mail in sent]
    assert stamps == sorted(set(stamps))  # of the same SEQUENCE the newer one counts (RFC 5546, 2.1.5)


def test_an_accepted_offer_sends_the_calendar_invitation(app, make, noors, part, hall):
    full = make.session("Vol", round=part, starts_at=hall.starts_at,
                        ends_at=hall.ends_at, capacity=1)  # fmt: skip
    first = make.browser(make.person("Eerder"))
    first.post(f"/sessies/{full.slug}/kiezen")
    noors.post("/mijn/kalender", data={"uitnodigingen": "1"})
    noors.post(f"/sessies/{full.slug}/kiezen")
    assert invitations(app) == []

    first.post(f"/sessies/{full.slug}/loslaten")
    assert invitations(app) == []  # offered, and not accepted
    noors.post(f"/sessies/{full.slug}/kiezen")

    assert invitations(app) == [("REQUEST", "0", "CONFIRMED")]


def test_invitations_can_be_unsubscribed_and_resumed(app, noors, noor, hall, now):
    noors.post("/mijn/kalender", data={"uitnodigingen": "1"})
    with app.app_context():
        path = notifications.path_to_mute(noor.id, "invitation")
    noors.post(path)
    noors.post(f"/sessies/{hall.slug}/kiezen")
    assert invitations(app) == []

    noors.post("/mijn/kalender", data={"uitnodigingen": "1"})

    assert invitations(app) == [("REQUEST", "0", "CONFIRMED")]


def test_erased_people_get_no_cancellation_mails(app, noors, noor, hall, now):
    noors.post("/mijn/kalender", data={"uitnodigingen": "1"})
    noors.post(f"/sessies/{hall.slug}/kiezen")
    feed = open_feed(noors, uitnodigingen="1")
    assert len(mails(app)) == 1

    with app.app_context(), transaction():
        erasure.erase(noor.id, now=now)

    assert mails(app) == []
    assert noors.get(feed).status_code == 404


def test_over_smtp_the_invitation_is_an_alternative_and_an_attachment(app, noors, hall, now):
    noors.post("/mijn/kalender", data={"uitnodigingen": "1"})
    noors.post(f"/sessies/{hall.slug}/kiezen")
    with smtp_server() as box:
        app.config["SMTP_URL"] = box.url
        assert send_due(app) == 1

    message = message_from_bytes(box.received[0].as_bytes(), policy=policy.default)
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    inline = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert inline.get_param("method") == "REQUEST"
    assert inline.get_content_charset() == "utf-8"
    attached = next(message.iter_attachments())
    assert attached.get_filename() == "uitnodiging.ics"
    read = vobject.readOne(attached.get_content().decode())
    assert read.vevent.uid.value == f"{hall.id}@127.0.0.1"
    assert read.vevent.dtstart.value == hall.starts_at


def test_links_fill_in_the_form_of_other_calendars(make, hall):
    from urllib.parse import parse_qs, urlsplit

    page = make.browser().get(f"/sessies/{hall.slug}").text

    google = re.search(r'href="(https://calendar\.google\.com/[^"]+)"', page)[1].replace("&amp;", "&")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(google).query).items()}
    assert (asked["text"], asked["dates"]) == ("De haag", "20270129T140000Z/20270129T150000Z")
    outlook = re.search(r'href="(https://outlook\.live\.com/[^"]+)"', page)[1].replace("&amp;", "&")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(outlook).query).items()}
    assert (asked["subject"], asked["startdt"]) == ("De haag", "2027-01-29T14:00:00Z")
    at_work = re.search(r'href="(https://outlook\.office\.com/[^"]+)"', page)[1].replace("&amp;", "&")
    assert at_work.split("/calendar/")[1] == outlook.split("/calendar/")[1]


def test_the_whole_programme_is_made_once_for_each_version(app, make, organiser, hall, now, monkeypatch):
    browser = make.browser()
    first = browser.get("/programma.ics")
    monkeypatch.setattr(
        "dagvandebuurt.programme.public.routes._sessions",
        lambda *_: pytest.fail("asked again for the sessions"),
    )
    assert browser.get("/programma.ics").data == first.data
    assert browser.get("/programma.ics", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    monkeypatch.undo()
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now)

    change(app, organiser, hall, now, title="Anders")

    assert b"SUMMARY:Anders" in browser.get("/programma.ics").data
    with app.app_context():
        assert db.session.get(ProgrammeSession, hall.id).sequence == 0
