"""Socket events in every order and more than once; and twins without their protection."""

import random
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.forms import Act
from dagvandebuurt.live import runtime, writes
from dagvandebuurt.live.dispatch import EVENTS
from dagvandebuurt.live.rate_limit import TokenBuckets
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme import session_rooms as programme_door
from dagvandebuurt.programme.models import SessionStatus
from dagvandebuurt.qanda import rules as qanda_rules
from dagvandebuurt.qanda.models import Question, QuestionStatus
from tests.live.inside import Inside, Seat
from tests.live.test_following import DAY, Room


@pytest.fixture
def inside(app, monkeypatch):
    return Inside(app, monkeypatch)


@pytest.fixture
def seat(inside, make, session):
    seat = inside.come(make.identity("Noor"))
    assert seat.call("session:enter", session=str(session.id))["ok"]
    return seat


def ask(session, **more):
    return {"session": str(session.id), "op": uuid4().hex, "id": str(uuid4()), "text": "Wie?", **more}


# --- B2: unknown fields ---


def check_extra_fields(seat):
    for event in sorted(EVENTS):
        assert "role" in seat.call(event, role="admin")["error"].get("fields", {}), event


def test_b2_an_extra_field_is_refused_by_its_name(seat):
    check_extra_fields(seat)


def test_b2_ignoring_unknown_fields_is_caught(seat, monkeypatch):
    kept = Act.from_message.__func__

    def lenient(cls, message):
        return kept(cls, {name: value for name, value in message.items() if name in cls.model_fields})

    monkeypatch.setattr(Act, "from_message", classmethod(lenient))
    with pytest.raises(AssertionError):
        check_extra_fields(seat)


# --- B7: events named connect and disconnect ---


def check_forged(inside, seat, session, monkeypatch):
    sid = seat.listener.sid
    monkeypatch.setattr(inside.core.server.manager, "is_connected", lambda *_: True)
    before = inside.core.presence.present(session.id)

    answers = [runtime._disconnect(inside.core, sid), runtime._connect(inside.core, sid, {}, ())]

    assert [answer["error"]["code"] for answer in answers if answer] == ["live.unknown_event"] * 2
    assert inside.core.listeners.find(sid) is seat.listener
    assert inside.core.presence.present(session.id) == before
    assert seat.call("question:ask", **ask(session))["ok"]


def test_b7_a_forged_connect_and_disconnect_change_nothing(inside, seat, session, monkeypatch):
    check_forged(inside, seat, session, monkeypatch)


def test_b7_accepting_forged_events_is_caught(inside, seat, session, monkeypatch):
    monkeypatch.setattr(runtime, "_is_forged", lambda *_: False)
    monkeypatch.setattr(runtime.admission, "who_is", lambda *_: Stranger())

    with pytest.raises(AssertionError):
        check_forged(inside, seat, session, monkeypatch)


# --- B13: over plain HTTP, with a lost response ---


def check_sent_again(make, session):
    browser, message = make.browser(make.person("Noor")), ask(session)
    post = {"event": "question:ask", "message": message}

    answers = [browser.post(f"/sessies/{session.slug}/live/op", json=post).get_json() for _ in range(3)]

    assert answers[0]["ok"]
    assert answers == [answers[0]] * 3
    with make.context():
        assert db.session.query(Question).count() == 1


def test_b13_a_retried_http_form_is_executed_once(make, session):
    check_sent_again(make, session)


def test_b13_a_server_without_stored_results_is_caught(make, session, monkeypatch):
    monkeypatch.setattr(writes, "stored_results", lambda _: {})
    monkeypatch.setattr(writes, "store_results", lambda *_: None)

    with pytest.raises(AssertionError):
        check_sent_again(make, session)


# --- B15: a whole visit replayed ---


@pytest.fixture
def recorded(inside, make, now, monkeypatch):
    """A day in a room, with every event that was sent: (who sent it, event, message, answer)."""
    people = {
        "reader": make.guest("Lezer"), "noor": make.identity("Noor"), "mo": make.guest("Mo"),
        "jolien": make.moderator(), "host": make.identity("Gastvrouw", roles=["host"]),
    }  # fmt: skip
    room, sent = Room(inside, make, people, now), []
    kept = Seat.call

    def call(seat, event, **message):
        answer = kept(seat, event, **message)
        if EVENTS[event].verb is not None:
            sent.append((seat, event, message, answer))
        return answer

    with monkeypatch.context() as recording:
        recording.setattr(Seat, "call", call)
        for deed, which in DAY:
            room.do(deed, which)
    return sent


