"""a form that is posted twice is done once

Revision: c2f60b8d4e71, after 8d2c6f0b17e5
Create Date: 2026-11-29 17:31
"""

import sqlalchemy as sa
from alembic import op

revision = "c2f60b8d4e71"
down_revision = "8d2c6f0b17e5"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "form_once",
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("request", sa.String(length=43), nullable=False),
        sa.Column("result", sa.LargeBinary()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_once")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_form_once_at"), "form_once", ["at"])


def downgrade() -> None:
    op.drop_table("form_once")
