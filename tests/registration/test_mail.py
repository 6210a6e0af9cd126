"""Mails about places and sessions, and how to unsubscribe."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.access import link_throttle
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.registration.jobs import remind
from dagvandebuurt.registration.models import PlaceStatus, Registration, SessionChoice


@pytest.fixture
def hall(make, now):
    """A session tomorrow at three, of an edition that is tomorrow."""
    start = now + timedelta(days=1, minutes=105)
    edition = make.edition(starts_at=start - timedelta(hours=1), ends_at=start + timedelta(hours=3))
    return make.session(
        "De haag", round=make.round(edition), starts_at=start, ends_at=start + timedelta(hours=1)
    )


@pytest.fixture
def noor(make, hall, now):
    noor = make.identity("Noor", email="noor@buurt.example")
    make.store(
        SessionChoice(session_id=hall.id, person_id=noor.id, status=PlaceStatus.CONFIRMED, chosen_at=now),
        Registration(
            edition_id=hall.edition_id, person_id=noor.id, status=PlaceStatus.CONFIRMED, registered_at=now
        ),
    )
    return noor


@pytest.fixture
def desk(make):
    return make.browser(make.identity("Organisator", roles=["organiser"]))


def mails(app):
    with app.app_context():
        return db.session.scalars(select(Mail).order_by(Mail.made_at, Mail.id)).all()


def at(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


def test_the_day_before_everybody_gets_their_own_programme_once(app, make, hall, noor, now, monkeypatch):
    for moment in (now.replace(hour=8), now.replace(hour=10), now.replace(hour=14)):
        at(monkeypatch, moment)
        remind(app)

    [mail] = mails(app)
    assert (mail.subject, mail.to) == ("Morgen: Dag van de Buurt", noor_address := "noor@buurt.example")
    assert "vrijdag 29 januari 2027 om 15.00 uur: De haag" in mail.text
    assert noor_address not in mail.text


def test_an_hour_before_there_is_one_mail_with_the_way_to_the_session(app, hall, noor, monkeypatch):
    for minutes in (70, 59, 50, 5, -1):
        at(monkeypatch, hall.starts_at - timedelta(minutes=minutes))
        remind(app)

    [mail] = mails(app)
    assert mail.subject == "Straks: De haag"
    assert f"/sessies/{hall.slug}" in mail.text


def test_a_session_that_moves_is_announced_anew_and_not_at_its_old_time(app, desk, hall, noor, monkeypatch):
    at(monkeypatch, hall.starts_at - timedelta(minutes=59))
    remind(app)
    day = f"{hall.starts_at:%Y-%m-%d}"

    answer = desk.post(
        f"/organisatie/sessies/{hall.slug}/tijd",
        data={"day": day, "starts": "17:00", "ends": "18:00", "note": "De spreker staat in de file."},
        follow_redirects=True,
    )
    assert "Wie hem koos, krijgt een mail" in answer.text
    [changed] = mails(app)  # the queued reminder of the old time is gone
    assert changed.subject == "Andere tijd: De haag"
    for words in ("om 17.00 uur", "Eerst was dat: vrijdag 29 januari 2027 om 15.00 uur", "in de file"):
        assert words in changed.text

    at(monkeypatch, hall.starts_at + timedelta(minutes=70))
    remind(app)
    assert [mail.subject for mail in mails(app)] == ["Andere tijd: De haag", "Straks: De haag"]
    with app.app_context():
        assert db.session.get(ProgrammeSession, hall.id).sequence == 1


def test_attendees_of_a_cancelled_session_are_told_why(app, desk, hall, noor):
    refused = desk.post(f"/organisatie/sessies/{hall.slug}/gaat-niet-door", data={"note": ""})
    assert (refused.status_code, "Vertel waarom" in refused.text) == (422, True)

    desk.post(f"/organisatie/sessies/{hall.slug}/gaat-niet-door", data={"note": "De spreker is ziek."})

    [mail] = mails(app)
    assert mail.subject == "Gaat niet door: De haag"
    assert "De spreker is ziek." in mail.text
    with app.app_context():
        assert db.session.get(ProgrammeSession, hall.id).status is SessionStatus.CANCELLED


def test_an_invalid_time_range_keeps_the_typed_text(desk, hall):
    answer = desk.post(
        f"/organisatie/sessies/{hall.slug}/tijd",
        data={"day": "2027-01-29", "starts": "17:00", "ends": "16:00", "note": "Zomaar"},
    )

    assert answer.status_code == 422
    assert "Het einde moet na het begin liggen" in answer.text
    assert "Zomaar" in answer.text


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "zondag 28 maart 2027 om 01.30 uur"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "zondag 28 maart 2027 om 03.30 uur"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "zondag 25 oktober 2026 om 02.30 uur"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "zondag 25 oktober 2026 om 02.30 uur"),
    ],
)
def test_e12_mails_show_local_time_around_the_clock_change(app, make, start, said, monkeypatch):
    hall = make.session("Nacht", starts_at=start, ends_at=start + timedelta(hours=1))
    noor = make.identity("Noor")
    make.store(SessionChoice(session_id=hall.id, person_id=noor.id, status="confirmed", chosen_at=start))
    at(monkeypatch, start - timedelta(minutes=30))

    remind(app)

    assert said in mails(app)[0].text


def test_english_readers_get_english(app, make, hall, now, monkeypatch):
    mo = make.identity("Mo", language="en")
    make.store(SessionChoice(session_id=hall.id, person_id=mo.id, status="confirmed", chosen_at=now))
    at(monkeypatch, hall.starts_at - timedelta(minutes=30))

    remind(app)

    assert mails(app)[0].subject == "Soon: De haag"


# --- unsubscribing (I10) ---


def test_i10_unsubscribe_works_logged_out_and_get_changes_nothing(app, make, hall, noor, monkeypatch):
    at(monkeypatch, hall.starts_at - timedelta(minutes=30))
    remind(app)
    [mail] = mails(app)
    off = re.search(r"/post/uit/\S+", mail.text).group()
    assert mail.headers["List-Unsubscribe"].endswith(f"{off}>")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    stranger = make.browser()
    assert "Wil je daar geen mail meer over?" in stranger.get(off).text
    page = "/mijn/instellingen/berichten"
    assert "checked" in re.search(r'value="reminder"[^>]*', make.browser(noor).get(page).text).group()

    assert stranger.post(off, data={"List-Unsubscribe": "One-Click"}).status_code == 200

    assert "checked" not in re.search(r'value="reminder"[^>]*', make.browser(noor).get(page).text).group()
    with app.app_context(), transaction():
        db.session.delete(db.session.get(Mail, mail.id))
    remind(app)
    assert mails(app) == []


def test_i10_transactional_mail_has_no_unsubscribe(app, make, noor):
    make.browser(noor).post("/mijn/berichten", data={})  # nothing at all

    make.browser().post("/inloggen", data={"email": "noor@buurt.example"})

    [mail] = mails(app)
    assert (mail.kind, mail.headers) == ("login", {})
    assert "/post/uit/" not in mail.text


def test_an_invalid_unsubscribe_link_changes_nothing(make, noor):
    assert make.browser().post("/post/uit/verzonnen").status_code == 404


# --- floods (I12) ---


def sign_up(make, email):
    return make.browser().post(
        "/aanmelden",
        data={
            "name": "Koop nu http://spam.example", "email": email, "participant_role": "resident", "domain": "",
            "neighbourhood": "", "house_rules": "y", "privacy": "y",
        },
    )  # fmt: skip


def flood(app, make, now, monkeypatch, times=40):
    """Somebody types another person's address again and again, in many spellings, all day long."""
    make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(days=2)
    )
    answers = set()
    for number in range(times):
        at(monkeypatch, now + timedelta(minutes=20 * number))
        spelt = ("piet@buurt.example", "PIET@buurt.example", f"piet+{number}@buurt.example")[number % 3]
        answer = sign_up(make, spelt)
        said = re.sub(r"(?i)piet[+\d]*@", "x@", re.sub(r'token" value="[^"]+', "", answer.text))
        answers.add((answer.status_code, said))
    assert len(answers) == 1  # the responses do not differ
    assert len(mails(app)) <= 3
    for mail in mails(app):
        assert "spam" not in mail.text + mail.html + mail.subject + mail.to_name


