"""Differential test of the two databases: the same day, deed by deed, leaves the same rows behind."""

import os
import random
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update

from dagvandebuurt.agenda.models import FollowUpStatus
from dagvandebuurt.backups.rows import engine_of, read, tables_of
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.moderation import events as moderation
from dagvandebuurt.polls import events as polls
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question
from tests.factories import START, Factory


class Draws:
    """Seeded stand-in for os.urandom. Each size is a stream of its own: SQLAlchemy draws ten bytes for the name
    of an alias, unless an earlier test compiled that statement, and may not shift the ids drawn after it.
    """

    def __init__(self, seed):
        self.seed(seed)

    def seed(self, seed):
        self._seed, self._streams = seed, {}

    def randbytes(self, size):
        stream = self._streams.setdefault(size, random.Random(f"{self._seed}/{size}"))
        return stream.randbytes(size)


class Day:
    """A seeded day: its clock moves by one second a deed, and its randomness is the same each time."""

    def __init__(self, app, seed):
        self.app, self.make = app, Factory(app)
        self.dice, self.source = random.Random(seed), Draws(seed)
        self.now = START + timedelta(minutes=15)
        self.said = []

    def uuid(self):
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def step(self):
        """One second later. What a driver drew for itself until now moves no later draw."""
        self.now += timedelta(seconds=1)
        self.source.seed(self.now.isoformat())

    def do(self, verb, who, **fields):
        self.step()
        answer = self.make.do(verb, who, self.session, op=self.dice.randbytes(16).hex(), **fields)
        self.said.append((verb.name, answer["ok"], answer.get("reason")))
        return answer

    def play(self):
        make, dice = self.make, self.dice
        self.session = make.session("Zwerfvuil", starts_at=START, ends_at=START + timedelta(hours=1))
        jolien, samira = make.moderator(), make.moderator("Samira", self.session)
        crowd = [make.identity(f"Buur {number}") for number in range(6)] + [
            make.guest("Çağla 🌳"),
            make.guest(),
        ]
        self.do(events.ARRANGE, jolien, is_open=True)
        asked = []
        for number in range(40):
            who, appear = dice.choice(crowd), dice.choice(["name", "role", "anonymous"])
            asked.append(self.uuid())
            self.do(
                events.ASK, who, id=asked[-1], appear=appear, text=f"Wie ruimt plek {number} op? 'é' \\ %s"
            )
            for verb, worker, fields in (
                (events.SHOW, jolien, {}),
                (events.SUPPORT, dice.choice(crowd), {"on": dice.random() < 0.7}),
                (events.SHORTLIST, samira, {"on": dice.random() < 0.8}),
                (events.LIVE, jolien, {}),
                (events.ANSWER, samira, {"text": "De gemeente, in maart.", "instead_of": ""}),
                (events.HIDE, jolien, {"reason": "respect"}),
                (events.MERGE, samira, {"into": dice.choice(asked)}),
                (events.WITHDRAW, who, {}),
                (moderation.REPORT, dice.choice(crowd), {"reason": "respect"}),
            ):
                if dice.random() < 0.45:
                    self.do(verb, worker, question=dice.choice(asked), **fields)
        poll = {"poll": self.uuid()}
        self.do(polls.WRITE, jolien, **poll, kind="single_choice", title="Wanneer?", options=["Nu", "Morgen"])
        self.do(polls.READY, jolien, **poll)
        self.do(polls.OPEN, samira, **poll, minutes=0)
        for who in crowd:
            self.do(polls.BALLOT, who, **poll, choices=[dice.randrange(2)])
        self.do(polls.CLOSE, jolien, **poll)
        self.step()
        make.point(status=FollowUpStatus.PROPOSED)
        self.step()
        noor = make.browser(make.person("Noor", email="noor@buurt.example"))
        self.step()
        noor.post("/mijn/over-mij", data={"name": "Noor van Dijk", "role": "resident"})


def rows_left(app):
    """{table: its rows as sorted lines}, of everything that is not derived."""
    with app.app_context():
        url = db.engine.url
    with engine_of(url) as engine, engine.connect() as connection:
        return {table.name: sorted(read(connection, table)) for table in tables_of(connection)}


def played(app, monkeypatch, seed=9):
    """What a seeded day answered, and what it left."""
    day = Day(app, seed)
    with monkeypatch.context() as patch:
        patch.setattr(os, "urandom", day.source.randbytes)
        patch.setattr(random, "_urandom", day.source.randbytes)
        patch.setattr(clock, "now", lambda: day.now)
        day.play()
    return day.said, rows_left(app)


def test_f9_a_name_that_is_drawn_once_shifts_no_later_draw():
    drawn, undrawn = Draws(9), Draws(9)
    drawn.randbytes(10)

    assert drawn.randbytes(16) == undrawn.randbytes(16)
    assert drawn.randbytes(16) != Draws(8).randbytes(16)


@pytest.mark.postgres
def test_f9_the_same_day_leaves_the_same_rows_on_both_databases(
    house_on_sqlite, house_on_postgres, monkeypatch
):
    said, left = played(house_on_sqlite, monkeypatch)
    said_there, left_there = played(house_on_postgres, monkeypatch)

    assert said_there == said
    assert sum(ok for _verb, ok, _reason in said) > 60
    assert {reason for _verb, ok, reason in said if not ok}  # refusals are the same too
    assert {name for name in left if left[name] != left_there[name]} == set()


def test_f9_a_difference_of_one_column_is_caught(house_on_sqlite, monkeypatch):
    _said, left = played(house_on_sqlite, monkeypatch)
    with house_on_sqlite.app_context(), transaction():
        db.session.execute(update(Question).values(support_count=Question.support_count + 1))

    assert {name for name, rows in rows_left(house_on_sqlite).items() if rows != left[name]} == {"question"}
