"""breakout rounds: rounds, groups at a table, seats, lines of a note, wishes

Revision: b7e25d90c416, after b3e8d51f9c24
"""

import sqlalchemy as sa
from alembic import op

revision = "b7e25d90c416"
down_revision = "b3e8d51f9c24"
branch_labels = None
depends_on = None
additive = True


def _key(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "breakout_round",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.String(length=3200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at > started_at", name=op.f("ck_breakout_round_ends_after_start")),
        _key("breakout_round", "session_id", "programme_session"),
        _key("breakout_round", "made_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakout_round")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_breakout_round_session_id_number")),
    )
    op.create_table(
        "breakout_state",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        _key("breakout_state", "session_id", "programme_session"),
        _key("breakout_state", "round_id", "breakout_round"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_breakout_state")),
    )
    op.create_table(
        "breakout_group",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helper_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("breakout_group", "round_id", "breakout_round"),
        _key("breakout_group", "helper_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakout_group")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_breakout_group_round_id_number")),
    )
    op.create_table(
        "breakout_seat",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        _key("breakout_seat", "round_id", "breakout_round"),
        _key("breakout_seat", "person_id", "person"),
        _key("breakout_seat", "group_id", "breakout_group"),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_breakout_seat")),
    )
    op.create_index("ix_breakout_seat_group_id", "breakout_seat", ["group_id"])
    op.create_table(
        "breakout_line",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=4480), nullable=False),
        sa.Column("is_outcome", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("breakout_line", "group_id", "breakout_group"),
        _key("breakout_line", "author_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakout_line")),
    )
    op.create_index("ix_breakout_line_author_id", "breakout_line", ["author_id"])
    op.create_index("ix_breakout_line_group_position", "breakout_line", ["group_id", "position"])
    op.create_table(
        "breakout_wish",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("joins", sa.Boolean(), nullable=False),
        sa.Column("word_key", sa.String(length=32), nullable=True),
        _key("breakout_wish", "session_id", "programme_session"),
        _key("breakout_wish", "person_id", "person"),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_breakout_wish")),
    )


def downgrade() -> None:
    for table in ("wish", "line", "seat", "group", "state", "round"):
        op.drop_table(f"breakout_{table}")
