"""create broadcast and broadcast_room; edition.broadcasts_until

Revision: 4e9a7c25f1d8, after d4c8f6a1b970
"""

import sqlalchemy as sa
from alembic import op

revision = "4e9a7c25f1d8"
down_revision = "d4c8f6a1b970"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=3200), nullable=False),
        sa.Column("text_en", sa.String(length=3200), server_default="", nullable=False),
        sa.Column("is_everywhere", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until > said_at", name=op.f("ck_broadcast_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_broadcast_edition_id_edition"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["person.id"], name=op.f("fk_broadcast_said_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["person.id"],
            name=op.f("fk_broadcast_withdrawn_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    op.create_index("ix_broadcast_edition_until", "broadcast", ["edition_id", "until"])
    op.create_table(
        "broadcast_room",
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcast.id"],
            name=op.f("fk_broadcast_room_broadcast_id_broadcast"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_broadcast_room_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "session_id", name=op.f("pk_broadcast_room")),
    )
    op.create_index("ix_broadcast_room_session_id_revision", "broadcast_room", ["session_id", "revision"])
    op.add_column("edition", sa.Column("broadcasts_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("edition", "broadcasts_until")
    op.drop_table("broadcast_room")
    op.drop_table("broadcast")
