"""lessons are written, read by a second person and published; errata, links, revisions

Revision: 7e2c9a41d5b8, after a41c7e93b5d2
"""

import sqlalchemy as sa
from alembic import op

revision = "7e2c9a41d5b8"
down_revision = "a41c7e93b5d2"
branch_labels = None
depends_on = None
additive = False

STATUSES = (
    "draft", "in_review", "changes_requested", "approved", "scheduled", "published", "archived",
    "taken_down",
)
ADDED = (
    "interviewed_id", "publisher_id", "writer_id", "revision", "photo_licence", "publish_at",
    "launch_session_id", "corrections",
)


def _reference(table: str, column: str, target: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=on_delete)


def upgrade() -> None:
    with op.batch_alter_table("lesson") as table:
        table.add_column(sa.Column("interviewed_id", sa.Uuid()))
        table.add_column(sa.Column("publisher_id", sa.Uuid()))
        table.add_column(sa.Column("writer_id", sa.Uuid()))
        table.add_column(sa.Column("revision", sa.Integer()))
        table.add_column(sa.Column("photo_licence", sa.String(length=80)))
        table.add_column(sa.Column("publish_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("launch_session_id", sa.Uuid()))
        table.add_column(sa.Column("corrections", sa.JSON()))
    op.execute("UPDATE lesson SET revision = 1, corrections = '[]'")
    # Nothing could be scheduled before: what says so waits for somebody to choose a moment.
    op.execute("UPDATE lesson SET status = 'approved' WHERE status = 'scheduled'")
    with op.batch_alter_table("lesson") as table:
        table.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        table.alter_column("corrections", existing_type=sa.JSON(), nullable=False)
        table.create_foreign_key(
            op.f("fk_lesson_interviewed_id_speaker"), "speaker", ["interviewed_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_lesson_publisher_id_organisation"), "organisation", ["publisher_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_lesson_writer_id_person"), "person", ["writer_id"], ["id"], ondelete="SET NULL"
        )
        table.create_foreign_key(
            op.f("fk_lesson_launch_session_id_programme_session"),
            "programme_session", ["launch_session_id"], ["id"], ondelete="SET NULL",
        )
        table.create_check_constraint(
            "scheduled_has_one_moment",
            "status <> 'scheduled' OR (publish_at IS NULL) <> (launch_session_id IS NULL)",
        )
        table.create_index(op.f("ix_lesson_writer_id"), ["writer_id"])
        table.create_index(op.f("ix_lesson_launch_session_id"), ["launch_session_id"])
        table.create_index("ix_lesson_status", ["status"])
    op.add_column("lesson_quote", sa.Column("agreed_at", sa.DateTime(timezone=True)))
    # Until now only words of who agreed were written down.
    op.execute(
        "UPDATE lesson_quote SET agreed_at = "
        "(SELECT changed_at FROM lesson WHERE lesson.id = lesson_quote.lesson_id)"
    )
    op.add_column("comment", sa.Column("hidden_note", sa.Text()))
    op.add_column("comment", sa.Column("rules_version", sa.Integer()))
    op.create_table(
        "lesson_revision",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("what", sa.String(length=300)),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid()),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("lesson_revision", "lesson_id", "lesson", "CASCADE"),
        _reference("lesson_revision", "made_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_revision")),
        sa.UniqueConstraint("lesson_id", "number", name=op.f("uq_lesson_revision_lesson_id_number")),
    )
    op.create_table(
        "lesson_step",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column(
            "after", sa.Enum(*STATUSES, name="lessonstatus", native_enum=False, length=32), nullable=False
        ),
        sa.Column("note", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("lesson_step", "lesson_id", "lesson", "CASCADE"),
        _reference("lesson_step", "by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_step")),
    )
    op.create_index(op.f("ix_lesson_step_lesson_id"), "lesson_step", ["lesson_id"])
    op.create_table(
        "lesson_link",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("answers", sa.Boolean()),
        sa.Column("told", sa.String(length=40)),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("lesson_link", "lesson_id", "lesson", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_link")),
        sa.UniqueConstraint("lesson_id", "url", name=op.f("uq_lesson_link_lesson_id_url")),
    )
    op.create_index(op.f("ix_lesson_link_checked_at"), "lesson_link", ["checked_at"])
    op.create_table(
        "erratum",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("erratum", "lesson_id", "lesson", "CASCADE"),
        _reference("erratum", "sender_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erratum")),
    )
    op.create_index(op.f("ix_erratum_lesson_id"), "erratum", ["lesson_id"])
    op.create_index(op.f("ix_erratum_sender_id"), "erratum", ["sender_id"])


def downgrade() -> None:
    for name in ("erratum", "lesson_link", "lesson_step", "lesson_revision"):
        op.drop_table(name)
    op.drop_column("comment", "rules_version")
    op.drop_column("comment", "hidden_note")
    op.drop_column("lesson_quote", "agreed_at")
    op.execute("UPDATE lesson SET status = 'archived' WHERE status = 'taken_down'")
    with op.batch_alter_table("lesson") as table:
        table.drop_constraint(op.f("ck_lesson_scheduled_has_one_moment"), type_="check")
        for column, target in (
            ("interviewed_id", "speaker"), ("publisher_id", "organisation"), ("writer_id", "person"),
            ("launch_session_id", "programme_session"),
        ):
            table.drop_constraint(op.f(f"fk_lesson_{column}_{target}"), type_="foreignkey")
        for index in ("ix_lesson_writer_id", "ix_lesson_launch_session_id", "ix_lesson_status"):
            table.drop_index(op.f(index))
        for column in ADDED:
            table.drop_column(column)
