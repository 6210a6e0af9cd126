"""texts that organisers write: versions of site texts, and house rules in English with their writer

Revision: e7a4c2d9b561, after f7b20c94e8d1
"""

import sqlalchemy as sa
from alembic import op

revision = "e7a4c2d9b561"
down_revision = "f7b20c94e8d1"
branch_labels = None
depends_on = None
additive = False

# Not additive: a version of the house rules can no longer be changed or deleted.
# The triggers of tables that only grow, as they were when this migration was written.
RULES = ("id", "version", "effective_from", "title", "title_en", "intro", "intro_en", "what_happens",
         "what_happens_en", "made_at", "made_by_id")  # fmt: skip
RULE = ("id", "house_rules_id", "position", "code", "title", "title_en", "body", "body_en")
TEXT = ("id", "page", "number", "content", "from_number", "made_at", "made_by_id")


def _only_grows(table: str, columns: tuple[str, ...], erasable: str | None = None) -> None:
    fixed = ", ".join(column for column in columns if column != erasable)
    if op.get_bind().dialect.name == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {stop}")
        op.execute(f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {fixed} ON {table} {stop}")
        if erasable:
            op.execute(
                f"CREATE TRIGGER {table}_{erasable}_only_goes BEFORE UPDATE OF {erasable} ON {table} "
                f"WHEN NEW.{erasable} IS NOT NULL {stop}"
            )
        return
    call = f"EXECUTE FUNCTION {table}_refuses()"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW {call}")
    op.execute(f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {fixed} ON {table} FOR EACH ROW {call}")
    if erasable:
        op.execute(
            f"CREATE TRIGGER {table}_{erasable}_only_goes BEFORE UPDATE OF {erasable} ON {table} "
            f"FOR EACH ROW WHEN (NEW.{erasable} IS NOT NULL) {call}"
        )


def _may_change(table: str, erasable: str | None = None) -> None:
    names = [f"{table}_stays", f"{table}_is_fixed", *([f"{table}_{erasable}_only_goes"] if erasable else [])]
    on = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
    for name in names:
        op.execute(f"DROP TRIGGER {name}{on}")
    if on:
        op.execute(f"DROP FUNCTION {table}_refuses()")


def upgrade() -> None:
    with op.batch_alter_table("house_rules") as table:
        table.add_column(sa.Column("title_en", sa.String(length=120), nullable=False, server_default=""))
        table.add_column(sa.Column("intro_en", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("what_happens_en", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("made_by_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            "fk_house_rules_made_by_id_person", "person", ["made_by_id"], ["id"], ondelete="SET NULL"
        )
    op.add_column("house_rule", sa.Column("title_en", sa.String(length=160), nullable=False, server_default=""))
    op.add_column("house_rule", sa.Column("body_en", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "site_text_version",
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("from_number", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["person.id"],
            name=op.f("fk_site_text_version_made_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_text_version")),
        sa.UniqueConstraint("page", "number", name=op.f("uq_site_text_version_page_number")),
    )
    _only_grows("house_rules", RULES, "made_by_id")
    _only_grows("house_rule", RULE)
    _only_grows("site_text_version", TEXT, "made_by_id")


def downgrade() -> None:
    _may_change("site_text_version", "made_by_id")
    _may_change("house_rule")
    _may_change("house_rules", "made_by_id")
    op.drop_table("site_text_version")
    op.drop_column("house_rule", "body_en")
    op.drop_column("house_rule", "title_en")
    with op.batch_alter_table("house_rules") as table:
        table.drop_constraint("fk_house_rules_made_by_id_person", type_="foreignkey")
        table.drop_column("made_by_id")
        table.drop_column("made_at")
        table.drop_column("what_happens_en")
        table.drop_column("intro_en")
        table.drop_column("title_en")
