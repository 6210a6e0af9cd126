"""Sign-up squatting: typing somebody's address first decides nothing; nothing that its owner typed is lost."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.registration.models import (
    AccessNeed,
    CustomQuestion,
    FilledForm,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
)
from tests.registration.test_doors import form

FATIMA = {"email": "fatima@buurt.example", "name": "Fatima Yilmaz", "neighbourhood": "Sterrenhof"}
SQUATTER = {"email": "FATIMA@buurt.example", "name": "Stomme Eikel", "neighbourhood": "Nergens", "participant_role": "administrator"}  # fmt: skip


@pytest.fixture
def edition(make, now):
    return make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(hours=1)
    )


def links(app):
    with app.app_context():
        mails = db.session.scalars(select(Mail).order_by(Mail.made_at)).all()
        return [re.search(r"/link/\S+", mail.text).group() for mail in mails]


def sign_up(make, monkeypatch, moment, **typed):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
    return make.browser().post("/aanmelden", data=form(**typed))


def who(app):
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.email.is_not(None))).one()
        return person.name, person.neighbourhood, person.participant_role.value


def status(app):
    with app.app_context():
        return db.session.scalars(select(Registration.status)).all()


def test_each_mail_confirms_its_own_form(app, make, edition, now, monkeypatch):
    sign_up(make, monkeypatch, now, **SQUATTER)
    sign_up(make, monkeypatch, now + timedelta(seconds=5), **FATIMA)
    _squatted, own = links(app)

    page = make.browser().get(own).text
    make.browser().post(own)

    assert "Fatima Yilmaz" in page
    assert "Stomme Eikel" not in page
    assert who(app) == ("Fatima Yilmaz", "Sterrenhof", "resident")
    assert status(app) == [PlaceStatus.CONFIRMED]


def test_a_confirmation_page_shows_the_form_before_the_button(app, make, edition, now, monkeypatch):
    sign_up(make, monkeypatch, now, **SQUATTER)

    assert "Stomme Eikel" in make.browser().get(links(app)[0]).text
    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert "Eikel" not in mail.text + mail.html + mail.subject + mail.to_name


def test_the_corrected_form_counts(app, make, edition, now, monkeypatch):
    sign_up(make, monkeypatch, now, **FATIMA | {"name": "Fatmia Yilmaz"})
    sign_up(make, monkeypatch, now + timedelta(minutes=2), **FATIMA)

    make.browser().post(links(app)[1])
    make.browser().post(links(app)[0])  # and the older mail changes nothing silently any more

    assert who(app)[0] == "Fatima Yilmaz"


def test_over_the_mail_limit_the_newest_form_counts_at_the_next_link(app, make, edition, now, monkeypatch):
    for number in range(4):
        sign_up(make, monkeypatch, now + timedelta(minutes=number), **SQUATTER | {"name": f"Eikel {number}"})
    sign_up(make, monkeypatch, now + timedelta(minutes=9), **FATIMA)
    assert len(links(app)) == 3

    make.browser().post("/inloggen", data={"email": FATIMA["email"]})
    make.browser().post(links(app)[-1])

    assert len(links(app)) == 4
    assert who(app)[0] == "Fatima Yilmaz"


def test_for_a_known_address_the_form_is_only_an_offer(app, make, edition, now, monkeypatch):
    make.person("Fatima", email=FATIMA["email"])
    before = who(app)
    sign_up(make, monkeypatch, now, **SQUATTER)
    [path] = links(app)

    page = make.browser().get(path).text
    assert status(app) == []  # nor is she registered for it
    make.browser().post(path)

    assert "Stomme Eikel" in page
    assert "overnemen" in page
    assert "checked" not in page
    assert who(app) == before
    assert status(app) == [PlaceStatus.CONFIRMED]


def test_the_known_owner_can_apply_the_form(app, make, edition, now, monkeypatch):
    make.person("Fatima", email=FATIMA["email"])
    sign_up(make, monkeypatch, now, **FATIMA)

    make.browser().post(links(app)[0], data={"overnemen": "ja"})

    assert who(app) == ("Fatima Yilmaz", "Sterrenhof", "resident")


def test_a_login_link_does_not_apply_a_strangers_form(app, make, edition, now, monkeypatch):
    make.person("Fatima", email=FATIMA["email"])
    sign_up(make, monkeypatch, now, **SQUATTER)
    make.browser().post("/inloggen", data={"email": FATIMA["email"]})
    [_form, login] = links(app)

    assert "Stomme Eikel" not in make.browser().get(login).text
    make.browser().post(login)

    assert status(app) == []


def test_answers_and_needs_come_from_the_opened_mail(app, make, edition, now, monkeypatch):
    question = make.store(
        CustomQuestion(
            edition_id=edition.id, position=1, kind="text", label="Wat eet je?", options=[], is_required=False,
            keep_days=3,
        )
    )  # fmt: skip
    field = f"vraag-{question.id.hex}"
    needs = {"nodig": "captions", "nodig-akkoord": "ja"}
    sign_up(make, monkeypatch, now, **SQUATTER | needs | {field: "Beton", "nodig-toelichting": "Onzin"})
    sign_up(make, monkeypatch, now + timedelta(seconds=5), **FATIMA | needs | {field: "Brood"})

    def kept():
        with app.app_context():
            answers = db.session.scalars(select(RegistrationAnswer.text)).all()
            return answers, db.session.scalars(select(AccessNeed.note)).all()

    make.browser().post(links(app)[1])
    assert kept() == (["Brood"], [None])


def test_a_repeated_form_is_deduplicated(app, make, edition, now, monkeypatch):
    for _ in range(2):
        sign_up(make, monkeypatch, now, **FATIMA)

    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (Person, FilledForm, Mail)]  # fmt: skip
    assert counts == [1, 1, 1]


def test_an_invitation_to_a_squatted_address_asks_for_the_name(app, make, edition, now, monkeypatch):
    sign_up(make, monkeypatch, now, **SQUATTER)
    desk = make.browser(make.identity("Roos", roles=["organiser"]))
    desk.post("/organisatie/rollen", data={"email": FATIMA["email"], "role": "editor", "session": ""})
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "invited")).one()
    path = re.search(r"/uitnodiging/\S+", mail.text).group()

    assert 'name="name"' in make.browser().get(path).text
    make.browser().post(path, data={"name": "Fatima Yilmaz"})

    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.email_key == FATIMA["email"])).one()
        assert (person.name, person.has_account) == ("Fatima Yilmaz", True)
