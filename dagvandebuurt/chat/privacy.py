"""Data retention and erasure of the hall chat: talk in passing, of no use once the session is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import ProgrammeSession


@retention_rule(
    "chat",
    order=83,
    what=_l("Wat je in het zaalgesprek schreef: je naam, je rol en je regels"),
    why=_l("Om met elkaar te praten tijdens de sessie. Als die voorbij is, leest de zaal het niet meer."),
    until=_l("7 dagen na de sessie."),
    days=7,
)
def lines_of_long_ago(before: datetime) -> int:
    """Delete the lines of sessions that ended before. What was decided about a report of one stays."""
    ended = select(ProgrammeSession.id).where(ProgrammeSession.ends_at < before)
    gone = delete(ChatLine).where(ChatLine.session_id.in_(ended))
    return db.session.execute(gone.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def lines_go(person_id: UUID, now: datetime) -> None:
    """Erase a person's lines, and their name from what they decided about those of others. Open pages are told:
    an empty line stays that long.
    """
    rooms = db.session.scalars(select(ChatLine.session_id).where(ChatLine.person_id == person_id).distinct())
    for session_id in sorted(rooms):
        revision = raise_revision(session_id)
        db.session.execute(
            update(ChatLine)
            .where(ChatLine.session_id == session_id, ChatLine.person_id == person_id)
            .values(
                **{} if revision is None else {"revision": revision},
                person_id=None,
                name="",
                mark=None,
                role=ParticipantRole.UNDISCLOSED,
                text="",
                said_at=now,
            )
            .execution_options(synchronize_session=False)
        )
    db.session.execute(
        update(ChatLine)
        .where(ChatLine.decided_by_id == person_id)
        .values(decided_by_id=None, decided_by="")
        .execution_options(synchronize_session=False)
    )


def all_lines_go(_now: datetime) -> None:
    """Delete every line: nothing of them was kept to be read."""
    db.session.execute(delete(ChatLine).execution_options(synchronize_session=False))
