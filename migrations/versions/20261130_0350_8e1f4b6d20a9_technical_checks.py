"""technical checks: what a speaker said after trying picture, sound and connection

Revision: 8e1f4b6d20a9, after b9d1f36a7c42
"""

import sqlalchemy as sa
from alembic import op

revision = "8e1f4b6d20a9"
down_revision = "b9d1f36a7c42"
branch_labels = None
depends_on = None
additive = True

OUTCOME = sa.Enum("works", "needs_help", name="techcheckoutcome", native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        "tech_check",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("speaker_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", OUTCOME, nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_tech_check_edition_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speaker.id"], name=op.f("fk_tech_check_speaker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tech_check")),
    )
    op.create_index(op.f("ix_tech_check_edition_id"), "tech_check", ["edition_id"])
    op.create_index(op.f("ix_tech_check_speaker_id"), "tech_check", ["speaker_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_tech_check_speaker_id"), table_name="tech_check")
    op.drop_index(op.f("ix_tech_check_edition_id"), table_name="tech_check")
    op.drop_table("tech_check")
