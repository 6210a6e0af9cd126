"""questions that go further: merged, moved, asked for somebody else; how asking goes in a session

Revision: b1c4e7a90d21, after afd17ce90061
"""

import sqlalchemy as sa
from alembic import op

revision = "b1c4e7a90d21"
down_revision = "afd17ce90061"
branch_labels = None
depends_on = None
additive = False


def upgrade() -> None:
    op.create_table(
        "asking_rules",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("minutes_between", sa.Integer(), nullable=False),
        sa.Column("shows_first", sa.Boolean(), nullable=False),
        sa.CheckConstraint("minutes_between >= 0", name=op.f("ck_asking_rules_pause_not_negative")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_asking_rules_session_id_programme_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_asking_rules")),
    )
    op.execute(
        "INSERT INTO asking_rules (session_id, revision, is_open, minutes_between, shows_first) "
        "SELECT id, 1, questions_open, 0, false FROM programme_session WHERE NOT questions_open"
    )
    with op.batch_alter_table("programme_session") as table:
        table.drop_column("questions_open")
    with op.batch_alter_table("question") as table:
        table.add_column(
            sa.Column(
                "via", sa.Enum("phone", "paper", "beside", name="via", native_enum=False, length=32)
            )
        )
        table.add_column(sa.Column("consent_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("key_room_id", sa.Uuid()))
        table.add_column(sa.Column("moved_to_id", sa.Uuid()))
    # Whoever was helped before now was sitting beside their helper, and agreed then.
    op.execute("UPDATE question SET via = 'beside', consent_at = asked_at WHERE on_behalf")
    with op.batch_alter_table("question") as table:
        table.drop_column("on_behalf")
        table.create_foreign_key(
            op.f("fk_question_key_room_id_programme_session"), "programme_session", ["key_room_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_question_moved_to_id_question"), "question", ["moved_to_id"], ["id"]
        )
        table.create_check_constraint("on_behalf_has_consent", "via IS NULL OR consent_at IS NOT NULL")
        table.create_check_constraint("merged_has_target", "status <> 'merged' OR merged_into_id IS NOT NULL")
        table.create_check_constraint("moved_has_target", "status <> 'moved' OR moved_to_id IS NOT NULL")
        table.create_index(op.f("ix_question_merged_into_id"), ["merged_into_id"])


def downgrade() -> None:
    with op.batch_alter_table("question") as table:
        table.add_column(sa.Column("on_behalf", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE question SET on_behalf = true WHERE via IS NOT NULL")
    # Without a place to go a moved question cannot be told as one; it was taken off the list here.
    op.execute("UPDATE question SET status = 'withdrawn' WHERE status = 'moved'")
    with op.batch_alter_table("question") as table:
        table.alter_column("on_behalf", server_default=None)
        table.drop_index(op.f("ix_question_merged_into_id"))
        for name in ("on_behalf_has_consent", "merged_has_target", "moved_has_target"):
            table.drop_constraint(op.f(f"ck_question_{name}"), type_="check")
        table.drop_constraint(op.f("fk_question_moved_to_id_question"), type_="foreignkey")
        table.drop_constraint(op.f("fk_question_key_room_id_programme_session"), type_="foreignkey")
        for name in ("moved_to_id", "key_room_id", "consent_at", "via"):
            table.drop_column(name)
    with op.batch_alter_table("programme_session") as table:
        table.add_column(sa.Column("questions_open", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(
        "UPDATE programme_session SET questions_open = false "
        "WHERE id IN (SELECT session_id FROM asking_rules WHERE NOT is_open)"
    )
    with op.batch_alter_table("programme_session") as table:
        table.alter_column("questions_open", server_default=None)
    op.drop_table("asking_rules")
