"""Commands of residents on an action point: follow, take part, and confirm or reject the result."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.agenda.errors import NeedsReason, NotYourPoint, PointChanged
from dagvandebuurt.agenda.models import PUBLIC, Action, By, Follow, FollowUp, Participation
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.queries import asked_it, follows
from dagvandebuurt.agenda.states import BEFORE_SENDING, MACHINE
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.models import Role

FOLLOWABLE = PUBLIC | BEFORE_SENDING


@command(needs=AgendaPermission.FOLLOW)
def follow(actor: Actor, point: FollowUp, *, on: bool, now: datetime) -> None:
    """Follow every change, or stop following. Idempotent. Raises PointChanged for one that ended before it
    was sent.
    """
    if not on:
        _take_away(Follow, actor, point)
        return
    if point.status not in FOLLOWABLE:
        raise PointChanged(status=point.status.value)
    _put(Follow, person_id=actor.id, follow_up_id=point.id, since=now)


@command(needs=AgendaPermission.FOLLOW)
def join(actor: Actor, point: FollowUp, *, on: bool, offer: str, now: datetime) -> None:
    """Take part (*Ik doe mee*), with what one offers; or no longer. Participants follow it too."""
    if not on:
        _take_away(Participation, actor, point)
        return
    if point.status not in PUBLIC:
        raise PointChanged(status=point.status.value)
    _take_away(Participation, actor, point)
    _put(Participation, person_id=actor.id, follow_up_id=point.id, offer=offer or None, since=now)
    _put(Follow, person_id=actor.id, follow_up_id=point.id, since=now)


@MACHINE.command(Action.CONFIRM)
def confirm(actor: Actor, point: FollowUp, *, note: str, now: datetime) -> FollowUp:
    """Confirm that it is really done. Raises NotYourPoint for a person who neither raised nor follows it."""
    return _judge(actor, point, Action.CONFIRM, note, now)


@MACHINE.command(Action.REOPEN)
def reopen(actor: Actor, point: FollowUp, *, note: str, now: datetime) -> FollowUp:
    """Reopen it, with what is missing. Raises NeedsReason without text."""
    if not note:
        raise NeedsReason
    return _judge(actor, point, Action.REOPEN, note, now)


def may_judge_it(actor: Actor, point: FollowUp) -> bool:
    """Tell whether `actor` raised it, asked a question it came from, or follows it; supporters always may."""
    if actor.id is None:
        return False
    is_theirs = point.raised_by_id == actor.id or follows(actor, point) or asked_it(actor, point)
    return is_theirs or actor.holds(Role.SUPPORTER)


def _judge(actor: Actor, point: FollowUp, action: Action, note: str, now: datetime) -> FollowUp:
    MACHINE.require(point, action)
    if not may_judge_it(actor, point):
        raise NotYourPoint
    by = By.SUPPORTER if actor.holds(Role.SUPPORTER) else By.PARTICIPANT
    MACHINE.apply(actor, point, action, by=by, note=note, now=now)
    return point


def _put(kind: type[Follow] | type[Participation], **values: Any) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(kind).values(**values).on_conflict_do_nothing())


def _take_away(kind: type[Follow] | type[Participation], actor: Actor, point: FollowUp) -> None:
    db.session.execute(
        delete(kind)
        .where(kind.person_id == actor.id, kind.follow_up_id == point.id)
        .execution_options(synchronize_session="fetch")
    )
