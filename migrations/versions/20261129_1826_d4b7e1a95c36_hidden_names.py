"""names that a moderator keeps from the hall

Revision: d4b7e1a95c36, after c6d91f4b7e30
Create Date: 2026-11-29 18:26
"""

import sqlalchemy as sa
from alembic import op

revision = "d4b7e1a95c36"
down_revision = "c6d91f4b7e30"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.add_column("question", sa.Column("name_hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("question_change", sa.Column("deed", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("question_change", "deed")
    op.drop_column("question", "name_hidden")
