"""create sms_number, sms_number_use, sms_message and sms_day

Revision: 6c1d8f0a3e52, after 8c1d4f6a20e7
"""

import sqlalchemy as sa
from alembic import op

revision = "6c1d8f0a3e52"
down_revision = "8c1d4f6a20e7"
branch_labels = None
depends_on = None
additive = True


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "sms_number",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Uuid(), nullable=False),
        sa.Column("number_print", sa.String(length=32), nullable=False),
        _moment("given_at", nullable=False),
        sa.Column("code", sa.String(length=32), nullable=True),
        _moment("code_until"),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        _moment("proven_at"),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("sms_number", "person_id", "person"),
        _key("sms_number", "edition_id", "edition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_number")),
        sa.UniqueConstraint("person_id", "edition_id", name=op.f("uq_sms_number_person_id_edition_id")),
    )
    op.create_index("ix_sms_number_edition_id", "sms_number", ["edition_id"])
    op.create_index("ix_sms_number_number_print", "sms_number", ["number_print"])
    op.create_table(
        "sms_number_use",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("number_print", sa.String(length=32), nullable=False),
        sa.Column("codes_on", sa.Date(), nullable=True),
        sa.Column("codes", sa.Integer(), nullable=False),
        _moment("stopped_at"),
        _key("sms_number_use", "edition_id", "edition"),
        sa.PrimaryKeyConstraint("edition_id", "number_print", name=op.f("pk_sms_number_use")),
    )
    op.create_table(
        "sms_message",
        sa.Column("number_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        _moment("made_at", nullable=False),
        _moment("due_at", nullable=False),
        _moment("useless_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("tried_at"),
        _moment("leased_until"),
        _moment("sent_at"),
        _moment("reported_at"),
        sa.Column("last_error", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        _key("sms_message", "number_id", "sms_number"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_sms_message_dedupe_key")),
    )
    op.create_index("ix_sms_message_number_id", "sms_message", ["number_id"])
    op.create_index("ix_sms_message_turn", "sms_message", ["status", "priority", "due_at"])
    op.create_table(
        "sms_day",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        _key("sms_day", "edition_id", "edition"),
        sa.PrimaryKeyConstraint("edition_id", "day", name=op.f("pk_sms_day")),
    )


def downgrade() -> None:
    for table in ("sms_day", "sms_message", "sms_number_use", "sms_number"):
        op.drop_table(table)
