from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items, writes
from dagvandebuurt.live.models import LiveRoom, Operation
from dagvandebuurt.live.writes import Verb, Write
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.forms import SupportIt
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def noor(make):
    return make.identity("Noor")


def ask(session, op="op-number-1", text="Wie snoeit de haag?", **more):
    return {"session": str(session.id), "op": op, "id": str(uuid4()), "text": text, **more}


def write(verb, actor, message):
    return Write(verb, actor, verb.act.from_message(message))


def revision(session):
    db.session.rollback()
    return db.session.get(LiveRoom, session.id).revision


def test_an_acknowledgement_holds_the_committed_revision(session, noor):
    before = revision(session)
    [answer] = writes.execute([write(events.ASK, noor, ask(session))])

    assert answer["ok"]
    assert answer["revision"] == revision(session) > before


def test_a_replay_returns_the_stored_result_without_effect(session, noor):
    message = ask(session)
    [first] = writes.execute([write(events.ASK, noor, message)])
    [second] = writes.execute([write(events.ASK, noor, message)])

    assert second == first
    assert db.session.scalar(select(func.count()).select_from(Question)) == 1


def test_the_same_operation_twice_in_one_batch_is_done_once(session, noor):
    message = ask(session)

    answers = writes.execute([write(events.ASK, noor, message), write(events.ASK, noor, message)])

    assert answers[0] == answers[1]
    assert db.session.scalar(select(func.count()).select_from(Question)) == 1


def test_an_operation_id_with_other_content_is_refused(session, noor):
    writes.execute([write(events.ASK, noor, ask(session))])
    [answer] = writes.execute([write(events.ASK, noor, ask(session, text="Iets anders?"))])

    assert answer["error"]["code"] == "live.operation_reused"


def test_operation_ids_are_scoped_to_the_person(session, noor, make):
    answers = writes.execute(
        [write(events.ASK, noor, ask(session)), write(events.ASK, make.identity("Ali"), ask(session))]
    )

    assert [answer["ok"] for answer in answers] == [True, True]


def test_final_refusals_are_stored(session, noor, make):
    question = make.question(session, status=QuestionStatus.HIDDEN, was_public=True)
    message = {"session": str(session.id), "op": "op-number-1", "question": str(question.id), "on": True}
    [first] = writes.execute([write(events.SUPPORT, noor, message)])
    db.session.get(Question, question.id).status = QuestionStatus.VISIBLE
    db.session.commit()

    [second] = writes.execute([write(events.SUPPORT, noor, message)])

    assert first["error"]["code"] == "qanda.changed"
    assert second == first


def test_rate_limit_refusals_are_not_stored(session, noor):
    for number in range(5):
        writes.execute([write(events.ASK, noor, ask(session, op=f"op-number-{number}"))])
    message = ask(session, op="the-sixth-op")
    [too_many] = writes.execute([write(events.ASK, noor, message)])
    db.session.scalars(select(Question)).first().status = QuestionStatus.VISIBLE
    db.session.commit()

    [again] = writes.execute([write(events.ASK, noor, message)])

    assert too_many["error"]["code"] == "qanda.too_many_waiting"
    assert again["ok"]


def broken(_actor, _act, _moment):
    raise RuntimeError("on purpose")


def test_a_failing_write_does_not_affect_its_batch(session, noor):
    breaks = Verb("question:support", SupportIt, broken)
    bad = {"session": str(session.id), "op": "op-number-2", "question": str(uuid4()), "on": True}

    answers = writes.execute(
        [
            write(events.ASK, noor, ask(session)),
            write(breaks, noor, bad),
            write(events.ASK, noor, ask(session, op="op-number-3")),
        ]
    )

    assert [answer["ok"] for answer in answers] == [True, False, True]
    assert answers[1]["error"]["code"] == "live.try_again"
    assert db.session.scalar(select(func.count()).select_from(Question)) == 2
    assert db.session.scalar(select(func.count()).select_from(Operation)) == 2


def test_unknown_room_is_not_found(session, noor):
    nowhere = ask(session) | {"session": str(uuid4())}

    [answer] = writes.execute([write(events.ASK, noor, nowhere)])

    assert answer["error"]["code"] == "house.not_found"


def test_many_supports_at_once_count_what_is_there(session, make):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    crowd = [make.identity(f"Buur {n}") for n in range(30)]

    def wish(actor, on, op):
        message = {"session": str(session.id), "op": op, "question": str(question.id), "on": on}
        return write(events.SUPPORT, actor, message)

    yes = writes.execute([wish(actor, True, "op-yes-0001") for actor in crowd])
    no = writes.execute([wish(actor, False, "op-no-00001") for actor in crowd[:10]])

    rows = db.session.scalar(select(func.count()).select_from(Support))
    assert {answer["support"] for answer in yes} == {30}
    assert {answer["support"] for answer in no} == {20}
    assert rows == db.session.get(Question, question.id).support_count == 20


def test_of_two_votes_by_one_person_in_a_batch_the_later_counts(session, noor, make):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    message = {"session": str(session.id), "question": str(question.id)}

    writes.execute(
        [
            write(events.SUPPORT, noor, {**message, "op": "op-number-1", "on": True}),
            write(events.SUPPORT, noor, {**message, "op": "op-number-2", "on": False}),
        ]
    )

    assert db.session.scalar(select(func.count()).select_from(Support)) == 0
    assert db.session.get(Question, question.id).support_count == 0


def test_clients_at_revision_r_receive_all_changes_after_r(session, noor, make):
    old = make.question(session, status=QuestionStatus.VISIBLE, text="Stond er al")
    writes.execute([write(events.ASK, noor, ask(session))])
    at_first = revision(session)
    make.do(events.SUPPORT, noor, session, question=str(old.id), on=True)

    changed = items.changes_since(session.id, at_first)

    assert [(item["text"], item["support"]) for item in changed.hall] == [("Stond er al", 1)]
    assert changed.hall == [
        item for item in items.changes_since(session.id, 0).hall if item["id"] == str(old.id)
    ]


def test_nothing_is_stored_when_the_commit_fails(session, noor, monkeypatch):
    def fails():
        raise OSError("disk full")

    monkeypatch.setattr(db.session(), "commit", fails)
    [answer] = writes.execute([write(events.ASK, noor, ask(session))])
    monkeypatch.undo()

    assert answer["error"]["code"] == "live.try_again"
    assert db.session.scalar(select(func.count()).select_from(Question)) == 0
