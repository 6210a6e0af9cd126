"""State machine of an edition: prepared, open to visitors, closed again, closed for good."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.core.states import Change, Machine, Transition
from dagvandebuurt.programme.editing.models import EditionAction as A
from dagvandebuurt.programme.editing.models import EditionChange
from dagvandebuurt.programme.editing.models import EditionStatus as S
from dagvandebuurt.programme.errors import EditionMoved
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.permissions import ProgrammePermission as P

HIDDEN = frozenset({S.DRAFT, S.CLOSED})


def _refusal(edition: Edition) -> EditionMoved:
    return EditionMoved(status=edition.status.value)


def _record(change: Change[Edition, A, S], *, now: datetime) -> EditionChange:
    """Write a change down; every change makes what colleagues have on screen out of date."""
    edition = change.entity
    edition.status_revision += 1
    recorded = EditionChange(
        edition_id=edition.id,
        action=change.action,
        after=change.after,
        planned_for=edition.opens_at,
        by_id=change.actor.id if change.actor is not None else None,
        at=now,
    )
    db.session.add(recorded)
    return recorded


MACHINE = Machine(
    Edition,
    S.DRAFT,
    {
        A.SHARE_PREVIEW: Transition(P.EDIT, HIDDEN),
        A.END_PREVIEW: Transition(P.EDIT, HIDDEN),
        A.PLAN: Transition(P.EDIT, HIDDEN),
        A.UNPLAN: Transition(P.EDIT, HIDDEN),
        A.OPEN: Transition(P.EDIT, HIDDEN, S.OPEN),
        A.OPEN_AS_PLANNED: Transition(None, HIDDEN, S.OPEN),
        A.CLOSE: Transition(P.EDIT, frozenset({S.OPEN}), S.CLOSED),
        # Nothing leads back: what was asked and answered is kept as it was.
        A.ARCHIVE: Transition(P.ARCHIVE, frozenset({S.OPEN}), S.ARCHIVED),
    },
    refusal=_refusal,
    history=_record,
)
