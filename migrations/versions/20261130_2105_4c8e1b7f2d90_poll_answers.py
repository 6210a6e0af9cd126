"""create poll_answer: what people write in a poll with open answers

Revision: 4c8e1b7f2d90, after d90b52e6f7a8
"""

import sqlalchemy as sa
from alembic import op

revision = "4c8e1b7f2d90"
down_revision = "d90b52e6f7a8"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "poll_answer",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=1920), nullable=False),
        sa.Column("group_number", sa.BigInteger(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ballots >= 0", name=op.f("ck_poll_answer_ballots_not_negative")),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_answer_poll_id_poll"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_poll_answer_changed_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("poll_id", "key", name=op.f("uq_poll_answer_poll_id_key")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_poll_answer_poll_id_number")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("poll_answer")
