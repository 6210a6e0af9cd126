"""the lease on running the jobs, and when each last ran

Revision: 3b9d5e21c7f0, after 4c7a1e8d93b6
Create Date: 2026-11-29 17:00
"""

import sqlalchemy as sa
from alembic import op

revision = "3b9d5e21c7f0"
down_revision = "4c7a1e8d93b6"
branch_labels = None
depends_on = None
additive = False


def upgrade() -> None:
    op.create_table(
        "job_lease",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lease")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # The queue of the release before: what was in it stands in the database all the same.
        for table in ("task", "schedule", "kv", "counter"):
            op.execute(f"DROP TABLE IF EXISTS huey_{table}")


def downgrade() -> None:
    op.drop_table("job_run")
    op.drop_table("job_lease")
