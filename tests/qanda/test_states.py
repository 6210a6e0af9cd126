"""What can become of a question, tried from the table: everything else is refused."""

from uuid import uuid4

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.items import card
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.states import AFTER, POSSIBLE, Deed

VERBS = {
    Deed.SUPPORT: (events.SUPPORT, {"on": True}),
    Deed.WITHDRAW: (events.WITHDRAW, {}),
    Deed.SHOW: (events.SHOW, {}),
    Deed.HIDE: (events.HIDE, {"reason": "respect"}),
    Deed.LIVE: (events.LIVE, {}),
    Deed.ANSWER: (events.ANSWER, {"text": "Ja."}),
}


@pytest.mark.parametrize("status", QuestionStatus)
@pytest.mark.parametrize("deed", Deed)
def test_every_deed_in_every_state(app, make, session, deed, status):
    asker = make.identity("Noor")
    actor = asker if deed in (Deed.SUPPORT, Deed.WITHDRAW) else make.moderator()
    question = make.question(session, asker, status=status)
    verb, more = VERBS[deed]

    answer = make.do(verb, actor, session, question=str(question.id), **more)

    with app.app_context():
        after = db.session.get(Question, question.id).status
    if status in POSSIBLE[deed]:
        assert answer["ok"], answer
        assert after is AFTER.get(deed, status)
    else:
        assert answer["error"]["code"] == "qanda.changed"
        assert answer["error"]["status"] == status
        assert after is status


@pytest.mark.parametrize("deed", [Deed.SHOW, Deed.HIDE, Deed.LIVE, Deed.ANSWER])
@pytest.mark.parametrize("roles", [[], ["editor"], ["organiser"], ["admin"], ["supporter"], ["org_contact"]])
def test_only_who_runs_the_session_moderates(make, session, deed, roles):
    verb, more = VERBS[deed]
    question = make.question(session, status=sorted(POSSIBLE[deed])[0])
    fields = {"question": str(question.id), **more}

    refused = make.do(verb, make.identity("Iemand", roles=roles), session, **fields)
    allowed = make.do(verb, make.identity("Jolien", roles=[("moderator", session.id)]), session, **fields)

    assert refused["error"]["code"] == "house.not_allowed"
    assert allowed["ok"]


def test_a_moderator_of_one_session_is_nobody_in_the_next(make, session, now):
    other = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    jolien = make.moderator(session=session)
    here, there = make.question(session), make.question(other)

    assert make.do(events.SHOW, jolien, session, question=str(here.id))["ok"]
    assert make.do(events.SHOW, jolien, other, question=str(there.id))["error"]["code"] == "house.not_allowed"


def test_who_is_second_hears_who_was_first(make, session):
    question = make.question(session)
    make.do(events.SHOW, make.moderator("Jolien"), session, question=str(question.id))

    second = make.do(events.SHOW, make.moderator("Mo"), session, question=str(question.id))

    assert (second["error"]["code"], second["error"]["by"], second["error"]["status"]) == (
        "qanda.changed", "Jolien", "visible",
    )  # fmt: skip


def test_one_question_has_the_turn_at_a_time(app, make, session):
    first, second = (make.question(session, status=QuestionStatus.VISIBLE) for _ in range(2))
    jolien = make.moderator()
    make.do(events.LIVE, jolien, session, question=str(first.id))

    make.do(events.LIVE, jolien, session, question=str(second.id))

    with app.app_context():
        statuses = [db.session.get(Question, q.id).status for q in (first, second)]
    assert statuses == [QuestionStatus.VISIBLE, QuestionStatus.LIVE]


def test_an_anonymous_question_has_nobody_in_its_row(app, make, session):
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


def test_the_hall_is_told_that_a_shown_question_went_and_nothing_of_one_that_never_was(app, make, session):
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
