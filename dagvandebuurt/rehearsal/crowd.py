"""Invented people in the live sessions of a rehearsal: they are there, ask, support and vote, at a gentle pace and
by the write path that everybody takes."""

import logging
import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.db import db
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Verb
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.polls import events as polls
from dagvandebuurt.polls.models import ANSWER_MAX_CHARS, WORD_MAX_CHARS, WRITTEN, Poll, PollKind, PollStatus
from dagvandebuurt.programme.models import Phase, ProgrammeSession, SessionStatus
from dagvandebuurt.qanda import events as questions
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.rehearsal.process import read_file

logger = logging.getLogger(__name__)
TURN_SECONDS = 1.5
ASKED = (
    "Wie kan ik bellen als de lantaarn in onze straat stuk is?",
    "Hoe weten wij wat er met onze vragen gebeurt?",
    "Kan het buurthuis ook op zondag open?",
    "Wie betaalt de bankjes op het plein?",
    "Hoe doe ik mee als ik weinig tijd heb?",
    "Komt er een plek voor jongeren?",
    "Waarom duurt het zo lang voor er antwoord is?",
    "Mogen wij zelf het groen onderhouden?",
    "Hoe bereik je mensen die nooit komen?",
    "Wat doet de gemeente met dit plan?",
)


class Crowd:
    """The invented people of one rehearsal. It ends the server when the rehearsal is over."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._dice = random.Random(28)  # noqa: S311 - the same crowd each time
        self._thread = BackgroundThread("rehearsal", self._work)
        self._people: list[Identity] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()

    def _work(self) -> None:
        while not self._thread.pause(TURN_SECONDS):
            if self._is_over():
                return
            with self._app.app_context():
                try:
                    self.turn()
                except Exception as failure:
                    logger.warning("the crowd pauses: %s", type(failure).__name__)
                finally:
                    db.session.remove()

    def _is_over(self) -> bool:
        """Return whether nobody watches any more; then the server is asked to end."""
        found = read_file(Path(self._app.config["REHEARSAL"]))
        if found is None or time.time() < found.over_at:
            return False
        os.kill(found.pid, signal.SIGTERM)
        return True

    def turn(self) -> None:
        """Let somebody do something in each session that is live now."""
        if not self._people:
            figurants = select(Person).where(Person.email_key.endswith("@rehearsal.invalid"))
            self._people = [Identity.of(person) for person in db.session.scalars(figurants)]
        now = clock.now()
        sessions = db.session.scalars(
            select(ProgrammeSession).where(
                ProgrammeSession.status == SessionStatus.SCHEDULED,
                ProgrammeSession.starts_at <= now,
                ProgrammeSession.ends_at > now,
            )
        ).all()
        rooms = [each.id for each in sessions if each.phase_at(now) is Phase.LIVE]
        for number, room in enumerate(rooms):
            here = self._people[number :: len(rooms)]
            for person in here:
                live().presence.beat(room, person.id)
            self._something(room, here)

    def _something(self, room: object, here: Sequence[Identity]) -> None:
        person, luck = self._dice.choice(here), self._dice.random()
        visible = db.session.scalars(
            select(Question.id).where(Question.session_id == room, Question.status == QuestionStatus.VISIBLE)
        ).all()
        ballot = db.session.scalars(
            select(Poll).where(Poll.session_id == room, Poll.status == PollStatus.OPEN)
        ).first()
        if ballot is not None and luck < 0.5:
            self._do(polls.BALLOT, person, room, poll=str(ballot.id), **self._vote(ballot))
        elif visible and luck < 0.75:
            self._do(questions.SUPPORT, person, room, question=str(self._dice.choice(visible)), on=True)
        elif luck < 0.85:
            text = f"{self._dice.choice(ASKED)} (oefenvraag)"
            self._do(questions.ASK, person, room, id=str(uuid4()), text=text)

    def _vote(self, poll: Poll) -> dict[str, object]:
        if poll.kind is PollKind.WORD_CLOUD:
            return {"texts": [self._dice.choice(ASKED).split()[0][:WORD_MAX_CHARS]]}
        if poll.kind in WRITTEN:
            return {"texts": [self._dice.choice(ASKED)[:ANSWER_MAX_CHARS]]}
        most = len(poll.options) if poll.kind is PollKind.RANKING else 1
        return {"choices": self._dice.sample(range(len(poll.options)), most)}

    def _do(self, verb: Verb, person: Identity, room: object, **fields: object) -> None:
        message = {"session": str(room), "op": uuid4().hex, **fields}
        live().do(verb, person, verb.act.from_message(message))
