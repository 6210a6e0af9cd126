"""programmes that are read from a file, until they are confirmed

Revision: d7b3a95c1e42, after c4f8a2e6b915
"""

import sqlalchemy as sa
from alembic import op

revision = "d7b3a95c1e42"
down_revision = "c4f8a2e6b915"
branch_labels = None
depends_on = None
additive = True

STATES = ("waiting", "reading", "ready", "failed", "confirmed", "saving", "done")


def _reference(column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_programme_import_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "programme_import",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="importstate", native_enum=False, length=32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("edition_id", "edition", "CASCADE"),
        _reference("made_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_import")),
    )


def downgrade() -> None:
    op.drop_table("programme_import")
