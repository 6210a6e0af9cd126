"""one-time codes to set up an installation in a browser

Revision: f7b20c94e8d1, after 5f2d9b7c31e8
"""

import sqlalchemy as sa
from alembic import op

revision = "f7b20c94e8d1"
down_revision = "5f2d9b7c31e8"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "setup_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_code")),
    )


def downgrade() -> None:
    op.drop_table("setup_code")
