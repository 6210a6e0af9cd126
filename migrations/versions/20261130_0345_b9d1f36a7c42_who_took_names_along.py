"""audit log of exports that name people

Revision: b9d1f36a7c42, after 2d7a9c40e1b6
"""

import sqlalchemy as sa
from alembic import op

revision = "b9d1f36a7c42"
down_revision = "2d7a9c40e1b6"
branch_labels = None
depends_on = None
additive = True

# The triggers of a table that only grows, as they were when this migration was written.
FIXED = "file, reason, made_at, id"
STOP = "BEGIN SELECT RAISE(ABORT, 'named_export only grows'); END"
CALL = "EXECUTE FUNCTION named_export_refuses()"
ON_SQLITE = (
    f"CREATE TRIGGER named_export_stays BEFORE DELETE ON named_export {STOP}",
    f"CREATE TRIGGER named_export_is_fixed BEFORE UPDATE OF {FIXED} ON named_export {STOP}",
    "CREATE TRIGGER named_export_made_by_id_only_goes BEFORE UPDATE OF made_by_id ON named_export "
    f"WHEN NEW.made_by_id IS NOT NULL {STOP}",
)
ON_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION named_export_refuses() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'named_export only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE TRIGGER named_export_stays BEFORE DELETE ON named_export FOR EACH ROW {CALL}",
    f"CREATE TRIGGER named_export_is_fixed BEFORE UPDATE OF {FIXED} ON named_export FOR EACH ROW {CALL}",
    "CREATE TRIGGER named_export_made_by_id_only_goes BEFORE UPDATE OF made_by_id ON named_export "
    f"FOR EACH ROW WHEN (NEW.made_by_id IS NOT NULL) {CALL}",
)


def _only_grows() -> None:
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "named_export",
        sa.Column("file", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_named_export_made_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_export")),
    )
    _only_grows()


def downgrade() -> None:
    op.drop_table("named_export")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION named_export_refuses()")
