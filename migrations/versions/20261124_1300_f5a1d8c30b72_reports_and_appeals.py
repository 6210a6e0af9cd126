"""what people report, what was decided, and appeals against it

Revision: f5a1d8c30b72, after e4b9c2d7a163
"""

import sqlalchemy as sa
from alembic import op

revision = "f5a1d8c30b72"
down_revision = "e4b9c2d7a163"
branch_labels = None
depends_on = None
additive = True


def _reference(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid()),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column(
            "status",
            sa.Enum(
                "received", "under_review", "upheld", "dismissed", "appealed", "final",
                name="reportstatus", native_enum=False, length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_upheld", sa.Boolean()),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=100)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("decided_by", sa.String(length=100)),
        sa.Column("decision", sa.Text()),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('received', 'under_review') OR is_upheld IS NOT NULL",
            name=op.f("ck_report_decided_has_outcome"),
        ),
        _reference("report", "session_id", "programme_session", "CASCADE"),
        _reference("report", "question_id", "question", "CASCADE"),
        _reference("report", "reporter_id", "person", "SET NULL"),
        _reference("report", "decided_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("question_id", "reporter_id", name="uq_report_once_each"),
    )  # fmt: skip
    op.create_index("ix_report_room_revision", "report", ["session_id", "revision"])
    op.create_index(op.f("ix_report_reporter_id"), "report", ["reporter_id"])
    op.create_table(
        "appeal",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid()),
        sa.Column("report_id", sa.Uuid()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("against_id", sa.Uuid()),
        sa.Column("against", sa.String(length=100), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "received", "granted", "refused", name="appealstatus", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("decided_by", sa.String(length=100)),
        sa.Column("decision", sa.Text()),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(change_id IS NULL) <> (report_id IS NULL)", name=op.f("ck_appeal_against_one_decision")
        ),
        sa.CheckConstraint(
            "status = 'received' OR decision IS NOT NULL", name=op.f("ck_appeal_decided_has_reason")
        ),
        _reference("appeal", "session_id", "programme_session", "CASCADE"),
        _reference("appeal", "question_id", "question", "CASCADE"),
        _reference("appeal", "change_id", "question_change", "CASCADE"),
        _reference("appeal", "report_id", "report", "CASCADE"),
        _reference("appeal", "against_id", "person", "SET NULL"),
        _reference("appeal", "decided_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("change_id", name=op.f("uq_appeal_change_id")),
        sa.UniqueConstraint("report_id", name=op.f("uq_appeal_report_id")),
    )
    op.create_index("ix_appeal_room_revision", "appeal", ["session_id", "revision"])
    op.create_index(op.f("ix_appeal_question_id"), "appeal", ["question_id"])


def downgrade() -> None:
    op.drop_table("appeal")
    op.drop_table("report")
