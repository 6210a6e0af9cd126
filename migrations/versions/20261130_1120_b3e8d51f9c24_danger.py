"""create danger_alarm, alarm_step, help_numbers and duty_contact; edition.dangers_until

Revision: b3e8d51f9c24, after a4d81c6e9f27
"""

import sqlalchemy as sa
from alembic import op

revision = "b3e8d51f9c24"
down_revision = "a4d81c6e9f27"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "danger_alarm",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_read", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_danger_alarm_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_danger_alarm_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_danger_alarm")),
        sa.UniqueConstraint("question_id", name=op.f("uq_danger_alarm_question_id")),
    )
    op.create_index("ix_danger_alarm_raised_at", "danger_alarm", ["raised_at"])
    op.create_index("ix_danger_alarm_room_revision", "danger_alarm", ["session_id", "revision"])
    op.create_table(
        "alarm_step",
        sa.Column("alarm_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.String(length=16), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm_id"],
            ["danger_alarm.id"],
            name=op.f("fk_alarm_step_alarm_id_danger_alarm"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_alarm_step_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_step")),
    )
    op.create_index("ix_alarm_step_alarm_id", "alarm_step", ["alarm_id"])
    op.create_index("ix_alarm_step_person_id", "alarm_step", ["person_id"])
    op.create_table(
        "help_numbers",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["person.id"],
            name=op.f("fk_help_numbers_written_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_numbers")),
        sa.UniqueConstraint("version", name=op.f("uq_help_numbers_version")),
    )
    op.create_table(
        "duty_contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_duty_contact_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_duty_contact")),
    )
    op.add_column("edition", sa.Column("dangers_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("edition", "dangers_until")
    op.drop_table("duty_contact")
    op.drop_table("help_numbers")
    op.drop_table("alarm_step")
    op.drop_table("danger_alarm")
