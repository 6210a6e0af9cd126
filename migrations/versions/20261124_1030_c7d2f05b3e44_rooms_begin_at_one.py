"""rooms begin at revision 1, and there is a counter for changes of rights

Revision: c7d2f05b3e44, after b1c4e7a90d21
"""

from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

revision = "c7d2f05b3e44"
down_revision = "b1c4e7a90d21"
branch_labels = None
depends_on = None
additive = False

ROOMS = sa.table(
    "live_room", sa.column("id", sa.Uuid()), sa.column("epoch", sa.Uuid()), sa.column("revision", sa.BigInteger())
)
RIGHTS = UUID("7b1d0f1e-0000-4000-8000-726967687473")


def upgrade() -> None:
    op.execute(ROOMS.update().where(ROOMS.c.revision == 0).values(revision=1))
    op.bulk_insert(ROOMS, [{"id": RIGHTS, "epoch": uuid4(), "revision": 1}])


def downgrade() -> None:
    # Rooms stay at 1: a revision only ever rises.
    op.execute(ROOMS.delete().where(ROOMS.c.id == RIGHTS))
