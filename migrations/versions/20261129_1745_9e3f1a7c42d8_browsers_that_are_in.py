"""which browsers somebody is in with

Revision: 9e3f1a7c42d8, after a91e6c3d5f07
Create Date: 2026-11-29 17:45
"""

import sqlalchemy as sa
from alembic import op

revision = "9e3f1a7c42d8"
down_revision = "a91e6c3d5f07"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    with op.batch_alter_table("login_session") as table:
        table.add_column(sa.Column("device", sa.String(60), nullable=False, server_default=""))
        table.add_column(sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("login_session") as table:
        table.drop_column("is_shared")
        table.drop_column("device")
