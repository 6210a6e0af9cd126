"""audit log of downloaded exports without names

Revision: e71c4a9d20b8, after 4c8e1b7f2d90
"""

import sqlalchemy as sa
from alembic import op

revision = "e71c4a9d20b8"
down_revision = "4c8e1b7f2d90"
branch_labels = None
depends_on = None
additive = True

# The triggers of a table that only grows, as they were when this migration was written.
FIXED = "file, row_count, made_at, id"
STOP = "BEGIN SELECT RAISE(ABORT, 'export_download only grows'); END"
CALL = "EXECUTE FUNCTION export_download_refuses()"
ON_SQLITE = (
    f"CREATE TRIGGER export_download_stays BEFORE DELETE ON export_download {STOP}",
    f"CREATE TRIGGER export_download_is_fixed BEFORE UPDATE OF {FIXED} ON export_download {STOP}",
    "CREATE TRIGGER export_download_made_by_id_only_goes BEFORE UPDATE OF made_by_id ON export_download "
    f"WHEN NEW.made_by_id IS NOT NULL {STOP}",
)
ON_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION export_download_refuses() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'export_download only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE TRIGGER export_download_stays BEFORE DELETE ON export_download FOR EACH ROW {CALL}",
    f"CREATE TRIGGER export_download_is_fixed BEFORE UPDATE OF {FIXED} ON export_download FOR EACH ROW {CALL}",
    "CREATE TRIGGER export_download_made_by_id_only_goes BEFORE UPDATE OF made_by_id ON export_download "
    f"FOR EACH ROW WHEN (NEW.made_by_id IS NOT NULL) {CALL}",
)


def _only_grows() -> None:
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "export_download",
        sa.Column("file", sa.String(length=160), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_export_download_made_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_download")),
    )
    _only_grows()


def downgrade() -> None:
    op.drop_table("export_download")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION export_download_refuses()")
