"""the day in one's own calendar: feeds, and invitations that go along with mail

Revision: c4d27b9e60f1, after a1c6f0e83b57
"""

import sqlalchemy as sa
from alembic import op

revision = "c4d27b9e60f1"
down_revision = "a1c6f0e83b57"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "calendar_wishes",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("link_print", sa.String(length=32), nullable=False),
        sa.Column("rings", sa.Boolean(), nullable=False),
        sa.Column("is_invited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_wishes_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_wishes")),
        sa.UniqueConstraint("link_print", name=op.f("uq_calendar_wishes_link_print")),
    )
    with op.batch_alter_table("mail") as batch:
        batch.add_column(sa.Column("calendar", sa.Text()))
        batch.add_column(sa.Column("calendar_method", sa.String(length=10)))


def downgrade() -> None:
    with op.batch_alter_table("mail") as batch:
        batch.drop_column("calendar_method")
        batch.drop_column("calendar")
    op.drop_table("calendar_wishes")
