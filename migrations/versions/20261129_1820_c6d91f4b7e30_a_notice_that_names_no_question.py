"""whom a mail without a question goes to, when there is news of an anonymous one

Revision: c6d91f4b7e30, after b6e2d4f8a913
Create Date: 2026-11-29 18:20
"""

import sqlalchemy as sa
from alembic import op

revision = "c6d91f4b7e30"
down_revision = "b6e2d4f8a913"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "question_notice",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.String(length=22), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_notice_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_notice")),
    )


def downgrade() -> None:
    op.drop_table("question_notice")
