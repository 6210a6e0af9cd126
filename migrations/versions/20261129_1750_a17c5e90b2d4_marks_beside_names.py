"""what the house says of an asker, outside their name

Revision: a17c5e90b2d4, after 9e3f1a7c42d8
Create Date: 2026-11-29 17:50
"""

import sqlalchemy as sa
from alembic import op

revision = "a17c5e90b2d4"
down_revision = "9e3f1a7c42d8"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.add_column("question", sa.Column("shown_mark", sa.String(20)))


def downgrade() -> None:
    with op.batch_alter_table("question") as table:
        table.drop_column("shown_mark")
