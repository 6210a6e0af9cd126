"""attendance in steps of five minutes, and when somebody came to the hour

Revision: c2d86f9e0b13, after b81f0c64d7e9
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "c2d86f9e0b13"
down_revision = "b81f0c64d7e9"
branch_labels = None
depends_on = None
additive = False

STEP = timedelta(minutes=5)


def upgrade() -> None:
    op.create_table(
        "inside",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_key", sa.String(length=22), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["programme_session.id"],
            name=op.f("fk_inside_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "visitor_key", name=op.f("pk_inside")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_inside_seen_at"), "inside", ["seen_at"])
    _round("visit", ("first_seen_at", "last_seen_at"), _to_five_minutes)
    _round("counted_visit", ("first_seen_at", "last_seen_at"), _to_five_minutes)
    _round("login_session", ("began_at", "seen_at"), _to_the_hour)
    _round("person", ("created_at",), _to_the_hour)


def downgrade() -> None:
    """What was rounded stays so."""
    op.drop_table("inside")


def _round(name: str, columns: tuple[str, ...], to) -> None:
    table = sa.table(
        name, sa.column("id", sa.Uuid()), *(sa.column(each, sa.DateTime(timezone=True)) for each in columns)
    )
    rows = [
        {"row": row.id, **{each: to(getattr(row, each)) for each in columns}}
        for row in op.get_bind().execute(sa.select(table))
    ]
    if rows:
        values = {each: sa.bindparam(each) for each in columns}
        op.get_bind().execute(sa.update(table).where(table.c.id == sa.bindparam("row")).values(values), rows)


def _to_five_minutes(moment: datetime) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day + round((moment - day) / STEP) * STEP


def _to_the_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
