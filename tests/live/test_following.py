"""Convergence: a client that follows a room has the state of one that enters now, whatever happened."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagvandebuurt.core.db import db
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.qanda import items as qanda_items
from dagvandebuurt.qanda.models import Action, Question, QuestionStatus
from dagvandebuurt.qanda.states import MACHINE
from tests.live.inside import Inside


@dataclass(eq=False)
class Follower:
    """Client as specified in docs/live-protocol.md."""

    inside: Inside
    session: str
    actor: object
    items: dict = field(default_factory=dict)
    own: dict = field(default_factory=dict)

    def enter(self):
        self.seat = self.inside.come(self.actor)
        entered = self.seat.call("session:enter", session=self.session)
        assert entered["ok"], entered
        self.items, self.own = {}, {}
        self._apply(entered["items"], self.items)
        self._apply(entered["mine"].get("questions", ()), self.own)
        self.revision = entered["revision"]
        return self

    def follow(self):
        for name, told in self.seat.read():
            if name == "session:mine":
                self._apply(told["items"], self.own)
            elif name == "session:changes" and told["from"] <= self.revision:
                self._apply(told["items"], self.items)
                self.revision = max(self.revision, told["to"])
            elif name in ("session:changes", "session:tick") and told["to"] > self.revision:
                self._sync()

    def _sync(self):
        answer = self.seat.call("session:sync", session=self.session, since=self.revision)
        self._apply(answer["items"], self.items)
        self._apply(answer["mine"].get("questions", ()), self.own)
        self.revision = answer["to"]

    @staticmethod
    def _apply(items, known):
        for item in items:
            if item.get("gone"):
                known.pop(item["id"], None)
            elif item["revision"] >= known.get(item["id"], item)["revision"]:
                known[item["id"]] = item


class Room:
    """Room with people who act in it; each action is a short word of `DEEDS`."""

    def __init__(self, inside, make, people, now):
        self.inside, self.make = inside, make
        here, there = (
            make.session(name, starts_at=now.replace(minute=0), ends_at=now.replace(minute=50))
            for name in "ab"
        )
        self.here, self.there = str(here.id), str(there.id)
        self.elsewhere = there
        self.people = people
        self.questions, self.polls, self.reports = [], [], []
        self.readers = [
            Follower(inside, self.here, actor).enter()
            for actor in (
                Stranger(),
                people["reader"],
                people["noor"],
                people["mo"],
                people["jolien"],
                people["host"],
            )
        ]
        self.seats = {}

    def seat(self, who, session):
        if (who, session) not in self.seats:
            self.seats[who, session] = self.inside.come(self.people[who])
            assert self.seats[who, session].call("session:enter", session=session)["ok"]
        return self.seats[who, session]

    def send(self, who, event, *, session=None, **fields):
        session = session or self.here
        answer = self.seat(who, session).call(event, session=session, op=uuid4().hex, **fields)
        # Whatever the order: executed, or refused for a reason. Never an error.
        assert answer["ok"] or answer["error"]["code"] != "live.try_again", (event, fields)
        return answer

    def do(self, deed, which):
        question = self.questions[which % len(self.questions)] if self.questions else str(uuid4())
        other = self.questions[(which + 1) % len(self.questions)] if self.questions else str(uuid4())
        poll = self.polls[which % len(self.polls)] if self.polls else str(uuid4())
        desk = "jolien" if which % 2 else "host"
        asker = "noor" if which % 2 else "mo"
        if deed == "ask":
            self.questions.append(str(uuid4()))
            appear = ("role", "name", "anonymous")[which % 3]
            self.send(asker, "question:ask", id=self.questions[-1], text=f"Vraag {which}?", appear=appear)
        elif deed == "come from elsewhere":
            self._from_elsewhere(asker)
        elif deed == "go elsewhere":
            self.send("jolien", "question:move", question=question, to=self.there)
        elif deed == "merge":
            self.send(desk, "question:merge", question=question, into=other)
        elif deed == "support":
            self.send(asker, "question:support", question=question, on=which % 3 > 0)
        elif deed == "withdraw":
            for who in ("noor", "mo"):
                self.send(who, "question:withdraw", question=question)
        elif deed == "shows first":
            self.send(desk, "asking:arrange", shows_first=which % 2 == 0)
        elif deed == "backstage":
            self.send(desk, "backstage:say", text="Over vijf minuten.")
        elif deed == "report":
            sent = self.send(asker, "report:send", question=question, reason="respect")
            self.reports += [sent["report"]["id"]] if sent["ok"] else []
        elif deed in ("take", "dismiss") and self.reports:
            note = {"note": "Dit mag."} if deed == "dismiss" else {}
            self.send(desk, f"report:{deed}", report=self.reports[which % len(self.reports)], **note)
        elif deed in ("take", "dismiss"):
            pass
        elif deed == "poll":
            self.polls.append(str(uuid4()))
            written = {"title": "Wat?", "kind": "single_choice", "options": ["A", "B"]}
            self.send(desk, "poll:write", poll=self.polls[-1], **written)
        elif deed == "open":
            self.send(desk, "poll:ready", poll=poll)
            self.send(desk, "poll:open", poll=poll)
        elif deed == "choose":
            self.send(asker, "poll:ballot", poll=poll, choices=[which % 2])
        elif deed == "close":
            self.send(desk, "poll:close", poll=poll)
        elif deed == "results":
            self.send(desk, "poll:results", poll=poll, on=which % 3 > 0)
        elif deed == "look":
            self.inside.look()
            for reader in self.readers:
                reader.follow()
        elif deed == "come back":
            reader = self.readers[which % len(self.readers)]
            reader.seat.go()
            reader.enter()
        else:
            more = {"hide": {"reason": "respect"}, "answer": {"text": f"Antwoord {which}."}}.get(deed, {})
            if deed in ("shortlist", "live"):
                more = {"on": which % 3 > 0}
            self.send(desk, f"question:{deed}", question=question, **more)

    def _from_elsewhere(self, asker):
        identity = str(uuid4())
        self.send(asker, "question:ask", session=self.there, id=identity, text="Van elders?")
        moved = self.send("jolien", "question:move", session=self.there, question=identity, to=self.here)
        if moved["ok"]:
            with self.make.context():
                there = db.session.get(Question, UUID(identity))
                self.questions.append(str(there.moved_to_id))

    def check(self):
        """Every client's state equals a fresh snapshot."""
        self.inside.look(tick=True)
        for reader in self.readers:
            reader.follow()
            fresh = Follower(self.inside, self.here, reader.actor).enter()
            assert reader.items == fresh.items, reader.actor
            assert reader.own == fresh.own, reader.actor


