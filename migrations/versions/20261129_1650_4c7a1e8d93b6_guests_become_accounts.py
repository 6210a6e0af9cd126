"""a guest and an account become one person

Revision: 4c7a1e8d93b6, after 7e15c9d2b08a
"""

import sqlalchemy as sa
from alembic import op

revision = "4c7a1e8d93b6"
down_revision = "7e15c9d2b08a"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    for name, column in (("person", "merged_into_id"), ("personal_link", "guest_id")):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column(column, sa.Uuid()))
            table.create_foreign_key(
                op.f(f"fk_{name}_{column}_person"), "person", [column], ["id"], ondelete="SET NULL"
            )


def downgrade() -> None:
    for name, column in (("personal_link", "guest_id"), ("person", "merged_into_id")):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_{column}_person"), type_="foreignkey")
            table.drop_column(column)
