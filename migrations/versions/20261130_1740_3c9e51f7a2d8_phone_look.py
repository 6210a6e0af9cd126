"""create phone_look

Revision: 3c9e51f7a2d8, after 6c1d8f0a3e52
"""

import sqlalchemy as sa
from alembic import op

revision = "3c9e51f7a2d8"
down_revision = "e1c7a2f4d906"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "phone_look",
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("found", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_phone_look_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_phone_look_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_look")),
    )
    op.create_index("ix_phone_look_by_deed", "phone_look", ["by_id", "deed", "at"])
    op.create_index(op.f("ix_phone_look_person_id"), "phone_look", ["person_id"])


def downgrade() -> None:
    op.drop_table("phone_look")
