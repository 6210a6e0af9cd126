"""Claims: a moderator tells the other desks that they are looking at a waiting question."""

from datetime import timedelta
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.concurrency import question_in
from dagvandebuurt.qanda.errors import Claimed
from dagvandebuurt.qanda.history import changed
from dagvandebuurt.qanda.models import Question, QuestionClaim, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission

LAPSES_AFTER = timedelta(minutes=5)
CLAIM = "claim"


@command(needs=QandaPermission.MODERATE)
def claim(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    on: bool,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Claim a waiting question for some minutes, or let one's own claim go. It is no decision: whoever decides about
    the question does.

    Raises Claimed while a colleague has it, or Changed when it was decided about.
    """
    question = question_in(session, question_id)
    if question.status is not QuestionStatus.WAITING or seen not in (None, question.desk_revision):
        raise changed(question)
    assert moderator.id is not None
    found = db.session.get(QuestionClaim, question.id)
    is_own = found is not None and found.moderator_id == moderator.id
    if found is not None and not is_own and found.until > at.now:
        raise Claimed(by=name_of(found.moderator_id), deed=CLAIM)
    if on:
        db.session.merge(
            QuestionClaim(question_id=question.id, moderator_id=moderator.id, until=at.now + LAPSES_AFTER)
        )
    elif found is None or not is_own:
        return question
    else:
        db.session.delete(found)
    question.revision = at.revision
    db.session.flush()
    return question


def who_is_busy(question_id: UUID, at: Moment, *, besides: UUID | None) -> str | None:
    """Return the name of the moderator who has a claim on this question now; nobody when it is `besides`."""
    found = db.session.get(QuestionClaim, question_id)
    if found is None or found.moderator_id == besides or found.until <= at.now:
        return None
    return name_of(found.moderator_id)
