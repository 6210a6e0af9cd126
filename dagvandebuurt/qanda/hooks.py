"""Hooks of the Q&A: what becomes of a question, here and in the sections above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dagvandebuurt.core.hooks import Runs, hook
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.qanda.models import Question


@dataclass(frozen=True)
class QuestionOutcome:
    """Follow-up of a question: a sentence in the reader's language, and a link to more."""

    said: str
    link: str
    path: str
    answer: str | None = None  # in the words of the person who wrote it
    answered_by: str | None = None


@hook(Runs.IN_TRANSACTION)
def question_hidden(moderator: Actor, question: Question, at: Moment) -> None:
    """Announce that a moderator hid a question from the hall."""


@hook(Runs.IN_TRANSACTION)
def question_moved(moderator: Actor, question: Question, there: Question, at: Moment) -> None:
    """Announce that a moderator moved a question to another session, where it is `there` now."""


@hook(Runs.ON_REQUEST)
def question_outcomes(question_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[QuestionOutcome]]:
    """Collect the follow-ups of these questions. They depend on the question alone, never on the reader: they
    are shown behind the private link of an anonymous question too.
    """


@hook(Runs.ON_REQUEST)
def questions_going_on(question_ids: Sequence[UUID]) -> set[UUID]:
    """Collect those of these questions that have a follow-up still under way."""


@hook(Runs.ON_REQUEST)
def queues_page_views() -> Mapping[str, object]:
    """Collect what other sections show beside the queues of all sessions that a moderator runs."""


@hook(Runs.ON_REQUEST)
def own_question_views(question_id: UUID) -> Mapping[str, object]:
    """Collect what other sections show to the asker of a question with it."""
