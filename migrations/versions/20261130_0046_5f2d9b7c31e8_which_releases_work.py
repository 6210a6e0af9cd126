"""which releases work with this database

Revision: 5f2d9b7c31e8, after e4a1c97d20b6
"""

import sqlalchemy as sa
from alembic import op

revision = "5f2d9b7c31e8"
down_revision = "e4a1c97d20b6"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "schema_floor",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("revision", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schema_floor")),
    )


def downgrade() -> None:
    op.drop_table("schema_floor")
