"""A source of live items is asked only when one of the revisions that it named is newer: none may be missing."""

import pytest

from dagvandebuurt.live import items
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionStatus
from tests.live.test_together import counted_queries

# Their revision is never newer than that of BreakoutState, which is what that source looks at first.
BEHIND_ANOTHER = {"breakout_round", "breakout_group", "breakout_seat"}
# A hand is told by the revision of its rules; a line at a table is on that page alone.
ALWAYS_ASKED = {"label_set"}  # with the labels of questions, whose table does not say in which room they are
IN_NO_ITEM = {"hand", "breakout_line"}


def named_tables():
    return {
        of_room.class_.__tablename__
        for registration in items._sources.values()
        for of_room, _revision in registration.versions
    }


def test_every_table_with_a_revision_is_named_by_a_source(app):
    with_revision = {
        mapper.local_table.name
        for mapper in Question.registry.mappers
        if {"session_id", "revision"} <= set(mapper.columns.keys()) and mapper.class_ is not LiveRoom
    }

    assert "question" in with_revision
    assert with_revision - named_tables() - BEHIND_ANOTHER - ALWAYS_ASKED - IN_NO_ITEM == set()


def test_sources_with_nothing_newer_are_not_asked(app, make, session, monkeypatch):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    make.do(events.SUPPORT, make.guest(), session, question=str(question.id), on=True)
    with app.app_context():
        since = items.state_of(session.id).revision
    make.do(events.SUPPORT, make.guest(), session, question=str(question.id), on=True)

    with app.app_context(), counted_queries() as asked:
        state = items.state_of(session.id)
        changes = items.changes_since(session.id, since, state)

    assert [item["id"] for item in changes.hall] == [str(question.id)]
    assert len(asked) <= 4  # the state, what is newer, the questions, and what was merged into them


@pytest.mark.parametrize("op", ["close", "backstage"])
def test_other_kinds_than_questions_come_through(app, make, session, op):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    make.do(events.SUPPORT, make.guest(), session, question=str(question.id), on=True)
    with app.app_context():
        since = items.state_of(session.id).revision
        assert items.changes_since(session.id, since).desk == []

    if op == "close":
        make.do(events.ARRANGE, make.moderator(), session, is_open=False)
    else:
        make.do(events.BACKSTAGE, make.moderator(), session, text="Nog vijf minuten.")

    with app.app_context():
        told = items.changes_since(session.id, since)
    assert [item["kind"] for item in told.desk] == ["asking" if op == "close" else "backstage"]


def test_own_items_are_made_only_for_who_is_asked_for(app, make, session):
    noor, kees = make.identity("Noor", email=None), make.identity("Kees", email=None)
    mine = make.question(session, asker=noor, status=QuestionStatus.VISIBLE)
    other = make.question(session, asker=kees, status=QuestionStatus.VISIBLE)
    with app.app_context():
        since = items.state_of(session.id).revision
    for question in (mine, other):
        make.do(events.SUPPORT, make.guest(), session, question=str(question.id), on=True)

    with app.app_context():
        changes = items.changes_since(session.id, max(since, items.FIRST_REVISION))
        told = changes.own_of([noor.id])
        everybody = set(changes.people)

    assert everybody >= {noor.id, kees.id}
    assert {person: [item["id"] for item in its] for person, its in told.items()} == {noor.id: [str(mine.id)]}
