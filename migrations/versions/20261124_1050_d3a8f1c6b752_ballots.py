"""ballots, and what is kept of them

Revision: d3a8f1c6b752, after c7d2f05b3e44
"""

import sqlalchemy as sa
from alembic import op

revision = "d3a8f1c6b752"
down_revision = "c7d2f05b3e44"
branch_labels = None
depends_on = None
additive = False

ROLES = (
    "resident", "active_resident", "social_worker", "professional", "policy_officer", "administrator",
    "researcher", "entrepreneur", "undisclosed",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("poll") as table:
        table.add_column(sa.Column("ballot_revision", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("tallied_at", sa.DateTime(timezone=True)))
    # What was closed before now came with its numbers.
    op.execute("UPDATE poll SET tallied_at = CURRENT_TIMESTAMP WHERE status = 'closed'")
    with op.batch_alter_table("poll") as table:
        table.alter_column("ballot_revision", server_default=None)
    op.create_table(
        "ballot",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("voter_key", sa.String(length=22), nullable=False),
        sa.Column("positions", sa.JSON(), nullable=False),
        sa.Column("role", sa.Enum(*ROLES, name="participantrole", native_enum=False, length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_role_count",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_role_count_poll_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", "role", "position", name=op.f("pk_poll_role_count")),
    )


def downgrade() -> None:
    op.drop_table("poll_role_count")
    op.drop_table("ballot")
    with op.batch_alter_table("poll") as table:
        table.drop_column("tallied_at")
        table.drop_column("ballot_revision")
