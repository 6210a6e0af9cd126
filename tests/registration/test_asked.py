"""Custom questions of the registration form, and access needs stored separately."""

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.registration import custom_questions
from dagvandebuurt.registration.models import (
    AccessLook,
    AccessNeed,
    CustomQuestion,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
)
from tests.organisation.files import with_names
from tests.registration.test_doors import form


@pytest.fixture
def edition(make, now):
    return make.edition()


@pytest.fixture
def desk(make, edition):
    return make.browser(make.identity("Organisator", roles=["organiser"]))


def ask(desk, text, **more):
    values = {"label": text, "label_en": "", "kind": "text", "options": "", "shown_if": "", "shown_if_value": "", "keep_days": "30"}  # fmt: skip
    return desk.post("/organisatie/vragen", data=values | more)


def question(app, label):
    with app.app_context():
        return db.session.scalar(select(CustomQuestion).where(CustomQuestion.label == label))


def name(app, label):
    return custom_questions.name_of(question(app, label))


def answers(app):
    with app.app_context():
        rows = db.session.scalars(select(RegistrationAnswer)).all()
        return {row.question.label: row.text or row.chosen for row in rows}


@pytest.fixture
def lunch(app, desk):
    """Whether they come for lunch, and what they eat if so."""
    ask(desk, "Lunch je mee?", label_en="Will you have lunch?", kind="yes_no", is_required="y")
    ask(
        desk, "Wat eet je niet?", kind="choices", options="vlees\nvis\nnoten", is_required="y", keep_days="3",
        shown_if=str(question(app, "Lunch je mee?").id), shown_if_value="ja",
    )  # fmt: skip
    return name(app, "Lunch je mee?"), name(app, "Wat eet je niet?")


def test_custom_questions_show_their_retention_period(make, lunch):
    page = make.browser().get("/aanmelden").text

    for words in (
        "Lunch je mee?",
        "Wat eet je niet?",
        "Alleen als je 'ja' koos",
        "tot 3 dagen na de dag",
    ):
        assert words in page
    english = make.browser()
    english.post("/taal", data={"taal": "en"})
    assert "Will you have lunch?" in english.get("/aanmelden").text


def test_applicable_questions_are_required(app, make, lunch):
    eats, what = lunch

    answer = make.browser().post("/aanmelden", data=form() | {eats: "ja"})

    assert (answer.status_code, "Dit willen we graag weten" in answer.text) == (422, True)
    assert f'name="{eats}" value="ja" checked' in answer.text
    assert (
        make.browser().post("/aanmelden", data=form() | {eats: "ja", what: ["vis", "noten"]}).status_code
        == 303
    )
    assert answers(app) == {"Lunch je mee?": ["ja"], "Wat eet je niet?": ["vis", "noten"]}


def test_answers_to_inapplicable_questions_are_discarded(app, make, lunch):
    eats, what = lunch

    make.browser().post("/aanmelden", data=form() | {eats: "nee", what: ["vis"], "vraag-verzonnen": "x"})

    assert answers(app) == {"Lunch je mee?": ["nee"]}


def test_unknown_options_are_rejected(make, lunch):
    eats, _ = lunch

    assert make.browser().post("/aanmelden", data=form() | {eats: "misschien"}).status_code == 422


def test_typing_a_known_address_changes_nothing(app, make, lunch):
    make.person("Sjaan", email="sjaan@buurt.example")
    eats, _ = lunch

    make.browser().post(
        "/aanmelden", data=form() | {eats: "nee", "nodig": ["captions"], "nodig-akkoord": "ja"}
    )

    assert answers(app) == {}
    with app.app_context():
        assert db.session.scalar(select(AccessNeed.id)) is None


def test_people_change_their_answers_on_their_own_page(app, make, edition, lunch, now):
    noor = make.person("Noor")
    make.store(
        Registration(
            edition_id=edition.id, person_id=noor.id, status=PlaceStatus.CONFIRMED, registered_at=now
        )
    )
    browser = make.browser(noor)
    assert "Mijn antwoorden veranderen" in browser.get("/mijn/instellingen/over-mij").text

    assert browser.post("/mijn/antwoorden", data={}).status_code == 422
    browser.post("/mijn/antwoorden", data={lunch[0]: "nee"})

    assert answers(app) == {"Lunch je mee?": ["nee"]}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "choice", "options": "een"}, "minstens twee"),
        ({"keep_days": "400"}, "Hooguit 90 dagen"),
        ({"label": " "}, "Schrijf de vraag op"),
    ],
)
def test_an_invalid_question_is_refused_with_the_typed_text(app, desk, wrong, said):
    answer = ask(desk, "Wat?", **({"label_en": "Which?"} | wrong))

    assert (answer.status_code, said in answer.text, "Which?" in answer.text) == (422, True, True)
    assert question(app, "Wat?") is None


