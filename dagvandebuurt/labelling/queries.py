"""Reading labels."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.labelling.models import LabelSet, QuestionLabel
from dagvandebuurt.qanda.models import Question


@dataclass(frozen=True)
class Label:
    """Label that a session chose."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Labelled:
    """Labels of one question. `revision`: when one was put on or taken off last."""

    labels: frozenset[UUID] = frozenset()
    revision: int = 0


def label_set(session_id: UUID) -> LabelSet:
    """Return the labels of this session, or a new set without any."""
    found = db.session.get(LabelSet, session_id, populate_existing=True)
    return found or LabelSet(session_id=session_id, revision=0, labels=[])


def labels_of(chosen: LabelSet) -> list[Label]:
    """Return the labels of a set, in its order."""
    return [Label(UUID(each["id"]), each["name"]) for each in chosen.labels]


def labelled_in(session_id: UUID, since: int = 0) -> dict[UUID, Labelled]:
    """Return the labels of the questions of a session, of those alone whose labels changed after revision `since`.

    A muted question is on no desk, and has none.
    """
    here = (
        select(QuestionLabel)
        .join(Question, Question.id == QuestionLabel.question_id)
        .where(Question.session_id == session_id, Question.is_muted.is_(False))
        .execution_options(populate_existing=True)
    )
    if since:
        changed = select(QuestionLabel.question_id).where(QuestionLabel.revision > since)
        here = here.where(QuestionLabel.question_id.in_(changed))
    return _by_question(db.session.scalars(here))


def names_on(question_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the names of the labels of these questions, of any session, in the order of the sessions' sets."""
    labelled = _by_question(
        db.session.scalars(
            select(QuestionLabel).where(
                QuestionLabel.question_id.in_(list(question_ids)), QuestionLabel.is_on
            )
        )
    )
    if not labelled:
        return {}
    sets = db.session.execute(
        select(Question.id, LabelSet)
        .join(LabelSet, LabelSet.session_id == Question.session_id)
        .where(Question.id.in_(labelled))
    )
    return {
        question_id: [each.name for each in labels_of(chosen) if each.id in labelled[question_id].labels]
        for question_id, chosen in sets
    }


def _by_question(rows: Iterable[QuestionLabel]) -> dict[UUID, Labelled]:
    found: defaultdict[UUID, list[QuestionLabel]] = defaultdict(list)
    for row in rows:
        found[row.question_id].append(row)
    return {
        question_id: Labelled(
            frozenset(each.label_id for each in there if each.is_on), max(each.revision for each in there)
        )
        for question_id, there in found.items()
    }
