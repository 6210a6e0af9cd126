"""The phone desk: who rings is found and helped, every look is recorded, and nobody is shown before a search."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.people.models import ParticipantRole, Person, RoleGrant
from dagvandebuurt.phone_desk import rules
from dagvandebuurt.phone_desk.models import LookDeed, PhoneLook
from dagvandebuurt.phone_desk.queries import find
from dagvandebuurt.qanda import events, private_link
from dagvandebuurt.qanda.models import Question, Via
from dagvandebuurt.registration.models import EntryCard, SessionChoice


@pytest.fixture
def ineke(make):
    return make.identity("Ineke", roles=["phone_desk"])


@pytest.fixture
def desk(make, ineke):
    return make.browser(ineke)


def search(browser, typed, reason="other", op="a-form-of-a-page"):
    return browser.post("/telefoon", data={"typed": typed, "reason": reason, "op": op})


def open_person(browser, person, reason="other"):
    answer = browser.post(f"/telefoon/openen/{person.id}", data={"reason": reason})
    assert answer.status_code == 303, answer.text
    return answer.location


def a_question(session, **fields):
    """The form of a question, as the page of a call makes it."""
    return {
        "session": str(session.id), "id": str(uuid4()), "text": "Wat nu?", "appear": "role", "told": "number", "consent": "1",
        "op": "a-form-of-a-page", **fields,
    }  # fmt: skip


def deeds(app):
    with app.app_context():
        return list(db.session.scalars(select(PhoneLook.deed).order_by(PhoneLook.at, PhoneLook.deed)))


def register(browser, name="Sjaan de Wit"):
    answer = browser.post(
        "/telefoon/aanmelden",
        data={"name": name, "participant_role": "resident", "neighbourhood": "Lindenholt", "agreed": "y"},
    )
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.mark.usefixtures("session")
def test_nobody_is_shown_before_a_search_and_a_search_needs_a_reason(app, make, desk):
    make.person("Fatima el Amrani")

    assert "Fatima" not in desk.get("/telefoon").text
    refused = search(desk, "Fatima", reason="")
    assert (refused.status_code, "Open Fatima" in refused.text) == (422, False)
    assert 'value="Fatima"' in refused.text  # what was typed stays
    assert deeds(app) == []

    assert "Open Fatima el Amrani" in search(desk, "Fatima").text
    assert deeds(app) == [LookDeed.SEARCHED]


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("fatima", True), ("amrani", True), ("mrani", True), ("Vatima", True), ("Fattimah el amranie", True),
        ("Fatima Lindenholt", True), ("Fatima Dukenburg", False), ("fatima@buurt.example", True),
        ("fatima@buurt", False), ("@buurt.example", False), ("Karel", False),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("session")
def test_a_person_is_found_by_parts_and_sounds_and_by_a_whole_address(make, desk, typed, finds):
    make.person("Fatima el Amrani", email="fatima@buurt.example", neighbourhood="Lindenholt")

    assert ("Open Fatima el Amrani" in search(desk, typed).text) == finds


@pytest.mark.usefixtures("session")
def test_the_address_is_masked_in_the_list(make, desk):
    make.person("Fatima", email="fatima@buurt.example")

    page = search(desk, "Fatima").text
    assert "f…a@buurt.example" in page
    assert "fatima@buurt.example" not in page


@pytest.mark.usefixtures("session")
def test_too_short_or_too_many_shows_nobody(make, desk):
    for number in range(9):
        make.person(f"Jan {number}", email=f"jan{number}@buurt.example")

    assert search(desk, "Ja").status_code == 422
    page = search(desk, "Jan").text
    assert "Er zijn 9 mensen die zo heten" in page
    assert "Open Jan" not in page


@pytest.mark.usefixtures("session")
def test_a_guest_with_a_name_alone_is_not_found(make, desk):
    make.guest("Verstopte Vera")

    assert "We vonden niemand" in search(desk, "Verstopte").text


@pytest.mark.usefixtures("session")
def test_searches_are_counted_and_one_form_sent_twice_counts_once(app, make, desk, monkeypatch):
    monkeypatch.setattr(rules, "MOST_SEARCHES", ((timedelta(minutes=15), 2),))
    make.person("Fatima")
    search(desk, "Fatima", op="the-first-form")
    search(desk, "Fatima", op="the-first-form")
    assert len(deeds(app)) == 1
    search(desk, "Karel", op="the-first-form")  # another word under the same form is another search
    assert len(deeds(app)) == 2

    answer = search(desk, "Fatima", op="the-next-form")

    assert answer.status_code == 429
    assert "Je zocht heel vaak" in answer.text
    assert "Open Fatima" not in answer.text


@pytest.mark.usefixtures("session")
def test_what_was_typed_is_in_no_row_and_the_person_reads_who_looked(app, make, desk):
    fatima = make.person("Fatima")
    search(desk, "Fatima")
    open_person(desk, fatima, reason="login")

    own = make.browser(fatima).get("/mijn/instellingen/gegevens").text
    assert "Ineke</bdi> opende je gegevens" in own
    assert "Kan niet binnenkomen" in own
    assert '"phone_look"' in make.browser(fatima).get("/mijn/gegevens.json").text
    with app.app_context():
        rows = db.session.execute(select(PhoneLook.__table__)).all()
        assert "Fatima" not in str(rows)


@pytest.mark.parametrize("role", ["supporter", "moderator", "editor", "captioner"])
@pytest.mark.usefixtures("session")
def test_only_the_phone_desk_and_organisers_come_in(make, role):
    assert make.browser(make.identity("Ander", roles=[role])).get("/telefoon").status_code == 403
    assert make.browser(make.identity("Org", roles=["organiser"])).get("/telefoon").status_code == 200


@pytest.mark.usefixtures("session")
def test_only_organisers_read_the_log(make, desk):
    open_person(desk, make.person("Fatima"))

    assert desk.get("/telefoon/wie-keek").status_code == 403
    log = make.browser(make.identity("Org", roles=["organiser"])).get("/telefoon/wie-keek").text
    assert "Ineke" in log
    assert "Fatima" in log


@pytest.mark.usefixtures("session")
def test_a_call_is_the_helpers_own_for_an_hour(make, desk, now, monkeypatch):
    where = open_person(desk, make.person("Fatima"))
    other = make.browser(make.identity("Bert", roles=["phone_desk"]))

    assert desk.get(where).status_code == 200
    assert other.get(where).status_code == 404
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=61))
    late = desk.get(where)
    assert late.status_code == 404
    assert "Dit gesprek is voorbij" in late.text


@pytest.mark.usefixtures("session")
def test_done_closes_the_page(make, desk):
    where = open_person(desk, make.person("Fatima"))
    assert "Fatima" in desk.get("/telefoon").text

    assert desk.post(f"{where}/klaar").status_code == 303
    assert desk.get(where).status_code == 404
    assert "Fatima" not in desk.get("/telefoon").text


def test_a_caller_without_email_is_helped_from_the_first_ring_to_the_answer(app, make, desk, session):
    where = register(desk)
    page = desk.get(where).text
    assert "Aangemeld. De plek op de dag is zeker." in page
    number = re.search(r'class="number">([\d ]+)<', page)[1].replace(" ", "")
    assert len(number) == 10

    chosen = desk.post(f"{where}/sessies", data={"sessie": str(session.id)})
    assert chosen.status_code == 303
    asked = desk.post(f"{where}/vraag", data=a_question(session, text="Wanneer komt er een bankje?"))
    assert asked.status_code == 303, asked.text
    told = desk.get(where).text
    assert re.search(r"Lees dit nummer voor, in paren: (\d\d ){4}\d\d", told)
    assert "Wanneer komt er een bankje?" in told

    with app.app_context():
        sjaan = db.session.scalars(select(Person).where(Person.name == "Sjaan de Wit")).one()
        question = db.session.scalars(select(Question)).one()
        assert (question.asker_id, question.via) == (sjaan.id, Via.PHONE)
        assert db.session.scalars(select(EntryCard)).one().helper_id is None
        assert db.session.scalars(select(SessionChoice)).one().person_id == sjaan.id
    jo = make.moderator("Jo")
    assert make.do(events.SHOW, jo, session, question=str(question.id))["ok"]
    assert make.do(events.ANSWER, jo, session, question=str(question.id), text="In mei.")["ok"]
    desk.post(f"{where}/klaar")

    # The next day Sjaan rings again, with the number of her card.
    found = search(desk, f"{number[:3]} {number[3:]}", reason="question", op="another-form-here").text
    assert "Open Sjaan de Wit" in found
    again = desk.get(open_person(desk, sjaan, reason="question")).text
    assert "In mei." in again
    # The number itself comes in at the site.
    assert make.browser().post("/kom", data={"code": number}).location == "/mijn"
    # Nobody finds her on the page of who registered her: each later look goes through the desk.
    assert "Sjaan" not in desk.get("/mijn/anderen").text


@pytest.mark.parametrize("appear", ["role", "anonymous"])
def test_a_question_sent_twice_is_asked_once_and_no_row_says_whose_an_anonymous_one_is(
    app, desk, session, appear
):
    where = register(desk)
    form = a_question(session, text="Een keer?", appear=appear)
    assert [desk.post(f"{where}/vraag", data=form).status_code for _ in "ab"] == [303, 303]

    with app.app_context():
        assert len(db.session.scalars(select(Question)).all()) == 1
        assert form["id"] not in str(db.session.execute(select(PhoneLook.__table__)).all())
    assert deeds(app).count(LookDeed.ASKED) == (appear == "role")
    assert ("Een keer?" in desk.get(where).text) == (appear == "role")  # anonymous: by its number alone


@pytest.mark.parametrize("missing", ["consent", "text", "session"])
def test_a_question_without_consent_text_or_session_is_refused_with_what_was_typed(
    app, desk, session, missing
):
    where = register(desk)
    form = a_question(session)
    form[missing] = ""

    answer = desk.post(f"{where}/vraag", data=form)

    assert answer.status_code == 422
    assert "De vraag is nog niet gesteld" in answer.text
    assert missing == "text" or "Wat nu?" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Question)).all() == []


@pytest.mark.usefixtures("session")
def test_a_link_goes_to_their_own_mailbox_and_is_never_on_the_page(app, make, desk):
    where = open_person(desk, make.person("Fatima", email="fatima@buurt.example"), reason="login")

    assert desk.post(f"{where}/link").status_code == 303
    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert mail.to == "fatima@buurt.example"
        token = re.search(r"/link/([\w-]+)", mail.text)[1]
    assert token not in desk.get(where).text
    desk.post(f"{where}/link")
    assert "Er is net al een link gestuurd" in desk.get(where).text


@pytest.mark.usefixtures("session")
def test_no_card_for_who_has_an_address_and_nothing_to_change_for_who_has_a_task(app, make, desk):
    fatima = open_person(desk, make.person("Fatima"))
    assert desk.post(f"{fatima}/kaart").status_code == 409
    assert desk.get(f"{fatima}/kaart").status_code == 409

    chief = make.person("Baas", roles=["admin"])
    where = open_person(desk, chief)
    answer = desk.post(
        f"{where}/gegevens", data={"name": "Anders", "participant_role": "resident", "neighbourhood": ""}
    )
    assert answer.status_code == 403
    assert "heeft een taak op de site" in answer.text
    assert "Naar welke sessies?" in desk.get(fatima).text
    assert "Naar welke sessies?" not in desk.get(where).text
    assert desk.post(f"{where}/sessies").status_code == 403
    with app.app_context():
        assert db.session.get_one(Person, chief.id).name == "Baas"


def _seen(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


@pytest.mark.usefixtures("session")
def test_two_at_the_desk_see_each_other_and_the_second_change_is_not_silent(app, make, desk):
    fatima = make.person("Fatima", neighbourhood="Oost")
    bert = make.browser(make.identity("Bert", roles=["phone_desk"]))
    mine, his = open_person(desk, fatima), open_person(bert, fatima)
    page, his_page = desk.get(mine).text, bert.get(his).text
    assert "Bert heeft deze persoon nu ook open" in page

    one = {"name": "Fatima A.", "participant_role": "resident", "neighbourhood": "Oost", "seen": _seen(page)}
    assert desk.post(f"{mine}/gegevens", data=one).status_code == 303
    late = bert.post(f"{his}/gegevens", data={**one, "name": "Fatma", "seen": _seen(his_page)})

    assert late.status_code == 409
    assert "Een ander veranderde deze gegevens net" in late.text
    assert 'value="Fatma"' in late.text
    with app.app_context():
        assert db.session.get_one(Person, fatima.id).name == "Fatima A."
    again = bert.post(f"{his}/gegevens", data={**one, "name": "Fatma", "seen": _seen(late.text)})
    assert again.status_code == 303


@pytest.mark.usefixtures("session")
def test_a_person_erased_meanwhile_is_said_in_a_sentence(app, make, desk, now):
    fatima = make.person("Fatima")
    where = open_person(desk, fatima)
    with app.app_context(), transaction():
        erase(fatima.id, now=now)

    for answer in (desk.get(where), desk.post(f"{where}/link"), desk.post(f"{where}/gegevens", data={
        "name": "Fatima", "participant_role": "resident", "neighbourhood": ""})):  # fmt: skip
        assert answer.status_code == 410
        assert "Deze persoon is intussen gewist" in answer.text
    with app.app_context():
        look = db.session.scalars(select(PhoneLook)).one()
        assert (look.by_name, look.person_id) == ("Ineke", None)


@pytest.mark.usefixtures("session")
def test_a_helper_who_loses_the_role_reads_why(app, make, ineke, desk):
    where = open_person(desk, make.person("Fatima"))
    with app.app_context():
        grant = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == ineke.id)).one()
        db.session.delete(grant)
        db.session.commit()

    for answer in (desk.get(where), desk.post(f"{where}/link"), search(desk, "Fatima")):
        assert answer.status_code == 403
        assert "Dan is je taak veranderd" in answer.text
        assert "Fatima" not in answer.text


def test_they_cancel_and_come_again(desk, session):
    where = register(desk)
    desk.post(f"{where}/dag", data={"komt": "nee"})
    assert "Afgemeld." in desk.get(where).text
    desk.post(f"{where}/dag", data={"komt": "ja"})
    assert "De plek op de dag is zeker" in desk.get(where).text


def test_a_number_of_a_question_leads_to_it_and_to_nobody(app, make, desk, session):
    question = make.question(session, make.person("Fatima"), text="Van wie is dit?")
    with app.app_context():
        number = private_link.number_of(question.id)

    page = search(desk, number).text
    assert "Dit is het nummer van één vraag" in page
    assert "Fatima" not in page


def test_twenty_thousand_people_are_searched_without_reading_rows_whole(app, make, session, inside):
    """Sounds are in no index: what is read is three columns, and the words of a name are worked out once."""
    db.session.execute(
        Person.__table__.insert(),
        [
            {
                "id": uuid4(), "name": f"Voornaam{number} Naam{number % 977}", "language": "nl",
                "email": f"p{number}@buurt.example", "email_key": f"p{number}@buurt.example",
                "participant_role": ParticipantRole.RESIDENT, "created_at": session.starts_at, "rights_revision": 0,
                "keeps_shell": False,
            }
            for number in range(2000)
        ],
    )  # fmt: skip
    db.session.execute(
        update(Person).where(Person.email == "p7@buurt.example").values(name="Fatima el Amrani")
    )
    assert [each.name for each in find("vatima", now=session.starts_at).people] == ["Fatima el Amrani"]
