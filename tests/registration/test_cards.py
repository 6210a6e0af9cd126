"""Login without e-mail: a session code, or a card that a helper made."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import db
from dagvandebuurt.extensions import limiter
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.queries import code_of
from dagvandebuurt.registration import entry_cards
from dagvandebuurt.registration.models import EntryCard, PlaceStatus, Registration, SessionChoice
from tests.conftest import test_settings as settings_of
from tests.factories import Factory


@pytest.fixture
def session(make, now):
    """A session that begins in an hour, of an edition with open registration."""
    edition = make.edition(starts_at=now, ends_at=now + timedelta(hours=4))
    return make.session(
        round=make.round(edition), starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )


@pytest.fixture
def bart(make):
    return make.identity("Bart", roles=["supporter"])


@pytest.fixture
def desk(make, bart, session):
    return make.browser(bart)


def form(*names, **more):
    return {"names": "\r\n".join(names), "participant_role": "resident", "agreed": "y"} | more


def card_of(app, name):
    with app.app_context():
        card = db.session.scalar(select(EntryCard).join(EntryCard.person).where(Person.name == name))
        return card, entry_cards.link_of(card), entry_cards.number_of(card)


def test_a_social_worker_registers_three_residents_and_each_has_a_card(app, desk):
    page = desk.post("/mijn/anderen", data=form("Sjaan", " Ömer ", "", "李"), follow_redirects=True)

    assert [name in page.text for name in ("Sjaan", "Ömer", "李")] == [True] * 3
    printed = desk.get("/mijn/anderen/kaarten").text
    _, _link, number = card_of(app, "Ömer")
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in printed
    assert printed.count("<svg") >= 3
    with app.app_context():
        assert set(db.session.scalars(select(Registration.status))) == {PlaceStatus.CONFIRMED}


def test_cards_are_printed_in_the_language_of_who_gets_them(desk):
    desk.post("/mijn/anderen", data=form("Olena"))

    dutch, english, unknown = (
        desk.get(f"/mijn/anderen/kaarten{taal}").text for taal in ("", "?taal=en", "?taal=xx")
    )

    assert ("vul dit nummer in:" in dutch, '<html lang="nl"' in dutch) == (True, True)
    assert ("vul dit nummer in:" in english, '<html lang="en"' in english) == (False, True)
    assert re.search(r"<bdi>Olena</bdi>", english)
    assert '<html lang="nl"' in unknown
    assert '<html lang="nl"' in desk.get("/mijn/anderen").text  # the helper's own language is as it was


def test_without_cards_the_page_says_where_to_begin(desk):
    page = desk.get("/mijn/anderen/kaarten").text

    assert "Er zijn nog geen kaarten." in page
    assert 'href="/mijn/anderen"' in page
    assert "entry-cards" not in page


def test_the_qr_code_logs_its_holder_in_repeatedly(app, make, desk):
    desk.post("/mijn/anderen", data=form("Sjaan"))
    _, link, _ = card_of(app, "Sjaan")

    for _ in range(2):
        phone = make.browser()
        assert phone.get(f"/kom/{link}").status_code == 200  # a GET logs nobody in
        assert phone.get("/mijn").status_code in (302, 303, 401)
        assert "Dag Sjaan" in phone.post(f"/kom/{link}", follow_redirects=True).text


def test_the_number_works_with_and_without_spaces(app, make, desk):
    desk.post("/mijn/anderen", data=form("Sjaan"))
    _, _, number = card_of(app, "Sjaan")

    for typed in (number, f"{number[:3]} {number[3:6]}-{number[6:]}"):
        assert "Dag Sjaan" in make.browser().post("/kom", data={"code": typed}, follow_redirects=True).text


def test_a_replaced_card_stops_working(app, make, desk):
    desk.post("/mijn/anderen", data=form("Sjaan"))
    card, link, number = card_of(app, "Sjaan")

    desk.post(f"/mijn/anderen/{card.id}/kaart")

    assert make.browser().post(f"/kom/{link}").status_code == 404
    wrong = make.browser().post("/kom", data={"code": number})
    assert (wrong.status_code, number in wrong.text) == (422, True)  # what was typed stays
    assert "Dit nummer kennen we niet" in wrong.text
    _, link, _ = card_of(app, "Sjaan")
    assert "Dag Sjaan" in make.browser().post(f"/kom/{link}", follow_redirects=True).text


def test_card_secrets_are_not_stored(app, desk):
    desk.post("/mijn/anderen", data=form("Sjaan"))
    _, link, number = card_of(app, "Sjaan")

    with app.app_context():
        row = db.session.execute(select(EntryCard.__table__)).one()
    assert link not in str(row)
    assert number not in str(row)


def test_guessing_card_numbers_is_throttled_but_correct_ones_work(tmp_path, now):
    app = create_app(settings_of(tmp_path) | {"RATELIMIT_ENABLED": True})
    make = Factory(app)
    with app.app_context():
        db.create_all()
        limiter.reset()
    make.edition(starts_at=now, ends_at=now + timedelta(hours=4))
    make.browser(make.identity("Bart")).post("/mijn/anderen", data=form("Sjaan"))
    _, _, number = card_of(app, "Sjaan")

    right = [make.browser().post("/kom", data={"code": number}).status_code for _ in range(30)]
    wrong = [make.browser().post("/kom", data={"code": f"{n:010d}"}).status_code for n in range(30)]
    with app.app_context():
        limiter.reset()
        db.engine.dispose()

    assert set(right) == {303}
    assert wrong[:20] == [422] * 20
    assert set(wrong[20:]) == {429}


def test_the_number_of_a_session_leads_to_its_room_with_a_name_and_no_address(make, session):
    browser = make.browser()
    with make.context():
        code = code_of(session)

    asked = browser.post("/kom", data={"code": code})
    assert "Hoe mogen we je noemen?" in asked.text
    back = re.findall(r'name="verder" value="([^"]+)"', asked.text)[-1]
    answer = browser.post("/gast", data={"name": "Sjaan", "verder": back})

    assert f'href="/sessies/{session.slug}/live">Zeg ik liever niet' in browser.get(answer.location).text


def test_a_helper_chooses_sessions_corrects_the_name_and_withdraws(app, desk, session):
    desk.post("/mijn/anderen", data=form("Sjan"))
    card, *_ = card_of(app, "Sjan")

    desk.post(f"/mijn/anderen/{card.id}/sessies", data={"sessie": [str(session.id)]})
    desk.post(f"/mijn/anderen/{card.id}/naam", data={"name": "Sjaan"})
    with app.app_context():
        assert db.session.scalar(select(SessionChoice.status)) is PlaceStatus.CONFIRMED
        assert db.session.get(Person, card.person_id).name == "Sjaan"

    assert "checked" in desk.get(f"/mijn/anderen/{card.id}").text
    desk.post(f"/mijn/anderen/{card.id}/afmelden")
    with app.app_context():
        assert db.session.scalar(select(SessionChoice.status)) is PlaceStatus.CANCELLED
        assert db.session.scalar(select(Registration.status)) is PlaceStatus.CANCELLED


def test_only_the_helper_can_open_the_card(app, make, desk):
    desk.post("/mijn/anderen", data=form("Sjaan"))
    card, *_ = card_of(app, "Sjaan")
    other = make.browser(make.identity("Ander", roles=["supporter"]))

    for way in ("naam", "sessies", "kaart", "afmelden"):
        assert other.post(f"/mijn/anderen/{card.id}/{way}", data={"name": "X"}).status_code == 404
    assert other.get(f"/mijn/anderen/{card.id}").status_code == 404
    assert "Sjaan" not in other.get("/mijn/anderen/kaarten").text


def test_registration_on_behalf_needs_consent_and_a_name(app, desk):
    answer = desk.post("/mijn/anderen", data={"names": "Sjaan", "participant_role": "resident"})

    assert (answer.status_code, "Sjaan" in answer.text) == (422, True)
    assert "Vraag het eerst" in answer.text
    with app.app_context():
        assert db.session.scalar(select(EntryCard)) is None


def test_one_neighbour_may_register_ten_and_all_or_nobody(app, make, session):
    browser = make.browser(make.identity("Buurvrouw"))
    browser.post("/mijn/anderen", data=form(*(f"Buur {n}" for n in range(8))))

    answer = browser.post("/mijn/anderen", data=form("Negen", "Tien", "Elf"))

    assert "Je kunt 10 mensen aanmelden" in answer.text
    assert "Elf" in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(EntryCard.id)).all()) == 8


def test_a_person_corrects_their_own_name(app, make, session):
    noor = make.identity("Nor")
    answer = make.browser(noor).post(
        "/mijn/gegevens/verbeteren",
        data={"name": "Noor O'Brien", "participant_role": "resident", "domain": "", "neighbourhood": "Zuid"},
        follow_redirects=True,
    )

    assert 'value="Noor O&#39;Brien"' in answer.text
    with app.app_context():
        assert db.session.get(Person, noor.id).neighbourhood == "Zuid"


def test_non_decimal_digits_are_a_wrong_number(make, now):
    make.edition(starts_at=now, ends_at=now + timedelta(hours=4))

    assert make.browser().post("/kom", json={"code": "\ud800"}).status_code in (404, 422)
