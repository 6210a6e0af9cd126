"""State machine of questions: generated from the table; everything else is refused."""

from uuid import uuid4

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import can
from dagvandebuurt.live import items
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.items import card
from dagvandebuurt.qanda.models import Action, Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.states import MACHINE

# What each action is sent as. CARRY_OVER and FORWARD are the house's own: nobody sends them.
VERBS = {
    Action.SUPPORT: (events.SUPPORT, {"on": True}),
    Action.WITHDRAW: (events.WITHDRAW, {}),
    Action.SHOW: (events.SHOW, {"seen": 0}),
    Action.HIDE: (events.HIDE, {"reason": "respect"}),
    Action.SHORTLIST: (events.SHORTLIST, {"on": True}),
    Action.UNLIST: (events.SHORTLIST, {"on": False}),
    Action.LIVE: (events.LIVE, {}),
    Action.REST: (events.LIVE, {"on": False}),
    Action.ANSWER: (events.ANSWER, {"text": "Ja."}),
    Action.MERGE: (events.MERGE, {}),
    Action.UNMERGE: (events.UNMERGE, {"seen": 0}),
    Action.MOVE: (events.MOVE, {}),
}
WHO = {
    "a stranger": None,
    "a guest": [],
    "a supporter": ["supporter"],
    "its host": [("host", "here")],
    "its moderator": [("moderator", "here")],
    "a moderator everywhere": ["moderator"],
    "a moderator elsewhere": [("moderator", "elsewhere")],
    "an editor": ["editor"],
    "an organiser": ["organiser"],
    "a contact": ["org_contact"],
    "an admin": ["admin"],
}


def test_the_table_tells_of_every_action_and_every_action_can_be_sent():
    assert set(MACHINE.table) == set(Action) == {*VERBS, Action.CARRY_OVER, Action.FORWARD}


@pytest.fixture
def elsewhere(make, session):
    return make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)


def _message(action, make, session, elsewhere, status):
    verb, more = VERBS[action]
    if action is Action.MERGE:
        more = {"into": str(make.question(session, status=QuestionStatus.VISIBLE).id)}
    if action is Action.MOVE:
        more = {"to": str(elsewhere.id)}
    if action is Action.ANSWER and status is QuestionStatus.ANSWERED:
        more = more | {"instead_of": "De gemeente, in maart."}
    return verb, more


def _status(app, question):
    with app.app_context():
        return db.session.get(Question, question.id).status


@pytest.mark.parametrize("status", QuestionStatus)
@pytest.mark.parametrize("action", VERBS)
def test_every_action_in_every_state(app, make, session, elsewhere, action, status):
    possible = MACHINE.table[action]
    asker = make.identity("Noor")
    actor = make.moderator() if possible.needs is QandaPermission.MODERATE else asker
    question = make.question(session, asker, status=status)
    verb, more = _message(action, make, session, elsewhere, status)

    answer = make.do(verb, actor, session, question=str(question.id), **more)

    after = _status(app, question)
    if status in possible.sources:
        assert answer["ok"], answer
        assert after is (possible.target or status)
    else:
        assert answer["error"]["code"] == "qanda.changed"
        assert answer["error"]["status"] == status
        assert after is status


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("action", VERBS)
def test_every_action_by_every_role(app, make, session, elsewhere, action, who):
    possible = MACHINE.table[action]
    scopes = {"here": session.id, "elsewhere": elsewhere.id}
    roles = WHO[who]
    if roles is None:
        actor = Stranger()
    else:
        actor = make.identity(
            "Iemand", roles=[r if isinstance(r, str) else (r[0], scopes[r[1]]) for r in roles]
        )
    status = sorted(possible.sources)[0]
    question = make.question(session, actor if actor.is_known else None, status=status)
    verb, more = _message(action, make, session, elsewhere, status)

    with make.context():
        message = verb.act.from_message(
            {"session": str(session.id), "op": uuid4().hex, "question": str(question.id), **more}
        )
        may = can(actor, possible.needs, db.session.get(ProgrammeSession, session.id))
        if actor.id is None:  # no door takes an act of a stranger; the rule behind it refuses as well
            assert not may
            return
        answer = live().do(verb, actor, message)

    runs = who in ("its host", "its moderator", "a moderator everywhere")
    assert may == (runs or possible.needs is not QandaPermission.MODERATE)
    assert answer["ok"] == may, answer
    if not may:
        assert answer["error"]["code"] == "house.not_allowed"
        assert _status(app, question) is status


