"""Account merging: what a guest wrote in the hall chat becomes the account's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.qanda import muting
from dagvandebuurt.qanda.hidden_names import hides_the_name_of


def lines_move(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Move a guest's lines to the account, under the name that they were written with.

    Questions and mutes moved before. Who is muted under one of the two is so under both: nothing of theirs is
    read. A name that is kept from the hall under one is so under both.
    """
    rooms = db.session.scalars(select(ChatLine.session_id).where(ChatLine.person_id == guest_id).distinct())
    for session_id in sorted(rooms):
        revision = raise_revision(session_id)
        muted = muting.mute_of(session_id, into_id) if pseudonyms.exists(session_id) else None
        keeps_name = hides_the_name_of(session_id, into_id)
        lines = db.session.scalars(
            select(ChatLine).where(
                ChatLine.session_id == session_id, ChatLine.person_id.in_([guest_id, into_id])
            )
        )
        for line in lines:
            line.person_id = into_id
            line.name_hidden = line.name_hidden or keeps_name
            line.revision = revision or line.revision
            if muted is not None and line.hidden_at is None:
                line.hidden_at, line.hidden_reason = now, muted.reason
                line.decided_by_id, line.decided_by = muted.moderator_id, None
    db.session.flush()
