"""Merging a question into another one, and moving it to another session."""

from uuid import uuid4

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support

VISIBLE = QuestionStatus.VISIBLE


@pytest.fixture
def elsewhere(make, session):
    return make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)


def _read(app, question_id):
    with app.app_context():
        return db.session.get(Question, question_id)


def _stand_behind(make, session, question, *people):
    for person in people:
        assert make.do(events.SUPPORT, person, session, question=str(question.id), on=True)["ok"]


def _supporters(app, question_id):
    with app.app_context():
        return db.session.query(Support).filter_by(question_id=question_id).count()


def test_merging_unites_supporters_each_counted_once(app, make, session):
    one, other = make.question(session, status=VISIBLE), make.question(session, status=VISIBLE)
    mo, ali, sara = (make.guest(name) for name in ("Mo", "Ali", "Sara"))
    _stand_behind(make, session, one, mo, ali)
    _stand_behind(make, session, other, ali, sara)

    done = make.do(events.MERGE, make.moderator(), session, question=str(one.id), into=str(other.id))

    assert done["ok"]
    assert (_read(app, one.id).support_count, _supporters(app, one.id)) == (0, 0)
    assert (_read(app, other.id).support_count, _supporters(app, other.id)) == (3, 3)
    again = make.do(events.SUPPORT, mo, session, question=str(other.id), on=True)
    assert again["support"] == 3


def test_asker_of_a_merged_question_is_notified_and_gets_the_answer(app, make, session):
    noor, jolien = make.identity("Noor"), make.moderator()
    mine = make.question(session, noor, text="Waarom is het veld donker?")
    other = make.question(session, status=VISIBLE, text="Komt er licht op het veld?")
    make.do(events.MERGE, jolien, session, question=str(mine.id), into=str(other.id))
    with app.app_context():
        before = items.state_of(session.id).revision

    make.do(events.ANSWER, jolien, session, question=str(other.id), text="In mei.")

    with app.app_context():
        changes = items.changes_since(session.id, before)
        pushed = changes.own_of([noor.id])[noor.id]
        (kept,) = items.mine(session.id, noor)["questions"]
    told = next(item for item in pushed if item["id"] == str(mine.id))
    assert told == kept
    assert (told["answer"], told["merged_into"]["text"]) == ("In mei.", "Komt er licht op het veld?")
    page = make.browser(noor).get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert ("Jouw vraag hoort nu bij:" in page, told["timeline"]["standing"]) == (True, "answered")
    assert "In mei." in page


def test_hall_is_sent_the_target_of_a_merged_question(app, make, session):
    one, other = make.question(session, status=VISIBLE), make.question(session, status=VISIBLE)
    _stand_behind(make, session, one, make.guest())  # revision 1, which the hall knows

    make.do(events.MERGE, make.moderator(), session, question=str(one.id), into=str(other.id))

    with app.app_context():
        changes = items.changes_since(session.id, 1)
    gone = {item["id"]: item for item in changes.hall}[str(one.id)]
    assert (gone["gone"], gone["into"]) == (True, str(other.id))
    assert "text" not in gone


def test_earlier_merges_follow_to_the_new_target(app, make, session):
    first, second, third = (make.question(session, status=VISIBLE) for _ in range(3))
    jolien = make.moderator()
    make.do(events.MERGE, jolien, session, question=str(first.id), into=str(second.id))

    make.do(events.MERGE, jolien, session, question=str(second.id), into=str(third.id))

    assert _read(app, first.id).merged_into_id == third.id


def test_question_cannot_be_merged_into_itself_or_a_hidden_one(make, session):
    one, waiting = make.question(session, status=VISIBLE), make.question(session)
    jolien = make.moderator()

    itself = make.do(events.MERGE, jolien, session, question=str(one.id), into=str(one.id))
    unread = make.do(events.MERGE, jolien, session, question=str(one.id), into=str(waiting.id))
    nowhere = make.do(events.MERGE, jolien, session, question=str(one.id), into=str(uuid4()))

    codes = [answer["error"]["code"] for answer in (itself, unread, nowhere)]
    assert codes == ["qanda.cannot_merge", "qanda.changed", "qanda.not_yours"]