def everything(make):
    """Every row that the writes changed: not the counters, which rise at every attempt."""
    beside = {"live_room", "visit", "login_session"}
    with make.context():
        return {
            table.name: sorted(map(str, db.session.execute(table.select()).all()))
            for table in db.metadata.sorted_tables
            if table.name not in beside
        }


@pytest.mark.parametrize("order", ["as it was", "backwards", "shuffled"])
def test_b15_replaying_a_whole_visit_changes_nothing_and_returns_the_same_answers(recorded, make, order):
    again = {"as it was": recorded, "backwards": recorded[::-1]}.get(order)
    again = again or random.Random(15).sample(recorded, len(recorded))
    before = everything(make)

    answers = [seat.call(event, **message) for seat, event, message, _ in again]

    assert len(recorded) > 20
    assert [as_told(answer) for answer in answers] == [as_told(answer) for *_, answer in again]
    assert answers == [seat.call(event, **message) for seat, event, message, _ in again]
    assert everything(make) == before


def as_told(answer):
    """An acknowledgement, every field of it; of its thing the id alone, because stored results hold no text."""
    is_thing = {key for key, value in answer.items() if isinstance(value, dict) and "id" in value}
    return {key: value["id"] if key in is_thing else value for key, value in answer.items()}


# --- B18: out of order ---


def test_b18_out_of_order_events_are_refused_clearly(inside, make, session):
    noor, jolien = inside.come(make.identity("Noor")), inside.come(make.moderator())
    about = {"session": str(session.id)}

    def code(seat, event, **fields):
        answer = seat.call(event, **about, **fields)
        return "ok" if answer["ok"] else answer["error"]["code"]

    early = ask(session)
    question = {"question": early["id"]}
    assert code(noor, "session:sync", since=0) == "live.not_entered"
    assert code(noor, "session:beat") == "live.not_entered"
    assert code(noor, "session:leave") == "ok"
    assert (
        code(noor, "question:ask", **{k: v for k, v in early.items() if k != "session"}) == "live.not_entered"
    )
    for seat in (noor, jolien):
        assert code(seat, "session:enter") == "ok"

    assert code(noor, "question:support", op=uuid4().hex, on=True, **question) == "qanda.not_yours"
    assert code(noor, "question:ask", **{k: v for k, v in early.items() if k != "session"}) == "ok"
    assert code(noor, "question:withdraw", op=uuid4().hex, **question) == "ok"
    for event in ("show", "live", "shortlist", "answer", "hide", "merge"):
        more = {"shortlist": {"on": True}, "answer": {"text": "Ja."}, "hide": {"reason": "respect"}}.get(
            event, {}
        )
        more = (
            {"into": str(make.question(session, status=QuestionStatus.VISIBLE).id)}
            if event == "merge"
            else more
        )
        assert code(jolien, f"question:{event}", op=uuid4().hex, **question, **more) == "qanda.changed", event

    poll = {"poll": str(uuid4())}
    assert code(noor, "poll:ballot", op=uuid4().hex, choices=[0], **poll) == "polls.not_there"
    assert code(jolien, "poll:open", op=uuid4().hex, **poll) == "polls.not_there"
    written = {"title": "Wat?", "kind": "single_choice", "options": ["A", "B"]}
    assert code(jolien, "poll:write", op=uuid4().hex, **poll, **written) == "ok"
    assert code(jolien, "poll:close", op=uuid4().hex, **poll) == "polls.changed"
    assert code(jolien, "poll:open", op=uuid4().hex, **poll) == "ok"
    assert code(jolien, "poll:open", op=uuid4().hex, **poll) == "polls.changed"  # open already
    assert code(noor, "session:leave") == "ok"
    assert code(noor, "session:leave") == "ok"
    assert code(noor, "reaction:send", kind="heart") == "live.not_entered"


# --- B19: rate limit ---


