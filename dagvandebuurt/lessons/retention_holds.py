"""Retention holds: people who still wait for an answer about a lesson."""

from typing import Any

from sqlalchemy import Select, select

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import owed
from dagvandebuurt.lessons.models import Comment, CommentStatus, Erratum


@owed("erratum", _l("je meldde een fout in een les, en daar is nog niets over gezegd"))
def who_reported_a_fault() -> Select[Any]:
    return select(Erratum.sender_id).where(Erratum.sender_id.is_not(None), Erratum.answered_at.is_(None))


@owed("comment", _l("een reactie van jou wacht nog"))
def whose_comment_waits() -> Select[Any]:
    return select(Comment.author_id).where(
        Comment.author_id.is_not(None), Comment.status == CommentStatus.PENDING
    )
