"""people who were deleted, and visits that became a number

Revision: b7f3a1e05d68, after 8c42e6d0f915
"""

import sqlalchemy as sa
from alembic import op

revision = "b7f3a1e05d68"
down_revision = "8c42e6d0f915"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("forgotten_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("programme_session") as table:
        table.add_column(sa.Column("visitors", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("programme_session") as table:
        table.drop_column("visitors")
    with op.batch_alter_table("person") as table:
        table.drop_column("forgotten_at")
