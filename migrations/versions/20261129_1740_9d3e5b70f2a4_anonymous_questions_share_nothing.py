"""an anonymous question shares no value with any other row

The asker of each is sealed anew where the key of the room is still there, so that they find it back; where it
is gone nothing stays. Operations of before hold one key over all deeds of a person, and words: they go.

Revision: 9d3e5b70f2a4, after c2f60b8d4e71
"""

import hmac
from base64 import urlsafe_b64encode
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "9d3e5b70f2a4"
down_revision = "c2f60b8d4e71"
branch_labels = None
depends_on = None
additive = False

QUESTION = sa.table(
    "question",
    *(sa.column(name, sa.Uuid()) for name in ("id", "session_id", "key_room_id", "asker_id")),
    *(sa.column(name, sa.String()) for name in ("appearance", "asker_role", "author_key")),
)
PERSON = sa.table("person", sa.column("id", sa.Uuid()))
LEARNING_QUESTION = sa.table(
    "learning_question", sa.column("question_id", sa.Uuid()), sa.column("asked_by_role", sa.String())
)
OPERATION, IS_ANONYMOUS = sa.table("operation"), QUESTION.c.appearance == "anonymous"
CHECKS = {
    "anonymous_has_no_role": "appearance <> 'anonymous' OR asker_role = 'undisclosed'",
}


def upgrade() -> None:
    connection = op.get_bind()
    sealed = _sealed(connection)
    connection.execute(sa.update(QUESTION).values(author_key=None))
    for question_id, seal in sealed.items():
        connection.execute(sa.update(QUESTION).where(QUESTION.c.id == question_id).values(author_key=seal))
    connection.execute(sa.update(QUESTION).where(IS_ANONYMOUS).values(asker_role="undisclosed"))
    connection.execute(
        sa.update(LEARNING_QUESTION)
        .where(LEARNING_QUESTION.c.question_id.in_(sa.select(QUESTION.c.id).where(IS_ANONYMOUS)))
        .values(asked_by_role="undisclosed")
    )
    connection.execute(sa.delete(OPERATION))
    with op.batch_alter_table("question") as table:
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_question_{name}"), condition)
    op.drop_column("support", "role")  # in place: the table keeps its order of keys


def downgrade() -> None:
    """What was taken off is not put back: no key leads from a row to a person."""
    op.add_column("support", sa.Column("role", sa.String(length=32)))
    with op.batch_alter_table("question") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_question_{name}"), type_="check")


def _sealed(connection: sa.Connection) -> dict[object, str]:
    """Anonymous question → its asker, sealed, for each of which the asker can still be found."""
    rows = connection.execute(
        sa.select(QUESTION).where(IS_ANONYMOUS, QUESTION.c.author_key.is_not(None))
    ).all()
    people = connection.scalars(sa.select(PERSON.c.id)).all() if rows else []
    sealed = {}
    for room in {row.key_room_id or row.session_id for row in rows}:
        file = Path(current_app.config["KEY_FOLDER"]) / f"{room}.key"
        if not file.exists():
            continue
        key = file.read_bytes()
        known = {_letters(hmac.digest(key, f"author|{person}".encode(), "sha256")[:16]): person for person in people}
        for row in rows:
            person = known.get(row.author_key)
            if (row.key_room_id or row.session_id) == room and person is not None:
                pad = hmac.digest(key, b"seal|" + row.id.bytes, "sha256")[:16]
                sealed[row.id] = _letters(bytes(a ^ b for a, b in zip(person.bytes, pad, strict=True)))
    return sealed


def _letters(sixteen: bytes) -> str:
    return urlsafe_b64encode(sixteen).decode().rstrip("=")
