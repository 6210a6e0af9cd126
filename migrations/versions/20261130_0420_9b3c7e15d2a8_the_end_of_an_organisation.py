"""dissolution: the end of an organisation, announced and carried out

Revision: 9b3c7e15d2a8, after c3e8a5f10b74
"""

import sqlalchemy as sa
from alembic import op

revision = "9b3c7e15d2a8"
down_revision = "c3e8a5f10b74"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "dissolution",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number = 1", name=op.f("ck_dissolution_one")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dissolution")),
    )


def downgrade() -> None:
    op.drop_table("dissolution")
