"""which edition an organiser works on, kept beyond the browser

Revision: b6e2d4f8a913, after a17c5e90b2d4
"""

import sqlalchemy as sa
from alembic import op

revision = "b6e2d4f8a913"
down_revision = "a17c5e90b2d4"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "desk_choice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_desk_choice_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_desk_choice_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_desk_choice")),
    )


def downgrade() -> None:
    op.drop_table("desk_choice")
