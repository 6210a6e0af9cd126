"""State machine of a mailing, from which the tests and the diagrams are made."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.core.states import Change, Machine, Transition
from dagvandebuurt.mailings.errors import MailingChanged
from dagvandebuurt.mailings.models import Mailing, MailingAction, MailingChange
from dagvandebuurt.mailings.models import MailingStatus as S
from dagvandebuurt.mailings.permissions import MailingPermission as P

A = MailingAction


def _written_down(
    change: Change[Mailing, MailingAction, S], *, now: datetime, count: int | None = None
) -> None:
    """Write down who did what, and raise the revision."""
    change.entity.revision += 1
    db.session.add(
        MailingChange(
            mailing_id=change.entity.id, action=change.action, after=change.after, count=count, at=now,
            by_id=change.actor.id if change.actor is not None else None,
        )
    )  # fmt: skip


MAILINGS = Machine(
    Mailing,
    S.DRAFT,
    {
        A.SAVE: Transition(P.WRITE, frozenset({S.DRAFT})),
        A.TRY_OUT: Transition(P.WRITE, frozenset({S.DRAFT, S.AWAITING, S.PLANNED})),
        A.ASK: Transition(P.WRITE, frozenset({S.DRAFT}), S.AWAITING),
        A.PLAN: Transition(P.WRITE, frozenset({S.DRAFT}), S.PLANNED),
        A.APPROVE: Transition(P.APPROVE, frozenset({S.AWAITING}), S.PLANNED),
        A.TAKE_BACK: Transition(P.WRITE, frozenset({S.AWAITING, S.PLANNED}), S.DRAFT),
        A.HOLD: Transition(None, frozenset({S.PLANNED}), S.AWAITING),
        A.START: Transition(None, frozenset({S.PLANNED}), S.SENDING),
        A.STOP: Transition(P.WRITE, frozenset({S.PLANNED, S.SENDING}), S.STOPPED),
        A.RESUME: Transition(P.WRITE, frozenset({S.STOPPED}), S.PLANNED),
        A.FINISH: Transition(None, frozenset({S.SENDING}), S.DONE),
    },
    refusal=lambda mailing: MailingChanged(state=mailing.status.value),
    history=_written_down,
)
