"""Facts (domain events) about questions. They hold ids only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class QuestionAnswered:
    question_id: UUID
    session_id: UUID


@dataclass(frozen=True)
class QuestionMoved:
    question_id: UUID
    session_id: UUID


@dataclass(frozen=True)
class QuestionHidden:
    question_id: UUID
    session_id: UUID


@dataclass(frozen=True)
class NoticeEnded:
    """Fact: nobody is mailed about this anonymous question any more, so its key can be destroyed."""

    question_id: UUID
