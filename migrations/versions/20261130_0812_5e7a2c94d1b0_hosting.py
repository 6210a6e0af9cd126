"""order of what comes next in a session, and signals to who is on stage

Revision: 5e7a2c94d1b0, after b3f7d1a9c264
"""

import sqlalchemy as sa
from alembic import op

revision = "5e7a2c94d1b0"
down_revision = "b3f7d1a9c264"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "running_order",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_running_order_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_running_order_changed_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_running_order")),
    )
    op.create_table(
        "stage_signal",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_stage_signal_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_stage_signal")),
    )


def downgrade() -> None:
    op.drop_table("stage_signal")
    op.drop_table("running_order")