def test_moderator_of_one_session_has_no_rights_in_another(make, session, now):
    other = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    jolien = make.moderator(session=session)
    here, there = make.question(session), make.question(other)

    assert make.do(events.SHOW, jolien, session, question=str(here.id))["ok"]
    assert make.do(events.SHOW, jolien, other, question=str(there.id))["error"]["code"] == "house.not_allowed"


def test_conflict_names_the_first_moderator(make, session):
    question = make.question(session)
    make.do(events.SHOW, make.moderator("Jolien"), session, question=str(question.id))

    second = make.do(events.SHOW, make.moderator("Mo"), session, question=str(question.id))

    assert (second["error"]["code"], second["error"]["by"], second["error"]["status"]) == (
        "qanda.changed", "Jolien", "visible",
    )  # fmt: skip


def test_an_answer_by_plain_form_over_one_not_read_yet_shows_both(make, session):  # D9
    question = make.question(session, status=QuestionStatus.LIVE)
    desk, path = make.browser(make.moderator("Mo")), f"/sessies/{session.slug}/vragen/{question.id}/antwoord"
    make.do(events.ANSWER, make.moderator("Jolien"), session, question=str(question.id), text="In maart.")

    page = desk.post(path, data={"text": "In april.", "instead_of": ""})
    again = desk.post(path, data={"text": "In april.", "instead_of": "In maart."})

    told = page.get_data(as_text=True)
    assert (page.status_code, again.status_code) == (409, 303)
    assert "Jolien heeft deze al beantwoord." in told
    assert told.count("In maart.") == 2  # to be read, and in the form that is sent next
    assert ">In april.</textarea>" in told


def test_only_one_question_is_on_stage(app, make, session):
    first, second = (make.question(session, status=QuestionStatus.VISIBLE) for _ in range(2))
    jolien = make.moderator()
    make.do(events.LIVE, jolien, session, question=str(first.id))

    make.do(events.LIVE, jolien, session, question=str(second.id))

    with app.app_context():
        statuses = [db.session.get(Question, q.id).status for q in (first, second)]
    assert statuses == [QuestionStatus.VISIBLE, QuestionStatus.LIVE]


def test_anonymous_question_row_names_no_person(app, make, session):
    noor = make.identity("Noor de Vries", neighbourhood="Sterrenhof", role=ParticipantRole.RESIDENT)
    identity = uuid4()
    make.do(events.ASK, noor, session, id=str(identity), text="Wie helpt?", appear="anonymous")

    with app.app_context():
        question = db.session.get(Question, identity)
        row = {column.name: getattr(question, column.name) for column in Question.__table__.columns}
        shown = card(question)
    assert (row["asker_id"], row["shown_name"], row["shown_neighbourhood"]) == (None, None, None)
    assert str(noor.id) not in str(row)
    assert shown["by"] == {"as": "anonymous"}
    assert row["asked_at"].second == 0
    assert "Wie helpt?" in make.browser(noor).get("/mijn").get_data(as_text=True)
    assert "Wie helpt?" not in make.browser(make.person("Ali")).get("/mijn").get_data(as_text=True)


@pytest.mark.parametrize("appear", Appearance)
def test_an_asker_appears_as_they_chose(app, make, session, appear):
    noor = make.identity("Noor de Vries", neighbourhood="Sterrenhof")
    identity = uuid4()
    make.do(events.ASK, noor, session, id=str(identity), text="Wie?", appear=appear.value)
    make.do(events.SHOW, make.moderator(), session, question=str(identity))

    page = make.browser().get(f"/sessies/{session.slug}/live").get_data(as_text=True)

    assert ("Noor de Vries" in page) == (appear is Appearance.NAME)
    assert ("Sterrenhof" in page) == (appear is Appearance.ROLE)


def test_hall_is_told_of_removed_public_questions_and_of_no_others(app, make, session):
    jolien, noor = make.moderator(), make.identity("Noor")
    shown, never = make.question(session, status=QuestionStatus.VISIBLE), make.question(session)
    make.do(
        events.SUPPORT, noor, session, question=str(shown.id), on=True
    )  # revision 1, which the hall knows
    for question in (shown, never):
        make.do(events.HIDE, jolien, session, question=str(question.id), reason="respect")

    with app.app_context():
        since = items.changes_since(session.id, 1)
        everything = items.changes_since(session.id, 0)

    assert [(item["id"], item["gone"]) for item in since.hall] == [(str(shown.id), True)]
    assert everything.hall == []
    assert {item["id"] for item in everything.desk} == {str(shown.id), str(never.id)}
