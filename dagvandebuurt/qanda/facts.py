"""What happened to questions. Ids only."""

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
    """Nobody is mailed about this anonymous question any more: its key has no use."""

    question_id: UUID
