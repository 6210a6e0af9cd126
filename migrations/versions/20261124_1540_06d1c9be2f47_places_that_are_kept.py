"""places that are kept for somebody, and a bounded day

Revision: 06d1c9be2f47, after f5a1d8c30b72
"""

import sqlalchemy as sa
from alembic import op

revision = "06d1c9be2f47"
down_revision = "f5a1d8c30b72"
branch_labels = None
depends_on = None
additive = False

LINES = (("registration", "edition_id", "registered_at"), ("session_choice", "session_id", "chosen_at"))


def upgrade() -> None:
    with op.batch_alter_table("edition") as table:
        table.add_column(sa.Column("capacity", sa.Integer()))
        table.add_column(sa.Column("taken", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("edition") as table:
        table.alter_column("taken", server_default=None)
    op.execute(
        "UPDATE edition SET taken = (SELECT count(*) FROM registration"
        " WHERE registration.edition_id = edition.id AND registration.status = 'confirmed')"
    )
    for name, holder, since in LINES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("lined_up_at", sa.DateTime(timezone=True)))
            table.add_column(sa.Column("offered_until", sa.DateTime(timezone=True)))
            table.create_index(f"ix_{name}_line", [holder, "status", "lined_up_at"])
        op.execute(f"UPDATE {name} SET lined_up_at = {since} WHERE status = 'waitlisted'")


def downgrade() -> None:
    for name, _holder, _since in LINES:
        # Who was offered a place waits again.
        op.execute(f"UPDATE {name} SET status = 'waitlisted' WHERE status = 'offered'")
        with op.batch_alter_table(name) as table:
            table.drop_index(f"ix_{name}_line")
            table.drop_column("offered_until")
            table.drop_column("lined_up_at")
    with op.batch_alter_table("edition") as table:
        table.drop_column("taken")
        table.drop_column("capacity")
