"""create question_claim

Revision: 7f20c9ab5d14, after 5b0e7d92c4a1
"""

import sqlalchemy as sa
from alembic import op

revision = "7f20c9ab5d14"
down_revision = "5b0e7d92c4a1"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "question_claim",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_claim_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["person.id"],
            name=op.f("fk_question_claim_moderator_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_claim")),
    )


def downgrade() -> None:
    op.drop_table("question_claim")
