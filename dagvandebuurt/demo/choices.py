"""What the invented participants chose, where they were, what some need to take part, and a report.

Thousands of rows, so they are inserted in bulk; a test holds them against the rules that would have made them.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.demo.crowd import SIZE
from dagvandebuurt.demo.rows import add
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.moderation import rules as moderation
from dagvandebuurt.moderation.models import Report
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.registration.models import AccessNeed, PlaceStatus, SessionChoice

# How many people want each session. Where that is more than there are places, the rest waits.
WISHES = {
    "round 1": {"s04": 96, "s05": 71, "s06": 118, "s07": 64, "s08": 89, "s09": 58, "s10": 132, "s11": 87, "s21": 70},
    "round 2": {"s12": 140, "s13": 92, "s14": 101, "s15": 126, "s16": 74, "s17": 41, "s18": 134, "s19": 133},
    "the end": {"s20": 610},
}  # fmt: skip
WERE_THERE = {"s02": 574, "s03": 498}  # of the sessions that are over


def load_choices(content: Content, now: datetime) -> None:
    """Give people their sessions, the first who came a place, and let the accounts choose what the file says."""
    if db.session.scalar(select(func.count()).select_from(SessionChoice)):
        return
    chosen = list(_choices(content, now))
    db.session.execute(insert(SessionChoice), chosen)
    seats = (
        select(func.count())
        .where(SessionChoice.session_id == ProgrammeSession.id, SessionChoice.status == PlaceStatus.CONFIRMED)
        .scalar_subquery()
    )
    db.session.execute(
        update(ProgrammeSession)
        .where(ProgrammeSession.edition_id == id_of("edition"))
        .values(taken=seats)
        .execution_options(synchronize_session="fetch")
    )
    db.session.execute(insert(Visit), list(_visits(content)))


def _choices(content: Content, now: datetime) -> Iterator[dict[str, Any]]:
    capacity = {row["id"]: row["capacity"] for row in content["sessions"]}
    own = [(row["session"], id_of(row["account"])) for row in content["choices"]]
    for wishes in WISHES.values():
        dice = random.Random(45)  # noqa: S311 - the same people at every load
        people = dice.sample(range(SIZE), sum(wishes.values()))
        for session, count in wishes.items():
            who = [person_id for name, person_id in own if name == session]
            who += [id_of(f"crowd {people.pop()}") for _ in range(count)]
            for place, person_id in enumerate(who):
                at = now - timedelta(days=9) + timedelta(minutes=9 * place)
                waits = capacity[session] is not None and place >= capacity[session]
                yield {
                    "id": id_of(f"{person_id} chose {session}"),
                    "session_id": id_of(session),
                    "person_id": person_id,
                    "status": PlaceStatus.WAITLISTED if waits else PlaceStatus.CONFIRMED,
                    "chosen_at": at,
                    "lined_up_at": at if waits else None,
                }


def _visits(content: Content) -> Iterator[dict[str, Any]]:
    rows = {row["id"]: row for row in content["sessions"]}
    dice = random.Random(46)  # noqa: S311
    for session, count in WERE_THERE.items():
        came = content.moment(rows[session]["starts_at"])
        for number in dice.sample(range(SIZE), count):
            yield {
                "id": id_of(f"crowd {number} visited {session}"),
                "session_id": id_of(session),
                "person_id": id_of(f"crowd {number}"),
                "first_seen_at": came,
                "last_seen_at": came + timedelta(minutes=5 * dice.randint(1, 3)),
            }


def load_needs(content: Content, now: datetime) -> None:
    for row in content["access_needs"]:
        add(
            AccessNeed,
            f"{row['account']} needs",
            edition_id=id_of("edition"),
            person_id=id_of(row["account"]),
            needs=row["needs"],
            note=row.get("note"),
            phone=row.get("phone"),
            agreed_at=now - timedelta(days=6),
        )


def load_reports(content: Content, now: datetime) -> None:
    """Report questions by the rule for it, unless that was done before."""
    for row in content["reports"]:
        question_id, reporter = id_of(row["question"]), db.session.get_one(Person, id_of(row["account"]))
        there = select(Report.id).where(Report.question_id == question_id, Report.reporter_id == reporter.id)
        if db.session.scalar(there) is not None:
            continue
        session = db.session.get_one(ProgrammeSession, id_of(row["session"]))
        moderation.report(
            Identity.of(reporter),
            session,
            question_id=question_id,
            reason=row["reason"],
            note=row["note"],
            at=_moment(session.id, now),
        )


def _moment(room_id: UUID, now: datetime) -> Moment:
    revision = raise_revision(room_id)
    assert revision is not None
    return Moment(room_id, revision, now)
