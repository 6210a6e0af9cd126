"""people who are counted and not listed, certificates of attendance

Revision: 4f8e1c7a2d60, after c4d27b9e60f1
"""

import sqlalchemy as sa
from alembic import op

revision = "4f8e1c7a2d60"
down_revision = "c4d27b9e60f1"
branch_labels = None
depends_on = None
additive = True


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "unlisted",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        _reference("unlisted", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_unlisted")),
    )
    op.create_table(
        "counted_visit",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_key", sa.String(length=22), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("last_seen_at >= first_seen_at", name=op.f("ck_counted_visit_ends_after_start")),
        _reference("counted_visit", "session_id", "programme_session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_visit")),
    )
    op.create_index("ix_counted_visit_session_seen", "counted_visit", ["session_id", "last_seen_at"])
    op.create_index("ix_counted_visit_visitor_session", "counted_visit", ["visitor_key", "session_id"])
    op.create_table(
        "certificate",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("says", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("certificate", "person_id", "person"),
        _reference("certificate", "edition_id", "edition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
    )
    op.create_index(op.f("ix_certificate_person_id"), "certificate", ["person_id"])


def downgrade() -> None:
    for name in ("certificate", "counted_visit", "unlisted"):
        op.drop_table(name)
