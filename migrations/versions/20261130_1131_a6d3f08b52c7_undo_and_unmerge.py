"""create merged_support; support.is_merged, question_change.beside_id

Revision: a6d3f08b52c7, after b7e25d90c416
"""

import sqlalchemy as sa
from alembic import op

revision = "a6d3f08b52c7"
down_revision = "b7e25d90c416"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "merged_support",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("supporter_key", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_merged_support_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "supporter_key", name=op.f("pk_merged_support")),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "support", sa.Column("is_merged", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    with op.batch_alter_table("question_change") as table:
        table.add_column(sa.Column("beside_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_question_change_beside_id_question"), "question", ["beside_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("question_change") as table:
        table.drop_constraint(op.f("fk_question_change_beside_id_question"), type_="foreignkey")
        table.drop_column("beside_id")
    op.drop_column("support", "is_merged")
    op.drop_table("merged_support")
