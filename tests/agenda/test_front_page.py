"""The front page tells what became of a real question, and invents none."""

from dagvandebuurt.agenda.models import FollowUpQuestion, FollowUpStatus
from dagvandebuurt.qanda.models import QuestionStatus


def front_page(make):
    return make.browser().get("/").get_data(as_text=True)


def forwarded(make, session, text, **point):
    question = make.question(session, status=QuestionStatus.FORWARDED, text=text)
    made = make.point(make.organisation("Gemeente Lindermond"), **point)
    make.store(FollowUpQuestion(question_id=question.id, follow_up_id=made.id))
    return question


def test_without_a_question_there_is_no_example(make, session):
    make.question(session, text="Wie leest dit?")
    make.question(session, status=QuestionStatus.VISIBLE, text="Wie snoeit de haag?")
    forwarded(make, session, "Komt er een bankje?", status=FollowUpStatus.SENT)

    assert "Zo ging het met een vraag" not in front_page(make)


def test_an_answered_question_is_told_the_most_supported_first(make, session):
    make.question(session, status=QuestionStatus.ANSWERED, text="Komt er licht?", support_count=3)
    asked = make.question(
        session, status=QuestionStatus.ANSWERED, text="Komt er een <b>hek</b>?", support_count=9
    )
    make.question(session, status=QuestionStatus.ANSWERED, text="Waarom " * 40, support_count=99)  # too long

    page = front_page(make)

    assert "Komt er een &lt;b&gt;hek&lt;/b&gt;?" in page
    assert f'href="/vragen/{asked.id}"' in page
    assert ("Komt er licht?" in page, "Waarom Waarom" in page) == (False, False)
    assert ("gedaan:" in page, "Beantwoord" in page) == (True, True)


def test_a_promise_that_was_kept_goes_first_and_hidden_words_never(make, session):
    make.question(session, status=QuestionStatus.ANSWERED, text="Komt er licht?", support_count=30)
    forwarded(make, session, "Komt er een bankje?", status=FollowUpStatus.CONFIRMED)
    hidden = forwarded(make, session, "Wie is die man?", status=FollowUpStatus.CONFIRMED)
    with make.app.app_context():
        from dagvandebuurt.core.db import db

        found = db.session.get(type(hidden), hidden.id)
        found.status, found.hidden_reason = QuestionStatus.HIDDEN, "respect"
        db.session.commit()

    page = front_page(make)

    assert "Komt er een bankje?" in page
    assert "Bewoners bevestigen: het is klaar" in page
    assert ("Komt er licht?" in page, "Wie is die man?" in page) == (False, False)
