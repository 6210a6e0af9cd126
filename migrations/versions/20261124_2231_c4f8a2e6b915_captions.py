"""captions typed live

Revision: c4f8a2e6b915, after 9b3e5c71d0a4
"""

import sqlalchemy as sa
from alembic import op

revision = "c4f8a2e6b915"
down_revision = "9b3e5c71d0a4"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "caption_line",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=3200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_caption_line_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caption_line")),
        sa.UniqueConstraint(
            "session_id", "position", name=op.f("uq_caption_line_session_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("caption_line")
