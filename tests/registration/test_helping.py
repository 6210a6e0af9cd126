"""News for people without e-mail: by a card that stays valid, by their helper, by a number on paper."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import jobs
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import events, private_link
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.registration import entry_cards
from dagvandebuurt.registration.models import EntryCard


@pytest.fixture
def mila(make):
    return make.identity("Mila", roles=["supporter"])


def register(app, session, helper, *, hears):
    with app.app_context(), transaction():
        card = entry_cards.register_other(
            helper, db.session.get_one(ProgrammeSession, session.id).edition, name="Olena",
            participant_role=helper.participant_role, neighbourhood=None, now=session.starts_at,
            helper_hears=hears,
        )  # fmt: skip
        return card.id, card.person_id, entry_cards.number_of(card), entry_cards.link_of(card)


def olena(app, person_id):
    with app.app_context():
        return Identity.of(db.session.get_one(Person, person_id))


def answer(make, session, question):
    assert make.do(
        events.ANSWER, make.moderator("Jo"), session, question=str(question.id), text="Ja, in mei."
    )["ok"]


def mails(app):
    with app.app_context():
        return list(db.session.execute(select(Mail.to_name, Mail.subject, Mail.text)).all())


def test_the_helper_is_notified_and_reads_the_news_on_the_page(app, make, session, mila):
    card_id, person_id, *_ = register(app, session, mila, hears=True)
    question = make.question(
        session, olena(app, person_id), text="Waar kan ik koken?", status=QuestionStatus.VISIBLE
    )

    answer(make, session, question)

    ((to, subject, text),) = mails(app)
    assert (to, subject) == ("Mila", "Er is nieuws voor iemand die je aanmeldde")
    assert "koken" not in text
    assert "Olena" not in text
    page = make.browser(mila).get(f"/mijn/anderen/{card_id}").text
    assert "Waar kan ik koken?" in page
    assert "Ja, in mei." in page


def test_the_helper_gets_nothing_without_consent(app, make, session, mila):
    card_id, person_id, *_ = register(app, session, mila, hears=False)
    question = make.question(
        session, olena(app, person_id), text="Waar kan ik koken?", status=QuestionStatus.VISIBLE
    )
    answer(make, session, question)
    browser = make.browser(mila)

    assert mails(app) == []
    assert "koken" not in browser.get(f"/mijn/anderen/{card_id}").text
    browser.post(f"/mijn/anderen/{card_id}/lezen", data={"lezen": "ja"})
    assert "Waar kan ik koken?" in browser.get(f"/mijn/anderen/{card_id}").text
    browser.post(f"/mijn/anderen/{card_id}/lezen", data={"lezen": "nee"})
    assert "koken" not in browser.get(f"/mijn/anderen/{card_id}").text


def test_anonymous_questions_are_never_shown_to_a_helper(app, make, session, mila):
    card_id, person_id, *_ = register(app, session, mila, hears=True)
    question = make.question(
        session, olena(app, person_id), text="Ik ben bang", status=QuestionStatus.VISIBLE,
        appearance=Appearance.ANONYMOUS,
    )  # fmt: skip

    answer(make, session, question)

    assert mails(app) == []
    assert "bang" not in make.browser(mila).get(f"/mijn/anderen/{card_id}").text


def test_a_helper_cannot_read_another_helpers_card(app, make, session, mila):
    card_id, *_ = register(app, session, mila, hears=True)
    other = make.browser(make.identity("Bart", roles=["supporter"]))

    assert other.get(f"/mijn/anderen/{card_id}").status_code == 404
    assert other.post(f"/mijn/anderen/{card_id}/lezen", data={"lezen": "ja"}).status_code == 404


def test_a_card_is_valid_while_its_holder_has_holds(app, make, session, mila, monkeypatch):
    _id, person_id, number, _link = register(app, session, mila, hears=False)
    question = make.question(session, olena(app, person_id), status=QuestionStatus.OPEN_AFTER)

    def later(days):
        moment = session.ends_at + timedelta(days=days)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        jobs.warn(app)
        jobs.tidy(app)
        answered = make.browser().post("/kom", data={"code": number}, follow_redirects=True)
        return "Dag Olena" in answered.text

    assert later(100)
    assert later(200)
    with app.app_context(), transaction():
        asked = db.session.get_one(Question, question.id)
        asked.status, asked.answered_at = QuestionStatus.ANSWERED, session.ends_at + timedelta(days=200)
    assert not later(201)  # it ended, and it is long after the day


def test_a_card_of_this_year_works_when_the_next_edition_is_open(app, make, session, mila):
    _id, _person, number, link = register(app, session, mila, hears=False)
    make.edition(
        year=2028,
        starts_at=session.starts_at + timedelta(days=365),
        ends_at=session.ends_at + timedelta(days=365),
    )

    assert "Dag Olena" in make.browser().post("/kom", data={"code": number}, follow_redirects=True).text
    assert "Dag Olena" in make.browser().post(f"/kom/{link}", follow_redirects=True).text


def test_a_private_link_has_a_number_that_opens_the_question(app, make, session):
    question = make.question(
        session, make.guest(), text="Ik ben bang", status=QuestionStatus.VISIBLE, appearance=Appearance.ANONYMOUS
    )  # fmt: skip
    make.question(session, make.guest(), text="Van een ander", status=QuestionStatus.WAITING)
    with app.app_context():
        number, path = private_link.number_of(question.id), private_link.path_to(question.id)
    assert len(number) == 10

    for typed in (number, f"{number[:3]} {number[3:6]}-{number[6:]}"):
        page = app.test_client().post("/kom", data={"code": typed}, follow_redirects=True).text
        assert "Ik ben bang" in page
        assert "Van een ander" not in page
    wrong = app.test_client().post("/kom", data={"code": f"{(int(number) + 1) % 10**10:010d}"})
    assert wrong.status_code in (404, 422)
    slip = app.test_client().get(f"{path}/briefje").text
    assert f"{number[:3]} {number[3:6]} {number[6:]}" in slip
    assert "<svg" in slip
    assert "Ik ben bang" not in slip


def test_the_number_is_not_stored_and_survives_the_rooms_key(app, make, session, tmp_path):
    from dagvandebuurt.core import pseudonyms

    question = make.question(session, make.guest(), status=QuestionStatus.OPEN_AFTER)
    with app.app_context():
        number = private_link.number_of(question.id)
        pseudonyms.destroy_key(session.id)

    page = app.test_client().post("/kom", data={"code": number}, follow_redirects=True)

    assert page.status_code == 200
    with app.app_context():
        db.session.remove()
    stored = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert number.encode() not in stored


def test_an_erased_card_is_reported_as_such(app, make, session, mila):
    card_id, *_ = register(app, session, mila, hears=True)
    with app.app_context(), transaction():
        db.session.delete(db.session.get_one(EntryCard, card_id))
    assert make.browser(mila).get(f"/mijn/anderen/{card_id}").status_code == 404
