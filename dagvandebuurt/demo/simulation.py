"""Simulated participants of the demo: invented people who ask, support, vote and applaud while it is shown.

They act through the write path of everybody else (`Live.do`), so what a viewer sees is the real thing. Only the
server of a demo starts them, and `DVB_CROWD=0` leaves them out. With what they ask stands that they are invented.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import can
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.demo.crowd import SIZE
from dagvandebuurt.live.runtime import Live
from dagvandebuurt.live.writes import Verb
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.polls import events as polls
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.qanda import events as qanda
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.states import OPEN
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice

logger = logging.getLogger(__name__)

TURN_SECONDS = (2.0, 5.0)
AGAIN_SECONDS = 10.0  # pause after a failed turn
BEAT_EVERY = timedelta(seconds=40)  # people count as present for 90 seconds
PRESENT = 0.8  # share of those who chose a session who are in it
APPLAUSE = 4  # people at once, at most
BALLOTS = 3  # in one turn
MOST_WAITING = 3  # questions of theirs that wait in one room: a moderator keeps up
COLLEAGUE_AFTER = timedelta(seconds=90)  # then another moderator shows a question of theirs
POLL_AFTER = timedelta(minutes=2)  # since the first viewer came in
POLL_ANYHOW_AFTER = timedelta(minutes=8)  # since the start
POLL_MINUTES = 10
DEEDS = {"support": 60, "applause": 28, "question": 12}  # how often each, in a hundred turns
CROWD = frozenset(id_of(f"crowd {number}") for number in range(SIZE))
COLLEAGUE = id_of("u-moderator2")
POLL = id_of("poll05")


@dataclass(frozen=True)
class Room:
    """Session that is live now, and the simulated people in it."""

    id: UUID
    people: Sequence[UUID]


class Simulation:
    """Simulated participants of one app. Raises RuntimeError for one that is no demo."""

    def __init__(self, app: Flask, *, dice: random.Random | None = None) -> None:
        if not app.config["DEMO"]:
            raise RuntimeError("invented people take part in a demo only")
        self._app = app
        self._dice = dice or random.Random()  # noqa: S311 - no secret
        self._thread = BackgroundThread("demo-crowd", self._run)
        self._began_at: datetime | None = None
        self._viewed_at: datetime | None = None
        self._beat_at: datetime | None = None
        self._showed_results = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()

    def _run(self) -> None:
        while not self._thread.pause(self._dice.uniform(*TURN_SECONDS)):
            if not self._app.extensions["jobs"].is_running:
                continue  # of several processes, the one with the jobs
            try:
                with self._app.app_context():
                    self.take_turn(clock.now())
            except Exception:
                logger.exception("the simulated participants missed a turn")
                self._thread.pause(AGAIN_SECONDS)

    def take_turn(self, now: datetime) -> str:
        """Let something happen in one of the live rooms; return what. Needs an app context."""
        rooms = self._rooms(now)
        if not rooms:
            return "nothing"
        self._began_at = self._began_at or now
        if self._viewed_at is None and len(self._live.listeners):
            self._viewed_at = now
        self._be_present(rooms, now)
        self._run_the_poll(rooms, now)
        self._vote(rooms)
        self._show_what_waits(rooms, now)
        room = self._dice.choices(rooms, [len(each.people) for each in rooms])[0]
        deed = self._dice.choices(list(DEEDS), list(DEEDS.values()))[0]
        done = {"support": self._support, "applause": self._applaud, "question": self._ask}[deed](room)
        return deed if done else "nothing"

    @property
    def _live(self) -> Live:
        found: Live = self._app.extensions["live"]
        return found

    @cached_property
    def _lines(self) -> dict[UUID, list[str]]:
        return {id_of(session): lines for session, lines in Content.read()["crowd_questions"].items()}

    def _rooms(self, now: datetime) -> list[Room]:
        """Return the live sessions of the demo's day with simulated people. No rows: a live write ends the
        transaction that read them."""
        rows = db.session.execute(
            select(SessionChoice.session_id, SessionChoice.person_id)
            .join(ProgrammeSession, ProgrammeSession.id == SessionChoice.session_id)
            .where(
                ProgrammeSession.edition_id == id_of("edition"),
                ProgrammeSession.status == SessionStatus.SCHEDULED,
                ProgrammeSession.starts_at <= now,
                ProgrammeSession.ends_at > now,
                SessionChoice.status == PlaceStatus.CONFIRMED,
            )
            .order_by(SessionChoice.session_id, SessionChoice.person_id)
        )
        inside: dict[UUID, list[UUID]] = {}
        for session_id, person_id in rows:
            if person_id in CROWD:
                inside.setdefault(session_id, []).append(person_id)
        return [Room(each, people[: max(1, round(len(people) * PRESENT))]) for each, people in inside.items()]

    def _be_present(self, rooms: Sequence[Room], now: datetime) -> None:
        if self._beat_at is not None and now - self._beat_at < BEAT_EVERY:
            return
        self._beat_at = now
        for room in rooms:
            for person_id in room.people:
                self._live.presence.beat(room.id, person_id)

    def _run_the_poll(self, rooms: Sequence[Room], now: datetime) -> None:
        """Open the poll that lies ready once somebody has looked for two minutes; show its result at the end."""
        poll = db.session.get(Poll, POLL)
        room = next((each for each in rooms if poll is not None and each.id == poll.session_id), None)
        if poll is None or room is None:
            return
        assert self._began_at is not None
        is_due = now >= self._began_at + POLL_ANYHOW_AFTER or (
            self._viewed_at is not None and now >= self._viewed_at + POLL_AFTER
        )
        if poll.status is PollStatus.READY and is_due:
            self._do(polls.OPEN, COLLEAGUE, room, poll=str(POLL), minutes=POLL_MINUTES)
        elif poll.status is PollStatus.CLOSED and not poll.results_shown and not self._showed_results:
            self._showed_results = self._do(polls.RESULTS, COLLEAGUE, room, poll=str(POLL), on=True)

    def _vote(self, rooms: Sequence[Room]) -> None:
        """Vote in the polls that are open, also in one that a viewer opened."""
        by_id = {room.id: room for room in rooms}
        rows = db.session.execute(
            select(Poll.id, Poll.session_id, Poll.kind, PollOption.position)
            .join(PollOption, PollOption.poll_id == Poll.id)
            .where(Poll.status == PollStatus.OPEN, Poll.session_id.in_(by_id))
            .order_by(Poll.id, PollOption.position)
        )
        options: dict[tuple[UUID, UUID, PollKind], list[int]] = {}
        for poll_id, session_id, kind, position in rows:
            options.setdefault((poll_id, session_id, kind), []).append(position)
        for (poll_id, session_id, kind), places in options.items():
            room = by_id[session_id]
            for person_id in self._some(room, BALLOTS):
                choice = self._dice.choices(places, range(len(places) + 1, 1, -1))
                if kind is PollKind.RANKING:
                    choice = self._dice.sample(places, len(places))
                self._do(polls.BALLOT, person_id, room, poll=str(poll_id), choices=choice)

    def _show_what_waits(self, rooms: Sequence[Room], now: datetime) -> None:
        """Show the oldest of their questions that no moderator got to: a viewer may play one, or nobody."""
        by_id = {room.id: room for room in rooms}
        waiting = db.session.execute(
            select(Question.id, Question.session_id, Question.asker_id)
            .where(
                Question.session_id.in_(by_id),
                Question.status == QuestionStatus.WAITING,
                Question.asked_at <= now - COLLEAGUE_AFTER,
            )
            .order_by(Question.asked_at, Question.id)
        ).all()
        for question_id, session_id, asker_id in waiting:
            if asker_id in CROWD:
                self._do(qanda.SHOW, COLLEAGUE, by_id[session_id], question=str(question_id))
                return

    def _support(self, room: Room) -> bool:
        where = Question.session_id == room.id, Question.status.in_(OPEN)
        ids = db.session.scalars(select(Question.id).where(*where).order_by(Question.id)).all()
        if not ids:
            return False
        question, [person_id] = self._dice.choice(ids), self._some(room, 1)
        return self._do(qanda.SUPPORT, person_id, room, question=str(question), on=True)

    def _applaud(self, room: Room) -> bool:
        for person_id in self._some(room, self._dice.randint(1, APPLAUSE)):
            actor = self._actor(person_id)
            if actor is not None and can(actor, PollPermission.REACT):
                self._live.reactions.add(room.id, person_id, "applause")
        return True

    def _ask(self, room: Room) -> bool:
        rows = db.session.execute(
            select(Question.text, Question.status, Question.asker_id).where(Question.session_id == room.id)
        ).all()
        waiting = sum(row.status is QuestionStatus.WAITING and row.asker_id in CROWD for row in rows)
        asked = {row.text for row in rows}
        lines = [line for line in self._lines.get(room.id, ()) if line not in asked]
        if not lines or waiting >= MOST_WAITING:
            return False
        [person_id] = self._some(room, 1)
        role = Appearance.ROLE.value
        return self._do(qanda.ASK, person_id, room, id=str(uuid4()), text=lines[0], appear=role)

    def _some(self, room: Room, count: int) -> list[UUID]:
        return self._dice.sample(list(room.people), min(count, len(room.people)))

    def _do(self, verb: Verb, person_id: UUID, room: Room, **fields: Any) -> bool:
        """Make one live write as somebody; return whether it was accepted."""
        actor = self._actor(person_id)
        if actor is None:
            return False
        act = verb.act.from_message({"session": str(room.id), "op": uuid4().hex, **fields})
        return bool(self._live.do(verb, actor, act)["ok"])

    def _actor(self, person_id: UUID) -> Identity | None:
        """Return somebody as an actor, with the mark of the demo beside where they live; None when they were
        erased."""
        person = db.session.get(Person, person_id)
        if person is None or person.forgotten_at is not None:
            return None
        actor = Identity.of(person)
        place = f"{actor.neighbourhood} (demo)" if actor.neighbourhood else "de demo"
        return replace(actor, neighbourhood=place) if person_id in CROWD else actor