def test_questions_move_and_retire_with_their_dependents(app, desk, lunch):
    ask(desk, "Hoe kom je?")
    desk.post(f"/organisatie/vragen/{question(app, 'Hoe kom je?').id}/omhoog")
    page = desk.get("/organisatie/vragen").text
    assert page.index("Hoe kom je?") < page.index("Wat eet je niet?")

    desk.post(f"/organisatie/vragen/{question(app, 'Lunch je mee?').id}/weg")

    page = desk.get("/organisatie/vragen").text.split("Nieuwe vraag")[0]
    assert "Hoe kom je?" in page
    assert "Wat eet je niet?" not in page


# --- access needs ---


@pytest.fixture
def sjaan(app, make, edition):
    """Registered, with captions and a call back."""
    make.browser().post(
        "/aanmelden",
        data=form()
        | {"nodig": ["captions", "call_back"], "nodig-telefoon": "06 1234", "nodig-toelichting": "Ik ben slechthorend.", "nodig-akkoord": "ja"},
    )  # fmt: skip
    with app.app_context():
        person = db.session.scalar(select(Person).where(Person.email == "sjaan@buurt.example"))
        person.email_confirmed_at = person.created_at
        db.session.commit()
        return db.session.scalar(select(AccessNeed.id)), person.id


def test_access_needs_are_stored_only_with_consent(app, make, edition):
    answer = make.browser().post(
        "/aanmelden", data=form() | {"nodig": ["captions"], "nodig-toelichting": "Doof"}
    )

    assert (answer.status_code, "Doof" in answer.text) == (422, True)
    assert "Zet ook het vinkje" in answer.text
    with app.app_context():
        assert db.session.scalar(select(AccessNeed.id)) is None
        assert db.session.scalar(select(Person.id).where(Person.name == "Sjaan")) is None


def test_reading_access_needs_is_logged_and_visible_to_the_person(app, make, desk, sjaan):
    need, person = sjaan
    overview = desk.get("/organisatie/toegankelijkheid").text
    assert "Sjaan" not in overview
    assert "slechthorend" not in overview

    opened = desk.post(f"/organisatie/toegankelijkheid/{need}").text
    assert "Ik ben slechthorend." in opened
    assert "06 1234" in opened

    with app.app_context():
        assert [look.by_name for look in db.session.scalars(select(AccessLook))] == ["Organisator"]
        them = db.session.get(Person, person)
    page = make.browser(them).get("/mijn/instellingen/over-mij").text
    assert "Wie heeft dit gelezen?" in page
    assert "Organisator" in page.split("Wie heeft dit gelezen?")[1]


def test_reading_access_needs_by_get_is_not_possible(desk, sjaan):
    assert desk.get(f"/organisatie/toegankelijkheid/{sjaan[0]}").status_code == 405


def test_arranged_needs_are_explained_on_the_page_only(app, make, desk, sjaan):
    need, person = sjaan
    assert desk.post(f"/organisatie/toegankelijkheid/{need}/geregeld", data={"hoe": ""}).status_code == 422

    desk.post(f"/organisatie/toegankelijkheid/{need}/geregeld", data={"hoe": "De schrijftolk is er."})

    with app.app_context():
        them = db.session.get(Person, person)
        [mail] = db.session.scalars(select(Mail).where(Mail.kind == "note")).all()
    assert mail.subject == "Het is geregeld"
    assert "schrijftolk" not in mail.text
    assert "De schrijftolk is er." in make.browser(them).get("/mijn/instellingen/over-mij").text


def test_moderators_and_editors_cannot_read_access_needs(make, sjaan):
    for role in ("moderator", "host", "editor", "supporter"):
        browser = make.browser(make.identity("Ander", roles=[role]))
        assert browser.get("/organisatie/toegankelijkheid").status_code == 403
        assert browser.post(f"/organisatie/toegankelijkheid/{sjaan[0]}").status_code == 403


def test_clearing_access_needs_deletes_them(app, make, sjaan):
    with app.app_context():
        them = db.session.get(Person, sjaan[1])
    make.browser(them).post("/mijn/nodig", data={})

    with app.app_context():
        assert db.session.scalar(select(AccessNeed.id)) is None


def test_exports_hold_no_access_needs(desk, sjaan):
    assert "slechthorend" not in with_names(desk, "/organisatie/aanmeldingen.csv").text
