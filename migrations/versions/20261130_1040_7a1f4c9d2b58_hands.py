"""raised hands, and the optional parts that a room uses

Revision: 7a1f4c9d2b58, after 8c4d1f7b2e63
"""

import sqlalchemy as sa
from alembic import op

revision = "7a1f4c9d2b58"
down_revision = "8c4d1f7b2e63"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    with op.batch_alter_table("live_room") as batch:
        batch.add_column(sa.Column("extras", sa.String(length=200), server_default="", nullable=False))
    op.create_table(
        "hand_rules",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("settings_revision", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=3200), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 10", name=op.f("ck_hand_rules_minutes_of_a_turn")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_hand_rules_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_hand_rules_changed_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_hand_rules")),
    )
    op.create_table(
        "hand",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("name_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("about", sa.String(length=1920), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("status <> 'speaking' OR ends_at IS NOT NULL", name=op.f("ck_hand_turn_has_end")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_hand_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hand_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand")),
    )
    op.create_index("ix_hand_session_status", "hand", ["session_id", "status"])
    op.create_index(op.f("ix_hand_person_id"), "hand", ["person_id"])
    is_up, speaks = sa.text("status IN ('raised', 'speaking')"), sa.text("status = 'speaking'")
    op.create_index(
        "uq_hand_one_each",
        "hand",
        ["session_id", "person_id"],
        unique=True,
        sqlite_where=is_up,
        postgresql_where=is_up,
    )
    op.create_index(
        "uq_hand_one_speaks",
        "hand",
        ["session_id"],
        unique=True,
        sqlite_where=speaks,
        postgresql_where=speaks,
    )
    op.create_table(
        "hand_change",
        sa.Column("hand_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("before", sa.String(length=32), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hand_id"], ["hand.id"], name=op.f("fk_hand_change_hand_id_hand"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_hand_change_actor_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_change")),
    )
    op.create_index(op.f("ix_hand_change_hand_id"), "hand_change", ["hand_id"])


def downgrade() -> None:
    op.drop_table("hand_change")
    op.drop_table("hand")
    op.drop_table("hand_rules")
    with op.batch_alter_table("live_room") as batch:
        batch.drop_column("extras")
