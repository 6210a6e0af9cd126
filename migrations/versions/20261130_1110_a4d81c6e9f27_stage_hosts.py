"""hosts of the stage, as administrators change them

Revision: a4d81c6e9f27, after 7a1f4c9d2b58
"""

import sqlalchemy as sa
from alembic import op

revision = "a4d81c6e9f27"
down_revision = "7a1f4c9d2b58"
branch_labels = None
depends_on = None
additive = True

TABLE = "stage_host_change"
FIXED = ("number", "host", "is_allowed", "changed_at", "id")
ERASABLE = "changed_by_id"


def _only_grows() -> None:
    # The triggers of a table that only grows, as they were when this migration was written.
    fixed = ", ".join(FIXED)
    if op.get_bind().dialect.name == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{TABLE} only grows'); END"
        op.execute(f"CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON {TABLE} {stop}")
        op.execute(f"CREATE TRIGGER {TABLE}_is_fixed BEFORE UPDATE OF {fixed} ON {TABLE} {stop}")
        op.execute(
            f"CREATE TRIGGER {TABLE}_{ERASABLE}_only_goes BEFORE UPDATE OF {ERASABLE} ON {TABLE} "
            f"WHEN NEW.{ERASABLE} IS NOT NULL {stop}"
        )
        return
    call = f"EXECUTE FUNCTION {TABLE}_refuses()"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TABLE} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON {TABLE} FOR EACH ROW {call}")
    op.execute(f"CREATE TRIGGER {TABLE}_is_fixed BEFORE UPDATE OF {fixed} ON {TABLE} FOR EACH ROW {call}")
    op.execute(
        f"CREATE TRIGGER {TABLE}_{ERASABLE}_only_goes BEFORE UPDATE OF {ERASABLE} ON {TABLE} "
        f"FOR EACH ROW WHEN (NEW.{ERASABLE} IS NOT NULL) {call}"
    )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_stage_host_change_changed_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_host_change")),
        sa.UniqueConstraint("number", name=op.f("uq_stage_host_change_number")),
    )
    _only_grows()


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {TABLE}_refuses()")
