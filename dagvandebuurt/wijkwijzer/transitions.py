"""Transitions in the Wijkwijzer: allowed by the state machine, or refused with the current status."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import wake
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.wijkwijzer.models import LearningQuestion
from dagvandebuurt.wijkwijzer.people.models import LearningNews, News


def tell(question: LearningQuestion, what: News, *, now: datetime) -> None:
    """Queue news about `question` for its askers, sent after the commit."""
    db.session.add(LearningNews(learning_question_id=question.id, what=what, made_at=now))
    after_commit(wake, "tell_learners")


def next_number(kind: Any) -> int:
    """Return the next number. Concurrent calls get different ones: the row of the edition is locked."""
    db.session.execute(
        select(Edition.id).order_by(Edition.starts_at.desc(), Edition.id).limit(1).with_for_update()
    )
    return (db.session.scalar(select(func.max(kind.number))) or 0) + 1
