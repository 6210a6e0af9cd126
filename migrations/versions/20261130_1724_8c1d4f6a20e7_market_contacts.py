"""market: what visitors leave at a stand

Revision: 8c1d4f6a20e7, after 7f20c9ab5d14
"""

import sqlalchemy as sa
from alembic import op

revision = "8c1d4f6a20e7"
down_revision = "7f20c9ab5d14"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "market_contact",
        sa.Column("stand_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stand_id"],
            ["market_stand.id"],
            name=op.f("fk_market_contact_stand_id_market_stand"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_contact")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_market_contact_token_hash")),
    )
    op.create_index("ix_market_contact_stand_id_left_at", "market_contact", ["stand_id", "left_at"])


def downgrade() -> None:
    op.drop_table("market_contact")
