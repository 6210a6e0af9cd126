"""Who asked a question: known of one that was asked by name or role, sealed on one that was not.

An anonymous question carries its asker sealed under the key of its room, which is a file outside the
database (`core.keys.seal`). The seal is another one for each question: it has no value in common with any
other row, so no join leads from it to a person, nor from one anonymous question to the next of the same
asker. The process, which has the key, opens it; so withdrawing, *mijn vragen*, the limit of what may wait and
slow mode work without anything being stored that links. Once the key is destroyed nobody can.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.qanda.models import Question


def seal(question_id: UUID, room_id: UUID, person_id: UUID) -> str:
    """What stands on an anonymous question for its asker. `room_id` is the room whose key it is."""
    return pseudonyms.seal(room_id, question_id, person_id)


def author_of(question: Any) -> UUID | None:
    """Who asked, of a question or a row with `id`, `asker_id`, `author_key`, `key_room_id`, `session_id`.

    None when nobody can tell: the asker is deleted, or the key of the room is destroyed.
    """
    if question.author_key is None or question.asker_id is not None:
        return question.asker_id  # type: ignore[no-any-return]
    return pseudonyms.unseal(question.key_room_id or question.session_id, question.id, question.author_key)


def is_own(actor: Any, question: Any) -> bool:
    """Whether `actor` asked this."""
    return actor.id is not None and author_of(question) == actor.id


def sealed_by(people: Iterable[UUID | None], *where: ColumnElement[bool]) -> list[UUID]:
    """The ids of the anonymous questions of these people, among those that fit `where`. One query."""
    wanted = set(people) - {None}
    if not wanted:
        return []
    rows = db.session.execute(
        select(
            Question.id, Question.asker_id, Question.author_key, Question.key_room_id, Question.session_id
        ).where(Question.author_key.is_not(None), *where)
    )
    return [row.id for row in rows if author_of(row) in wanted]
