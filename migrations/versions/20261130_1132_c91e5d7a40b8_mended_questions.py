"""create question_wording; question.is_mended

Revision: c91e5d7a40b8, after a6d3f08b52c7
"""

import sqlalchemy as sa
from alembic import op

revision = "c91e5d7a40b8"
down_revision = "a6d3f08b52c7"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "question_wording",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_wording_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_wording")),
    )
    op.create_index("ix_question_wording_question_id", "question_wording", ["question_id"])
    op.add_column(
        "question", sa.Column("is_mended", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("question", "is_mended")
    op.drop_index("ix_question_wording_question_id", "question_wording")
    op.drop_table("question_wording")
