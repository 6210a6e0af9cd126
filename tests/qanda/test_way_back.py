"""Private link of an anonymous question: works until the question has ended, across moves and merges."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.people import jobs
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionStatus


@pytest.fixture
def elsewhere(make, session):
    return make.session("Rommel op straat", starts_at=session.starts_at, ends_at=session.ends_at)


@pytest.fixture
def asked(make, session):
    """Return the id of an anonymous question, and its private link."""
    identity = str(uuid4())
    make.do(events.ASK, make.guest(), session, id=identity, text="En de parkeerplaatsen?", appear="anonymous")
    make.do(events.SHOW, make.moderator(), session, question=identity)
    with make.context():
        from dagvandebuurt.qanda.private_link import path_to

        return identity, path_to(UUID(identity))


def moved(make, session, question, to):
    make.do(events.MOVE, make.moderator(), session, question=question, to=str(to.id))
    with make.context():
        return str(db.session.get(Question, UUID(question)).moved_to_id)


def read(make, path):
    return make.browser().get(path).get_data(as_text=True)


def test_private_link_shows_the_answer_given_after_a_move(make, session, elsewhere, asked):
    question, path = asked
    there = moved(make, session, question, elsewhere)
    assert "Zaterdag komt de wagen." not in read(make, path)

    make.do(events.ANSWER, make.moderator(), elsewhere, question=there, text="Zaterdag komt de wagen.")

    assert "Zaterdag komt de wagen." in read(make, path)


def test_private_link_follows_a_merge_and_a_second_move(make, session, elsewhere, asked):
    question, path = asked
    third = make.session("Parkeren", starts_at=session.starts_at, ends_at=session.ends_at)
    there = moved(make, session, moved_question := question, elsewhere)
    again = moved(make, elsewhere, there, third)
    make.do(events.ANSWER, make.moderator(), third, question=again, text="In maart.")

    assert moved_question == question
    assert "In maart." in read(make, path)


def test_private_link_does_not_show_hidden_content(make, session, elsewhere, asked):
    question, path = asked
    there = moved(make, session, question, elsewhere)
    make.do(events.ANSWER, make.moderator(), elsewhere, question=there, text="Zaterdag komt de wagen.")
    make.do(events.HIDE, make.moderator(), elsewhere, question=there, reason="respect")

    assert "Zaterdag komt de wagen." not in read(make, path)


def test_private_link_works_after_the_room_key_was_destroyed(app, make, session, asked, monkeypatch):
    """Organisations take 26 to 35 days; the key is destroyed fourteen days after the day."""
    question, path = asked
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=40))
    jobs.tidy(app)
    with app.app_context():
        assert not pseudonyms.exists(session.id)
        row = db.session.get(Question, UUID(question))
        assert row.author_key is None
        row.status, row.answer, row.answered_at = QuestionStatus.ANSWERED, "In maart.", session.ends_at
        db.session.commit()

    assert "In maart." in read(make, path)