def test_i12_confirmations_are_limited_per_mailbox_in_any_spelling(app, make, now, monkeypatch):
    flood(app, make, now, monkeypatch)


def test_i12_without_the_limit_a_mailbox_is_flooded(app, make, now, monkeypatch):
    monkeypatch.setitem(link_throttle.MOST_AT_ONCE, "confirm", 10**6)

    with pytest.raises(AssertionError):
        flood(app, make, now, monkeypatch)


def test_over_the_hourly_limit_mail_is_delayed_and_logged(app, make, now, caplog):
    make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(days=2)
    )
    app.config["MAIL_PER_HOUR"] = 5

    statuses = {sign_up(make, f"buur{number}@buurt.example").status_code for number in range(9)}

    assert statuses == {303}
    assert sorted(mail.due_at - now for mail in mails(app)) == [timedelta()] * 5 + [timedelta(hours=1)] * 4
    assert "they wait their turn" in caplog.text


# --- refused mail ---


def test_organisers_see_what_was_refused_and_try_again(app, make, desk, noor):
    make.browser().post("/inloggen", data={"email": "noor@buurt.example"})
    with app.app_context(), transaction():
        mail = db.session.scalar(select(Mail))
        mail.status, mail.last_error = "refused", "RefusedForEver 550"

    page = desk.get("/organisatie/post").text
    assert "noor@buurt.example" in page
    assert "550" in page

    desk.post(f"/organisatie/post/{mails(app)[0].id}/opnieuw")
    assert mails(app)[0].status.value == "waiting"