QUESTION_DEEDS = [
    "show",
    "hide",
    "shortlist",
    "live",
    "answer",
    "merge",
    "support",
    "withdraw",
    "go elsewhere",
]
POLL_DEEDS = ["poll", "open", "choose", "close", "results"]
OTHERS = ["ask", "ask", "come from elsewhere", "shows first", "backstage", "look", "look", "come back"]
REPORT_DEEDS = ["report", "take", "dismiss"]
DEEDS = QUESTION_DEEDS + POLL_DEEDS + REPORT_DEEDS + OTHERS


@pytest.fixture
def inside(app, monkeypatch):
    return Inside(app, monkeypatch)


@pytest.fixture
def people(make):
    return {
        "reader": make.guest("Lezer"), "noor": make.identity("Noor"), "mo": make.guest("Mo"),
        "jolien": make.moderator(), "host": make.identity("Gastvrouw", roles=["host"]),
    }  # fmt: skip


@pytest.fixture
def follow(inside, make, people, now):
    def follow(deeds):
        room = Room(inside, make, people, now)
        for deed, which in deeds:
            room.do(deed, which)
        room.check()

    return follow


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 11)), max_size=30))
def test_b25_broadcast_changes_add_up_to_the_state(follow, deeds):  # B18
    follow(deeds)


def test_b25_a_whole_day_adds_up_too(follow):
    """Every action there is, in an order in which each of them can be done."""
    follow(DAY)


LOOK = ("look", 0)
DAY = [
    ("ask", 1), LOOK, ("show", 0), ("support", 2), LOOK,
    ("ask", 2), ("come back", 1), ("show", 1), ("shortlist", 1), ("live", 1), LOOK, ("answer", 1), LOOK,
    ("ask", 3), ("hide", 2), LOOK, ("show", 2), LOOK, ("hide", 2), LOOK,
    ("come from elsewhere", 3), LOOK, ("show", 3), ("ask", 4), ("show", 4), LOOK, ("merge", 4), LOOK,
    ("report", 0), LOOK, ("take", 0), ("dismiss", 0), LOOK,
    ("poll", 1), LOOK, ("open", 0), LOOK, ("choose", 1), LOOK, ("close", 0), LOOK, ("results", 1), LOOK,
    ("backstage", 0), ("shows first", 0), ("ask", 5), LOOK, ("ask", 3), LOOK,
    ("go elsewhere", 6), ("withdraw", 5), LOOK,
]  # fmt: skip


def test_b25_a_deletion_without_tombstone_is_caught(follow, monkeypatch):
    """The twin: no tombstone for what may not be read any more."""
    hidden = [("ask", 1), ("show", 0), LOOK, ("hide", 0), LOOK]
    follow(hidden)
    monkeypatch.setattr(qanda_items, "gone", qanda_items.card)

    with pytest.raises(AssertionError):
        follow(hidden)


def test_b25_a_change_without_a_revision_is_caught(follow, monkeypatch):
    """Another twin: an answer that does not mark its change."""
    answered = [("ask", 1), ("show", 0), LOOK, ("answer", 1), LOOK]
    follow(answered)
    kept = MACHINE.apply

    def forgets(moderator, question, action, at, **more):
        before = question.revision
        kept(moderator, question, action, at, **more)
        if action is Action.ANSWER:
            question.revision = before

    monkeypatch.setattr(MACHINE, "apply", forgets)
    with pytest.raises(AssertionError):
        follow(answered)


def test_b25_the_actions_of_the_day_are_executed(follow, inside, make, people, now):
    """The check would be empty if everything in it were refused."""
    room = Room(inside, make, people, now)
    for deed, which in DAY:
        room.do(deed, which)

    with make.context():
        statuses = {question.status for question in db.session.query(Question)}
    assert statuses >= {
        QuestionStatus.ANSWERED, QuestionStatus.HIDDEN, QuestionStatus.MERGED, QuestionStatus.MOVED,
        QuestionStatus.WITHDRAWN,
    }, statuses  # fmt: skip
