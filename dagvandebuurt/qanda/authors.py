"""Authorship of questions: stored for one asked by name or role, encrypted ("sealed") for an anonymous one.

An anonymous question carries its asker sealed under the key of its room, which is a file outside the database
(`core.pseudonyms.seal`). The seal differs for each question: it has no value in common with any other row, so
no join leads from it to a person, nor from one anonymous question to the next of the same asker. The process,
which has the key, opens it; withdrawing, *mijn vragen*, the limit on waiting questions and slow mode
therefore work without a stored link. Once the key is destroyed, nobody can open it.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.qanda.models import Question


def seal(question_id: UUID, room_id: UUID, person_id: UUID) -> str:
    """Encrypt the asker of an anonymous question. `room_id` is the room whose key is used."""
    return pseudonyms.seal(room_id, question_id, person_id)


def author_of(question: Any) -> UUID | None:
    """Return the asker of a question, or of a row with `id`, `asker_id`, `author_key`, `key_room_id`,
    `session_id`.

    Returns None when the asker cannot be known: the person is deleted, or the key of the room is destroyed.
    """
    if question.author_key is None or question.asker_id is not None:
        return question.asker_id  # type: ignore[no-any-return]
    return pseudonyms.unseal(question.key_room_id or question.session_id, question.id, question.author_key)


def own_among(actor: Any, questions: Iterable[Any]) -> list[Any]:
    """Return those of `questions` (or rows, as for `author_of`) that `actor` asked, looking for each room's
    key once."""
    has_key: dict[UUID, bool] = {}
    own = []
    for question in questions:
        if question.author_key is None or question.asker_id is not None:
            author = question.asker_id
        else:
            room_id = question.key_room_id or question.session_id
            if room_id not in has_key:
                has_key[room_id] = pseudonyms.exists(room_id)
            author = (
                pseudonyms.unsealed(room_id, question.id, question.author_key) if has_key[room_id] else None
            )
        if author is not None and author == actor.id:
            own.append(question)
    return own


def is_own(actor: Any, question: Any) -> bool:
    """Tell whether `actor` asked this."""
    return actor.id is not None and author_of(question) == actor.id


def sealed_by(people: Iterable[UUID | None], *where: ColumnElement[bool]) -> list[UUID]:
    """Return the ids of these people's anonymous questions, among those that match `where`, in one query."""
    wanted = set(people) - {None}
    if not wanted:
        return []
    rows = db.session.execute(
        select(
            Question.id, Question.asker_id, Question.author_key, Question.key_room_id, Question.session_id
        ).where(Question.author_key.is_not(None), *where)
    )
    return [row.id for row in rows if author_of(row) in wanted]
