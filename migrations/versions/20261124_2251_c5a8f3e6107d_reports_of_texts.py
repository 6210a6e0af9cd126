"""comments and lessons are reported as questions are; decisions on them, and appeals

Revision: c5a8f3e6107d, after 7e2c9a41d5b8
"""

import sqlalchemy as sa
from alembic import op

revision = "c5a8f3e6107d"
down_revision = "7e2c9a41d5b8"
branch_labels = None
depends_on = None
additive = False

KINDS = sa.Enum("question", "comment", "lesson", name="kind", native_enum=False, length=32)
OF_A_SESSION = ("session_id", "revision", "question_id")
TYPES = {"session_id": sa.Uuid(), "revision": sa.BigInteger(), "question_id": sa.Uuid()}


def _reference(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "text_decision",
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("comment_id", sa.Uuid()),
        sa.Column("lesson_id", sa.Uuid()),
        sa.Column("is_hiding", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32)),
        sa.Column("note", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moderator_id", sa.Uuid()),
        sa.Column("moderator_name", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("text_decision", "comment_id", "comment", "SET NULL"),
        _reference("text_decision", "lesson_id", "lesson", "SET NULL"),
        _reference("text_decision", "moderator_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_decision")),
    )
    for column in ("at", "comment_id", "lesson_id"):
        op.create_index(op.f(f"ix_text_decision_{column}"), "text_decision", [column])
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("kind", KINDS))
        table.add_column(sa.Column("comment_id", sa.Uuid()))
        table.add_column(sa.Column("lesson_id", sa.Uuid()))
        table.add_column(sa.Column("reporter_name", sa.String(length=100)))
        table.add_column(sa.Column("reporter_email", sa.String(length=320)))
    op.execute("UPDATE report SET kind = 'question'")
    with op.batch_alter_table("report") as table:
        table.alter_column("kind", existing_type=KINDS, nullable=False)
        for column in OF_A_SESSION:
            table.alter_column(column, existing_type=TYPES[column], nullable=True)
        for column in ("comment", "lesson"):
            table.create_foreign_key(
                op.f(f"fk_report_{column}_id_{column}"), column, [f"{column}_id"], ["id"], ondelete="SET NULL"
            )
            table.create_unique_constraint(
                op.f(f"uq_report_{column}_once_each"), [f"{column}_id", "reporter_id"]
            )
        table.create_check_constraint(
            "question_has_session",
            "(kind = 'question') = (question_id IS NOT NULL AND session_id IS NOT NULL"
            " AND revision IS NOT NULL)",
        )
        table.create_index(op.f("ix_report_lesson_id"), ["lesson_id"])
    with op.batch_alter_table("appeal") as table:
        table.add_column(sa.Column("decision_id", sa.Uuid()))
        for column in OF_A_SESSION:
            table.alter_column(column, existing_type=TYPES[column], nullable=True)
        table.create_foreign_key(
            op.f("fk_appeal_decision_id_text_decision"), "text_decision", ["decision_id"], ["id"],
            ondelete="CASCADE",
        )
        table.create_unique_constraint(op.f("uq_appeal_decision_id"), ["decision_id"])
        table.drop_constraint(op.f("ck_appeal_against_one_decision"), type_="check")
        table.create_check_constraint(
            "against_one_decision",
            "(CASE WHEN change_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN report_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN decision_id IS NULL THEN 0 ELSE 1 END) = 1",
        )


def downgrade() -> None:
    op.execute("DELETE FROM appeal WHERE session_id IS NULL")
    op.execute("DELETE FROM report WHERE kind <> 'question'")
    with op.batch_alter_table("appeal") as table:
        table.drop_constraint(op.f("ck_appeal_against_one_decision"), type_="check")
        table.drop_constraint(op.f("uq_appeal_decision_id"), type_="unique")
        table.drop_constraint(op.f("fk_appeal_decision_id_text_decision"), type_="foreignkey")
        table.drop_column("decision_id")
        for column in OF_A_SESSION:
            table.alter_column(column, existing_type=TYPES[column], nullable=False)
        table.create_check_constraint("against_one_decision", "(change_id IS NULL) <> (report_id IS NULL)")
    with op.batch_alter_table("report") as table:
        table.drop_index(op.f("ix_report_lesson_id"))
        table.drop_constraint(op.f("ck_report_question_has_session"), type_="check")
        for column in ("comment", "lesson"):
            table.drop_constraint(op.f(f"uq_report_{column}_once_each"), type_="unique")
            table.drop_constraint(op.f(f"fk_report_{column}_id_{column}"), type_="foreignkey")
        for column in ("kind", "comment_id", "lesson_id", "reporter_name", "reporter_email"):
            table.drop_column(column)
        for column in OF_A_SESSION:
            table.alter_column(column, existing_type=TYPES[column], nullable=False)
    op.drop_table("text_decision")