def test_b19_only_the_rate_limited_client_is_told_to_wait(inside, make, session):
    inside.core.pace = TokenBuckets(10, 5)
    fast, calm = (inside.come(make.identity(name)) for name in ("Noor", "Ali"))
    for seat in (fast, calm):
        assert seat.call("session:enter", session=str(session.id))["ok"]

    answers = [fast.call("session:beat", session=str(session.id)) for _ in range(50)]

    refused = [answer["error"] for answer in answers if not answer["ok"]]
    assert [answer["ok"] for answer in answers[:9]] == [True] * 9
    assert len(refused) > 30
    assert {(error["code"], error["retry_after"]) for error in refused} == {("live.slow_down", 1)}
    assert calm.call("session:beat", session=str(session.id))["ok"]


# --- B20: rooms without access ---


@pytest.fixture
def closed_rooms(make, session, now):
    soon = {"starts_at": now + timedelta(hours=2), "ends_at": now + timedelta(hours=3)}
    at_once = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    return SimpleNamespace(
        early=make.session("Straks", **soon),
        off=make.session("Gaat niet door", status=SessionStatus.CANCELLED, **at_once),
        draft=make.session("Klad", status=SessionStatus.DRAFT, **at_once),
    )


def check_kept_out(inside, make, session, rooms):
    reader = inside.come(make.identity("Noor"))
    names = [
        f"hall:{session.id}",
        f"desk:{session.id}",
        [str(session.id)],
        {"id": str(session.id)},
        "..",
        1,
        None,
    ]
    for room in (rooms.early, rooms.off, rooms.draft):
        assert not reader.call("session:enter", session=str(room.id))["ok"], room.title
    for name in names:
        assert "session" in reader.call("session:enter", session=name)["error"]["fields"], name
    for _ in range(500):
        assert reader.call("session:enter", session=str(uuid4()))["error"]["code"] == "house.not_found"

    jolien = inside.come(make.moderator())
    for room in (session, rooms.early):
        assert jolien.call("session:enter", session=str(room.id))["ok"]
        inside.look()
        asked = ask(room) if room is session else None
        if asked:
            assert jolien.call("question:ask", **asked)["ok"]
        jolien.call("backstage:say", session=str(room.id), op=uuid4().hex, text="Welkom.")
        inside.look(tick=True)
    assert len(jolien.read()) > 3
    assert reader.read() == []
    assert reader.listener.rooms == {}


def test_b20_a_client_without_access_receives_no_frame_of_the_room(inside, make, session, closed_rooms):
    check_kept_out(inside, make, session, closed_rooms)


def test_b20_a_room_without_access_control_is_caught(inside, make, session, closed_rooms, monkeypatch):
    monkeypatch.setattr(programme_door, "require_open", lambda *_, **__: None)

    with pytest.raises(AssertionError):
        check_kept_out(inside, make, session, closed_rooms)


# --- B6: a failing write ---


def check_breaks_in_silence(seat, session, make, monkeypatch, caplog, shown_as):
    monkeypatch.setattr(qanda_rules, "_shown_as", shown_as)

    answer = seat.call("question:ask", **ask(session, text="Het geheimwoord?"))

    assert answer["error"]["code"] == "live.try_again"
    assert "question:ask failed" in caplog.text
    assert "geheimwoord" not in caplog.text
    with make.context():
        assert db.session.query(Question).count() == 0


def an_asker_who_is_not_there(*_):
    """A database error whose message could repeat the parameters."""
    return {"asker_role": ParticipantRole.RESIDENT, "asker_id": uuid4()}


@pytest.mark.parametrize("shown_as", [an_asker_who_is_not_there, lambda *_: {}["nothing"]])
def test_b6_a_failing_write_is_answered_and_its_text_is_not_logged(
    seat, session, make, monkeypatch, caplog, shown_as
):
    check_breaks_in_silence(seat, session, make, monkeypatch, caplog, shown_as)


def test_b6_logging_of_statement_parameters_is_caught(app, seat, session, make, monkeypatch, caplog):
    with app.app_context():
        monkeypatch.setattr(db.engine, "hide_parameters", False)

    with pytest.raises(AssertionError, match="geheimwoord"):
        check_breaks_in_silence(seat, session, make, monkeypatch, caplog, an_asker_who_is_not_there)
