"""Several questions decided about in one deed: each as its presser saw it, and undone as one by one."""

import re

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionChange


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def ruben(make):
    return make.moderator("Ruben")


@pytest.fixture
def three(make, session):
    return [make.question(session, text=f"Vraag {number}?") for number in (1, 2, 3)]


@pytest.fixture
def several(make, session):
    def do(who, questions, **fields):
        about = [
            each if isinstance(each, dict) else {"question": str(each.id), "seen": 0} for each in questions
        ]
        return make.do(events.SEVERAL, who, session, questions=about, **fields)

    return do


def _statuses(make, questions):
    with make.context():
        db.session.expire_all()
        return [db.session.get(Question, each.id).status.value for each in questions]


def test_who_lost_the_race_is_refused_by_name_and_the_others_are_done(
    make, session, several, jolien, ruben, three
):
    make.do(events.HIDE, ruben, session, question=str(three[1].id), reason="respect", seen=0)

    answer = several(jolien, three, deed="show")

    assert [each["text"] for each in answer["done"]] == ["Vraag 1?", "Vraag 3?"]
    [refused] = answer["refused"]
    assert (refused["question"], refused["error"]["by"]) == (str(three[1].id), "Ruben")
    assert _statuses(make, three) == ["visible", "hidden", "visible"]


def test_hidden_together_each_asker_reads_the_one_reason(make, several, jolien, three):
    answer = several(jolien, three, deed="hide", reason="no_ads", note="Reclame.")

    assert {(each["hidden_reason"], each["hidden_note"]) for each in answer["done"]} == {
        ("no_ads", "Reclame.")
    }
    with make.context():
        assert db.session.query(QuestionChange).count() == 3


@pytest.mark.parametrize("deed", [{"deed": "show"}, {"deed": "hide", "reason": "no_ads"}])
def test_together_they_are_undone_and_what_a_colleague_did_since_stays(
    make, session, several, jolien, ruben, three, deed
):
    done = several(jolien, three, **deed)["done"]
    change = events.HIDE if deed["deed"] == "show" else events.SHOW
    more = {"reason": "respect"} if change is events.HIDE else {}
    make.do(change, ruben, session, question=done[0]["id"], seen=done[0]["desk_revision"], **more)
    seen = [{"question": each["id"], "seen": each["desk_revision"]} for each in done]

    undone = several(jolien, seen, deed="undo")

    assert [each["status"] for each in undone["done"]] == ["waiting", "waiting"]
    assert [each["error"]["by"] for each in undone["refused"]] == ["Ruben"]
    assert _statuses(make, three)[1:] == ["waiting", "waiting"]


def test_each_of_several_is_undone_alone_too(make, session, several, jolien, three):
    done = several(jolien, three, deed="show")["done"]

    undone = make.do(events.UNDO, jolien, session, question=done[1]["id"], seen=done[1]["desk_revision"])

    assert undone["question"]["status"] == "waiting"
    assert _statuses(make, three) == ["visible", "waiting", "visible"]


def test_pressed_twice_it_is_done_once(make, several, jolien, three):
    first, again = (several(jolien, three, deed="show", op="the-same-press") for _ in range(2))

    assert first == again
    with make.context():
        assert db.session.query(QuestionChange).count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"deed": "hide"},
        {"deed": "answer"},
        {"deed": "hide", "reason": "because"},
        {"deed": "show", "many": 1},
    ],
)
def test_bad_input_changes_nothing(make, several, jolien, three, wrong):
    for questions, fields in ((three, wrong), ([], {"deed": "show"}), (three * 40, {"deed": "show"})):
        with pytest.raises(InvalidInput):
            several(jolien, questions, **fields)
    assert _statuses(make, three) == ["waiting"] * 3


def test_who_runs_another_session_decides_nothing_here(make, session, several, three):
    there = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    elsewhere = make.question(there)

    stranger = several(make.moderator("Sanne", there), three, deed="show")
    across = several(make.moderator("Jolien", session), [elsewhere, three[0]], deed="show")

    assert stranger["error"]["code"] == "house.not_allowed"
    assert [each["error"]["code"] for each in across["refused"]] == ["qanda.not_yours"]
    assert _statuses(make, [*three, elsewhere]) == ["visible", "waiting", "waiting", "waiting"]


def test_by_form_what_is_ticked_is_shown_and_the_rest_listed(make, session, jolien, ruben, three):
    desk, path = make.browser(jolien), f"/sessies/{session.slug}/regie/meer"
    ticks = re.findall(r'name="vraag" value="([^"]+)"', desk.get(path).text)
    make.do(events.HIDE, ruben, session, question=str(three[0].id), reason="respect", seen=0)

    told = desk.post(path, data={"vraag": ticks, "deed": "show"}, follow_redirects=True).text

    assert len(ticks) == 3
    assert "2 vragen getoond." in told
    assert "Vraag 1? Ruben heeft deze al verborgen." in told
    assert _statuses(make, three) == ["hidden", "visible", "visible"]


def test_by_form_hiding_without_a_reason_keeps_the_ticks(make, session, jolien, three):
    desk, path = make.browser(jolien), f"/sessies/{session.slug}/regie/meer"

    answer = desk.post(path, data={"vraag": f"{three[1].id}:0", "deed": "hide", "note": "Half getypt"})

    assert answer.status_code == 422
    assert f'value="{three[1].id}:0" checked' in answer.text
    assert "Half getypt" in answer.text
