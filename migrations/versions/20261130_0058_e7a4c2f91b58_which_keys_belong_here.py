"""remember which key folder belongs to the database

`dagvandebuurt migrate` fills it afterwards. It only adds: the release before this one runs on.

Revision: e7a4c2f91b58, after e7a4c2d9b561
"""

import sqlalchemy as sa
from alembic import op

revision = "e7a4c2f91b58"
down_revision = "e7a4c2d9b561"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "key_fingerprint",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_fingerprint")),
    )


def downgrade() -> None:
    op.drop_table("key_fingerprint")
