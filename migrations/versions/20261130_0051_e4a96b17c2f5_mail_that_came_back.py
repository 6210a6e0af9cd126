"""mail that a server took and could not deliver

Revision: e4a96b17c2f5, after e7a4c2f91b58
Create Date: 2026-11-30 00:51
"""

import sqlalchemy as sa
from alembic import op

revision = "e4a96b17c2f5"
down_revision = "e7a4c2f91b58"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.add_column("mail", sa.Column("bounced_at", sa.DateTime(timezone=True)))
    op.add_column("mail", sa.Column("bounced_hard", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mail", sa.Column("bounce_status", sa.String(12)))
    op.add_column("mail", sa.Column("bounce_said", sa.String(300)))
    op.create_index("ix_mail_bounced", "mail", ["bounced_at"])


def downgrade() -> None:
    op.drop_index("ix_mail_bounced", "mail")
    with op.batch_alter_table("mail") as table:
        for column in ("bounce_said", "bounce_status", "bounced_hard", "bounced_at"):
            table.drop_column(column)
