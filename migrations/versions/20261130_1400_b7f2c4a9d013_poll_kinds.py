"""poll.shows_mean and poll.right_position: scales with a mean on request, and quizzes

Revision: b7f2c4a9d013, after 3d5e8f0a6b17
"""

import sqlalchemy as sa
from alembic import op

revision = "b7f2c4a9d013"
down_revision = "3d5e8f0a6b17"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.add_column("poll", sa.Column("shows_mean", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("poll", sa.Column("right_position", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("poll", "right_position")
    op.drop_column("poll", "shows_mean")