def test_moved_question_keeps_its_support_each_counted_once(app, make, session, elsewhere):
    mo, ali = make.guest("Mo"), make.guest("Ali")
    question = make.question(session, status=VISIBLE)
    _stand_behind(make, session, question, mo, ali)

    done = make.do(events.MOVE, make.moderator(), session, question=str(question.id), to=str(elsewhere.id))

    assert done["ok"], done
    there = _read(app, _read(app, question.id).moved_to_id)
    assert (there.session_id, there.status, there.support_count) == (elsewhere.id, VISIBLE, 2)
    again = make.do(events.SUPPORT, mo, elsewhere, question=str(there.id), on=True)
    new = make.do(events.SUPPORT, make.guest("Sara"), elsewhere, question=str(there.id), on=True)
    assert (again["support"], new["support"]) == (2, 3)
    less = make.do(events.SUPPORT, ali, elsewhere, question=str(there.id), on=False)
    assert less["support"] == 2
    with app.app_context():
        assert items.mine(elsewhere.id, mo)["supported"] == [str(there.id)]


def test_anonymous_asker_finds_a_moved_question_in_both_rooms(app, make, session, elsewhere):
    noor = make.identity("Noor")
    identity = str(uuid4())
    make.do(events.ASK, noor, session, id=identity, text="Wie helpt ons?", appear="anonymous")

    make.do(events.MOVE, make.moderator(), session, question=identity, to=str(elsewhere.id))

    with app.app_context():
        (here,) = items.mine(session.id, noor)["questions"]
        (there,) = items.mine(elsewhere.id, noor)["questions"]
        row = db.session.get(Question, _read_id(there))
        assert row.asker_id is None
    assert here["moved_to"] == {"slug": elsewhere.slug, "title": "Een andere zaal"}
    assert there["status"] == "waiting"
    assert make.do(events.WITHDRAW, noor, elsewhere, question=there["id"])["ok"]
    assert make.browser(noor).get("/mijn").get_data(as_text=True).count("Wie helpt ons?") == 1


def _read_id(item):
    from uuid import UUID

    return UUID(item["id"])


def test_moved_question_waits_for_the_moderator_of_its_new_session(app, make, session, elsewhere):
    question = make.question(session, status=VISIBLE, text="Mag dit hier?")

    make.do(
        events.MOVE, make.moderator(session=session), session, question=str(question.id), to=str(elsewhere.id)
    )

    there = _read(app, _read(app, question.id).moved_to_id)
    assert (there.status, there.was_public) == (QuestionStatus.WAITING, False)
    assert "Mag dit hier?" not in make.browser().get(f"/sessies/{elsewhere.slug}/live").get_data(as_text=True)


def test_questions_with_pseudonyms_of_different_rooms_cannot_be_merged(app, make, session, elsewhere):
    jolien = make.moderator()
    question, local = make.question(session, status=VISIBLE), make.question(elsewhere, status=VISIBLE)
    make.do(events.MOVE, jolien, session, question=str(question.id), to=str(elsewhere.id))
    there = _read(app, question.id).moved_to_id

    refused = make.do(events.MERGE, jolien, elsewhere, question=str(there), into=str(local.id))

    assert refused["error"]["code"] == "qanda.cannot_merge"


def test_question_cannot_move_to_a_past_or_the_same_session(make, session, now):
    from datetime import timedelta

    over = make.session("Voorbij", starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=2))
    question = make.question(session, status=VISIBLE)

    for place in (over, session):
        answer = make.do(events.MOVE, make.moderator(), session, question=str(question.id), to=str(place.id))
        assert answer["error"]["code"] == "qanda.cannot_move"


def test_a_moderator_merges_and_moves_with_plain_forms(app, make, session, elsewhere):
    jolien = make.browser(make.person("Jolien", roles=["moderator"]))
    alike = make.question(session, status=VISIBLE, text="Komt er meer licht op het veldje?")
    unlike = make.question(session, status=VISIBLE, text="Wie betaalt de koffie?")
    question = make.question(session, text="Waarom is er geen licht op ons veldje?")
    base = f"/sessies/{session.slug}/vragen/{question.id}"

    page = jolien.get(f"{base}/verplaatsen").get_data(as_text=True)
    assert page.index(alike.text) < page.index(unlike.text)
    merged = jolien.post(f"{base}/samenvoegen", data={"into": str(alike.id)}, follow_redirects=True)
    moved = jolien.post(
        f"/sessies/{session.slug}/vragen/{unlike.id}/doorgeven",
        data={"to": str(elsewhere.id)},
        follow_redirects=True,
    )

    assert "Samengevoegd." in merged.get_data(as_text=True)
    assert "Doorgegeven." in moved.get_data(as_text=True)
    assert make.browser(make.person()).get(f"{base}/verplaatsen").status_code == 403
