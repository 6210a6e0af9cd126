"""Notification of askers when a question is answered."""

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Appearance, QuestionStatus


def _answer(make, session, question, text="De gemeente, in maart."):
    return make.do(events.ANSWER, make.moderator(), session, question=str(question.id), text=text)


def _mails(app):
    with app.app_context():
        return db.session.query(Mail).filter_by(kind="answered").all()


def test_asker_gets_the_answer_by_mail_once_in_their_language(app, make, session):
    noor, mo = make.identity("Noor", email="noor@buurt.example"), make.identity("Mo", language="en")
    first = make.question(session, noor, status=QuestionStatus.VISIBLE, text="Wie snoeit?")
    second = make.question(session, mo, status=QuestionStatus.VISIBLE)

    _answer(make, session, first)
    _answer(
        make,
        session,
        first,
        text="De gemeente, in april.",
    )
    _answer(make, session, second)

    mails = {mail.to: mail for mail in _mails(app)}
    assert len(mails) == len(_mails(app)) == 2
    told = mails["noor@buurt.example"]
    assert told.subject == "Je vraag is beantwoord"
    for part in (told.text, told.html):
        assert "Wie snoeit?" in part
        assert "De gemeente, in maart." in part
    assert next(mail for to, mail in mails.items() if to != told.to).subject == "Your question was answered"


def test_askers_of_merged_questions_get_the_answer_too(app, make, session):
    target = make.question(session, make.identity("Noor"), status=QuestionStatus.VISIBLE)
    make.question(
        session,
        make.identity("Mo"),
        status=QuestionStatus.MERGED,
        merged_into_id=target.id,
        text="Wie knipt?",
    )

    _answer(make, session, target)

    assert len(_mails(app)) == 2
    assert any("Wie knipt?" in mail.text and "in maart" in mail.text for mail in _mails(app))


def test_anonymous_askers_and_guests_get_no_mail(app, make, session):
    for asker, appearance in ((make.identity("Noor"), Appearance.ANONYMOUS), (make.guest(), Appearance.ROLE)):
        question = make.question(session, asker, status=QuestionStatus.VISIBLE, appearance=appearance)
        assert _answer(make, session, question)["ok"]

    assert _mails(app) == []


def test_refused_answer_sends_no_mail(app, make, session):
    question = make.question(session, make.identity("Noor"), status=QuestionStatus.WAITING)

    answer = _answer(make, session, question)

    assert not answer["ok"]
    assert _mails(app) == []
