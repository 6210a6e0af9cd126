"""market: the queue of a stand

Revision: d4f7a1c86b25, after b95e2c7d1f38
"""

import sqlalchemy as sa
from alembic import op

revision = "d4f7a1c86b25"
down_revision = "b95e2c7d1f38"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "market_wait",
        sa.Column("stand_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stand_id"],
            ["market_stand.id"],
            name=op.f("fk_market_wait_stand_id_market_stand"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_market_wait_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_wait")),
        sa.UniqueConstraint("stand_id", "visitor_key", name="uq_market_wait_stand_id_visitor_key"),
    )
    op.create_index("ix_market_wait_stand_id_status", "market_wait", ["stand_id", "status", "joined_at"])
    op.create_index(op.f("ix_market_wait_visitor_key"), "market_wait", ["visitor_key"])
    op.create_index(op.f("ix_market_wait_by_id"), "market_wait", ["by_id"])


def downgrade() -> None:
    op.drop_table("market_wait")
