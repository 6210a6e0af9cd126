"""an edition is prepared, opened, closed and closed for good

Revision: e4a1c97d20b6, after c1f0a7d25e94
"""

import sqlalchemy as sa
from alembic import op

revision = "e4a1c97d20b6"
down_revision = "c1f0a7d25e94"
branch_labels = None
depends_on = None
additive = False

STATUS = sa.Enum(
    "draft", "open", "closed", "archived", name="editionstatus", native_enum=False, length=32
)
ACTION = sa.Enum(
    "share_preview",
    "end_preview",
    "plan",
    "unplan",
    "open",
    "open_as_planned",
    "close",
    "archive",
    name="editionaction",
    native_enum=False,
    length=32,
)
FIXED = "edition_id, action, after, planned_for, at, id"


def _only_grows() -> None:
    if op.get_bind().dialect.name == "sqlite":
        stop, each = "BEGIN SELECT RAISE(ABORT, 'edition_change only grows'); END", ""
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION edition_change_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'edition_change only grows' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$"
        )
        stop, each = "EXECUTE FUNCTION edition_change_refuses()", "FOR EACH ROW"
    op.execute(f"CREATE TRIGGER edition_change_stays BEFORE DELETE ON edition_change {each} {stop}")
    op.execute(
        f"CREATE TRIGGER edition_change_is_fixed BEFORE UPDATE OF {FIXED} ON edition_change {each} {stop}"
    )
    op.execute(
        "CREATE TRIGGER edition_change_by_id_only_goes BEFORE UPDATE OF by_id ON edition_change "
        f"{each} WHEN (NEW.by_id IS NOT NULL) {stop}"
    )


def upgrade() -> None:
    with op.batch_alter_table("edition") as batch:
        batch.add_column(sa.Column("status", STATUS, nullable=False, server_default="draft"))
        batch.add_column(sa.Column("status_revision", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("opens_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("closed_note", sa.String(length=300), nullable=False, server_default=""))
        batch.add_column(sa.Column("preview_nonce", sa.String(length=32)))
    op.execute("UPDATE edition SET status = 'open' WHERE is_open")
    with op.batch_alter_table("edition") as batch:
        batch.drop_column("is_open")
        for name in ("status", "status_revision", "closed_note"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "edition_change",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("action", ACTION, nullable=False),
        sa.Column("after", STATUS, nullable=False),
        sa.Column("planned_for", sa.DateTime(timezone=True)),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_change_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_edition_change_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_change")),
    )
    op.create_index(op.f("ix_edition_change_edition_id"), "edition_change", ["edition_id"])
    _only_grows()


def downgrade() -> None:
    op.drop_table("edition_change")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION edition_change_refuses()")
    with op.batch_alter_table("edition") as batch:
        batch.add_column(sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute("UPDATE edition SET is_open = false WHERE status IN ('draft', 'closed')")
    with op.batch_alter_table("edition") as batch:
        for name in ("preview_nonce", "closed_note", "opens_at", "status_revision", "status"):
            batch.drop_column(name)
