"""IDOR: ids of other people's things, or of another room, are answered like unknown ids."""

import re
from uuid import uuid4

import pytest

from dagvandebuurt.lessons.models import Lesson, LessonStatus
from dagvandebuurt.moderation.models import ReportStatus
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.programme.models import SessionStatus
from dagvandebuurt.qanda.models import QuestionStatus
from dagvandebuurt.qanda.private_link import path_to
from tests.live.inside import Inside

QUESTION = {
    "question:withdraw": {}, "question:support": {"on": True}, "question:show": {},
    "question:hide": {"reason": "respect"}, "question:mute": {"reason": "respect"}, "question:unmute": {}, "question:hidename": {}, "question:shortlist": {"on": True}, "question:claim": {}, "question:live": {},
    "question:answer": {"text": "Ja."}, "report:send": {"reason": "respect"},
}  # fmt: skip
POLL = {
    "poll:ready": {}, "poll:remove": {}, "poll:open": {}, "poll:close": {}, "poll:results": {"on": True}, "poll:ballot": {"choices": [0]}, "poll:show": {"answers": [0], "on": True, "seen": 0},
    "poll:write": {"title": "Wat?", "kind": "single_choice", "options": ["A", "B"]},
}  # fmt: skip
REPORT = {"report:take": {}, "report:dismiss": {"note": "Mag."}, "report:appeal": {"text": "Toch."}}


class Elsewhere:
    """Things of another room, of which the people here know nothing but, somehow, the id."""

    def __init__(self, make, session, there):
        self.make, self.there = make, there
        self.nothing = str(uuid4())

    def question(self, status=QuestionStatus.VISIBLE):
        return str(self.make.question(self.there, status=status).id)

    def poll(self, status):
        options = [PollOption(position=place, label=label) for place, label in enumerate("AB")]
        poll = Poll(
            session_id=self.there.id,
            title="Daar?",
            kind=PollKind.SINGLE_CHOICE,
            status=status,
            options=options,
        )
        return str(self.make.store(poll).id)

    def report(self):
        return str(self.make.report(self.there, status=ReportStatus.DISMISSED).id)


@pytest.fixture
def elsewhere(make, session):
    there = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    return Elsewhere(make, session, there)


@pytest.fixture
def send(app, make, session, monkeypatch):
    """Send as a person in the room here: a guest, or the moderator of this room alone."""
    inside = Inside(app, monkeypatch)
    seats = {"guest": inside.come(make.guest()), "moderator": inside.come(make.moderator(session=session))}
    for seat in seats.values():
        assert seat.call("session:enter", session=str(session.id))["ok"]

    def send(who, event, **fields):
        return seats[who].call(event, session=str(session.id), op=uuid4().hex, **fields)

    return send


@pytest.mark.parametrize("status", [QuestionStatus.WAITING, QuestionStatus.VISIBLE, QuestionStatus.HIDDEN])
@pytest.mark.parametrize("event", QUESTION)
def test_c3_a_question_of_another_room_is_not_found(send, elsewhere, event, status):
    for who in ("guest", "moderator"):
        theirs = send(who, event, question=elsewhere.question(status), **QUESTION[event])
        nothing = send(who, event, question=elsewhere.nothing, **QUESTION[event])

        assert not theirs["ok"]
        assert theirs == nothing, who


@pytest.mark.parametrize("status", PollStatus)
@pytest.mark.parametrize("event", sorted(POLL.keys() - {"poll:write"}))
def test_c3_a_poll_of_another_room_is_not_found(send, elsewhere, event, status):
    for who in ("guest", "moderator"):
        theirs = send(who, event, poll=elsewhere.poll(status), **POLL[event])
        nothing = send(who, event, poll=elsewhere.nothing, **POLL[event])

        assert not theirs["ok"]
        assert theirs == nothing, who


def test_c3_a_poll_of_another_room_cannot_be_overwritten(send, elsewhere):
    taken = send("moderator", "poll:write", poll=elsewhere.poll(PollStatus.DRAFT), **POLL["poll:write"])

    assert taken["error"]["code"] == "polls.not_there"


@pytest.mark.parametrize("event", REPORT)
def test_c3_a_report_of_another_room_is_not_found(send, elsewhere, event):
    for who in ("guest", "moderator"):
        theirs = send(who, event, report=elsewhere.report(), **REPORT[event])
        nothing = send(who, event, report=elsewhere.nothing, **REPORT[event])

        assert not theirs["ok"]
        assert theirs == nothing, who


def test_c3_a_question_merges_into_nothing_elsewhere_and_moves_to_no_draft(send, make, session, elsewhere):
    here = str(make.question(session, status=QuestionStatus.VISIBLE).id)
    draft = str(make.session("Klad", status=SessionStatus.DRAFT).id)

    into = [
        send("moderator", "question:merge", question=here, into=other)
        for other in (elsewhere.question(), elsewhere.nothing)
    ]
    to = [send("moderator", "question:move", question=here, to=other) for other in (draft, elsewhere.nothing)]

    assert into[0] == into[1]
    assert to[0] == to[1]
    assert [answer["ok"] for answer in (*into, *to)] == [False] * 4


def test_c3_a_pending_question_is_not_found_by_other_guests(send, make, session, elsewhere):
    waiting = str(make.question(session).id)
    for event in ("question:withdraw", "report:send"):
        theirs = send("guest", event, question=waiting, **QUESTION[event])
        nothing = send("guest", event, question=elsewhere.nothing, **QUESTION[event])

        assert theirs == nothing, event


def test_c3_supporting_a_pending_question_gives_not_found(send, make, session, elsewhere):
    for status in (QuestionStatus.WAITING, QuestionStatus.HIDDEN, QuestionStatus.WITHDRAWN):
        waiting = str(make.question(session, status=status).id)
        theirs = send("guest", "question:support", question=waiting, on=True)
        nothing = send("guest", "question:support", question=elsewhere.nothing, on=True)

        assert theirs == nothing, status


def test_c3_pages_of_private_things_give_404(make, session, elsewhere):
    lesson = Lesson(
        edition_id=session.edition_id, slug="klad", title="Klad", lead="Kort.", in_short=["Eén."],
        status=LessonStatus.IN_REVIEW, changed_at=session.starts_at,
    )  # fmt: skip
    make.store(lesson)
    draft = make.session("Klad", slug="kladzaal", status=SessionStatus.DRAFT)
    waiting = make.question(session)
    with make.context():
        way_back = path_to(waiting.id)
    pairs = [
        (f"/vragen/{waiting.id}", f"/vragen/{elsewhere.nothing}"),
        ("/lessen/klad", "/lessen/niets"),
        (f"/sessies/{draft.slug}", "/sessies/niets"),
        (f"/sessies/{draft.slug}/live", "/sessies/niets/live"),
        (f"/sessies/{draft.slug}/regie", "/sessies/niets/regie"),
        (way_back[:-3] + "abc", "/vragen/terug/niets"),
    ]
    for who in (None, make.guest(), make.moderator(session=session)):
        for theirs, nothing in pairs:
            pages = [make.browser(who).get(path) for path in (theirs, nothing)]
            texts = [
                re.sub(r'value="[\w.-]{80,}"', "", page.get_data(as_text=True)).replace(path, "")
                for page, path in zip(pages, (theirs, nothing), strict=True)
            ]  # fmt: skip
            assert [page.status_code for page in pages] == [404, 404], theirs
            assert texts[0] == texts[1], theirs
