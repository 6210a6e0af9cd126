"""market: who wants it in their own neighbourhood too

Revision: b95e2c7d1f38, after 3c9e51f7a2d8
"""

import sqlalchemy as sa
from alembic import op

revision = "b95e2c7d1f38"
down_revision = "3c9e51f7a2d8"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "market_wish",
        sa.Column("stand_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_key", sa.String(length=32), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_market_wish_place_id_place"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["stand_id"], ["market_stand.id"], name=op.f("fk_market_wish_stand_id_market_stand"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stand_id", "visitor_key", name=op.f("pk_market_wish")),
    )
    op.create_index(op.f("ix_market_wish_place_id"), "market_wish", ["place_id"])


def downgrade() -> None:
    op.drop_table("market_wish")
