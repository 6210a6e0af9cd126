"""Tables of labels: those that a session chose, and which questions have them."""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base

MOST_LABELS = 8
LABEL_MAX_CHARS = 24


class LabelSet(Base):
    """Labels that a session chose, in order: a list of `id` and `name`. The whole is replaced at once, and
    `revision` says when; no row means none.
    """

    __tablename__ = "label_set"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    labels: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # Who changed them last, for the error of a concurrent change.
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class QuestionLabel(Base):
    """Label of a question. A row stays when its label is taken off (`is_on`), so that a late press of somebody who
    did not see that is refused. `revision`: when it was put on or taken off last, by `by_id`.
    """

    __tablename__ = "question_label"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    revision: Mapped[int] = mapped_column(BigInteger)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
