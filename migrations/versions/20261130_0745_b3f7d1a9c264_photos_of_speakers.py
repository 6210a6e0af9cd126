"""photos of speakers, and the consent for them

Revision: b3f7d1a9c264, after a6d2f08c5b91
"""

import sqlalchemy as sa
from alembic import op

revision = "b3f7d1a9c264"
down_revision = "a6d2f08c5b91"
branch_labels = None
depends_on = None
additive = True

# The triggers of a table that only grows, as they were when this migration was written.
CONSENT = ("id", "is_given", "by", "text_version", "at")
ERASABLE = ("speaker_id", "by_id")


def _only_grows() -> None:
    table, fixed = "photo_consent", ", ".join(CONSENT)
    if op.get_bind().dialect.name == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {stop}")
        op.execute(f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {fixed} ON {table} {stop}")
        for column in ERASABLE:
            op.execute(
                f"CREATE TRIGGER {table}_{column}_only_goes BEFORE UPDATE OF {column} ON {table} "
                f"WHEN NEW.{column} IS NOT NULL {stop}"
            )
        return
    call = f"EXECUTE FUNCTION {table}_refuses()"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW {call}")
    op.execute(f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {fixed} ON {table} FOR EACH ROW {call}")
    for column in ERASABLE:
        op.execute(
            f"CREATE TRIGGER {table}_{column}_only_goes BEFORE UPDATE OF {column} ON {table} "
            f"FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) {call}"
        )


def upgrade() -> None:
    op.create_table(
        "speaker_photo",
        sa.Column("speaker_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("alt", sa.String(length=160), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speaker.id"], name=op.f("fk_speaker_photo_speaker_id_speaker"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_photo")),
        sa.UniqueConstraint("speaker_id", name=op.f("uq_speaker_photo_speaker_id")),
    )
    op.create_index(op.f("ix_speaker_photo_placed_at"), "speaker_photo", ["placed_at"])
    op.create_table(
        "photo_consent",
        sa.Column("speaker_id", sa.Uuid(), nullable=True),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speaker.id"], name=op.f("fk_photo_consent_speaker_id_speaker"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_photo_consent_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_consent")),
    )
    op.create_index(op.f("ix_photo_consent_speaker_id"), "photo_consent", ["speaker_id"])
    _only_grows()


def downgrade() -> None:
    op.drop_table("photo_consent")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION photo_consent_refuses()")
    op.drop_table("speaker_photo")
