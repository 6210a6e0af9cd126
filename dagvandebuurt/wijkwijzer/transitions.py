"""Transitions in the Wijkwijzer: allowed by the state machine, or refused with the current status."""

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
    """Raise Changed where the state machine has no such transition."""
    if thing.status not in how.states:
        raise Changed(status=thing.status.value)


def step(thing: Any, how: Possible, *, now: datetime) -> None:
    """Apply the transition to `thing`. The caller has locked the row."""
    allow(thing, how)
    thing.status = how.after or thing.status
    thing.changed_at = now


def tell(question: LearningQuestion, what: News, *, now: datetime) -> None:
    """Queue news about `question` for its askers, sent after the commit."""
    db.session.add(LearningNews(learning_question_id=question.id, what=what, made_at=now))
    after_commit(wake, "tell_learners")


def next_number(kind: Any) -> int:
    """Return the next number. Concurrent calls get different ones: the row of the edition is locked."""
    db.session.execute(select(Edition.id).order_by(Edition.starts_at.desc()).limit(1).with_for_update())
    return (db.session.scalar(select(func.max(kind.number))) or 0) + 1
