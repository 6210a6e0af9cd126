"""what moderators say to each other, and the role behind a support

Revision: e4b9c2d7a163, after d3a8f1c6b752
"""

import sqlalchemy as sa
from alembic import op

revision = "e4b9c2d7a163"
down_revision = "d3a8f1c6b752"
branch_labels = None
depends_on = None
additive = True

ROLES = (
    "resident", "active_resident", "social_worker", "professional", "policy_officer", "administrator",
    "researcher", "entrepreneur", "undisclosed",
)  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "support", sa.Column("role", sa.Enum(*ROLES, name="participantrole", native_enum=False, length=32))
    )
    op.create_table(
        "backstage_line",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_backstage_line_author_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_backstage_line_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backstage_line")),
    )
    op.create_index("ix_backstage_line_room_revision", "backstage_line", ["session_id", "revision"])


def downgrade() -> None:
    op.drop_table("backstage_line")
    op.drop_column("support", "role")
