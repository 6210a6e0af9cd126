"""How everything here changes: allowed by its table, or refused with what is true now."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import wake
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.wijkwijzer.errors import Changed
from dagvandebuurt.wijkwijzer.models import LearningQuestion
from dagvandebuurt.wijkwijzer.people.models import LearningNews, News
from dagvandebuurt.wijkwijzer.states import Possible


def allow(thing: Any, how: Possible) -> None:
    """Raises Changed where the table does not have it."""
    if thing.status not in how.states:
        raise Changed(status=thing.status.value)


def step(thing: Any, how: Possible, *, now: datetime) -> None:
    """Bring `thing` where its table leads. Its row is locked by the door."""
    allow(thing, how)
    thing.status = how.after or thing.status
    thing.changed_at = now


def tell(question: LearningQuestion, what: News, *, now: datetime) -> None:
    """Let who asked `question` hear this, after the commit."""
    db.session.add(LearningNews(learning_question_id=question.id, what=what, made_at=now))
    after_commit(wake, "tell_learners")


def next_number(kind: Any) -> int:
    """The number of a new one. Two at once get two: whoever comes second waits at the row of the day."""
    db.session.execute(select(Edition.id).order_by(Edition.starts_at.desc()).limit(1).with_for_update())
    return (db.session.scalar(select(func.max(kind.number))) or 0) + 1
