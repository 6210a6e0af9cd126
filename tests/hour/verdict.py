"""Exactness of a played hour: what was acknowledged, what the database holds, and what every page shows."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.polls.models import Poll, PollStatus
from tests.chaos.verdict import Verdict, judge
from tests.hour.crowd import Neighbour
from tests.hour.desks import Desk

LANE = {"open_after": "visible", "forwarded": "answered"}


@dataclass(frozen=True)
class Exactness:
    """Differences; all zero is the promise."""

    ledger: Verdict
    polls: int  # options whose count is not what was acknowledged
    cards: int  # questions that a moderator's page shows elsewhere than they are, or not at all
    leaks: int  # told to somebody in the room before a moderator showed it, or after it was hidden

    @property
    def differences(self) -> int:
        held = self.ledger
        found = held.lost + held.doubled + held.denied + held.differing
        return found + self.polls + self.cards + self.leaks

    def __str__(self) -> str:
        held = self.ledger
        return (
            f"acknowledged {held.acknowledged}: lost {held.lost}, doubled {held.doubled}, refused though done "
            f"{held.denied}; clients unlike the database {held.differing}; cards unlike it at the desks "
            f"{self.cards}; options of polls {self.polls}; told too early {self.leaks}"
        )


def exactness(app: Flask, room: UUID, crowd: list[Neighbour], desks: list[Desk]) -> Exactness:
    """Compare everybody with the database, as they are now."""
    ledger = judge(app, room, crowd)
    with app.app_context():
        wanted = {
            item["id"]: LANE.get(item["status"], item["status"])
            for item in items.changes_since(room, 0).desk
            if item["kind"] == "question" and not item.get("gone")
        }
        closed = db.session.scalars(
            select(Poll).where(Poll.session_id == room, Poll.status == PollStatus.CLOSED)
        ).all()
        counted = {(str(p.id), o.position): o.ballots for p in closed for o in p.options}
    voted = Counter(vote for bot in crowd for vote in _last_votes(bot))
    return Exactness(
        ledger,
        polls=sum(voted.get(option, 0) != count for option, count in counted.items()),
        cards=sum(_unlike(desk.cards(), wanted) for desk in desks),
        leaks=sum(bot.leaks for bot in crowd),
    )


def _last_votes(bot: Neighbour) -> list[tuple[str, int]]:
    last: dict[str, int] = {}
    for deed, answer in bot.acknowledged:
        if deed.event == "poll:ballot" and answer["ok"]:
            last[deed.message["poll"]] = deed.message["choices"][0]
    return list(last.items())


def _unlike(shown: dict[str, str], wanted: dict[str, str]) -> int:
    return sum(shown.get(each) != wanted.get(each) for each in shown.keys() | wanted.keys())
