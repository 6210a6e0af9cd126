"""shares by role are counted ten at a time

Revision: b81f0c64d7e9, after 9d3e5b70f2a4
"""

import sqlalchemy as sa
from alembic import op

revision = "b81f0c64d7e9"
down_revision = "9d3e5b70f2a4"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "role_share",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_role_share_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "what", name=op.f("pk_role_share")),
    )


def downgrade() -> None:
    op.drop_table("role_share")
