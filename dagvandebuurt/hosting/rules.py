"""Commands of hosting, each under the lock of its room, and idempotent."""

from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.hosting.errors import NotOnTheList, OrderChanged
from dagvandebuurt.hosting.models import RunningOrder, SignalKind, StageSignal
from dagvandebuurt.hosting.permissions import HostingPermission
from dagvandebuurt.hosting.queries import order_of, questions_next
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import ProgrammeSession


@command(needs=HostingPermission.RUN)
def place(
    actor: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    earlier: bool,
    seen: int | None = None,
    at: Moment,
) -> RunningOrder:
    """Move a shortlisted question one place earlier or later. `seen` is the revision of the order on screen.

    Raises OrderChanged when a colleague changed it since, NotOnTheList when the question is not on it any more.
    """
    order = order_of(session.id)
    by_another = order.changed_by_id not in (None, actor.id)
    if by_another if seen is None else seen != order.revision:
        raise OrderChanged(by=name_of(order.changed_by_id))
    ids = [str(question.id) for question in questions_next(session.id)]
    if str(question_id) not in ids:
        raise NotOnTheList
    now = ids.index(str(question_id))
    then = min(max(now + (-1 if earlier else 1), 0), len(ids) - 1)
    ids.insert(then, ids.pop(now))
    order.question_ids, order.revision, order.changed_by_id = ids, at.revision, actor.id
    db.session.add(order)
    return order


@command(needs=HostingPermission.RUN)
def signal(
    _actor: Actor,
    session: ProgrammeSession,
    *,
    kind: SignalKind | None,
    seen: int | None = None,
    at: Moment,
) -> StageSignal:
    """Send a signal to the people on stage, in the place of the one before; None: the one that was `seen` is read.

    A newer one than was seen stays: nobody has read that.
    """
    sent = db.session.get(StageSignal, session.id) or StageSignal(
        session_id=session.id, kind=None, revision=0, sent_at=at.now
    )
    if kind is None and seen is not None and seen != sent.revision:
        return sent
    sent.kind, sent.revision, sent.sent_at = kind, at.revision, at.now
    db.session.add(sent)
    return sent
