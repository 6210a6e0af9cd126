"""Mending a text before the hall reads it: the asker keeps their own words, is told, and sees both."""

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.qanda import events, privacy
from dagvandebuurt.qanda.models import Question, QuestionStatus, QuestionWording

OWN, MENDED = "Waarom laat mevrouw De Wit haar hond los?", "Waarom laat iemand de hond los?"


@pytest.fixture
def noor(make):
    return make.identity("Noor")


@pytest.fixture
def question(make, session, noor):
    return make.question(session, noor, text=OWN)


@pytest.fixture
def mend(make, session, question):
    def press(who, text=MENDED, seen=0, **fields):
        about = {"question": str(question.id), "text": text}
        return make.do(events.MEND, who, session, **about, seen=seen, **fields)

    return press


def test_the_hall_reads_the_mended_text_and_the_asker_both(app, make, session, noor, question, mend):
    jolien = make.moderator("Jolien")
    card = mend(jolien)["question"]
    assert (card["text"], card["status"]) == (MENDED, "waiting")
    mend(jolien, "Waarom loopt de hond los?", seen=card["desk_revision"])

    make.do(events.SHOW, jolien, session, question=str(question.id))

    with app.app_context():
        (told,) = items.mine(session.id, noor)["questions"]
        hall = items.changes_since(session.id, 0).hall
        mails = [mail.text for mail in db.session.query(Mail)]
    assert (told["text"], told["own_words"]) == ("Waarom loopt de hond los?", OWN)
    assert OWN not in str(hall)
    assert len(mails) == 1
    assert OWN in mails[0]
    assert "Waarom loopt de hond los?" in mails[0]
    for path in (told["way_back"], f"/sessies/{session.slug}/live"):
        assert "De Wit" in make.browser(noor).get(path).get_data(as_text=True)
    assert "De Wit" not in make.browser().get(f"/sessies/{session.slug}/live").get_data(as_text=True)


def test_a_question_shown_or_changed_meanwhile_is_not_mended(app, make, session, question, mend):
    jolien, ruben = make.moderator("Jolien"), make.moderator("Ruben")
    card = mend(jolien)["question"]
    for late in (mend(ruben, "Anders."), mend(ruben, "Anders.", seen=None)):
        assert (late["error"]["code"], late["error"]["by"], late["error"]["deed"]) == (
            "qanda.changed", "Jolien", "mend",
        )  # fmt: skip
    make.do(events.SHOW, jolien, session, question=str(question.id), seen=card["desk_revision"])

    assert mend(ruben, "Anders.", seen=card["desk_revision"])["error"]["status"] == "visible"
    with app.app_context():
        assert db.session.get(Question, question.id).text == MENDED


def test_the_same_text_and_a_double_press_change_nothing(app, make, question, mend):
    jolien = make.moderator("Jolien")
    assert mend(jolien, OWN)["error"]["fields"]["text"]
    for _ in range(2):
        assert mend(jolien, op="een-en-dezelfde-druk-op-de-knop")["ok"]
    with app.app_context():
        assert db.session.query(QuestionWording).count() == 1


def test_the_asker_who_sends_again_is_not_refused(make, session, noor, question, mend):
    mend(make.moderator())

    again = make.do(events.ASK, noor, session, id=str(question.id), text=OWN, kind="question", appear="role")

    assert again["ok"], again


def test_own_words_go_along_and_go_with_their_asker(app, make, session, noor, question, mend, now):
    there = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    card = mend(make.moderator())["question"]
    make.do(
        events.MOVE,
        make.moderator(),
        session,
        question=card["id"],
        to=str(there.id),
        seen=card["desk_revision"],
    )
    with app.app_context():
        (told,) = items.mine(there.id, noor)["questions"]
        assert told["own_words"] == OWN
        assert OWN in str(privacy.own_words_of(noor.id))

        privacy.questions_stay_without_asker(noor.id, now)

        assert db.session.query(QuestionWording).count() == 0


def test_the_page_without_a_script_keeps_what_was_typed(make, session, question, mend):
    jolien = make.moderator("Jolien")
    browser = make.browser(jolien)
    path = f"/sessies/{session.slug}/vragen/{question.id}/tekst"
    assert OWN in browser.get(path).get_data(as_text=True)
    mend(make.moderator("Ruben"))

    late = browser.post(path, data={"text": "Mijn verbetering.", "seen": "0"})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "Ruben heeft de tekst net aangepast." in page
    assert "Mijn verbetering." in page
    assert MENDED in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    done = browser.post(path, data={"text": "Mijn verbetering.", "seen": seen}, follow_redirects=True)
    assert "De tekst is aangepast." in done.get_data(as_text=True)


def test_only_waiting_questions_offer_it(make, session):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    page = make.browser(make.moderator()).get(f"/sessies/{session.slug}/vragen/{question.id}/tekst")
    assert "Deze vraag wacht niet meer." in page.get_data(as_text=True)
