"""reports of lines of the hall chat

Revision: d90b52e6f7a8, after c4e81d7a3f60
"""

import sqlalchemy as sa
from alembic import op

revision = "d90b52e6f7a8"
down_revision = "c4e81d7a3f60"
branch_labels = None
depends_on = None
additive = False


def upgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("chat_line_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_report_chat_line_id_chat_line"),
            "chat_line",
            ["chat_line_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_unique_constraint("uq_report_chat_line_once_each", ["chat_line_id", "reporter_id"])


def downgrade() -> None:
    op.execute("DELETE FROM report WHERE kind = 'chat_line'")
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint("uq_report_chat_line_once_each", type_="unique")
        batch.drop_constraint(op.f("fk_report_chat_line_id_chat_line"), type_="foreignkey")
        batch.drop_column("chat_line_id")
