"""a switch for who supports and votes, a list of words, muted handles

Revision: a91e6c3d5f07, after 9c3e5a7d1f84
Create Date: 2026-11-29 17:44
"""

import sqlalchemy as sa
from alembic import op

revision = "a91e6c3d5f07"
down_revision = "9c3e5a7d1f84"
branch_labels = None
depends_on = None
additive = True

SWITCHES = (
    ("edition", "registered_only"), ("programme_session", "registered_only"),
    ("asking_rules", "registered_only"), ("question", "is_muted"),
)  # fmt: skip


def upgrade() -> None:
    for table, column in SWITCHES:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("edition", sa.Column("held_words", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "muted_handle",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=22), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("moderator_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_muted_handle_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["person.id"], name=op.f("fk_muted_handle_moderator_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("session_id", "handle", name=op.f("pk_muted_handle")),
    )


def downgrade() -> None:
    op.drop_table("muted_handle")
    op.drop_column("edition", "held_words")
    for table, column in reversed(SWITCHES):
        op.drop_column(table, column)
