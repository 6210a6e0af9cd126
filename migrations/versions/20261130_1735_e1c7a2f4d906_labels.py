"""create label_set and question_label

Revision: e1c7a2f4d906, after 6c1d8f0a3e52
"""

import sqlalchemy as sa
from alembic import op

revision = "e1c7a2f4d906"
down_revision = "6c1d8f0a3e52"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "label_set",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_label_set_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_label_set_changed_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_label_set")),
    )
    op.create_table(
        "question_label",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_label_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_question_label_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("question_id", "label_id", name=op.f("pk_question_label")),
    )


def downgrade() -> None:
    op.drop_table("question_label")
    op.drop_table("label_set")
