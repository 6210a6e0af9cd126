"""when and why mail failed, and the personal link in it

Revision: 7c1e5a90d3b8, after b3f08c6e51a7
Create Date: 2026-11-30 00:10
"""

import sqlalchemy as sa
from alembic import op

revision = "7c1e5a90d3b8"
down_revision = "b3f08c6e51a7"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.add_column("mail", sa.Column("tried_at", sa.DateTime(timezone=True)))
    op.add_column("mail", sa.Column("answer", sa.String(500)))
    op.add_column("mail", sa.Column("link_id", sa.Uuid()))
    op.create_index("ix_mail_sent", "mail", ["sent_at"])


def downgrade() -> None:
    op.drop_index("ix_mail_sent", "mail")
    with op.batch_alter_table("mail") as table:
        table.drop_column("link_id")
        table.drop_column("answer")
        table.drop_column("tried_at")
