"""questions of the organisers, and what people need

Revision: 5d0b7e94a1f8, after 3a6e8b21c9d4
"""

import sqlalchemy as sa
from alembic import op

revision = "5d0b7e94a1f8"
down_revision = "3a6e8b21c9d4"
branch_labels = None
depends_on = None
additive = True


def _reference(table: str, column: str, target: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "registration_question",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "choice", "choices", "yes_no", name="answerkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("label_en", sa.String(length=160)),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("shown_if_id", sa.Uuid()),
        sa.Column("shown_if_value", sa.String(length=80)),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("registration_question", "edition_id", "edition"),
        _reference("registration_question", "shown_if_id", "registration_question"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_question")),
    )
    op.create_index(op.f("ix_registration_question_edition_id"), "registration_question", ["edition_id"])
    op.create_table(
        "registration_answer",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("chosen", sa.JSON(), nullable=False),
        _reference("registration_answer", "person_id", "person", "CASCADE"),
        _reference("registration_answer", "question_id", "registration_question"),
        sa.PrimaryKeyConstraint("person_id", "question_id", name=op.f("pk_registration_answer")),
    )
    op.create_table(
        "access_need",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("phone", sa.String(length=40)),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arranged_at", sa.DateTime(timezone=True)),
        sa.Column("arranged_note", sa.Text()),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("access_need", "edition_id", "edition"),
        _reference("access_need", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_need")),
        sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_access_need_edition_id_person_id")),
    )
    op.create_index(op.f("ix_access_need_person_id"), "access_need", ["person_id"])
    op.create_table(
        "access_look",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("by_name", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("access_look", "need_id", "access_need", "CASCADE"),
        _reference("access_look", "by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_look")),
    )
    op.create_index(op.f("ix_access_look_need_id"), "access_look", ["need_id"])


def downgrade() -> None:
    for name in ("access_look", "access_need", "registration_answer", "registration_question"):
        op.drop_table(name)
