import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.registration.models import PlaceStatus, Registration


@pytest.fixture
def edition(make, now):
    return make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(hours=1)
    )


def form(**more):
    return {
        "name": "Sjaan", "email": "sjaan@buurt.example", "participant_role": "resident", "domain": "",
        "neighbourhood": "", "house_rules": "y", "privacy": "y",
    } | more  # fmt: skip


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def mails(app):
    with app.app_context():
        return db.session.scalars(select(Mail).order_by(Mail.made_at)).all()


def link_in(mail):
    return re.search(r"/link/\S+", mail.text).group()


@pytest.mark.usefixtures("edition")
def test_registering_writes_a_person_a_request_and_a_mail(app, make):
    answer = make.browser().post("/aanmelden", data=form())

    assert (answer.status_code, answer.location) == (303, "/aanmelden/gelukt")
    assert (count(app, Person), count(app, Registration)) == (1, 1)
    [mail] = mails(app)
    assert (mail.to, mail.kind) == ("sjaan@buurt.example", "confirm")
    assert "Sjaan" not in mail.text + mail.html + mail.subject + mail.to_name  # not confirmed yet


@pytest.mark.usefixtures("edition")
def test_a_repeated_registration_is_one_person_and_one_mail(app, make):
    first, second = (make.browser().post("/aanmelden", data=form()) for _ in range(2))

    assert first.data == second.data or first.status_code == second.status_code == 303
    assert (count(app, Person), count(app, Registration), len(mails(app))) == (1, 1, 1)


@pytest.mark.usefixtures("edition")
def test_a_reload_sends_nothing_again_and_a_double_press_shows_the_same_page(app, make):
    sjaan = make.browser()
    op = re.search(r'name="op" value="([^"]+)"', sjaan.get("/aanmelden").text)[1]

    pages = [sjaan.post("/aanmelden", data=form() | {"op": op}, follow_redirects=True) for _ in range(2)]
    pages += [sjaan.get(pages[0].request.path) for _ in range(2)]

    for page in pages:
        assert (page.status_code, page.request.path) == (200, "/aanmelden/gelukt")
        assert "We stuurden een mail naar sjaan@buurt.example" in page.text
        assert "private" in page.headers["Cache-Control"] or "no-store" in page.headers["Cache-Control"]
    assert (count(app, Person), count(app, Registration), len(mails(app))) == (1, 1, 1)


@pytest.mark.usefixtures("edition")
def test_another_browser_and_another_hour_get_the_form(make, monkeypatch, now):
    sjaan = make.browser()
    sjaan.post("/aanmelden", data=form())
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(hours=3))

    for browser in (make.browser(), sjaan):
        page = browser.get("/aanmelden/gelukt")
        assert (page.status_code, page.location) == (302, "/aanmelden")


@pytest.mark.usefixtures("edition")
def test_a_known_address_gets_the_same_page_and_another_mail(app, make):
    known = make.person("Noor")
    strange, familiar = (
        make.browser().post("/aanmelden", data=form(email=email), follow_redirects=True).text
        for email in ("nieuw@buurt.example", known.email.upper())
    )

    def without_tokens(page, address):
        return re.sub(r'value="[^"]+"', "", page).replace(address, "")

    assert without_tokens(strange, "nieuw@buurt.example") == without_tokens(familiar, known.email.upper())
    assert sorted(mail.kind for mail in mails(app)) == ["confirm", "login"]
    with app.app_context():
        assert db.session.get(Person, known.id).name == "Noor"  # a stranger changed nothing


@pytest.mark.usefixtures("edition")
def test_get_changes_nothing_and_the_button_confirms(app, make):
    make.browser().post("/aanmelden", data=form())
    path = link_in(mails(app)[0])
    scanner, sjaan = make.browser(), make.browser()

    for _ in range(3):
        assert scanner.get(path).status_code == 200
    with app.app_context():
        before = db.session.scalars(select(Registration)).one().status
    pressed = sjaan.post(path)

    with app.app_context():
        after = db.session.scalars(select(Registration)).one().status
    assert (before, after) == (PlaceStatus.REQUESTED, PlaceStatus.CONFIRMED)
    assert pressed.headers["Location"] == "/mijn"
    assert "Dag Sjaan" in sjaan.get("/mijn").get_data(as_text=True)


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize(
    "spoil", [lambda path: path, lambda path: path[:-3], lambda path: "/link/nooit-gemaakt"]
)
def test_a_used_cut_or_invented_link_offers_a_new_one(app, make, spoil):
    make.browser().post("/aanmelden", data=form())
    path = link_in(mails(app)[0])
    make.browser().post(path)

    answer = make.browser().post(spoil(path))

    assert answer.status_code == 410
    assert "Stuur mij een nieuwe link" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize(
    "name", ["O'Brien", "Ø", "李", "Madonna", "a" * 100, "María José de la Cruz-van 't Hof"]
)
def test_names_of_every_kind_are_accepted(app, make, name):
    answer = make.browser().post("/aanmelden", data=form(name=name))

    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Person)).one().name == name


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize(
    "email", ["sjaan+dag@buurt.example", "sjaan@münchen.example", "o'brien@buurt.example"]
)
def test_unusual_addresses_are_accepted(make, app, email):
    assert make.browser().post("/aanmelden", data=form(email=email)).status_code == 303
    assert count(app, Person) == 1


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "   ", "Vul een naam in."),
        ("name", "a" * 101, "Houd het bij 100 tekens."),
        ("email", "geen adres", "Dit e-mailadres klopt niet."),
        ("email", "a@b.example, c@d.example", "Dit e-mailadres klopt niet."),
        ("email", "a@b.example\r\nBcc: c@d.example", "Dit e-mailadres klopt niet."),
        ("participant_role", "admin", "Ongeldige keuze"),
        ("house_rules", "", "Zet hier een vinkje"),
    ],
)
def test_errors_are_shown_at_the_field_and_the_rest_stays(app, make, field, value, sentence):
    answer = make.browser().post("/aanmelden", data=form(neighbourhood="Sterrenhof") | {field: value})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Sterrenhof"' in page
    assert count(app, Person) == 0


def test_registration_is_refused_before_and_after_the_term(app, make, now):
    make.edition(
        registration_opens_at=now + timedelta(days=1), registration_closes_at=now + timedelta(days=2)
    )

    page = make.browser().get("/aanmelden").get_data(as_text=True)
    answer = make.browser().post("/aanmelden", data=form())

    assert "Aanmelden kan vanaf" in page
    assert answer.status_code == 409
    assert count(app, Person) == 0


def test_a_pending_session_choice_survives_registration(app, make, edition, now):
    session = make.session(
        round=make.round(edition), starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )
    phone = make.browser()

    phone.post(f"/sessies/{session.slug}/kiezen")
    phone.post("/aanmelden", data=form())
    arrived = phone.post(link_in(mails(app)[0]))

    assert arrived.headers["Location"] == f"/sessies/{session.slug}"
    assert "Haal uit mijn programma" in phone.get(f"/sessies/{session.slug}").get_data(as_text=True)


def test_requesting_a_login_link_does_not_reveal_accounts(app, make):
    known = make.person("Noor")

    strange = make.browser().post("/inloggen", data={"email": "nooit@buurt.example"}).get_data(as_text=True)
    familiar = make.browser().post("/inloggen", data={"email": known.email}).get_data(as_text=True)

    def bare(page, address):
        return re.sub(r'value="[^"]+"', "", page).replace(address, "")

    assert bare(strange, "nooit@buurt.example") == bare(familiar, known.email)
    assert [mail.to for mail in mails(app)] == [known.email]
