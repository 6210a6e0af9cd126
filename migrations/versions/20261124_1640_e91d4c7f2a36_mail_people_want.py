"""kinds of mail somebody switched off, and one mailbox for many spellings

Revision: e91d4c7f2a36, after b7f3a1e05d68
"""

import sqlalchemy as sa
from alembic import op

revision = "e91d4c7f2a36"
down_revision = "b7f3a1e05d68"
branch_labels = None
depends_on = None
additive = False


def upgrade() -> None:
    op.create_table(
        "muted_mail",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_muted_mail_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "subject", name=op.f("pk_muted_mail")),
    )
    with op.batch_alter_table("mail") as table:
        table.add_column(sa.Column("mailbox", sa.String(length=32), nullable=False, server_default=""))
        table.create_index(op.f("ix_mail_mailbox"), ["mailbox"])
    with op.batch_alter_table("mail") as table:
        table.alter_column("mailbox", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mail") as table:
        table.drop_index(op.f("ix_mail_mailbox"))
        table.drop_column("mailbox")
    op.drop_table("muted_mail")
