"""who is owed something stays, is asked once a year and warned first

Revision: 5d8b2f9ea4c7, after 5b7d1e93f0a4
"""

import sqlalchemy as sa
from alembic import op

revision = "5d8b2f9ea4c7"
down_revision = "5b7d1e93f0a4"
branch_labels = None
depends_on = None
additive = False

MOMENTS = ("stays_at", "asked_at", "lets_go_at", "warned_at")


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        for name in MOMENTS:
            table.add_column(sa.Column(name, sa.DateTime(timezone=True)))
        table.add_column(sa.Column("keeps_shell", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as table:
        table.alter_column("keeps_shell", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        for name in (*MOMENTS, "keeps_shell"):
            table.drop_column(name)
