"""Commands on labels, each under the lock of its room, and idempotent."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.labelling.errors import LabelChanged, LabelsChanged, NoSuchLabel
from dagvandebuurt.labelling.models import LabelSet, QuestionLabel
from dagvandebuurt.labelling.permissions import LabelPermission
from dagvandebuurt.labelling.queries import Label, label_set, labels_of
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.concurrency import question_in
from dagvandebuurt.qanda.history import changed
from dagvandebuurt.qanda.models import Question, QuestionStatus

EXTRA = "labels"  # the name of this part among those a room may use
OFF_THE_DESK = frozenset({QuestionStatus.WITHDRAWN, QuestionStatus.MERGED, QuestionStatus.MOVED})


@command(needs=LabelPermission.ARRANGE)
def arrange(
    actor: Actor, session: ProgrammeSession, *, labels: Sequence[Label], seen: int | None, at: Moment
) -> LabelSet:
    """Choose the labels of a session, in this order. One that keeps its id stays on its questions, also under
    another name; one that is left out goes from them.

    `seen` is the revision of the labels on screen, None for none. Raises LabelsChanged when they are others now.
    """
    chosen = label_set(session.id)
    if (seen or 0) != chosen.revision:
        raise LabelsChanged(by=name_of(chosen.changed_by_id))
    gone = {each.id for each in labels_of(chosen)} - {each.id for each in labels}
    here = select(Question.id).where(Question.session_id == session.id)
    db.session.execute(
        delete(QuestionLabel)
        .where(QuestionLabel.label_id.in_(gone), QuestionLabel.question_id.in_(here))
        .execution_options(synchronize_session=False)
    )
    chosen.labels = [{"id": str(each.id), "name": each.name} for each in labels]
    chosen.revision, chosen.changed_by_id = at.revision, actor.id
    db.session.add(chosen)
    turn_on(session.id, EXTRA)
    db.session.flush()
    return chosen


@command(needs=LabelPermission.PUT)
def put(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    label_id: UUID,
    on: bool,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Put a label on a question, or take it off. It is no decision about the question, and changes nothing that the
    room or its asker reads.

    `seen` is the revision of the labels of the question on screen, None for none. Raises LabelChanged when a
    colleague decided otherwise about this label since, NoSuchLabel, or Changed for a question that is on no desk.
    """
    question = question_in(session, question_id)
    if question.status in OFF_THE_DESK or question.is_muted:
        raise changed(question)
    if label_id not in {each.id for each in labels_of(label_set(session.id))}:
        raise NoSuchLabel
    found = db.session.get(QuestionLabel, (question.id, label_id), populate_existing=True)
    if found is None:
        found = QuestionLabel(question_id=question.id, label_id=label_id, is_on=False)
    elif found.is_on is not on and found.revision > (seen or 0) and found.by_id != moderator.id:
        raise LabelChanged(by=name_of(found.by_id), on=found.is_on)
    if found.is_on is not on:
        found.is_on, found.revision, found.by_id = on, at.revision, moderator.id
        db.session.add(found)
        db.session.flush()
    return question
