"""agendapunten, their history and answers, who follows them, and what was heard in a session

Revision: a41c7e93b5d2, after d7b3a95c1e42
"""

import sqlalchemy as sa
from alembic import op

revision = "a41c7e93b5d2"
down_revision = "d7b3a95c1e42"
branch_labels = None
depends_on = None
additive = False

STATUS = sa.Enum(
    "proposed",
    "curated",
    "sent",
    "acknowledged",
    "answered",
    "in_progress",
    "done",
    "confirmed",
    "reopened",
    "merged",
    "declined",
    "withdrawn",
    name="followupstatus",
    native_enum=False,
    length=32,
)
DECISION = sa.Enum(
    "will_do", "partly", "wont_do", "researching", "elsewhere", name="decision", native_enum=False, length=32
)

GUARDED = {
    "follow_up_event": (
        "follow_up_id, position, deed, before, after, decision, due_on, by, by_function, at, id",
        ("by_id", "note"),
    ),
    "answer": (
        "follow_up_id, revision, decision, text, due_on, by_function, together_with, at, id",
        ("by_id",),
    ),
}


def _guard(table: str, fixed: str, erasable: tuple[str, ...]) -> None:
    """The rows of `table` only grow; an erasable column may become NULL."""
    if op.get_bind().dialect.name == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        each = ""
    else:
        op.execute(
            f"CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        stop, each = f"EXECUTE FUNCTION {table}_refuses()", "FOR EACH ROW"
    op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {each} {stop}")
    op.execute(f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {fixed} ON {table} {each} {stop}")
    for column in erasable:
        when = f"WHEN (NEW.{column} IS NOT NULL)"
        op.execute(
            f"CREATE TRIGGER {table}_{column}_only_goes BEFORE UPDATE OF {column} ON {table} {each} {when} {stop}"
        )


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("question", "signal", "direct", name="origin", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("seen_count", sa.Integer()),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("decision", DECISION),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("contact_function", sa.String(length=120)),
        sa.Column("place_id", sa.Uuid()),
        sa.Column("theme_id", sa.Uuid()),
        sa.Column("session_id", sa.Uuid()),
        sa.Column("raised_by_id", sa.Uuid()),
        sa.Column("supporters", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid()),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("decline_reason", sa.String(length=32)),
        sa.Column("merged_into_id", sa.Uuid()),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status <> 'answered' OR decision IS NOT NULL", name=op.f("ck_follow_up_answered_has_decision")
        ),
        sa.CheckConstraint(
            "status <> 'declined' OR decline_reason IS NOT NULL",
            name=op.f("ck_follow_up_declined_has_reason"),
        ),
        sa.CheckConstraint(
            "status <> 'merged' OR merged_into_id IS NOT NULL", name=op.f("ck_follow_up_merged_has_target")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'curated', 'merged', 'declined', 'withdrawn') OR (organisation_id IS NOT NULL AND due_on IS NOT NULL AND sent_at IS NOT NULL)",
            name=op.f("ck_follow_up_sent_has_addressee_and_date"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_follow_up_checked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["follow_up.id"], name=op.f("fk_follow_up_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_follow_up_organisation_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_follow_up_place_id")),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["person.id"], name=op.f("fk_follow_up_raised_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["programme_session.id"], name=op.f("fk_follow_up_session_id")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_follow_up_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("number", name=op.f("uq_follow_up_number")),
    )
    op.create_index(op.f("ix_follow_up_merged_into_id"), "follow_up", ["merged_into_id"])
    op.create_index(op.f("ix_follow_up_organisation_id"), "follow_up", ["organisation_id"])
    op.create_index(op.f("ix_follow_up_raised_by_id"), "follow_up", ["raised_by_id"])
    op.create_index("ix_follow_up_status_due", "follow_up", ["status", "due_on"])
    op.create_table(
        "heard",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.String(length=100), nullable=False),
        sa.Column("edited_by_id", sa.Uuid()),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["person.id"], name=op.f("fk_heard_edited_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["programme_session.id"], name=op.f("fk_heard_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_heard")),
    )
    op.create_table(
        "answer",
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision", DECISION, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("by_function", sa.String(length=260), nullable=False),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("together_with", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "decision <> 'researching' OR due_on IS NOT NULL", name=op.f("ck_answer_researching_has_date")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_answer_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_answer_follow_up_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("follow_up_id", "revision", name=op.f("uq_answer_follow_up_id_revision")),
    )
    op.create_table(
        "follow",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_follow_up_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_follow_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "follow_up_id", name=op.f("pk_follow")),
    )
    op.create_index(op.f("ix_follow_follow_up_id"), "follow", ["follow_up_id"])
    op.create_table(
        "follow_up_event",
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "deed",
            sa.Enum(
                "propose",
                "curate",
                "check",
                "merge",
                "decline",
                "withdraw",
                "send",
                "acknowledge",
                "answer",
                "readdress",
                "start",
                "finish",
                "confirm",
                "reopen",
                "add",
                name="deed",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("before", STATUS),
        sa.Column("after", STATUS, nullable=False),
        sa.Column("decision", DECISION),
        sa.Column("due_on", sa.Date()),
        sa.Column(
            "by",
            sa.Enum(
                "participant",
                "supporter",
                "moderator",
                "editors",
                "organisation",
                name="by",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_function", sa.String(length=260)),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("note", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_follow_up_event_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_event_follow_up_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_event")),
        sa.UniqueConstraint(
            "follow_up_id", "position", name=op.f("uq_follow_up_event_follow_up_id_position")
        ),
    )
    op.create_index(op.f("ix_follow_up_event_by_id"), "follow_up_event", ["by_id"])
    op.create_table(
        "follow_up_partner",
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_partner_follow_up_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_follow_up_partner_organisation_id")
        ),
        sa.PrimaryKeyConstraint("follow_up_id", "organisation_id", name=op.f("pk_follow_up_partner")),
    )
    op.create_table(
        "follow_up_question",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_question_follow_up_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_follow_up_question_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_follow_up_question")),
    )
    op.create_index(op.f("ix_follow_up_question_follow_up_id"), "follow_up_question", ["follow_up_id"])
    op.create_table(
        "lesson_mark",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_mark_lesson_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_lesson_mark_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_lesson_mark")),
    )
    op.create_table(
        "participation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("offer", sa.Text()),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_participation_follow_up_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_participation_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "follow_up_id", name=op.f("pk_participation")),
    )
    op.create_index(op.f("ix_participation_follow_up_id"), "participation", ["follow_up_id"])
    op.create_table(
        "follow_up_news",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["event_id"], ["follow_up_event.id"], name=op.f("fk_follow_up_news_event_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_follow_up_news")),
    )
    op.create_index(op.f("ix_follow_up_news_told_at"), "follow_up_news", ["told_at"])
    for table, (fixed, erasable) in GUARDED.items():
        _guard(table, fixed, erasable)


def downgrade() -> None:
    for name in (
        "follow_up_news",
        "participation",
        "lesson_mark",
        "follow_up_question",
        "follow_up_partner",
        "follow_up_event",
        "follow",
        "answer",
        "heard",
        "follow_up",
    ):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            op.execute(f"DROP FUNCTION {table}_refuses()")
