"""motto, introduction and promise of an edition in English

Revision: c3e8a5f10b74, after 8e1f4b6d20a9
"""

import sqlalchemy as sa
from alembic import op

revision = "c3e8a5f10b74"
down_revision = "8e1f4b6d20a9"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.add_column("edition", sa.Column("tagline_en", sa.String(length=160), nullable=False, server_default=""))
    op.add_column("edition", sa.Column("intro_en", sa.Text(), nullable=False, server_default=""))
    op.add_column("edition", sa.Column("promise_en", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("promise_en", "intro_en", "tagline_en"):
        op.drop_column("edition", name)
