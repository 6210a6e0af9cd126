"""Hooks of the Q&A: what becomes of a question, here and in the sections above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from dagvandebuurt.core.hooks import Runs, hook
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.qanda.models import Question


@dataclass(frozen=True)
class QuestionOutcome:
    """Follow-up of a question: a sentence in the reader's language, and a link to more.

    `state` changes with what happens and never with the wording of `said`: mails about news compare it.
    """

    said: str
    link: str
    path: str
    answer: str | None = None  # in the words of the person who wrote it
    answered_by: str | None = None
    state: str = ""


class PromiseStage(StrEnum):
    """How far an organisation is with what it was asked because of a question."""

    EDITING = "editing"
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    WILL_DO = "will_do"
    WONT_DO = "wont_do"
    RESEARCHING = "researching"
    ELSEWHERE = "elsewhere"
    BUSY = "busy"
    DONE = "done"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Promise:
    """What an organisation was asked because of a question, and the days on which something happened.

    `is_late`: the day it is due is over, and the organisation still owes an answer.
    """

    stage: PromiseStage
    organisation: str | None = None
    proposed_on: date | None = None
    asked_on: date | None = None
    due_on: date | None = None
    is_late: bool = False
    answered_on: date | None = None
    answered_by: str | None = None
    started_on: date | None = None
    finished_on: date | None = None
    reopened_on: date | None = None
    confirmed_on: date | None = None


@hook(Runs.IN_TRANSACTION)
def question_hidden(moderator: Actor, question: Question, at: Moment) -> None:
    """Announce that a moderator hid a question from the hall."""


@hook(Runs.IN_TRANSACTION)
def asker_muted(moderator: Actor, session_id: UUID, person_id: UUID, reason: str, at: Moment) -> None:
    """Announce that a moderator muted somebody under their name or role, in this room.

    Not called for an anonymous question: what then happened elsewhere would show whose it is.
    """


@hook(Runs.IN_TRANSACTION)
def asker_name_hidden(session_id: UUID, person_id: UUID, is_hidden: bool, at: Moment) -> None:
    """Announce that the hall of this session does not read this name any more, or reads it again."""


@hook(Runs.IN_TRANSACTION)
def question_shown_again(question: Question) -> None:
    """Announce that a question which was hidden may be read again."""


@hook(Runs.IN_TRANSACTION)
def hiding_undone(question: Question, hidden_at: int, at: Moment) -> None:
    """Announce that the moderator who hid a question undid that within moments; `hidden_at` is the revision of
    the hiding.
    """


@hook(Runs.IN_TRANSACTION)
def question_moved(moderator: Actor, question: Question, there: Question, at: Moment) -> None:
    """Announce that a moderator moved a question to another session, where it is `there` now."""


@hook(Runs.ON_REQUEST)
def question_outcomes(question_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[QuestionOutcome]]:
    """Collect the follow-ups of these questions. They depend on the question alone, never on the reader: they
    are shown behind the private link of an anonymous question too.
    """


@hook(Runs.ON_REQUEST)
def question_promises(question_ids: Sequence[UUID]) -> Mapping[UUID, Promise]:
    """Collect what an organisation was asked because of these questions. It depends on the question alone."""


@hook(Runs.ON_REQUEST)
def questions_going_on(question_ids: Sequence[UUID]) -> set[UUID]:
    """Collect those of these questions that have a follow-up still under way."""


@hook(Runs.ON_REQUEST)
def queues_page_views() -> Mapping[str, object]:
    """Collect what other sections show beside the queues of all sessions that a moderator runs."""


@hook(Runs.ON_REQUEST)
def own_question_views(question_id: UUID) -> Mapping[str, object]:
    """Collect what other sections show to the asker of a question with it."""
