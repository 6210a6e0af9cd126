"""a helper hears, with consent, that there is news for who has no e-mail

Revision: 9c3e5a7d1f84, after c2d86f9e0b13
"""

import sqlalchemy as sa
from alembic import op

revision = "9c3e5a7d1f84"
down_revision = "c2d86f9e0b13"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    with op.batch_alter_table("entry_card") as table:
        table.add_column(sa.Column("helper_hears_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("entry_card") as table:
        table.drop_column("helper_hears_at")
