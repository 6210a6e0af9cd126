"""The front page tells what became of a real question and which lessons were written, and invents none."""

from datetime import timedelta

from dagvandebuurt.agenda.models import FollowUpQuestion, FollowUpStatus
from dagvandebuurt.lessons.models import LessonStatus
from dagvandebuurt.qanda.models import QuestionStatus
from tests.lessons.writing import a_lesson


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


def test_the_three_newest_lessons_are_shown_and_none_that_is_not_out(make, session, now):
    for number in range(5):
        a_lesson(
            make, now, LessonStatus.PUBLISHED, session=session, slug=f"les-nummer-{number}",
            title=f"Les nummer {number}", published_at=now - timedelta(days=number),
        )  # fmt: skip
    a_lesson(make, now, LessonStatus.DRAFT, session=session, title="Nog niet af")
    a_lesson(make, now, LessonStatus.TAKEN_DOWN, session=session, title="Weggehaald")

    page = front_page(make)

    assert [f"Les nummer {number}" in page for number in range(5)] == [True, True, True, False, False]
    assert 'href="/lessen/les-nummer-0"' in page
    assert ("Nog niet af" in page, "Weggehaald" in page) == (False, False)


def test_without_a_lesson_there_is_no_empty_box(make, session):
    page = front_page(make)

    assert "home__lessons" not in page
    assert "Toon alle lessen" not in page
