"""an edition can be made before visitors see it

Revision: 7b1e4f9a2c60, after 4f8e1c7a2d60
"""

import sqlalchemy as sa
from alembic import op

revision = "7b1e4f9a2c60"
down_revision = "4f8e1c7a2d60"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    # What is there already was made to be seen.
    with op.batch_alter_table("edition") as batch:
        batch.add_column(sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("edition") as batch:
        batch.drop_column("is_open")
