"""Resynchronisation after a freeze (thundering herd): no query where nothing changed, and otherwise as many
for a hall as for one."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.live.resync import SyncRequest
from dagvandebuurt.live.runtime import Json, live
from dagvandebuurt.qanda.models import QuestionStatus
from tests.live.inside import Inside
from tests.live.test_together import counted_queries

PEOPLE = 30


@pytest.fixture
def inside(app, monkeypatch):
    return Inside(app, monkeypatch)


@pytest.fixture
def hall(inside, make, session):
    """People who entered, and are up to date."""
    make.question(session, status=QuestionStatus.VISIBLE, text="Van iedereen?")
    seats = [inside.come(make.identity(f"Buur {number}")) for number in range(PEOPLE)]
    for seat in seats:
        entered = seat.call("session:enter", session=str(session.id))
        assert entered["ok"], entered
        seat.known = {"since": entered["revision"], "epoch": entered["epoch"]}
    inside.look(tick=True)
    inside.core.pump._wake.clear()
    return seats


def sync(seat, session, **more):
    return seat.call("session:sync", session=str(session.id), **seat.known, **more)


def all_at_once(inside, seats, session, **more):
    """The answers to a batch of so many concurrent requests."""
    asked = [SyncRequest(seat.listener, session.id, **{**seat.known, **more}) for seat in seats]
    with inside.app.app_context(), counted_queries() as queries:
        answers = live().catching_up._answer_all(asked)
    return [json.loads(Json.dumps(answer)) for answer in answers], queries


def test_where_nothing_changed_the_answer_comes_from_memory(inside, hall, session):
    with inside.app.app_context(), counted_queries() as queries:
        answers = [sync(seat, session) for seat in hall]

    assert queries == []
    for seat, answer in zip(hall, answers, strict=True):
        assert (answer["ok"], answer["items"], answer["to"]) == (True, [], seat.known["since"])
        assert "mine" not in answer  # nothing of it changed


def test_a_hall_that_resyncs_needs_as_many_queries_as_one_person(inside, hall, make, session):
    new = make.question(
        session, status=QuestionStatus.VISIBLE, text="Nieuw?", revision=raised(inside, session)
    )

    inside.core.pump.wake()
    _, alone = all_at_once(inside, hall[:1], session)
    told, together = all_at_once(inside, hall, session)

    assert 0 < len(together) <= len(alone)
    assert all([item["id"] for item in answer["items"]] == [str(new.id)] for answer in told)
    assert all("questions" in answer["mine"] for answer in told)


def raised(inside, session):
    """The room is one revision further, as after any write."""
    with inside.app.app_context():
        room = db.session.get(LiveRoom, session.id)
        room.revision += 1
        db.session.commit()
        return room.revision


def test_unbroadcast_changes_are_never_answered_from_memory(inside, hall, make, session):
    """The pump was woken, but did not run yet: what it sent is not up to date."""
    make.question(session, status=QuestionStatus.VISIBLE, text="Nieuw?", revision=raised(inside, session))
    inside.core.pump.wake()

    assert len(sync(hall[0], session)["items"]) == 1


def test_a_stalled_pump_falls_back_to_the_database(inside, hall, make, session):
    make.question(session, status=QuestionStatus.VISIBLE, text="Nieuw?", revision=raised(inside, session))
    inside.core.pump._turned -= 60

    assert len(sync(hall[0], session)["items"]) == 1


def test_a_connection_check_needs_no_query(inside, hall, session):
    raised(inside, session)
    inside.look(tick=True)
    inside.core.pump._wake.clear()

    with inside.app.app_context(), counted_queries() as queries:
        quick = sync(hall[0], session, mine=False)
        counted = len(queries)
        whole = sync(hall[0], session)

    assert counted == 0
    assert quick["ok"]
    assert "mine" in whole  # one's own items may have changed with it


def test_another_epoch_gets_a_full_snapshot(inside, hall, session):
    hall[0].known["epoch"] = "another"

    answer = sync(hall[0], session)

    assert answer["from"] == 0
    assert len(answer["items"]) == 1


def test_a_client_that_left_is_refused_alone(inside, hall, session):
    hall[1].call("session:leave", session=str(session.id))
    hall[2].known["since"] = 0

    told, _ = all_at_once(inside, hall[2:4], session)

    assert (
        hall[1].call("session:sync", session=str(session.id), since=1)["error"]["code"] == "live.not_entered"
    )
    assert [answer["from"] for answer in told] == [0, hall[3].known["since"]]


def test_concurrent_threads_are_answered(inside, hall, session):
    for seat in hall:
        seat.known["since"] = 0

    with ThreadPoolExecutor(PEOPLE) as threads:
        answers = list(threads.map(lambda seat: sync(seat, session), hall))

    assert all(answer["ok"] and len(answer["items"]) == 1 for answer in answers)
