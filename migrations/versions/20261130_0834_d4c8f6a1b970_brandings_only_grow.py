"""versions of the branding that cannot be changed or deleted

Revision: d4c8f6a1b970, after 5e7a2c94d1b0
"""

from alembic import op

revision = "d4c8f6a1b970"
down_revision = "5e7a2c94d1b0"
branch_labels = None
depends_on = None
additive = False

# Not additive: a version can no longer be changed or deleted.
# The triggers of a table that only grows, as they were when this migration was written.
FIXED = ("number", "saved_at", "name", "name_en", "short_name", "tagline", "tagline_en", "contact_email", "accent",
         "second", "logo", "logo_width", "logo_height", "logo_alt", "logo_has_name", "share_picture", "words",
         "id")  # fmt: skip
ERASABLE = "saved_by_id"
TRIGGERS = ("branding_stays", "branding_is_fixed", f"branding_{ERASABLE}_only_goes")


def upgrade() -> None:
    fixed = ", ".join(FIXED)
    if op.get_bind().dialect.name == "sqlite":
        stop = "BEGIN SELECT RAISE(ABORT, 'branding only grows'); END"
        op.execute(f"CREATE TRIGGER branding_stays BEFORE DELETE ON branding {stop}")
        op.execute(f"CREATE TRIGGER branding_is_fixed BEFORE UPDATE OF {fixed} ON branding {stop}")
        op.execute(
            f"CREATE TRIGGER branding_{ERASABLE}_only_goes BEFORE UPDATE OF {ERASABLE} ON branding "
            f"WHEN NEW.{ERASABLE} IS NOT NULL {stop}"
        )
        return
    call = "EXECUTE FUNCTION branding_refuses()"
    op.execute(
        "CREATE OR REPLACE FUNCTION branding_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'branding only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER branding_stays BEFORE DELETE ON branding FOR EACH ROW {call}")
    op.execute(f"CREATE TRIGGER branding_is_fixed BEFORE UPDATE OF {fixed} ON branding FOR EACH ROW {call}")
    op.execute(
        f"CREATE TRIGGER branding_{ERASABLE}_only_goes BEFORE UPDATE OF {ERASABLE} ON branding "
        f"FOR EACH ROW WHEN (NEW.{ERASABLE} IS NOT NULL) {call}"
    )


def downgrade() -> None:
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON branding"
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}{on}")
    if on:
        op.execute("DROP FUNCTION branding_refuses()")
