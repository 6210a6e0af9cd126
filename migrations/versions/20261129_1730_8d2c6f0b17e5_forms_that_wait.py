"""a registration form waits until its address is confirmed

Revision: 8d2c6f0b17e5, after c0f4a7d2e916
Create Date: 2026-11-29 17:30
"""

import sqlalchemy as sa
from alembic import op

revision = "8d2c6f0b17e5"
down_revision = "c0f4a7d2e916"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "filled_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_filled_form_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_filled_form_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["personal_link.id"],
            name=op.f("fk_filled_form_link_id_personal_link"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filled_form")),
    )
    for column in ("person_id", "link_id", "made_at"):
        op.create_index(op.f(f"ix_filled_form_{column}"), "filled_form", [column])


def downgrade() -> None:
    op.drop_table("filled_form")
