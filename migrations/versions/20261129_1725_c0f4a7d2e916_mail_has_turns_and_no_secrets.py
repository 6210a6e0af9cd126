"""mail has a priority and a fencing token, and no link in it once it is gone

Revision: c0f4a7d2e916, after 5d8b2f9ea4c7
Create Date: 2026-11-29 17:25
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "c0f4a7d2e916"
down_revision = "5d8b2f9ea4c7"
branch_labels = None
depends_on = None
additive = False

SECRET = re.compile(
    r"(/(?:link|uitnodiging|kom|meldingen/terug|vragen/terug|post/uit|kalender)/)[A-Za-z0-9_.~%=-]+"
)
AT_ONCE = 500


def upgrade() -> None:
    with op.batch_alter_table("mail") as mail:
        mail.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))
        mail.add_column(sa.Column("lease", sa.String(length=32), nullable=True))
        mail.add_column(sa.Column("struck", sa.Boolean(), nullable=False, server_default=sa.false()))
        mail.drop_index("ix_mail_due")
        mail.create_index("ix_mail_turn", ["status", "priority", "due_at"])
        mail.create_index("ix_mail_kind_due", ["kind", "due_at"])
    with op.batch_alter_table("mail") as mail:
        mail.alter_column("priority", server_default=None)
        mail.alter_column("struck", server_default=None)
    _strike_out()


def _strike_out() -> None:
    mail = sa.table(
        "mail",
        sa.column("id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("status", sa.String()),
        sa.column("priority", sa.Integer()),
        sa.column("text", sa.Text()),
        sa.column("html", sa.Text()),
        sa.column("headers", sa.JSON()),
        sa.column("struck", sa.Boolean()),
    )
    connection = op.get_bind()
    connection.execute(
        sa.update(mail).where(mail.c.kind.in_(["login", "confirm", "invited"])).values(priority=0)
    )
    gone = sa.select(mail.c.id).where(mail.c.status.in_(["sent", "refused"]))
    ids = list(connection.scalars(gone))
    for start in range(0, len(ids), AT_ONCE):
        some = mail.c.id.in_(ids[start : start + AT_ONCE])
        for row in connection.execute(sa.select(mail.c.id, mail.c.text, mail.c.html).where(some)).all():
            text, html = (SECRET.sub(r"\g<1>…", each) for each in (row.text, row.html))
            struck = (text, html) != (row.text, row.html)
            connection.execute(
                sa.update(mail)
                .where(mail.c.id == row.id)
                .values(text=text, html=html, headers={}, struck=struck)
            )


def downgrade() -> None:
    with op.batch_alter_table("mail") as mail:
        mail.drop_index("ix_mail_kind_due")
        mail.drop_index("ix_mail_turn")
        mail.create_index("ix_mail_due", ["status", "due_at"])
        mail.drop_column("struck")
        mail.drop_column("lease")
        mail.drop_column("priority")
