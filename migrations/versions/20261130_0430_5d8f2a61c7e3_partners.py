"""partners of the event, with their logos

Revision: 5d8f2a61c7e3, after 9b3c7e15d2a8
"""

import sqlalchemy as sa
from alembic import op

revision = "5d8f2a61c7e3"
down_revision = "9b3c7e15d2a8"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "partner",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.Column("logo", sa.String(length=32), nullable=False),
        sa.Column("logo_width", sa.Integer(), nullable=False),
        sa.Column("logo_height", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_partner_added_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )


def downgrade() -> None:
    op.drop_table("partner")
