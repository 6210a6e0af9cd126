"""mailings: their text, who gets them, what was done to them, and the rules of an edition

Revision: d2f6a84c1b97, after b7f2c4a9d013
"""

import sqlalchemy as sa
from alembic import op

revision = "d2f6a84c1b97"
down_revision = "b7f2c4a9d013"
branch_labels = None
depends_on = None
additive = True

TABLE = "mailing_change"
FIXED = "mailing_id, action, after, count, at, id"
ERASABLE = "by_id"


def _key(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def _only_grows() -> None:
    """Refuse changes, except that the link to an erased person goes."""
    if op.get_bind().dialect.name == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{TABLE} only grows'); END"
        op.execute(f"CREATE TRIGGER {TABLE}_stays BEFORE DELETE ON {TABLE} {stop}")
        op.execute(f"CREATE TRIGGER {TABLE}_is_fixed BEFORE UPDATE OF {FIXED} ON {TABLE} {stop}")
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
    op.execute(f"CREATE TRIGGER {TABLE}_is_fixed BEFORE UPDATE OF {FIXED} ON {TABLE} FOR EACH ROW {call}")
    op.execute(
        f"CREATE TRIGGER {TABLE}_{ERASABLE}_only_goes BEFORE UPDATE OF {ERASABLE} ON {TABLE} "
        f"FOR EACH ROW WHEN (NEW.{ERASABLE} IS NOT NULL) {call}"
    )


def upgrade() -> None:
    op.create_table(
        "mailing",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=1920), nullable=False),
        sa.Column("subject_en", sa.String(length=1920), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("mailing", "edition_id", "edition"),
        _key("mailing", "written_by_id", "person", "SET NULL"),
        _key("mailing", "sent_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_index("ix_mailing_edition_id", "mailing", ["edition_id"])
    op.create_index("ix_mailing_status_due", "mailing", ["status", "due_at"])
    op.create_table(
        "mailing_recipient",
        sa.Column("mailing_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mail_key", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        _key("mailing_recipient", "mailing_id", "mailing", "CASCADE"),
        _key("mailing_recipient", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("mailing_id", "person_id", name=op.f("pk_mailing_recipient")),
        sa.UniqueConstraint("mail_key", name=op.f("uq_mailing_recipient_mail_key")),
    )
    op.create_index("ix_mailing_recipient_person_id", "mailing_recipient", ["person_id"])
    op.create_index("ix_mailing_recipient_status", "mailing_recipient", ["mailing_id", "status"])
    op.create_table(
        "mailing_change",
        sa.Column("mailing_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("after", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("mailing_change", "mailing_id", "mailing"),
        _key("mailing_change", "by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_change")),
    )
    op.create_index("ix_mailing_change_mailing_id", "mailing_change", ["mailing_id"])
    _only_grows()
    op.create_table(
        "mailing_rules",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("second_pair_above", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("second_pair_above >= 0", name=op.f("ck_mailing_rules_second_pair_above")),
        _key("mailing_rules", "edition_id", "edition", "CASCADE"),
        _key("mailing_rules", "changed_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_mailing_rules")),
    )


def downgrade() -> None:
    for table in ("rules", "change", "recipient"):
        op.drop_table(f"mailing_{table}")
    op.drop_table("mailing")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS mailing_change_refuses()")
