"""each deed of a moderator says what its presser saw

Revision: 5b7d1e93f0a4, after 3b9d5e21c7f0
Create Date: 2026-11-29 17:02
"""

import sqlalchemy as sa
from alembic import op

revision = "5b7d1e93f0a4"
down_revision = "3b9d5e21c7f0"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    with op.batch_alter_table("question") as table:
        table.add_column(sa.Column("desk_revision", sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("asking_rules", "poll"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("changed_by_id", sa.Uuid()))
            table.create_foreign_key(
                op.f(f"fk_{name}_changed_by_id_person"), "person", ["changed_by_id"], ["id"], ondelete="SET NULL"
            )
    op.add_column("asking_rules", sa.Column("turned", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("asking_rules", "turned")
    for name in ("asking_rules", "poll"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_changed_by_id_person"), type_="foreignkey")
            table.drop_column("changed_by_id")
    with op.batch_alter_table("question") as table:
        table.drop_column("desk_revision")
