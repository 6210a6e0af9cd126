"""an organiser's own words for the entries of lists

Revision: a6d2f08c5b91, after 5d8f2a61c7e3
"""

import sqlalchemy as sa
from alembic import op

revision = "a6d2f08c5b91"
down_revision = "5d8f2a61c7e3"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.add_column("branding", sa.Column("words", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("branding", "words")
