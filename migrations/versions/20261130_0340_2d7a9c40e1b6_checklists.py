"""checklists: items that organisers add, and who ticked what

Revision: 2d7a9c40e1b6, after e4a96b17c2f5
"""

import sqlalchemy as sa
from alembic import op

revision = "2d7a9c40e1b6"
down_revision = "e4a96b17c2f5"
branch_labels = None
depends_on = None
additive = True

ROLE = sa.Enum(
    "supporter",
    "host",
    "moderator",
    "captioner",
    "editor",
    "publisher",
    "org_contact",
    "learning_coordinator",
    "organiser",
    "admin",
    name="role",
    native_enum=False,
    length=32,
)
FIXED = "edition_id, code, number, is_done, at, id"


def _only_grows() -> None:
    if op.get_bind().dialect.name == "sqlite":
        stop, each = "BEGIN SELECT RAISE(ABORT, 'checklist_tick only grows'); END", ""
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION checklist_tick_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'checklist_tick only grows' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$"
        )
        stop, each = "EXECUTE FUNCTION checklist_tick_refuses()", "FOR EACH ROW"
    op.execute(f"CREATE TRIGGER checklist_tick_stays BEFORE DELETE ON checklist_tick {each} {stop}")
    op.execute(
        f"CREATE TRIGGER checklist_tick_is_fixed BEFORE UPDATE OF {FIXED} ON checklist_tick {each} {stop}"
    )
    op.execute(
        "CREATE TRIGGER checklist_tick_by_id_only_goes BEFORE UPDATE OF by_id ON checklist_tick "
        f"{each} WHEN (NEW.by_id IS NOT NULL) {stop}"
    )


def upgrade() -> None:
    op.create_table(
        "checklist_item",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_checklist_item_edition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["person.id"],
            name=op.f("fk_checklist_item_added_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
    )
    op.create_index(op.f("ix_checklist_item_edition_id"), "checklist_item", ["edition_id"])
    op.create_table(
        "checklist_tick",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_checklist_tick_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_checklist_tick_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_tick")),
        sa.UniqueConstraint(
            "edition_id", "code", "number", name=op.f("uq_checklist_tick_edition_id_code_number")
        ),
    )
    _only_grows()


def downgrade() -> None:
    op.drop_table("checklist_tick")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION checklist_tick_refuses()")
    op.drop_index(op.f("ix_checklist_item_edition_id"), table_name="checklist_item")
    op.drop_table("checklist_item")
