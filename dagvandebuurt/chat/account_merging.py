"""Account merging: what a guest wrote in the hall chat becomes the account's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core.db import db


def lines_move(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Move a guest's lines to the account, under the name that they were written with."""
    db.session.execute(
        update(ChatLine)
        .where(ChatLine.person_id == guest_id)
        .values(person_id=into_id)
        .execution_options(synchronize_session=False)
    )
