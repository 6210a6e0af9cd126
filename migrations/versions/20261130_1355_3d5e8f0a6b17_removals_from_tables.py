"""removals from tables: who was taken from a table in a round, or let back in

Revision: 3d5e8f0a6b17, after e4b7a1c95d36
"""

import sqlalchemy as sa
from alembic import op

revision = "3d5e8f0a6b17"
down_revision = "e4b7a1c95d36"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "breakout_removal",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("moderator_id", sa.Uuid(), nullable=True),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["breakout_group.id"],
            name=op.f("fk_breakout_removal_group_id_breakout_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_breakout_removal_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["person.id"],
            name=op.f("fk_breakout_removal_moderator_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakout_removal")),
    )
    op.create_index("ix_breakout_removal_group_id", "breakout_removal", ["group_id"])
    op.create_index("ix_breakout_removal_person_id", "breakout_removal", ["person_id"])


def downgrade() -> None:
    op.drop_table("breakout_removal")
