"""where a session is seen: alternatives and recordings

Revision: 9b3e5c71d0a4, after 7b1e4f9a2c60
"""

import sqlalchemy as sa
from alembic import op

revision = "9b3e5c71d0a4"
down_revision = "7b1e4f9a2c60"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "stage_source",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("sign_language", "audio_only", "recording", name="purpose", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "captions_from",
            sa.Enum("nowhere", "typed", "file", name="captionsfrom", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("captions_offset", sa.Double(), nullable=False),
        sa.Column("captions", sa.Text()),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_stage_source_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_source")),
    )
    op.create_index(op.f("ix_stage_source_session_id"), "stage_source", ["session_id"])


def downgrade() -> None:
    op.drop_table("stage_source")
