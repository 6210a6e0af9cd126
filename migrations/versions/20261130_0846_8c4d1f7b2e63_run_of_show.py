"""run of show: the parts of a session

Revision: 8c4d1f7b2e63, after 4e9a7c25f1d8
"""

import sqlalchemy as sa
from alembic import op

revision = "8c4d1f7b2e63"
down_revision = "4e9a7c25f1d8"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "run_of_show",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_run_of_show_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_run_of_show_changed_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_run_of_show")),
    )
    op.create_table(
        "show_part",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=1280), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Uuid(), nullable=True),
        sa.Column("stage", sa.String(length=960), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 240", name=op.f("ck_show_part_minutes_of_a_part")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_show_part_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"],
            ["speaker.id"],
            name=op.f("fk_show_part_speaker_id_speaker"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_show_part")),
    )
    op.create_index(op.f("ix_show_part_session_id"), "show_part", ["session_id"])


def downgrade() -> None:
    op.drop_table("show_part")
    op.drop_table("run_of_show")
